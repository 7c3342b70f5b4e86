"""Take in, store and read uploaded files. Bytes are on disk for good before a row names them, and never unencrypted."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from klash.core import audit, chance, sealing
from klash.files import blobs
from klash.files.intake import FILE_BYTES_MAX, WALL_SECONDS, Examined, Outcome, Spot, examine
from klash.files.models import StoredFile
from klash.rules.reasons import Reason

UNKNOWN = "application/octet-stream"
NAME_SIGNS_MAX = 200


class ChangedOnDisk(Exception):
    """The bytes of a stored file are not those that were received."""


@dataclass(frozen=True)
class Facts:
    """What was found in a file. texts: what each page says; hidden: words that are there and not to be seen; fonts: the original names."""

    texts: tuple[str, ...] = ()
    hidden: tuple[Spot, ...] = ()
    fonts: tuple[str, ...] = ()


def take_in_upload(uploaded: Any, now: datetime, refusal: Reason | None = None, *, key: str = "", seconds: float = WALL_SECONDS) -> StoredFile:
    """Take in a file of a form; as `take_in`. refusal: why it is refused unseen.

    uploaded: a Django file with `name`, `size` and `chunks()`. One of which less is there than its size says was too much to be held.
    """
    content = b"" if refusal else _received(uploaded.chunks())
    if refusal is None and len(content) < uploaded.size:
        refusal = Reason.FILE_TOO_LARGE if uploaded.size > FILE_BYTES_MAX else Reason.FILES_TOO_LARGE
    if refusal is None:
        return take_in(uploaded.name or "", content, now, key=key, seconds=seconds)
    return StoredFile(
        key=key or chance.key(), name=clean_name(uploaded.name or ""), media_type=UNKNOWN, size_bytes=uploaded.size, stored_at=now, outcome=Outcome.REFUSED,
        reason=refusal,
    )


def take_in(name: str, content: bytes, now: datetime, *, key: str = "", seconds: float = WALL_SECONDS) -> StoredFile:
    """Examine a file and keep it encrypted under random keys; return its row, which the caller saves together with what holds it, or forgets.

    name: it is normalised and never becomes a path. `outcome` and `reason` tell what became of it; of a refused file nothing is kept.
    key: the row's, a new one where empty. Call it outside of a transaction: it takes a second as a rule, and `seconds` at most. Equal files are kept apart, so
    that nothing tells of another's upload. Raises Refused(DISK_FULL), and then nothing is kept.
    """
    stored = StoredFile(key=key or chance.key(), name=clean_name(name), media_type=UNKNOWN, size_bytes=len(content), stored_at=now)
    try:
        _take(stored, examine(content, stored.name, seconds=seconds), content)
    except Exception:
        forget(stored)
        raise
    return stored


def forget(stored: StoredFile) -> None:
    """Delete the bytes of a file whose row was never saved."""
    for key in stored.blobs:
        blobs.delete(key)


def refuse(stored: StoredFile, reason: Reason) -> None:
    """Refuse a file after all, before its row is saved: its bytes are deleted, and the row will tell why."""
    forget(stored)
    stored.outcome, stored.reason, stored.sha256, stored.clean_sha256, stored.clean_size_bytes, stored.removed = Outcome.REFUSED, reason, "", "", 0, []
    stored.original = stored.rebuilt = stored.facts = stored.picture = ""


def examine_again(stored: StoredFile, seconds: float = WALL_SECONDS) -> bool:
    """Try once more a file that could not be checked by machine; True if it was made anew now. Else it stays for a person to look at.

    seconds: how long the examination may take.
    """
    if stored.reason != Reason.FILE_NOT_CHECKED:
        return False
    content = read(stored)
    found = examine(content, stored.name, seconds=seconds)
    if found.cleaned:
        _take(stored, found, content)
        stored.save()
    return bool(found.cleaned)


def discard(stored: StoredFile) -> None:
    """Delete a file that no working copy holds, its row first and its bytes once that is certain."""
    stored.delete()
    for key in stored.blobs:
        transaction.on_commit(partial(blobs.delete, key))


def read(stored: StoredFile) -> bytes:
    """Return the bytes as they were received. Raises ChangedOnDisk if they are not those of that time."""
    return _unlocked(stored, stored.original, "original", stored.sha256)


def read_clean(stored: StoredFile) -> bytes:
    """Return the bytes as they were rebuilt for readers without names. Raises ChangedOnDisk."""
    return _unlocked(stored, stored.rebuilt, "clean", stored.clean_sha256)


def read_facts(stored: StoredFile) -> Facts:
    """Return what was found in a file; nothing where it was not made anew. Raises ChangedOnDisk."""
    if not stored.facts:
        return Facts()
    found = json.loads(_plain(stored, stored.facts, "facts"))
    return Facts(tuple(found["texts"]), tuple(Spot(page, text) for page, text in found["hidden"]), tuple(found["fonts"]))


def read_picture(stored: StoredFile) -> bytes:
    """Return the picture of the first page as PNG, empty where there is none. Raises ChangedOnDisk."""
    return _plain(stored, stored.picture, "picture") if stored.picture else b""


def serve(stored: StoredFile, *, is_clean: bool = False) -> HttpResponse:
    """Answer with the file as a download that no browser guesses the type of. is_clean: what was made anew from it, not what was received."""
    response = HttpResponse(read_clean(stored) if is_clean else read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=stored.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def clean_name(name: str) -> str:
    """Return a name to show and to download under: NFC, no folders, no control or direction signs, its ending in small letters, 200 signs at most."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(" " if unicodedata.category(sign) in ("Zl", "Zp", "Cc") else sign for sign in name)
    shown = "".join(sign for sign in shown if not unicodedata.category(sign).startswith("C") and sign not in '"<>|:*?')
    stem, dot, ending = " ".join(shown.split()).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = f"{dot}{ending.strip().lower()[:10]}" if ending.strip() else ""
    return f"{stem.strip('. ')[: NAME_SIGNS_MAX - len(ending)] or 'file'}{ending}"


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def _received(chunks: Iterable[bytes]) -> bytes:
    """Return an upload in memory, whole or as far as it is too large: its plain bytes never lie on disk."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > FILE_BYTES_MAX:
            break
    return bytes(content)


def _take(stored: StoredFile, found: Examined, content: bytes) -> None:
    """Write down what was found, and the bytes unless the file is refused."""
    stored.outcome, stored.reason, stored.pages = found.state, found.reason or "", found.pages
    if found.state is Outcome.REFUSED:
        return
    stored.media_type, stored.sha256, stored.removed = found.mime or UNKNOWN, found.sha256, list(found.removed)
    stored.original = stored.original or _write(stored, "original", content)
    if found.cleaned:
        facts = {"texts": found.texts, "hidden": [(spot.page, spot.text) for spot in found.hidden], "fonts": found.fonts}
        stored.clean_size_bytes, stored.clean_sha256 = len(found.cleaned), sha256_of(found.cleaned)
        stored.rebuilt = _write(stored, "clean", found.cleaned)
        stored.facts = _write(stored, "facts", audit.canonical(facts))
        stored.picture = _write(stored, "picture", found.first_page_png) if found.first_page_png else ""


def _write(stored: StoredFile, part: str, content: bytes) -> str:
    return blobs.write(sealing.lock(content, f"file/{stored.key}/{part}"))


def _plain(stored: StoredFile, blob: str, part: str) -> bytes:
    try:
        return sealing.unlock(blobs.read(blob), f"file/{stored.key}/{part}")
    except (blobs.Missing, sealing.Unopened) as error:
        raise ChangedOnDisk(f"{stored.key}: the bytes are gone or changed; restore them from a backup") from error


def _unlocked(stored: StoredFile, blob: str, part: str, sha256: str) -> bytes:
    content = _plain(stored, blob, part)
    if sha256_of(content) != sha256:
        raise ChangedOnDisk(f"{stored.key}: expected {sha256}; restore it from a backup")
    return content
