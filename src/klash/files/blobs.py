"""Encrypted bytes on disk under random names. They are on disk for good before a row names them, and never change."""

import errno
import os
import shutil
from pathlib import Path

from django.conf import settings

from klash.core import chance
from klash.core.errors import Refused
from klash.rules.reasons import Reason

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Missing(Exception):
    """The bytes that a row names are not on disk: restore them from a backup."""


def write(data: bytes) -> str:
    """Keep bytes that are encrypted already; return the random key under which they lie. Raises Refused(DISK_FULL), and then nothing of them lies there."""
    key = chance.key()
    path = path_of(key)
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise Refused(Reason.DISK_FULL, str(error)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return key


def ensure_room(size_bytes: int) -> None:
    """Raise Refused(DISK_FULL) where a draft of this size would take from the room that is kept for submissions."""
    if shutil.disk_usage(settings.KLASH_HOME).free - size_bytes < settings.KLASH_DISK_RESERVE_BYTES:
        raise Refused(Reason.DISK_FULL, "the reserve for submissions")


def read(key: str) -> bytes:
    """Return the bytes of a key. Raises Missing."""
    try:
        return path_of(key).read_bytes()
    except OSError as error:
        raise Missing(key) from error


def delete(key: str) -> None:
    """Delete bytes that no row names any more."""
    path_of(key).unlink(missing_ok=True)


def path_of(key: str) -> Path:
    """Return where the bytes lie."""
    if not key.isalnum():
        raise ValueError(f"a key holds letters and digits only, got {key!r}")
    return Path(settings.KLASH_HOME) / "files" / key


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
