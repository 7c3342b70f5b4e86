"""Check, store and read uploaded files. Bytes are on disk for good before a row names them."""

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse
from pypdf import PdfReader

from klash.core import chance
from klash.core.errors import Refused
from klash.files.models import StoredFile
from klash.rules.reasons import Reason

FILE_BYTES_MAX = 20 * 1024 * 1024
PAGES_MAX = 400
PDF = "application/pdf"


class ChangedOnDisk(Exception):
    """The bytes of a stored file are not those that were received."""


def store_upload(uploaded: Any, now: datetime) -> StoredFile:
    """Check a PDF and keep it under a random key; equal files are kept apart, so that nothing tells of another's upload.

    uploaded: a Django file with `name` and `chunks()`; its name is normalised and never becomes a path.
    Raises Refused: FILE_NOT_PDF, FILE_BROKEN, FILE_ENCRYPTED, FILE_TOO_LARGE (over 20 MB) or FILE_TOO_LONG (over 400 pages).
    """
    key = chance.key()
    path = _folder() / key
    part = path.with_suffix(".part")
    try:
        size, digest = _write(part, uploaded.chunks())
        pages = _check_pdf(part)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return StoredFile.objects.create(
        key=key, name=clean_name(uploaded.name or ""), media_type=PDF, size_bytes=size, pages=pages, sha256=digest, stored_at=now
    )


def discard(stored: StoredFile) -> None:
    """Delete a file that nothing refers to yet, its row first."""
    path = path_of(stored)
    stored.delete()
    path.unlink(missing_ok=True)


def read(stored: StoredFile) -> bytes:
    """Return the bytes as they were received. Raises ChangedOnDisk if they do not have the hash of that time."""
    content = path_of(stored).read_bytes()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ChangedOnDisk(f"{stored.key}: expected {stored.sha256}; restore the file from a backup")
    return content


def serve(stored: StoredFile) -> FileResponse:
    """Answer with the file as a download that no browser guesses the type of."""
    response = FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def path_of(stored: StoredFile) -> Path:
    """Return where the bytes lie."""
    if not stored.key.isalnum():
        raise ValueError(f"a key holds letters and digits only, got {stored.key!r}")
    return _folder() / stored.key


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


def _folder() -> Path:
    folder = Path(settings.KLASH_HOME) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > FILE_BYTES_MAX:
                raise Refused(Reason.FILE_TOO_LARGE)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _check_pdf(path: Path) -> int:
    with path.open("rb") as file:
        if file.read(5) != b"%PDF-":
            raise Refused(Reason.FILE_NOT_PDF)
        try:
            reader = PdfReader(file)
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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
