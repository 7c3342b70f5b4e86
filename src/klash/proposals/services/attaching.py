"""Files of the working copy: each is taken in, and kept or refused, by itself. What is slow is done outside of transactions."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from klash.core import access, arrival, audit, clock, workflow
from klash.core.errors import Refused
from klash.files import blobs, uploads
from klash.files import services as files
from klash.files.intake import FILE_BYTES_MAX, WALL_SECONDS, Outcome
from klash.files.models import StoredFile, Upload
from klash.proposals.models import Proposal, ProposalFile
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

FILES_MAX = 8
FILES_BYTES_MAX = 60 * 1024 * 1024
FILES_PAGES_MAX = 400


def attach_file(
    *, actor: Any, proposal: Proposal, uploaded: Any, key: str = "", arrived_at: datetime | None = None, seconds: float = WALL_SECONDS
) -> StoredFile:
    """Attach a file to the working copy, whatever becomes of it: its row says whether it is stored, kept for a person to look at, or refused and why.

    key: of the file; the same key gives the file of its first arrival. arrived_at: when the request had arrived, where that is known.
    seconds: how long its examination may take. The bytes are safe on disk before the proposal is locked. A proposal has room for 8 files,
    60 MB and 400 pages, and holds no file twice. Raises Denied, or Refused(DISK_FULL).
    """
    now = arrival.received(arrived_at, clock.judged())
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, now)
    if (first := _attached(proposal, key)) is not None:
        return first
    blobs.ensure_room(uploaded.size)
    stored = files.take_in_upload(uploaded, now, _lack_of_room(proposal, uploaded.size), key=key, seconds=seconds)
    return _attach(actor, proposal, stored, now)


@transaction.atomic
def detach_file(*, actor: Any, proposal: Proposal, file: StoredFile) -> None:
    """Take a file off the working copy and forget it, or what is left of one that was refused; versions that hold it have it sealed. Raises Denied."""
    workflow.lock(proposal)
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal)
    if ProposalFile.objects.filter(proposal=proposal, file=file).delete()[0]:
        if file.is_held:
            _record("proposal.file_detached", actor, proposal, file)
        files.discard(file)


def begin_upload(*, actor: Any, proposal: Proposal, name: str, size_bytes: int, sha256: str = "") -> Upload:
    """Begin to take in a file in chunks, or go on with the same file where it was broken off.

    sha256: of the whole file, in hex, where its sender can tell it. Raises Denied, or Refused if the file is empty or too large, is attached already
    or finds no room.
    """
    now = clock.now()
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, now)
    if not size_bytes:
        raise Refused(Reason.FILE_EMPTY)
    if size_bytes > FILE_BYTES_MAX:
        raise Refused(Reason.FILE_TOO_LARGE)
    if (reason := _twice(proposal, sha256)) is not None:
        raise Refused(reason)
    _ensure_room(proposal, size_bytes)
    return uploads.begin(person=actor, owner=owner_of(proposal), name=name, size_bytes=size_bytes, sha256=sha256, now=now)


def add_chunk(*, actor: Any, proposal: Proposal, upload: Upload, offset: int, data: bytes, arrived_at: datetime | None = None) -> None:
    """Keep a chunk of an upload; the arrival of its last byte is the file's. Raises Denied, or Refused as `uploads.add_chunk` or for lack of room."""
    now = arrival.received(arrived_at, clock.judged())
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, now)
    if not upload.is_whole:
        _ensure_room(proposal, upload.size_bytes)
    uploads.add_chunk(upload, offset, data, now)


def finish_upload(*, actor: Any, proposal: Proposal, upload: Upload) -> StoredFile | None:
    """Attach a file of which all chunks are there; None while it, or another file of the same person, is being examined.

    Raises Denied, or Refused: UPLOAD_CHANGED if it is not the file that was told, DISK_FULL; the upload then waits.
    """
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, upload.whole_at)
    if not uploads.claim(upload):
        return None
    try:
        return _attach(actor, proposal, uploads.assemble(upload), upload.whole_at or clock.now(), upload)
    except Exception:
        uploads.release(upload)
        raise


def owner_of(proposal: Proposal) -> str:
    """Return what a proposal's uploads are sent for."""
    return f"proposal/{proposal.code}"


def _attach(actor: Any, proposal: Proposal, stored: StoredFile, now: datetime, upload: Upload | None = None) -> StoredFile:
    """Save a file's row with the proposal that holds it, and end its upload; where another request did that first, its file is the answer."""
    try:
        with transaction.atomic():
            workflow.lock(proposal)
            access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, now)
            first = _attached(proposal, stored.key)
            if first is None:
                _save(actor, proposal, stored)
            if upload is not None:
                uploads.drop(upload)
    except Exception:
        files.forget(stored)
        raise
    if first is not None:
        files.forget(stored)
    return first or stored


def _save(actor: Any, proposal: Proposal, stored: StoredFile) -> None:
    if stored.is_held and (reason := _twice(proposal, stored.sha256) or _lack_of_room(proposal, stored.size_bytes, stored.pages)) is not None:
        files.refuse(stored, reason)
    stored.save(force_insert=True)
    last = ProposalFile.objects.filter(proposal=proposal).aggregate(last=Max("position"))["last"] or 0
    ProposalFile.objects.create(proposal=proposal, file=stored, position=last + 1)
    if stored.is_held:
        _record("proposal.file_attached", actor, proposal, stored)


def _attached(proposal: Proposal, key: str) -> StoredFile | None:
    return StoredFile.objects.filter(key=key, proposals=proposal).first() if key else None


def _twice(proposal: Proposal, sha256: str) -> Reason | None:
    """Return why a file is not attached beside itself; only this proposal's own files are looked at."""
    is_there = proposal.attachments.exclude(file__outcome=Outcome.REFUSED).filter(file__sha256=sha256).exists()
    return Reason.FILE_TWICE if is_there else None


def _ensure_room(proposal: Proposal, size_bytes: int) -> None:
    if (reason := _lack_of_room(proposal, size_bytes)) is not None:
        raise Refused(reason)
    blobs.ensure_room(size_bytes)


def _lack_of_room(proposal: Proposal, size_bytes: int, pages: int = 0) -> Reason | None:
    """Return why a file finds no room beside those that are there; one that is too large or too long by itself is refused for that."""
    held = proposal.attachments.exclude(file__outcome=Outcome.REFUSED).aggregate(count=Count("pk"), size=Sum("file__size_bytes"), pages=Sum("file__pages"))
    if held["count"] >= FILES_MAX:
        return Reason.TOO_MANY_FILES
    if size_bytes <= FILE_BYTES_MAX and (held["size"] or 0) + size_bytes > FILES_BYTES_MAX:
        return Reason.FILES_TOO_LARGE
    return Reason.FILES_TOO_LONG if (held["pages"] or 0) + pages > FILES_PAGES_MAX else None


def _record(what: str, actor: Any, proposal: Proposal, file: StoredFile) -> None:
    audit.record(what, actor=actor, competition=proposal.chain, thing=f"proposal/{proposal.code}", body={"sha256": file.sha256})
