import hashlib
import os
import unicodedata
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klash.core import keys
from klash.core.errors import Refused
from klash.files import blobs, services
from klash.files.models import StoredFile
from klash.rules.reasons import Reason
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.KLASH_HOME, settings.KLASH_KEYS = tmp_path, tmp_path / "keys"
    return tmp_path


def test_a_pdf_is_kept_as_it_came(home):
    content = pdf_bytes(pages=3)
    stored = services.store_upload(upload("Suunnitelma.pdf", content), NOW)
    assert (stored.name, stored.media_type, stored.size_bytes, stored.pages, stored.stored_at) == ("Suunnitelma.pdf", "application/pdf", len(content), 3, NOW)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert services.read(stored) == services.read_clean(stored) == content
    assert all(content[:40] not in path.read_bytes() for path in (home / "files").iterdir()) and len(list((home / "files").iterdir())) == 2


def test_equal_files_are_kept_apart():
    first, second = (services.store_upload(upload(content=pdf_bytes()), NOW) for _ in range(2))
    assert first.key != second.key and first.sha256 == second.sha256


REFUSED = {
    "text": (b"Hei vaan", Reason.FILE_NOT_PDF),
    "empty": (b"", Reason.FILE_NOT_PDF),
    "bytes before the header": (b"\n" + pdf_bytes(), Reason.FILE_NOT_PDF),
    "a head without a body": (b"%PDF-1.7\n", Reason.FILE_BROKEN),
    "half a file": (pdf_bytes(pages=4)[:200], Reason.FILE_BROKEN),
    "noise": (b"%PDF-" + os.urandom(4000), Reason.FILE_BROKEN),
    "no pages": (pdf_bytes(pages=0), Reason.FILE_BROKEN),
    "a password": (pdf_bytes(password="salasana"), Reason.FILE_ENCRYPTED),
    "only an owner's password": (pdf_bytes(owner="omistaja"), Reason.FILE_ENCRYPTED),
    "too many pages": (pdf_bytes(pages=401), Reason.FILE_TOO_LONG),
    "just enough pages": (pdf_bytes(pages=400), None),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_readable_pdf_is_refused_and_leaves_nothing(home, what):
    content, reason = REFUSED[what]
    if reason is None:
        assert services.store_upload(upload(content=content), NOW).pk
        return
    with pytest.raises(Refused) as raised:
        services.store_upload(upload(content=content), NOW)
    assert raised.value.reason == reason
    assert not StoredFile.objects.exists() and list(home.glob("files/*")) == []


@pytest.mark.parametrize(("over", "reason"), [(0, None), (1, Reason.FILE_TOO_LARGE)])
def test_the_size_counts_to_the_byte(home, monkeypatch, over, reason):
    content = pdf_bytes()
    monkeypatch.setattr(services, "FILE_BYTES_MAX", len(content) - over)
    if reason is None:
        assert services.store_upload(upload(content=content), NOW).size_bytes == len(content)
        return
    with pytest.raises(Refused) as raised:
        services.store_upload(upload(content=content), NOW)
    assert raised.value.reason == reason and list(home.glob("files/*")) == []


def test_bytes_are_on_disk_before_the_row(monkeypatch):
    keys.secret(keys.REST)
    steps = []
    real_sync, real_save = os.fsync, StoredFile.save
    monkeypatch.setattr(blobs.os, "fsync", lambda handle: steps.append("sync") or real_sync(handle))
    monkeypatch.setattr(StoredFile, "save", lambda row, **more: steps.append("row") or real_save(row, **more))
    services.store_upload(upload(), NOW)
    assert steps == ["sync"] * 4 + ["row"]


def test_a_changed_a_moved_and_a_missing_file_is_not_read():
    stored, other = (services.store_upload(upload(content=pdf_bytes(pages=pages)), NOW) for pages in (1, 2))
    path, moved = blobs.path_of(stored.original), blobs.path_of(other.original).read_bytes()
    for content in (pdf_bytes(pages=2), path.read_bytes()[:-1], moved):
        path.write_bytes(content)
        with pytest.raises(services.ChangedOnDisk):
            services.read(stored)
    path.unlink()
    with pytest.raises(services.ChangedOnDisk):
        services.read(stored)


def test_discard_leaves_neither_row_nor_bytes(home, django_capture_on_commit_callbacks):
    stored = services.store_upload(upload(), NOW)
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(stored)
    assert not StoredFile.objects.exists() and list(home.glob("files/*")) == []


def test_a_key_is_no_path():
    with pytest.raises(ValueError, match="letters and digits"):
        blobs.path_of("../secret")


def test_a_file_is_served_as_a_download():
    stored = services.store_upload(upload("Ääni “1”.pdf"), NOW)
    answer = services.serve(stored)
    assert answer.content == services.read(stored)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''") and "sandbox" in answer["Content-Security-Policy"]


NAMES = [
    ("Suunnitelma.pdf", "Suunnitelma.pdf"),
    ("C:\\Users\\virtanen\\Työpöytä\\ehdotus.PDF", "ehdotus.pdf"),
    ("../../etc/passwd", "passwd.pdf"),
    ("a/b/c.pdf", "c.pdf"),
    (unicodedata.normalize("NFD", "Hämeenkyrö.pdf"), "Hämeenkyrö.pdf"),
    ("ehdotus\u202efdp.exe", "ehdotusfdp.exe.pdf"),
    ("rivi\nvaihto\x00\u200b.pdf", "rivi vaihto.pdf"),
    ("  . .pdf", "file.pdf"),
    ("", "file.pdf"),
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
    assert services.read(services.store_upload(Chunked("a.pdf", content), NOW)) == content
