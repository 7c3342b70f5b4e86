"""Replays in processes and homes of their own; the states of `tests.staged` for what a person began by hand."""

import json
import os
import subprocess
import sys

import pytest

from tests.migrated import copy
from tests.staged import staged  # noqa: F401

SMALL = "problems=6,challenges=1,teams=2,mentors=2,seed=7"


def environment(home, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    return {**kept, "KLASH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "klash.config.settings", **more}


def klash(home, *arguments, **more):
    command = [sys.executable, "-m", "klash", *arguments]
    return subprocess.run(command, env=environment(home, **more), capture_output=True, text=True, check=False, timeout=300)


def results(home, *arguments):
    """Replay the small competition, or another, and return what it printed, without the seconds."""
    done = klash(home, "replay", *(arguments or ("--invent", SMALL)), "--json")
    assert done.returncode == 0, done.stderr
    return {name: value for name, value in json.loads(done.stdout).items() if name != "seconds"}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """One unbroken rehearsal, from nothing at all: its home and its results."""
    home = tmp_path_factory.mktemp("rehearsal")
    return home, results(home)


@pytest.fixture
def empty(migrated, tmp_path):
    """A home that has its tables already."""
    return copy(migrated, tmp_path)
