"""Encrypted bytes on disk under random names. They are on disk for good before a row names them, and never change."""

import os
from pathlib import Path

from django.conf import settings

from klash.core import chance


class Missing(Exception):
    """The bytes that a row names are not on disk: restore them from a backup."""


def write(data: bytes) -> str:
    """Keep bytes that are encrypted already; return the random key under which they lie."""
    key = chance.key()
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    _sync(path.parent)
    return key


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
