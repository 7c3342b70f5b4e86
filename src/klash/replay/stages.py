"""Snapshots of the embedded databases at the opening of each stage, and the way back to them. Demo only."""

import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connections

KEPT = ("replay.json", "clock.json")


def _folder(stage: str) -> Path:
    return Path(settings.KLASH_HOME) / "stages" / stage


def keep(stage: str) -> None:
    """Keep the databases as they are at the opening of a stage."""
    folder = _folder(stage)
    folder.mkdir(parents=True, exist_ok=True)
    for alias in connections:
        _copy(Path(settings.DATABASES[alias]["NAME"]), folder / f"{alias}.sqlite3")
    for name in KEPT:
        if (Path(settings.KLASH_HOME) / name).exists():
            shutil.copy2(Path(settings.KLASH_HOME) / name, folder / name)


def kept() -> set[str]:
    """Return the stages that can be gone back to."""
    folder = Path(settings.KLASH_HOME) / "stages"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def restore(stage: str) -> None:
    """Bring the databases back to the opening of a stage; what was done since is lost."""
    folder = _folder(stage)
    for alias in connections:
        connections[alias].close()
        _copy(folder / f"{alias}.sqlite3", Path(settings.DATABASES[alias]["NAME"]))
    for name in KEPT:
        if (folder / name).exists():
            shutil.copy(folder / name, Path(settings.KLASH_HOME) / name)


def _copy(source: Path, target: Path) -> None:
    # SQLite's own copy: a consistent picture even while others read.
    with sqlite3.connect(source) as one, sqlite3.connect(target, timeout=20) as other:
        one.backup(other)
    one.close()
    other.close()
