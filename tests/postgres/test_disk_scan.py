"""A2, I7 on PostgreSQL: until the opening no file of the server, its write-ahead log and its own log included, and no backup holds a word of a proposal."""

import logging
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.test import override_settings

from klash.core import clock
from klash.operating import services as operating
from klash.operating.engines import find_program
from klash.operating.vaults import Vault
from tests.operating.test_backup import quiet
from tests.postgres.conftest import VARIABLES, working_on
from tests.proposals.race import make_stage_for
from tests.sealing.scan import found
from tests.sealing.test_disk_scan import PARTS, draft_submit_and_close, new_words, plain_at_rest


@pytest.fixture(scope="module")
def folder(new_server, tmp_path_factory, django_db_blocker):
    """An installation on a server of its own: the folder of the server's files and its home."""
    home = tmp_path_factory.mktemp("sealed")
    (home / "home").mkdir()
    with new_server() as addresses, django_db_blocker.unblock(), working_on(addresses), override_settings(KLASH_HOME=home / "home", KLASH_KEYS=home / "home/keys"):
        for alias in VARIABLES:
            call_command("migrate", database=alias, verbosity=0)
        yield files_of(urlsplit(addresses["KLASH_DATABASE"]).port), home


def files_of(port):
    """Return the folder of the server that listens at a port."""
    running = Path(tempfile.gettempdir()).glob("klash-postgres-*/data/postmaster.pid")
    return next(path.parent.parent for path in running if path.read_text().splitlines()[3] == str(port))


def look(folder, code, caplog, capfd):
    """Let a team work, write everything to the disk and back it up; return the places whose words are then somewhere, and those in the backup alone."""
    (server, home), words = folder, new_words()
    caplog.set_level(logging.DEBUG)
    draft_submit_and_close(make_stage_for(code, clock.now() + timedelta(days=1)), words)
    with psycopg.connect(host=str(server), port=int((server / "data/postmaster.pid").read_text().splitlines()[3]), user="owner", dbname="postgres", autocommit=True) as owner:
        owner.execute("CHECKPOINT")
    operating.back_up(vault=Vault(home / code), say=quiet)
    dumps = [unpacked(path) for path in sorted((home / code / "databases").iterdir())]
    assert len(dumps) == len(VARIABLES) and list((server / "data/pg_wal").iterdir()) and list((home / code / "files").iterdir())
    every = list(words.values())
    anywhere, backed_up = found([server, home], every, caplog.text, *capfd.readouterr(), *dumps), found([], every, *dumps)
    return tuple({place for place, word in words.items() if word in {hit for _, hit in hits}} for hits in (anywhere, backed_up))


def unpacked(dump):
    return subprocess.run([find_program("pg_restore"), "-f", "-", str(dump)], capture_output=True, text=True, check=True).stdout


def test_disk_scan(folder, caplog, capfd):
    assert look(folder, "scan-q1x", caplog, capfd) == (set(), set())


def test_without_the_encryption_the_scan_finds_it_in_the_server_and_in_the_backup(folder, caplog, capfd, monkeypatch):
    plain_at_rest(monkeypatch)
    places = {*PARTS, "file name", "file text", "file title", "late"}
    anywhere, backed_up = look(folder, "scan-q2x", caplog, capfd)
    assert anywhere == places and {*PARTS, "late"} - {"novelty"} <= backed_up  # what was written over is still in the server's files, not in a backup
