"""An installation on disk, in the middle of judging, in which this process works: what it commits stays in the test's own folder."""

import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import override_settings

from klash.operating.vaults import Vault
from tests.staged import FILES, staged  # noqa: F401

STATE = "judging+"


@contextmanager
def working_in(home):
    """Point both aliases of this process at the files of a home."""
    kept = {alias: (connections.settings[alias], connections[alias]) for alias in FILES}
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
    for alias, file in FILES.items():
        connections.settings[alias] = {**kept[alias][0], "ENGINE": "django.db.backends.sqlite3", "NAME": home / file, "OPTIONS": options}
        connections[alias] = connections.create_connection(alias)
    try:
        with override_settings(KLASH_HOME=home, KLASH_KEYS=home / "keys"):
            yield
    finally:
        for alias, (settings, connection) in kept.items():
            connections[alias].close()
            connections.settings[alias], connections[alias] = settings, connection


@pytest.fixture
def home(staged, tmp_path, django_db_blocker):  # noqa: F811
    folder = tmp_path / "home"
    staged.copy(STATE, folder)
    shutil.copytree(staged.folder / "keys", folder / "keys", dirs_exist_ok=True)
    (folder / "secret.key").write_text(django_settings.SECRET_KEY)
    with django_db_blocker.unblock(), working_in(folder):
        yield folder


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "backup")


@pytest.fixture
def few_files(home):
    """Leave five files, so that each step of their copying is tried but not a hundred times."""
    for path in sorted((home / "files").iterdir())[5:]:
        path.unlink()
