"""A restore is whole or nothing."""

import json
import shutil
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from klash.operating import services
from klash.operating.errors import Halted
from klash.operating.manifests import Manifest
from klash.operating.places import Place
from klash.operating.services import restoring
from klash.operating.vaults import Vault
from klash.proposals.models import SealedPart
from tests.operating.test_backup import bytes_of, kill_at_each_step, quiet


@pytest.fixture
def manifest(home, vault):
    return services.back_up(vault=vault, say=quiet).manifest


@pytest.fixture
def empty(home, tmp_path):
    """An empty place beside the running one."""
    return Place.running().within(tmp_path / "empty")


def names_in(home):
    return sorted(path.name for path in home.iterdir() if path.suffix != ".lock") if home.exists() else []


def test_what_was_backed_up_comes_back(home, vault, manifest, empty):
    said = []
    assert services.restore(vault=vault, place=empty, say=said.append) == manifest
    assert names_in(empty.home) == ["clock.json", "files", "klash.sqlite3", "reviewing.sqlite3"]
    assert bytes_of(empty.home / "files") == bytes_of(home / "files")
    assert (empty.home / "clock.json").read_text() == (home / "clock.json").read_text()
    assert [line for line in said if "faults" in line and ", 0 faults" not in line and ": 0 faults" not in line] == []
    assert said[-2:] == ["Verified: logs, rows, receipts and their files hold.", f"Restored into {empty.home}."]


def test_a_changed_byte_anywhere_is_refused_by_name(vault, manifest, empty):
    for name in manifest.files:
        path = vault.folder / name
        content = path.read_bytes()
        for broken in (content[:-1] + bytes([content[-1] ^ 1]), content[:-1], content + b"x"):
            path.write_bytes(broken)
            with pytest.raises(Halted, match=f"nothing was restored.\n{name} was changed$"):
                services.restore(vault=vault, place=empty, say=quiet)
        path.unlink()
        with pytest.raises(Halted, match=f"{name} cannot be read: No such file"):
            services.restore(vault=vault, place=empty, say=quiet)
        path.write_bytes(content)
    assert names_in(empty.home) == []


MANIFESTS = {
    "cut off": (lambda text: text[:100], "backup.json was changed"),
    "another format": (lambda text: text.replace("klash-backup/1", "klash-backup/9"), "expected a backup of format klash-backup/1, found klash-backup/9"),
    "a name that leads out": (lambda text: text.replace("notes/clock.json", "files/../../x"), "names 'files/../../x', which no backup holds"),
    "an unknown migration": (lambda text: text.replace("core.0001_initial", "core.9999_later"), "made by a newer Klash: core.9999_later"),
    "another engine": (lambda text: text.replace('"engine": "sqlite"', '"engine": "postgresql"'), "was backed up from postgresql, here it is sqlite"),
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_a_manifest_that_does_not_fit_is_refused(vault, manifest, empty, what):
    edit, reason = MANIFESTS[what]
    path = vault.folder / "backup.json"
    path.write_text(edit(path.read_text()))
    with pytest.raises(Halted, match=reason):
        services.restore(vault=vault, place=empty, say=quiet)
    assert names_in(empty.home) == []


def test_logs_that_are_not_those_of_the_manifest_are_refused_and_nothing_stays(vault, manifest, empty):
    path = vault.folder / "backup.json"
    head = manifest.databases["reviewing"].logs[0].head
    path.write_text(path.read_text().replace(head, "0" * 64))
    with pytest.raises(Halted, match=f"The logs are not those of the backup.\nreviewing .*{head}"):
        services.restore(vault=vault, place=empty, say=quiet)
    assert names_in(empty.home) == []


def test_a_broken_receipt_is_refused_but_can_be_restored_in_spite_of_it(home, vault, empty):
    path = home / "files" / SealedPart.objects.order_by("pk")[0].blob
    path.chmod(0o600)
    path.write_bytes(b"rotten")
    services.back_up(vault=vault, say=quiet)
    with pytest.raises(Halted, match=r"receipt .*: .*\n(.*\n)*.*--with-faults"):
        services.restore(vault=vault, place=empty, say=quiet)
    assert names_in(empty.home) == []
    said = []
    services.restore(vault=vault, place=empty, say=said.append, with_faults=True)
    assert (empty.home / "files" / path.name).read_bytes() == b"rotten" and any(line.startswith("Restored in spite of this") for line in said)


def test_only_an_empty_home_is_restored_into(home, vault, manifest, tmp_path):
    with pytest.raises(CommandError, match=r"home is not empty: clock.json, files, klash.sqlite3, reviewing.sqlite3"):
        call_command("restore", str(vault.folder))
    elsewhere = Place.running().within(tmp_path / "elsewhere")
    with pytest.raises(Halted, match=r"Restore puts klash.sqlite3 into KLASH_HOME"):
        services.restore(vault=vault, place=replace(elsewhere, home=tmp_path / "empty"), say=quiet)


def test_what_appeared_meanwhile_is_not_overwritten(vault, manifest, empty, monkeypatch):
    monkeypatch.setattr(restoring, "_prove_place", lambda *given, **options: (empty.home / "klash.sqlite3").write_bytes(b"new"))
    with pytest.raises(Halted, match=r"klash.sqlite3 appeared while the backup was restored"):
        services.restore(vault=vault, place=empty, say=quiet)
    assert (empty.home / "klash.sqlite3").read_bytes() == b"new"
    (empty.home / "klash.sqlite3").unlink()
    with pytest.raises(Halted, match="is not empty"):
        services.restore(vault=vault, place=empty, say=quiet)
    assert names_in(empty.home) == ["clock.json", "files", "klash.sqlite3", "reviewing.sqlite3"]


def test_killed_at_any_step_it_is_finished_or_begun_anew(home, few_files, vault, manifest, empty):
    empty.home.mkdir()
    found = kill_at_each_step("restore", empty.home, vault.folder)
    everything = ["clock.json", "files", "klash.sqlite3", "reviewing.sqlite3"]
    assert len(found) > 20
    assert {tuple(whole) for _, _, whole in found} == {tuple(everything)}
    assert {outcome for _, outcome, _ in found} == {"restored", "finished"}
    assert [names for names, outcome, _ in found if outcome == "restored" and names] == []


def test_without_the_keys_nothing_is_restored(home, vault, manifest, empty):
    shutil.rmtree(home / "keys")
    with pytest.raises(Halted, match="put them there first"):
        services.restore(vault=vault, place=empty, say=quiet)
    assert names_in(empty.home) == []


def test_there_is_no_backup_in_just_any_folder(home, tmp_path):
    with pytest.raises(CommandError, match=r"is no whole backup: backup.json, which is written last, is not there"):
        call_command("restore", str(tmp_path))


def test_the_manifest_is_plain_json(vault, manifest):
    told = json.loads((vault.folder / "backup.json").read_text())
    assert (told["format"], Manifest.read(Vault(vault.folder))) == ("klash-backup/1", manifest)
