"""Backup, restore and drill on PostgreSQL: one moment of two databases, restored whole or not at all."""

import json

import psycopg
import pytest
from django.test import override_settings

from scripts.postgres import DATABASES, cluster
from tests.operating import meanwhile


@pytest.fixture(scope="module")
def installation(server, tmp_path_factory):
    """A server of its own for a finished small competition, and the variables of its home."""
    with cluster() as addresses:
        yield {**addresses, "KLASH_HOME": str(tmp_path_factory.mktemp("installation"))}


def succeeded(done):
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def tables(address):
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()[0]


def test_a_drill_succeeds_and_a_restore_is_whole_or_nothing(run, installation, tmp_path):
    succeeded(run("-m", "klash", "replay", "--invent", "problems=6,challenges=1,teams=2,mentors=2,seed=7", "--json", **installation))
    assert succeeded(run("-m", "klash", "drill", **installation))[-1] == "The drill succeeded."
    with psycopg.connect(installation["KLASH_DATABASE"]) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")}
    assert names == {"postgres", *DATABASES.values()}

    folder = tmp_path / "backup"
    succeeded(run("-m", "klash", "backup", str(folder), **installation))
    assert sorted(path.name for path in (folder / "databases").iterdir()) == ["default.dump", "reviewing.dump"]
    manifest = folder / "backup.json"
    text = manifest.read_text()
    with cluster() as empty:
        place = {**empty, "KLASH_HOME": str(tmp_path / "restored"), "KLASH_KEYS": f"{installation['KLASH_HOME']}/keys"}
        manifest.write_text(text.replace(json.loads(text)["databases"]["default"]["logs"][-1]["head"], "0" * 64))
        refused = run("-m", "klash", "restore", str(folder), **place)
        assert (refused.returncode, "The logs are not those of the backup" in refused.stderr) == (1, True)
        assert [tables(address) for address in empty.values()] == [0, 0]
        manifest.write_text(text)
        assert "Verified: logs, rows, receipts and their files hold." in succeeded(run("-m", "klash", "restore", str(folder), **place))
        refused = run("-m", "klash", "restore", str(folder), **{**place, "KLASH_HOME": str(tmp_path / "another")})
        assert (refused.returncode, "holds tables. Restore into an empty one." in refused.stderr) == (1, True)
    files = {path.name: path.read_bytes() for path in (tmp_path / "restored" / "files").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (folder / "files").iterdir()} != {}


@pytest.fixture
def home(postgres, tmp_path):
    with override_settings(KLASH_HOME=tmp_path / "home", KLASH_KEYS=tmp_path / "keys"):
        yield tmp_path


def test_every_row_finds_its_file(home):
    assert meanwhile.lost_files("moment-y01", home / "held") == 0


def test_both_databases_are_of_one_moment(home):
    assert meanwhile.widest_gap(home) <= 1


def test_one_after_the_other_they_would_be_of_two(home):
    assert meanwhile.widest_gap(home, is_paused=False) > 1
