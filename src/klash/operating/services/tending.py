"""What the stored files need from time to time: what nobody names any more is deleted, and what is named is read to see whether it still holds."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from klash.core import audit, clock
from klash.files import blobs, uploads
from klash.files import services as files
from klash.files.models import Scrub, StoredFile
from klash.operating.selectors import named_files
from klash.proposals.models import FirstPage, SealedPart
from klash.proposals.services import read_first_page

RESTED = timedelta(days=1)  # longer than any transaction that has written a file and not yet its row
SCRUBBED_EVERY = timedelta(days=7)


def sweep() -> int:
    """Delete the uploads that nothing was added to for a day, and files that no row names and that have lain for a day; return how many files.

    A submission, or an upload, that was killed leaves such files. Files come before their rows, and no row ever names an old file anew: what is
    younger than a day may be on its way, and what is older and named by nothing never will be.
    """
    uploads.sweep()
    folder, before = Path(settings.KLASH_HOME) / "files", time.time() - RESTED.total_seconds()  # the disk's clock, not the demo's
    old = [path for path in folder.iterdir() if _written(path) < before] if folder.exists() else []
    named = named_files("default")  # read after the folder: a file that is named by then is kept
    left = [path for path in old if path.name not in named]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def scrub() -> Scrub:
    """Read every stored file that a row names and write down those that are gone or changed. Takes as long as the disk needs to be read once."""
    count, faults = 0, list[str]()
    for name, is_sound in _readings():
        count += 1
        faults += [] if is_sound else [name]
    with transaction.atomic():
        found = Scrub.objects.create(at=clock.now(), read_files=count, faults=faults)
        audit.record("files.scrubbed", actor=audit.System(), competition="", thing="files", body={"read": count, "faults": len(faults)})
    return found


def scrub_due() -> Scrub | None:
    """Read every stored file if the last reading is a week old."""
    last = Scrub.objects.first()
    return scrub() if last is None or last.at <= clock.now() - SCRUBBED_EVERY else None


def _readings() -> Iterator[tuple[str, bool]]:
    """Yield what is kept under a name that tells nothing of whose it is, and whether it is what was put there. One file at a time is in memory."""
    for stored in StoredFile.objects.order_by("pk").iterator(200):
        for blob in stored.blobs:
            yield f"file {blob}", _holds(stored, blob)
    for part in SealedPart.objects.order_by("pk").iterator(200):
        yield f"file {part.blob}", _is_sealed(part)
    for page in FirstPage.objects.select_related("version__proposal__team__challenge__competition").order_by("pk").iterator(200):
        yield f"file {page.blob}", _is_readable(page)


def _holds(stored: StoredFile, blob: str) -> bool:
    read = {stored.original: files.read, stored.rebuilt: files.read_clean, stored.facts: files.read_facts, stored.picture: files.read_picture}[blob]
    try:
        read(stored)
    except files.ChangedOnDisk:
        return not StoredFile.objects.filter(pk=stored.pk).exists()  # it was taken off meanwhile
    return True


def _is_sealed(part: SealedPart) -> bool:
    with suppress(blobs.Missing):
        return files.sha256_of(blobs.read(part.blob)) == part.sha256
    return False


def _is_readable(page: FirstPage) -> bool:
    with suppress(files.ChangedOnDisk):
        return bool(read_first_page(page.version, page.part))
    return False


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # taken off at this moment
        return time.time()
