import errno
import hashlib
import os
import unicodedata
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klash.core import keys
from klash.core.errors import Refused
from klash.files import blobs, services
from klash.files.intake import Outcome, Spot
from klash.files.models import StoredFile
from klash.rules.reasons import Reason
from tests.algo.leaks import material
from tests.algo.leaks.material import plain, saved
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)


def store(uploaded, *more):
    """Take in a file and save its row, as what holds it does."""
    stored = services.take_in_upload(uploaded, NOW, *more)
    stored.save(force_insert=True)
    return stored


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.KLASH_HOME, settings.KLASH_KEYS = tmp_path, tmp_path / "keys"
    return tmp_path


def test_a_pdf_is_kept_as_it_came(home):
    content = pdf_bytes(pages=3)
    stored = store(upload("Suunnitelma.pdf", content))
    assert (stored.name, stored.media_type, stored.size_bytes, stored.pages, stored.stored_at) == ("Suunnitelma.pdf", "application/pdf", len(content), 3, NOW)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert services.read(stored) == content and stored.outcome == Outcome.STORED and stored.reason == ""
    clean = services.read_clean(stored)
    assert (stored.clean_size_bytes, stored.clean_sha256) == (len(clean), hashlib.sha256(clean).hexdigest())
    assert services.read_facts(stored).texts == ("", "", "") and services.read_picture(stored).startswith(b"\x89PNG")
    kept = [path.read_bytes() for path in (home / "files").iterdir()]
    assert len(kept) == len(stored.blobs) == 4 and not any(part[:40] in data for part in (content, clean) for data in kept)


def test_equal_files_are_kept_apart():
    first, second = (store(upload(content=pdf_bytes())) for _ in range(2))
    assert first.key != second.key and first.sha256 == second.sha256


REFUSED = {
    "text": ("a.pdf", b"Hei vaan", Reason.FILE_KIND),
    "empty": ("a.pdf", b"", Reason.FILE_EMPTY),
    "another name": ("a.png", pdf_bytes(), Reason.FILE_WRONG_NAME),
    "a password": ("a.pdf", pdf_bytes(password="salasana"), Reason.FILE_ENCRYPTED),
    "too large": ("a.pdf", b"%PDF-1.7" + bytes(services.FILE_BYTES_MAX), Reason.FILE_TOO_LARGE),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_file_leaves_its_row_with_the_reason_and_no_bytes(home, what):
    name, content, reason = REFUSED[what]
    stored = store(upload(name, content))
    found = StoredFile.objects.get()
    assert (found.outcome, found.reason, found.name, found.size_bytes) == (Outcome.REFUSED, reason, name, len(content))
    assert not found.is_held and found.sha256 == "" and found.blobs == stored.blobs == [] and list(home.glob("files/*")) == []


def test_a_file_can_be_refused_unseen_or_after_all(home):
    unseen = store(upload(), Reason.TOO_MANY_FILES)
    assert (unseen.outcome, unseen.reason, unseen.blobs) == (Outcome.REFUSED, Reason.TOO_MANY_FILES, [])
    stored = services.take_in_upload(upload(), NOW)
    assert len(list(home.glob("files/*"))) == 4
    services.refuse(stored, Reason.FILES_TOO_LARGE)
    assert (stored.outcome, stored.reason, stored.blobs) == (Outcome.REFUSED, Reason.FILES_TOO_LARGE, []) and list(home.glob("files/*")) == []


@pytest.mark.parametrize("size", range(4))
def test_disk_full_leaves_nothing_half_stored(home, monkeypatch, size):
    """A24: whichever part finds no room, nothing of the file stays, and the reason is told as such."""
    keys.secret(keys.REST)
    real, written = os.fsync, []

    def sync(handle):
        written.append(handle)
        if len(written) > 2 * size:  # a part and its folder
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(blobs.os, "fsync", sync)
    with pytest.raises(Refused) as raised:
        services.take_in_upload(upload(), NOW)
    assert raised.value.reason == Reason.DISK_FULL and list(home.glob("files/*")) == [] and not StoredFile.objects.exists()


def test_a_picture_is_taken_in_and_told_what_it_lost():
    mime, data = material.PICTURE_PLACES["exif and gps of a jpeg"]()
    stored = store(upload("kuva.JPEG", data))
    assert (stored.name, stored.media_type, stored.pages, stored.removed) == ("kuva.jpeg", mime, 0, ["exif"])
    assert services.read(stored) == data and not material.is_marked(services.read_clean(stored))


def test_hidden_text_is_kept_with_what_it_says():
    stored = store(upload(content=saved(plain(content=b"BT /F1 9 Tf 1 g 40 640 Td (Virtanen Oy) Tj ET"))))
    assert (stored.outcome, stored.reason) == (Outcome.KEPT, Reason.FILE_HIDDEN_TEXT) and stored.rebuilt
    facts = services.read_facts(stored)
    assert facts.hidden == (Spot(1, "Virtanen Oy"),) and facts.fonts == ("Helvetica",)
    assert not services.examine_again(stored)


def test_what_could_not_be_checked_is_kept_and_examined_again(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("klash.files.intake.PROGRAM", "klash.files.nothing")
        stored = store(upload())
        assert (stored.outcome, stored.reason, stored.rebuilt, stored.is_held) == (Outcome.KEPT, Reason.FILE_NOT_CHECKED, "", True)
        assert services.read(stored) == pdf_bytes() and services.read_facts(stored) == services.Facts() and services.read_picture(stored) == b""
        assert not services.examine_again(stored)
    original = stored.original
    assert services.examine_again(stored)
    found = StoredFile.objects.get()
    assert (found.outcome, found.reason, found.original, found.media_type) == (Outcome.STORED, "", original, "application/pdf") and found.rebuilt


def test_bytes_are_on_disk_before_the_row(monkeypatch):
    keys.secret(keys.REST)
    steps = []
    real_sync, real_save = os.fsync, StoredFile.save
    monkeypatch.setattr(blobs.os, "fsync", lambda handle: steps.append("sync") or real_sync(handle))
    monkeypatch.setattr(StoredFile, "save", lambda row, **more: steps.append("row") or real_save(row, **more))
    store(upload())
    assert steps == ["sync"] * 8 + ["row"]


def test_a_changed_a_moved_and_a_missing_file_is_not_read():
    stored, other = (store(upload(content=pdf_bytes(pages=pages))) for pages in (1, 2))
    path, moved = blobs.path_of(stored.original), blobs.path_of(other.original).read_bytes()
    for content in (pdf_bytes(pages=2), path.read_bytes()[:-1], moved):
        path.write_bytes(content)
        with pytest.raises(services.ChangedOnDisk):
            services.read(stored)
    path.unlink()
    with pytest.raises(services.ChangedOnDisk):
        services.read(stored)


def test_discard_leaves_neither_row_nor_bytes(home, django_capture_on_commit_callbacks):
    stored = store(upload())
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(stored)
    assert not StoredFile.objects.exists() and list(home.glob("files/*")) == []


def test_a_key_is_no_path():
    with pytest.raises(ValueError, match="letters and digits"):
        blobs.path_of("../secret")


def test_a_file_is_served_as_a_download():
    stored = store(upload("Ääni “1”.pdf"))
    answer = services.serve(stored)
    assert answer.content == services.read(stored)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''") and "sandbox" in answer["Content-Security-Policy"]


NAMES = [
    ("Suunnitelma.pdf", "Suunnitelma.pdf"),
    ("C:\\Users\\virtanen\\Työpöytä\\ehdotus.PDF", "ehdotus.pdf"),
    ("../../etc/passwd", "passwd"),
    ("a/b/c.Jpeg", "c.jpeg"),
    (unicodedata.normalize("NFD", "Hämeenkyrö.pdf"), "Hämeenkyrö.pdf"),
    ("ehdotus\u202efdp.exe", "ehdotusfdp.exe"),
    ("rivi\nvaihto\x00\u200b.pdf", "rivi vaihto.pdf"),
    ("  . .pdf", "file.pdf"),
    ("", "file"),
    ('hei"<script>.pdf', "heiscript.pdf"),
]


@pytest.mark.parametrize(("name", "clean"), NAMES)
def test_names_are_made_safe_to_show(name, clean):
    assert services.clean_name(name) == clean


def test_a_long_name_is_cut():
    assert len(services.clean_name("ä" * 500 + ".pdf")) == 200


def test_an_upload_in_chunks_is_hashed_whole():
    class Chunked(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            content = self.read()
            yield from (content[i : i + 7] for i in range(0, len(content), 7))

    content = pdf_bytes()
    assert services.read(store(Chunked("a.pdf", content))) == content
