"""Where an installation lives: its home folder and its databases."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from klash.core import keys
from klash.operating.engines import address_of, engine_of
from klash.operating.errors import Halted

SQLITE_FILES = {"default": "klash.sqlite3", "reviewing": "reviewing.sqlite3"}
VARIABLES = {"default": "KLASH_DATABASE", "reviewing": "KLASH_REVIEWING_DATABASE"}


@dataclass(frozen=True)
class Place:
    """databases: alias -> the connection's settings."""

    home: Path
    databases: dict[str, Mapping[str, Any]]

    @classmethod
    def running(cls) -> "Place":
        """Return the place of this installation. Raises Halted in the jury's face, which cannot open the other database."""
        if set(settings.DATABASES) != set(VARIABLES):
            raise Halted("This process may open the reviewers' database only. Run it with KLASH_FACE=all.")
        return cls(Path(settings.KLASH_HOME), {alias: connections[alias].settings_dict for alias in settings.DATABASES})

    def within(self, folder: Path) -> "Place":
        """Return the same place with its home, and the databases that are files, in another folder."""
        files = {alias: {**row, "NAME": folder / SQLITE_FILES[alias]} for alias, row in self.databases.items() if engine_of(row).name == "sqlite"}
        return Place(folder, {**self.databases, **files})

    def environment(self) -> dict[str, str]:
        """Return the environment of a process that works here, with the running installation's keys."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(tuple(VARIABLES.values()))}
        addresses = {VARIABLES[alias]: address_of(row) for alias, row in self.databases.items() if engine_of(row).name != "sqlite"}
        own = {"KLASH_HOME": str(self.home), "KLASH_KEYS": str(keys.folder()), "KLASH_SECRET_KEY": settings.SECRET_KEY}
        return {**kept, **own, **addresses}


@contextmanager
def working(home: Path, name: str) -> Iterator[Path]:
    """Give a new folder in the home for one kind of work, one process at a time; what a killed one left behind is cleared. Raises Halted."""
    home.mkdir(parents=True, exist_ok=True)
    folder = home / f"{name}.part"
    with (home / f"{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Halted(f"Another {name} is at work in {home}. Wait for its end.") from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
