"""PostgreSQL for tests that need it, whatever database the rest of the run uses: two databases, each with a login role of its own.

`postgres` lets this process work there: threads that a test starts get connections of their own to it, and what they commit stays,
so every test makes a competition of its own.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import environ
import pytest
from django.core.management import call_command
from django.db import connections

from scripts.postgres import NotFound, cluster, find_programs

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {"default": "KLASH_DATABASE", "reviewing": "KLASH_REVIEWING_DATABASE"}


def pytest_collection_modifyitems(items):
    """Keep these tests in one worker, which then needs one server."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("postgres"))


@contextmanager
def working_on(addresses):
    """Point both aliases of this process at the server."""
    kept = {alias: (connections.settings[alias], connections[alias]) for alias in VARIABLES}
    for alias, variable in VARIABLES.items():
        connections.settings[alias] = {**kept[alias][0], **environ.Env.db_url_config(addresses[variable]), "OPTIONS": {}}
        connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        connections.close_all()
        for alias, (settings, connection) in kept.items():
            connections.settings[alias], connections[alias] = settings, connection


@pytest.fixture(scope="session")
def new_server():
    """Start a server with two empty databases; yields their addresses by their variables. Skips where there is no PostgreSQL."""

    @contextmanager
    def start():
        try:
            find_programs()
        except NotFound as missing:
            if os.environ.get("KLASH_REQUIRE_POSTGRES"):
                raise
            pytest.skip(str(missing))
        with cluster() as addresses:
            yield addresses

    return start


@pytest.fixture(scope="session")
def server(new_server, django_db_blocker):
    """The addresses of the two databases by their variables, all tables made."""
    with new_server() as addresses:
        with django_db_blocker.unblock(), working_on(addresses):
            for alias in VARIABLES:
                call_command("migrate", database=alias, verbosity=0)
        yield addresses


@pytest.fixture
def postgres(server, django_db_blocker):
    with django_db_blocker.unblock(), working_on(server):
        yield


@pytest.fixture
def run(server, tmp_path):
    """Run Python in a process of its own on the server; `without` names variables it must not have."""

    def command(*words, without=(), **variables):
        inherited = {name: value for name, value in os.environ.items() if name not in (*VARIABLES.values(), "KLASH_DEMO")}
        given = {"KLASH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "klash.config.settings", **server, **variables}
        env = {**inherited, **{name: value for name, value in given.items() if name not in without}}
        return subprocess.run([sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)

    return command
