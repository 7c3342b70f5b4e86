"""Copies of the embedded databases: one at the opening of each stage as the way back, and one while a stage is played.

A stage is played whole or not at all. Its acts do only what is missing, but that alone does not mend a play that was killed:
no transaction spans both databases, and a seat that was written in one without its person in the other stays empty for ever.
So the copy made when the play of a stage began, with what was done by hand before it, is put back, and the stage is played again.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from klash.replay.gate import passing

NOTES = ("replay.json", "clock.json")


def is_embedded() -> bool:
    """Return whether all databases are SQLite files; only these are copied."""
    return all(row["ENGINE"].endswith("sqlite3") for row in settings.DATABASES.values())


def keep(stage: str) -> None:
    """Keep the databases as they are at the opening of a stage."""
    if is_embedded():
        _save(_folder() / stage)


def kept() -> set[str]:
    """Return the stages that can be gone back to."""
    return {path.name for path in _folder().iterdir() if not path.suffix} if _folder().exists() else set()


def go_back(stage: str, later: list[str]) -> None:
    """Bring the databases back to the opening of a stage; what was done since is lost, but who is signed in stays so.

    later: the stages after it, whose copies belong to a course of things that may not come again.
    """
    _restore(_folder() / stage, with_sessions=True)
    for name in later:
        shutil.rmtree(_folder() / name, ignore_errors=True)


@contextmanager
def whole() -> Iterator[None]:
    """Play a stage inside the block; what happens in it stays only if the block is left without an error.

    Inside, single commits need not reach the disk one by one: what is broken off is put back as a whole anyway.
    """
    if not is_embedded():
        yield
        return
    _save(_begun())
    _pragma("synchronous=NORMAL")
    try:
        yield
    except BaseException:
        mend()
        raise
    _pragma("wal_checkpoint(PASSIVE)")
    _pragma("synchronous=FULL")
    _begun().rename(_begun().with_suffix(".over"))
    shutil.rmtree(_begun().with_suffix(".over"))


def mend() -> bool:
    """Put back the databases as they were before a stage whose play was broken off; return whether there was one."""
    shutil.rmtree(_begun().with_suffix(".over"), ignore_errors=True)
    if not _begun().exists():
        return False
    _restore(_begun())
    shutil.rmtree(_begun())
    return True


def _folder() -> Path:
    return Path(settings.KLASH_HOME) / "stages"


def _begun() -> Path:
    return Path(settings.KLASH_HOME) / "begun"


def _save(folder: Path) -> None:
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with passing(alone=True):
        for alias in connections:
            _copy(Path(settings.DATABASES[alias]["NAME"]), part / f"{alias}.sqlite3")
        for name in NOTES:
            if (Path(settings.KLASH_HOME) / name).exists():
                shutil.copy2(Path(settings.KLASH_HOME) / name, part / name)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _restore(folder: Path, *, with_sessions: bool = False) -> None:
    with passing(alone=True):
        sessions = list(Session.objects.all()) if with_sessions else []
        for alias in connections:
            connections[alias].close()
            _copy(folder / f"{alias}.sqlite3", Path(settings.DATABASES[alias]["NAME"]))
        for name in NOTES:
            target = Path(settings.KLASH_HOME) / name
            if (folder / name).exists():
                shutil.copy(folder / name, target.with_suffix(".part"))
                target.with_suffix(".part").replace(target)
            else:
                target.unlink(missing_ok=True)
        if with_sessions:  # still alone: a request that found no session meanwhile would sign its person out
            Session.objects.all().delete()
            Session.objects.bulk_create(sessions)


def _copy(source: Path, target: Path) -> None:
    # SQLite's own copy: one transaction at the target, so that who reads there sees all of it or nothing.
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=20)) as other:
        one.backup(other)


def _pragma(text: str) -> None:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute(f"PRAGMA {text}")
