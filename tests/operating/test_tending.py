"""A22 and the litter of what was killed: files that nothing names go after a day, and every other is read once a week."""

import os
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from klash.core import clock
from klash.core.models import AuditEvent
from klash.files import blobs
from klash.files.models import Scrub, StoredFile, Upload
from klash.operating import services
from klash.operating.selectors import named_files
from klash.proposals import services as proposals
from klash.proposals.models import FirstPage, Proposal, SealedPart, Version
from klash.proposals.services import letters
from tests.proposals.conftest import contest, home  # noqa: F401
from tests.proposals.pdf import upload

pytestmark = pytest.mark.django_db(databases="__all__")
DAY_S = 24 * 3600


@pytest.fixture
def kept(contest):  # noqa: F811
    """A proposal with a file was submitted, and another file is on its way."""
    with clock.at(contest.before):
        proposal = contest.write()
        proposals.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload("a.pdf"))
        contest.submit()
        sent = proposals.begin_upload(actor=contest.people["Kaarna"], proposal=proposal, name="b.pdf", size_bytes=100)
        proposals.add_chunk(actor=contest.people["Kaarna"], proposal=proposal, upload=sent, offset=0, data=b"%PDF")
        yield contest


def names(home):  # noqa: F811
    return {path.name for path in (home / "files").iterdir()}


def age(home, seconds=DAY_S + 60):  # noqa: F811
    for path in (home / "files").iterdir():
        os.utime(path, (time.time() - seconds,) * 2)


def test_what_a_killed_submission_left_is_deleted_after_a_day(kept, home, monkeypatch):  # noqa: F811
    before = names(home)
    monkeypatch.setattr(letters, "send_receipt", lambda version: 1 / 0)  # the last step before the end
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kept.submit()
    left = names(home) - before
    (home / "files" / "0123.part").write_bytes(b"half")
    assert len(left) == 4 and Version.objects.count() == 1  # text, the file twice, its picture
    age(home, DAY_S - 60)
    assert services.sweep() == 0
    age(home)
    assert services.sweep() == 5 and names(home) == before == named_files("default")
    assert services.scrub().faults == []


def test_what_is_on_its_way_is_let_be(kept, home):  # noqa: F811
    """A file lies there before its row does; old ones that rows name stay however old they are."""
    age(home)
    key = blobs.write(b"a part of a submission that has not ended yet")
    assert services.sweep() == 0 and key in names(home)


def test_seeded_fault_without_the_day_a_part_in_flight_is_lost(kept, home, monkeypatch):  # noqa: F811
    monkeypatch.setattr(services.tending, "RESTED", timedelta(days=-1))
    key = blobs.write(b"a part of a submission that has not ended yet")
    assert services.sweep() == 1 and key not in names(home)


def test_an_upload_that_rests_goes_with_its_chunks(kept, home, django_capture_on_commit_callbacks):  # noqa: F811
    with clock.at(kept.before + timedelta(days=1)), django_capture_on_commit_callbacks(execute=True):
        assert services.sweep() == 0
    assert not Upload.objects.exists() and names(home) == named_files("default")


def flip(blob):
    path = blobs.path_of(blob)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


KINDS = {
    "original": lambda: StoredFile.objects.get().original, "rebuilt": lambda: StoredFile.objects.get().rebuilt, "facts": lambda: StoredFile.objects.get().facts,
    "picture": lambda: StoredFile.objects.get().picture, "sealed": lambda: SealedPart.objects.first().blob, "first page": lambda: FirstPage.objects.get().blob,
}


@pytest.mark.parametrize("do", [flip, blobs.delete], ids=["flipped", "gone"])
@pytest.mark.parametrize("kind", KINDS)
def test_bit_flip_is_found_by_the_weekly_scrub(kept, do, kind):
    blob = KINDS[kind]()
    do(blob)
    found = services.scrub()
    assert (found.faults, found.read_files) == ([f"file {blob}"], 8)
    assert AuditEvent.objects.get(what="files.scrubbed").body == {"read": 8, "faults": 1}


def test_the_scrub_is_due_once_a_week_and_the_desk_tells_of_faults(kept, client, capsys):
    call_command("tend_files")
    assert capsys.readouterr().out == "0 deleted\n8 read, 0 gone or changed\n"
    call_command("tend_files")
    assert capsys.readouterr().out == "0 deleted\n" and Scrub.objects.count() == 1
    client.force_login(kept.cast["organiser"])
    desk = reverse("desk:home", args=["klash-test"])
    assert client.get(desk).status_code == 200 and "vahingoittu" not in client.get(desk).content.decode()
    flip(StoredFile.objects.get().original)
    with clock.at(kept.before + timedelta(days=7)), pytest.raises(CommandError, match=f"file {StoredFile.objects.get().original}"):
        call_command("tend_files")
    assert "vahingoittu" in client.get(desk).content.decode()
    blobs.delete(StoredFile.objects.get().original)
    proposal = Proposal.objects.get(team__name="Kaarna")
    proposals.detach_file(actor=kept.people["Kaarna"], proposal=proposal, file=StoredFile.objects.get())
    with clock.at(kept.before + timedelta(days=8)):
        call_command("tend_files", "--scrub")
    assert "vahingoittu" not in client.get(desk).content.decode()
