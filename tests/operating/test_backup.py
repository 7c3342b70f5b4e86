"""What a backup holds, what it never holds, and that a broken-off one is none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from nacl.public import PrivateKey

from klash.core import audit
from klash.files.models import StoredFile
from klash.operating import services
from klash.operating.errors import Halted
from klash.operating.manifests import Manifest
from klash.operating.places import Place, working
from klash.operating.services import restoring
from klash.operating.vaults import Vault
from klash.proposals.models import SealedPart

ROOT = Path(__file__).resolve().parents[2]


def quiet(line):
    """Say nothing."""


def kill_at_each_step(what, home, folder):
    place = Place(home, {alias: Place.running().databases[alias] for alias in ("default", "reviewing")})
    words = [sys.executable, "-m", "tests.operating.kills", what, str(home), str(folder)]
    done = subprocess.run(words, env={**place.within(home).environment(), "PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def bytes_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_names_all_that_it_holds(home, vault):
    said = []
    made = services.back_up(vault=vault, say=said.append)
    stored = {f"files/{name}" for name in SealedPart.objects.values_list("blob", flat=True)}
    assert (made.lost, Manifest.read(vault)) == ([], made.manifest)
    assert set(made.manifest.files) == {"databases/default.sqlite3", "databases/reviewing.sqlite3", "notes/clock.json"} | {
        f"files/{path.name}" for path in (home / "files").iterdir()
    } and stored and stored <= set(made.manifest.files)
    assert {name: vault.measure(name) for name in made.manifest.files} == made.manifest.files
    assert {alias: [(log.competition, log.length, log.head) for log in row.logs] for alias, row in made.manifest.databases.items()} == {
        alias: [(verdict.competition, verdict.length, verdict.head) for verdict in audit.verify(alias)] for alias in ("default", "reviewing")
    }
    assert said[0].startswith("The moment is") and said[-1].startswith("Backed up:")
    assert [path.name for path in home.iterdir() if path.suffix == ".part"] == []


def test_no_key_is_ever_in_it(home, tmp_path, capsys):
    call_command("backup", str(tmp_path / "backup"))
    found = bytes_of(tmp_path / "backup")
    private = [json.loads(path.read_text())["private"] for path in (home / "keys").glob("*.box")]
    secrets = [*private, *(path.read_text() for path in (home / "keys").glob("*.key")), (home / "secret.key").read_text()]
    assert private and len(secrets) > len(private) + 1
    assert found and [name for name, content in found.items() for secret in secrets if secret.encode() in content or secret[:32].encode() in content] == []
    assert f"copy {home / 'keys'} and {home / 'secret.key'} to another place" in capsys.readouterr().out


def test_a_sealed_backup_shows_nothing_of_what_it_holds(home, vault):
    services.back_up(vault=vault, say=quiet)
    key = PrivateKey.generate()
    sealed = Vault(vault.folder.with_name("sealed"), key.public_key)
    services.back_up(vault=sealed, say=quiet)
    plain, found = bytes_of(vault.folder), bytes_of(sealed.folder)
    marker = b"Keksitty"
    assert any(marker in content for content in plain.values()) and not any(marker in content or b"klash-backup" in content for content in found.values())
    assert {name.removesuffix(".sealed") for name in found} == set(plain)
    opener = Vault(sealed.folder, private=key)
    manifest = Manifest.read(opener)
    restoring._prove_bytes(opener, manifest, quiet)
    for name in (name for name in found if name != "backup.json.sealed"):
        path = sealed.folder / name
        path.write_bytes(found[name][:-1] + bytes([found[name][-1] ^ 1]))
        with pytest.raises(Halted, match=name.removesuffix(".sealed")):
            restoring._prove_bytes(opener, manifest, quiet)
        path.write_bytes(found[name])


def test_killed_at_any_step_it_is_no_backup_until_the_last(home, few_files, tmp_path):
    found = kill_at_each_step("backup", home, tmp_path / "backup")
    assert len(found) > 40
    assert found.index("whole") > len(found) - 8 and set(found) == {"none", "whole"}
    assert found == sorted(found)


def test_written_first_the_manifest_would_make_a_broken_one_pass(home, vault, monkeypatch):
    """The seeded fault: the manifest is there before the last part."""
    def broken_off(*given):
        raise KeyboardInterrupt

    made = services.back_up(vault=Vault(vault.folder.with_name("first")), say=quiet)
    monkeypatch.setattr("klash.operating.services.backing._write_files", lambda *given: made.manifest.write(vault) or broken_off())
    with pytest.raises(KeyboardInterrupt):
        services.back_up(vault=vault, say=quiet)
    assert Manifest.read(vault) == made.manifest
    with pytest.raises(Halted, match="The backup is broken"):
        restoring._prove_bytes(vault, made.manifest, quiet)


def test_a_file_that_is_gone_is_named(home, tmp_path):
    stored = StoredFile.objects.order_by("key")[0]
    (home / "files" / stored.original).unlink()
    with pytest.raises(CommandError, match=f"not on the disk:\n{stored.original}$"):
        call_command("backup", str(tmp_path / "backup"))
    assert Manifest.read(Vault(tmp_path / "backup")).files


def test_what_is_still_being_uploaded_is_left_out(home, vault):
    (home / "files" / ("a" * 32 + ".part")).write_bytes(b"half")
    assert not any(name.endswith("part") for name in services.back_up(vault=vault, say=quiet).manifest.files)


def test_a_backup_begins_in_an_empty_folder_outside_of_the_home(home, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(CommandError, match="full is not empty"):
        call_command("backup", str(tmp_path / "full"))
    with pytest.raises(CommandError, match="lies in KLASH_HOME"):
        call_command("backup", str(home / "backup"))


def test_one_backup_at_a_time_and_what_a_killed_one_left_is_cleared(home, vault):
    with working(home, "backup") as work, pytest.raises(Halted, match="Another backup is at work"):
        (work / "left").touch()
        services.back_up(vault=vault, say=quiet)
    (home / "backup.part" / "files").mkdir(parents=True)
    (home / "backup.part" / "files" / "left").touch()
    assert "files/left" not in services.back_up(vault=vault, say=quiet).manifest.files


def test_the_face_of_the_jury_cannot_back_up(home, monkeypatch):
    monkeypatch.delitem(settings.DATABASES, "reviewing")
    with pytest.raises(Halted, match="KLASH_FACE=all"):
        Place.running()
