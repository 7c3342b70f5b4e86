"""Check, store and read uploaded files. Bytes are on disk for good before a row names them, and never unencrypted."""

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from pypdf import PdfReader

from klash.core import chance, sealing
from klash.core.errors import Refused
from klash.files import blobs
from klash.files.models import StoredFile
from klash.rules.reasons import Reason

FILE_BYTES_MAX = 20 * 1024 * 1024
PAGES_MAX = 400
PDF = "application/pdf"


class ChangedOnDisk(Exception):
    """The bytes of a stored file are not those that were received."""


def store_upload(uploaded: Any, now: datetime) -> StoredFile:
    """Check a PDF and keep it encrypted under random keys; equal files are kept apart, so that nothing tells of another's upload.

    uploaded: a Django file with `name` and `chunks()`; its name is normalised and never becomes a path.
    Raises Refused: FILE_NOT_PDF, FILE_BROKEN, FILE_ENCRYPTED, FILE_TOO_LARGE (over 20 MB) or FILE_TOO_LONG (over 400 pages).
    """
    content = _received(uploaded.chunks())
    pages, clean = _check_pdf(content), content
    key = chance.key()
    stored = StoredFile(
        key=key, name=clean_name(uploaded.name or ""), media_type=PDF, pages=pages, stored_at=now, size_bytes=len(content), sha256=sha256_of(content),
        clean_size_bytes=len(clean), clean_sha256=sha256_of(clean),
    )
    stored.original = blobs.write(sealing.lock(content, f"file/{key}/original"))
    stored.rebuilt = blobs.write(sealing.lock(clean, f"file/{key}/clean"))
    stored.save(force_insert=True)
    return stored


def discard(stored: StoredFile) -> None:
    """Delete a file that no working copy holds, its row first and its bytes once that is certain."""
    stored.delete()
    for key in (stored.original, stored.rebuilt):
        transaction.on_commit(partial(blobs.delete, key))


def read(stored: StoredFile) -> bytes:
    """Return the bytes as they were received. Raises ChangedOnDisk if they are not those of that time."""
    return _unlocked(stored, stored.original, "original", stored.sha256)


def read_clean(stored: StoredFile) -> bytes:
    """Return the bytes as they were rebuilt for readers without names. Raises ChangedOnDisk."""
    return _unlocked(stored, stored.rebuilt, "clean", stored.clean_sha256)


def serve(stored: StoredFile) -> HttpResponse:
    """Answer with the file as a download that no browser guesses the type of."""
    response = HttpResponse(read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=stored.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def clean_name(name: str) -> str:
    """Return a name to show and to download under: NFC, no folders, no control or direction signs, ends in .pdf, 200 signs at most."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(" " if unicodedata.category(sign) in ("Zl", "Zp", "Cc") else sign for sign in name)
    shown = "".join(sign for sign in shown if not unicodedata.category(sign).startswith("C") and sign not in '"<>|:*?')
    stem = " ".join(shown.split())
    if stem.lower().endswith(".pdf"):
        stem = stem[:-4]
    stem = stem.strip(". ")
    return f"{stem[:196] or 'file'}.pdf"


def _received(chunks: Iterable[bytes]) -> bytes:
    """Return an upload whole, in memory: its plain bytes never lie on disk."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > FILE_BYTES_MAX:
            raise Refused(Reason.FILE_TOO_LARGE)
    return bytes(content)


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def _unlocked(stored: StoredFile, blob: str, part: str, sha256: str) -> bytes:
    try:
        content = sealing.unlock(blobs.read(blob), f"file/{stored.key}/{part}")
    except (blobs.Missing, sealing.Unopened) as error:
        raise ChangedOnDisk(f"{stored.key}: the bytes are gone or changed; restore them from a backup") from error
    if sha256_of(content) != sha256:
        raise ChangedOnDisk(f"{stored.key}: expected {sha256}; restore it from a backup")
    return content


def _check_pdf(content: bytes) -> int:
    if not content.startswith(b"%PDF-"):
        raise Refused(Reason.FILE_NOT_PDF)
    try:
        reader = PdfReader(io.BytesIO(content))
        is_encrypted = reader.is_encrypted
        pages = 0 if is_encrypted else len(reader.pages)
    except Exception as error:  # a hostile file may make the reader fail in any way
        raise Refused(Reason.FILE_BROKEN, type(error).__name__) from error
    if is_encrypted:
        raise Refused(Reason.FILE_ENCRYPTED)
    if not pages:
        raise Refused(Reason.FILE_BROKEN, "no pages")
    if pages > PAGES_MAX:
        raise Refused(Reason.FILE_TOO_LONG, str(pages))
    return pages
