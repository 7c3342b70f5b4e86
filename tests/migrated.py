"""Both databases with their tables and nothing in them, made once a run of the tests and copied by whoever begins from there.

To make the tables takes five seconds of a core, to copy them a hundredth of one. On PostgreSQL every worker makes its own.
"""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
FILES = {"default": "klash.sqlite3", "reviewing": "reviewing.sqlite3"}


def shared(tmp_path_factory: Any, name: str) -> Path:
    """Return a folder of this name that all workers of the run share."""
    own = tmp_path_factory.getbasetemp()
    folder: Path = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one worker at a time into the block."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command: str, home: Path, **more: str) -> None:
    """Run a line of Python in a process and a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    environment = {**kept, "KLASH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "klash.config.settings", **more}
    words = [sys.executable, "-m", "klash", "shell", "--no-imports", "-c", command]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: Any) -> Path:
    """A folder with both files."""
    folder = shared(tmp_path_factory, "migrated")
    with alone(folder):
        if not (folder / "done").exists():
            run("from tests.migrated import build; build()", folder)
            (folder / "done").touch()
    return folder


def build() -> None:
    """Make the tables of KLASH_HOME."""
    for alias in connections:
        call_command("migrate", database=alias, verbosity=0)
        connections[alias].close()


def copy(folder: Path, home: Path) -> Path:
    """Begin a home with the tables."""
    home.mkdir(parents=True, exist_ok=True)
    for file in FILES.values():
        with closing(sqlite3.connect(folder / file)) as source, closing(sqlite3.connect(home / file)) as target:
            source.backup(target)
    return home


def is_sqlite() -> bool:
    return all(row["ENGINE"] == "django.db.backends.sqlite3" for row in settings.DATABASES.values())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    if is_sqlite():
        for alias in connections:
            connections[alias].settings_dict["TEST"]["MIGRATE"] = False  # the tables, and what else the migrations make, are copied


@pytest.fixture(scope="session")
def django_db_setup(request: Any, django_db_setup: None, django_db_blocker: Any) -> None:
    if is_sqlite():
        folder = request.getfixturevalue("migrated")
        with django_db_blocker.unblock():
            for alias, file in FILES.items():
                if connections[alias].connection is None:  # none of the tests asked for uses this database
                    continue
                with closing(sqlite3.connect(folder / file)) as source:
                    source.backup(connections[alias].connection)
