"""A file that comes in chunks over a line that may break: what has come is kept, encrypted, and the rest goes on from there."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from klash.accounts.models import User
from klash.core import chance, clock, sealing, workflow
from klash.core.errors import Refused
from klash.files import blobs
from klash.files.models import StoredFile, Upload
from klash.files.services import ChangedOnDisk, clean_name, sha256_of, take_in
from klash.rules.reasons import Reason

CHUNK_BYTES_MAX = 2 * 1024 * 1024
UPLOADS_MAX = 8  # on their way for one owner; a ninth lets go the one that has rested longest
KEPT_FOR = timedelta(hours=24)
SECONDS = 25  # for the examination, less than a server gives a request
EXAMINED_WITHIN = timedelta(seconds=60)  # after it, whoever examined has died


def begin(*, person: User, owner: str, name: str, size_bytes: int, sha256: str, now: datetime) -> Upload:
    """Return a new upload, or with the same owner, person, size and SHA-256 the one that was broken off."""
    found = Upload.objects.filter(person=person, owner=owner, size_bytes=size_bytes, sha256=sha256).order_by("pk").first() if sha256 else None
    if found is not None:
        return found
    with transaction.atomic():
        upload = Upload.objects.create(
            key=chance.key(), owner=owner, person=person, name=clean_name(name), size_bytes=size_bytes, sha256=sha256, changed_at=now
        )
        for old in Upload.objects.filter(owner=owner).order_by("-changed_at", "-pk")[UPLOADS_MAX:]:
            drop(old)
    return upload


def find(person: User, owner: str, key: str) -> Upload | None:
    """Return a person's own upload. One query."""
    return Upload.objects.filter(person=person, owner=owner, key=key).first()


def waiting(person: User, owner: str) -> list[Upload]:
    """Return a person's uploads that were broken off, the newest first. One query."""
    return list(Upload.objects.filter(person=person, owner=owner, whole_at=None, held_bytes__gt=0).order_by("-changed_at", "-pk"))


def add_chunk(upload: Upload, offset: int, data: bytes, now: datetime) -> None:
    """Keep a chunk that begins at an offset; one that is there already is let be.

    Raises Refused: UPLOAD_OUT_OF_PLACE if it leaves a gap or laps over, UPLOAD_CHANGED if the file would become larger than was told, DISK_FULL.
    """
    if _is_there(upload, offset, data):
        return
    blob = blobs.write(sealing.lock(data, _context(upload, offset)))
    is_kept = False
    try:
        with transaction.atomic():
            workflow.lock(upload)
            if not _is_there(upload, offset, data):  # it may have come twice at once
                upload.chunks, upload.held_bytes, upload.changed_at = [*upload.chunks, blob], offset + len(data), now
                upload.whole_at = now if upload.is_whole else None
                upload.save(update_fields=["chunks", "held_bytes", "changed_at", "whole_at"])
                is_kept = True
    finally:
        if not is_kept:
            blobs.delete(blob)


def claim(upload: Upload) -> bool:
    """Tell whether the caller is to examine this whole upload now. Of one person one file is examined at a time, and by one request."""
    now = clock.now()
    busy = Q(examined_at__gt=now - EXAMINED_WITHIN)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=upload.person_id)
        if Upload.objects.filter(busy, person=upload.person_id).exists():
            return False
        return bool(Upload.objects.filter(pk=upload.pk).update(examined_at=now))


def release(upload: Upload) -> None:
    """Let another request examine it."""
    Upload.objects.filter(pk=upload.pk).update(examined_at=None)


def assemble(upload: Upload) -> StoredFile:
    """Examine a whole upload as one file; its row and the upload's end are the caller's, in one transaction.

    Raises Refused: UPLOAD_CHANGED if it is not what its sender told, and then it is gone; DISK_FULL. Raises ChangedOnDisk.
    """
    content, now = _content(upload), upload.whole_at or clock.now()
    if upload.sha256 and sha256_of(content) != upload.sha256:
        drop(upload)
        raise Refused(Reason.UPLOAD_CHANGED, upload.key)
    return take_in(upload.name, content, now, key=upload.key, seconds=SECONDS)


def drop(upload: Upload) -> None:
    """Delete an upload, its row first and its bytes once that is certain."""
    upload.delete()
    for blob in upload.chunks:
        transaction.on_commit(partial(blobs.delete, blob))


def sweep() -> int:
    """Delete the uploads that nothing was added to for a day; return how many."""
    old = list(Upload.objects.filter(changed_at__lte=clock.now() - KEPT_FOR))
    for upload in old:
        drop(upload)
    return len(old)


def _is_there(upload: Upload, offset: int, data: bytes) -> bool:
    end = offset + len(data)
    if end > upload.size_bytes:
        raise Refused(Reason.UPLOAD_CHANGED, f"{end} of {upload.size_bytes} bytes")
    if offset > upload.held_bytes or offset < upload.held_bytes < end:
        raise Refused(Reason.UPLOAD_OUT_OF_PLACE, f"at {offset}, expected at {upload.held_bytes}")
    return end <= upload.held_bytes


def _content(upload: Upload) -> bytes:
    content = bytearray()
    for blob in upload.chunks:
        try:
            content += sealing.unlock(blobs.read(blob), _context(upload, len(content)))
        except (blobs.Missing, sealing.Unopened) as error:
            raise ChangedOnDisk(f"{upload.key}: a chunk is gone or changed") from error
    return bytes(content)


def _context(upload: Upload, offset: int) -> str:
    return f"upload/{upload.key}/{offset}"
