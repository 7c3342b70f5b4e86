"""A13, A14, A24: files that come in chunks over a line that breaks."""

import errno
import hashlib
import os
from contextlib import contextmanager
from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from klash.core import clock
from klash.core.models import AuditEvent
from klash.files import blobs, intake, uploads
from klash.files import services as files
from klash.files.intake import Outcome
from klash.files.models import StoredFile, Upload
from klash.proposals import services
from klash.proposals.models import Proposal, Version
from klash.rules.reasons import Reason
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)
CONTENT = pdf_bytes(pages=2)


def sha(content):
    return hashlib.sha256(content).hexdigest()


class Sender:
    """The page's script, as far as the server sees it. fault: of the last answer, if it told one."""

    def __init__(self, client, contest, team="Kaarna"):
        self.client, own = client, ["klash-test", contest.teams[team].code]
        self.own, self.begin_at = own, reverse("proposals:begin_upload", args=own)

    def begin(self, content=CONTENT, name="plan.pdf", **told):
        self.content = content
        return self.client.post(self.begin_at, {"name": name, "size": len(content), "sha256": sha(content), **told})

    def chunk(self, url, offset, data, **headers):
        return self.client.post(url, data, content_type="application/octet-stream", headers={"Upload-Offset": str(offset), **headers})

    def send(self, content=CONTENT, name="plan.pdf", size=300, **told):
        begun = self.begin(content, name, **told)
        if begun.status_code != 200:
            return begun
        url, offset = begun.json()["url"], begun.json()["offset"]
        while True:
            answer = self.chunk(url, offset, content[offset : offset + size])
            if answer.status_code != 200 or "outcome" in answer.json():
                return answer
            offset = answer.json()["offset"]


@pytest.fixture
def sender(client, contest):
    client.force_login(contest.people["Kaarna"])
    with clock.at(contest.before):
        contest.write()
        yield Sender(client, contest)


def on_disk(home):
    return sorted(path.name for path in (home / "files").glob("*"))


def attached():
    return [row.file for row in Proposal.objects.get(team__name="Kaarna").attachments.all()]


# ------------------------------------------------------------------ A13: a broken line, a bad file among good ones

def test_partial_upload_goes_on_where_the_line_broke(sender, home, django_capture_on_commit_callbacks):
    url = sender.begin().json()["url"]
    assert sender.chunk(url, 0, CONTENT[:100]).json() == {"offset": 100}
    assert sender.client.get(url).json() == {"offset": 100}
    again = sender.begin().json()  # the page was loaded anew and the same file chosen
    assert again == {"url": url, "offset": 100} and Upload.objects.count() == 1
    assert "plan.pdf: 100 " in sender.client.get(reverse("proposals:edit", args=sender.own)).content.decode().replace("\xa0", " ")
    with django_capture_on_commit_callbacks(execute=True):
        done = sender.chunk(url, 100, CONTENT[100:]).json()
    assert (done["outcome"], done["offset"], done["reason"]) == ("stored", len(CONTENT), "") and "plan.pdf" in done["files"]
    (file,) = attached()
    assert files.read(file) == CONTENT and file.name == "plan.pdf" and file.stored_at == clock.now() and not Upload.objects.exists()
    assert on_disk(home) == sorted(file.blobs)  # the chunks are gone
    assert AuditEvent.objects.get(what="proposal.file_attached").body == {"sha256": sha(CONTENT)}
    assert sender.chunk(url, 100, CONTENT[100:]).json()["outcome"] == "stored" and len(attached()) == 1  # the answer had been lost


def test_partial_upload_keeps_each_file_by_itself(sender):
    """One bad file locks nothing: what stands stays, the good ones are in, the bad one is named."""
    version = sender.client.post(reverse("proposals:summary", args=sender.own), {"key": "a" * 32, "confirmed": "on"})
    assert version.status_code == 302
    answers = [sender.send(content, name).json() for name, content in [("a.pdf", CONTENT), ("b.png", b"GIF89a"), ("c.pdf", pdf_bytes(pages=3))]]
    assert [answer["outcome"] for answer in answers] == ["stored", "refused", "stored"] and "ei voi liittää" in answers[1]["reason"]
    assert [(file.name, file.outcome) for file in attached()] == [("a.pdf", "stored"), ("b.png", "refused"), ("c.pdf", "stored")]
    assert Version.objects.get().number == 1 and Proposal.objects.get(team__name="Kaarna").state == "submitted"


def test_a_repeated_chunk_changes_nothing_and_a_wrong_place_is_told(sender, home):
    url = sender.begin().json()["url"]
    for _ in range(3):
        assert sender.chunk(url, 0, CONTENT[:100]).json() == {"offset": 100}
    assert len(on_disk(home)) == 1
    assert sender.chunk(url, 0, b"x" * 50).json() == {"offset": 100}  # what was first stands; the fingerprint of the whole tells
    for offset, data in [(200, CONTENT[200:300]), (50, CONTENT[50:150])]:
        answer = sender.chunk(url, offset, data)
        assert (answer.status_code, answer.json()["offset"]) == (409, 100) and "väärään kohtaan" in answer.json()["fault"]
    for headers in ({"Upload-Offset": "-1"}, {"Upload-Offset": "x"}, {"Upload-Offset": ""}):
        assert sender.chunk(url, 0, b"x", **headers).status_code == 400
    assert sender.client.post(url, b"x" * (uploads.CHUNK_BYTES_MAX + 1), content_type="application/octet-stream", headers={"Upload-Offset": "100"}).status_code == 413
    assert Upload.objects.get().held_bytes == 100 and len(on_disk(home)) == 1


def test_another_size_or_another_fingerprint_is_refused(sender, home, django_capture_on_commit_callbacks):
    url = sender.begin(CONTENT, size=150).json()["url"]
    longer = sender.chunk(url, 0, CONTENT[:200])
    assert (longer.status_code, longer.json()["offset"]) == (422, 0) and "ilmoitettu tiedosto" in longer.json()["fault"]
    with django_capture_on_commit_callbacks(execute=True):
        changed = sender.send(CONTENT, sha256="0" * 64)
    assert changed.status_code == 422 and "ilmoitettu tiedosto" in changed.json()["fault"]
    assert attached() == [] and list(Upload.objects.values_list("size_bytes", flat=True)) == [150] and on_disk(home) == []


def test_without_a_fingerprint_each_beginning_is_a_new_one(sender):
    first, second = (sender.begin(sha256="").json()["url"] for _ in range(2))
    assert first != second
    assert sender.send(sha256="").json()["outcome"] == "stored"
    assert sender.begin(sha256="no").status_code == sender.client.post(sender.begin_at, {"name": "a.pdf"}).status_code == 422


def test_nobody_else_sees_or_adds_to_an_upload(sender, client, contest):
    url = sender.begin().json()["url"]
    sender.chunk(url, 0, CONTENT[:100])
    for name in ("member", "Luoto", "organiser", "outsider"):
        person = contest.people.get(name) or contest.cast[name]
        client.force_login(person)
        assert client.get(url).status_code == sender.chunk(url, 100, CONTENT[100:]).status_code == 404
    other = Sender(client, contest, "Luoto")
    client.force_login(contest.people["Luoto"])
    contest.write("Luoto")
    key = url.rstrip("/").rpartition("/")[2]
    assert other.chunk(reverse("proposals:upload", args=[*other.own, key]), 100, CONTENT[100:]).status_code == 404
    client.force_login(contest.cast["member"])
    assert sender.begin().json()["offset"] == 0  # a member sends the same file on a line of its own
    client.logout()
    assert sender.chunk(url, 100, CONTENT[100:]).status_code == 302
    assert Upload.objects.get(key=key).held_bytes == 100


@contextmanager
def stamped(settings, moment):
    settings.KLASH_PROXY_STAMP = True
    yield {"X-Klash-Received": f"{moment.timestamp():.3f}"}
    settings.KLASH_PROXY_STAMP = False


@pytest.mark.parametrize(("shift", "status"), [(-MS, 200), (0 * MS, 200), (MS, 403)])
def test_the_arrival_of_the_last_byte_is_what_the_deadline_judges(sender, contest, settings, shift, status):
    url = sender.begin().json()["url"]
    deadline = contest.deadline.astimezone(UTC)
    with clock.at(contest.deadline + timedelta(seconds=5)), stamped(settings, deadline + shift) as stamp:
        answer = sender.chunk(url, 0, CONTENT, **stamp)
    assert answer.status_code == status and len(attached()) == (status == 200)
    if status == 403:
        assert "Määräaika on päättynyt" in answer.json()["fault"]


def test_an_examination_that_ends_after_the_deadline_takes_nothing_away(sender, contest, monkeypatch):
    url = sender.begin().json()["url"]
    real = intake.examine
    with clock.at(contest.deadline):
        def slow(*given, **more):
            clock.hold(contest.deadline + timedelta(seconds=20))
            return real(*given, **more)

        monkeypatch.setattr(files, "examine", slow)
        assert sender.chunk(url, 0, CONTENT).json()["outcome"] == "stored"
    assert attached()[0].stored_at == contest.deadline


def test_after_the_deadline_no_upload_begins_or_goes_on(sender, contest):
    url = sender.begin().json()["url"]
    with clock.at(contest.after):
        assert sender.begin(pdf_bytes(pages=5)).status_code == sender.chunk(url, 0, CONTENT[:9]).status_code == 403


# ------------------------------------------------------------------ limits, before and during

def test_limits_are_told_before_a_byte_is_sent(sender, monkeypatch):
    for size, words in [(0, "tyhjä"), (20 * 1024 * 1024 + 1, "20 Mt")]:
        answer = sender.begin(size=size)
        assert answer.status_code == 422 and words in answer.json()["fault"].replace("\xa0", " ")
    for width in range(100, 108):
        assert sender.send(pdf_bytes(width=width)).json()["outcome"] == "stored"
    assert sender.begin(pdf_bytes(width=107), "toinen.pdf").json()["fault"].startswith("Sama tiedosto on jo liitteenä")
    assert sender.begin().json()["fault"].startswith("Ehdotuksessa voi olla enintään 8")
    monkeypatch.setattr(services.attaching, "FILES_MAX", 9)
    monkeypatch.setattr(services.attaching, "FILES_BYTES_MAX", 8 * len(pdf_bytes(width=107)))
    assert "60" in sender.begin().json()["fault"] and not Upload.objects.exists()


def test_limits_hold_while_it_comes_and_when_it_is_whole(sender, monkeypatch):
    url = sender.begin().json()["url"]
    sender.chunk(url, 0, CONTENT[:100])
    with monkeypatch.context() as patch:
        patch.setattr(services.attaching, "FILES_BYTES_MAX", 10)
        assert sender.chunk(url, 100, CONTENT[100:200]).status_code == 422 and Upload.objects.get().held_bytes == 100
    monkeypatch.setattr(services.attaching, "FILES_PAGES_MAX", 1)
    done = sender.chunk(url, 100, CONTENT[100:]).json()
    assert done["outcome"] == "refused" and attached()[0].reason == Reason.FILES_TOO_LONG and attached()[0].blobs == []


def test_a_ninth_on_its_way_lets_go_the_one_that_rested_longest(sender, home, contest, django_capture_on_commit_callbacks):
    for number in range(9):
        with clock.at(contest.before + timedelta(minutes=number)), django_capture_on_commit_callbacks(execute=True):
            content = pdf_bytes(pages=number + 1)
            sender.chunk(sender.begin(content).json()["url"], 0, content[:10])
    assert Upload.objects.count() == 8 == len(on_disk(home)) and not Upload.objects.filter(sha256=sha(pdf_bytes())).exists()


def test_uploads_are_swept_after_a_day(sender, home, contest, django_capture_on_commit_callbacks):
    sender.chunk(sender.begin().json()["url"], 0, CONTENT[:100])
    with clock.at(contest.before + uploads.KEPT_FOR - MS):
        assert uploads.sweep() == 0
    with clock.at(contest.before + uploads.KEPT_FOR), django_capture_on_commit_callbacks(execute=True):
        assert uploads.sweep() == 1
    assert not Upload.objects.exists() and on_disk(home) == []


def test_a_chunk_lies_encrypted_and_a_changed_one_is_not_taken(sender, home):
    content = pdf_bytes(title="Virtanen Oy ja kumppanit")
    url = sender.begin(content).json()["url"]
    sender.chunk(url, 0, content[:-10])
    (path,) = (home / "files").iterdir()
    assert b"Virtanen" not in path.read_bytes() and b"%PDF" not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(files.ChangedOnDisk):
        sender.chunk(url, len(content) - 10, content[-10:])
    assert attached() == [] and Upload.objects.get().examined_at is None


# ------------------------------------------------------------------ A14: load

def test_flood_last_hour_one_account_examines_one_file_at_a_time(sender, contest, client, monkeypatch):
    """A team that floods the server is let wait; another's submission is taken meanwhile."""
    contest.write("Luoto")
    urls = [sender.begin(pdf_bytes(pages=number)).json()["url"] for number in (3, 4)]
    Upload.objects.filter(sha256=sha(pdf_bytes(pages=3))).update(examined_at=clock.now())
    started = []
    monkeypatch.setattr(intake, "_converse", lambda *given: started.append(given) or b"")
    content = pdf_bytes(pages=4)
    for _ in range(20):
        answer = sender.chunk(urls[1], 0, content)
        assert (answer.status_code, answer.json()) == (202, {"offset": len(content)})
    assert started == [] and attached() == []
    assert contest.submit("Luoto").is_late is False
    monkeypatch.undo()
    with clock.at(contest.before + uploads.EXAMINED_WITHIN):  # whoever examined the first has died
        assert sender.chunk(urls[1], len(content), b"").json()["outcome"] == "stored"


def test_flood_last_hour_without_the_claim_every_request_examines(sender, monkeypatch):
    monkeypatch.setattr(uploads, "claim", lambda upload: True)
    url = sender.begin().json()["url"]
    Upload.objects.update(examined_at=clock.now())
    assert sender.chunk(url, 0, CONTENT).status_code == 200


# ------------------------------------------------------------------ A24: a full disk

def test_disk_full_refuses_drafts_by_name_and_takes_submissions(sender, contest, home, monkeypatch):
    usage = type("Usage", (), {"free": 999_999_999})
    monkeypatch.setattr(blobs.shutil, "disk_usage", lambda path: usage)
    url = None
    answer = sender.begin()
    assert answer.status_code == 507 and "levy on melkein täynnä" in answer.json()["fault"]
    plain = sender.client.post(reverse("proposals:attach", args=sender.own), {"file": upload(), "once": "a" * 32})
    assert plain.status_code == 422 and "levy on melkein täynnä" in plain.content.decode()
    assert url is None and not StoredFile.objects.exists() and not (home / "files").exists()
    assert contest.submit().parts.count() == 1


def test_disk_full_in_the_middle_of_a_chunk_keeps_what_came_before(sender, home, monkeypatch):
    url = sender.begin().json()["url"]
    sender.chunk(url, 0, CONTENT[:100])
    with monkeypatch.context() as patch:
        patch.setattr(blobs.os, "fsync", full)
        answer = sender.chunk(url, 100, CONTENT[100:])
        assert (answer.status_code, answer.json()["offset"]) == (507, 100) and "täynnä" in answer.json()["fault"]
    assert Upload.objects.get().held_bytes == 100 and len(on_disk(home)) == 1
    assert sender.chunk(url, 100, CONTENT[100:]).json()["outcome"] == "stored"


def test_disk_full_while_a_file_is_stored_keeps_the_upload(sender, home, monkeypatch):
    url = sender.begin().json()["url"]
    sender.chunk(url, 0, CONTENT[:-1])
    real, count = os.fsync, []

    def sync(handle):
        count.append(handle)
        return full(handle) if len(count) > 6 else real(handle)  # the chunk, the original, the rebuilt file; not the facts

    with monkeypatch.context() as patch:
        patch.setattr(blobs.os, "fsync", sync)
        assert sender.chunk(url, len(CONTENT) - 1, CONTENT[-1:]).status_code == 507
    assert attached() == [] and len(on_disk(home)) == len(Upload.objects.get().chunks) == 2
    assert sender.chunk(url, len(CONTENT), b"").json()["outcome"] == "stored"


def test_disk_full_while_submitting_leaves_no_version_and_no_bytes(sender, home, contest, monkeypatch):
    sender.send()
    before = on_disk(home)
    services.sealing.ensure_keys(contest.challenge)
    real, count = os.fsync, []

    def sync(handle):
        count.append(handle)
        return full(handle) if len(count) > 4 else real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(blobs.os, "fsync", sync)
        answer = sender.client.post(reverse("proposals:summary", args=sender.own), {"key": "a" * 32, "confirmed": "on"})
    assert answer.status_code == 422 and "täynnä" in answer.content.decode()
    assert not Version.objects.exists() and on_disk(home) == before


def full(handle):
    raise OSError(errno.ENOSPC, "No space left on device")


# ------------------------------------------------------------------ the plain form

def test_the_form_examines_each_file_outside_of_a_transaction(sender, monkeypatch):
    """While a file is examined nobody waits for the database, and what was in before a stop stays in."""
    held, real = [], intake.examine
    depth = len(connection.savepoint_ids)  # the test's own

    def examine(*given, **more):
        held.append(len(connection.savepoint_ids))
        if len(held) == 3:
            raise RuntimeError("stopped")
        return real(*given, **more)

    monkeypatch.setattr(files, "examine", examine)
    form = {"file": [upload(f"{number}.pdf") for number in range(3)], "once": "b" * 32}
    with pytest.raises(RuntimeError):
        sender.client.post(reverse("proposals:attach", args=sender.own), form)
    assert held == [depth] * 3 and [file.name for file in attached()] == ["0.pdf", "1.pdf"]


def test_the_form_sent_twice_attaches_once(sender):
    for _ in range(2):
        form = {"file": [upload("a.pdf"), upload("a.pdf"), upload("b.png", b"GIF89a")], "once": "b" * 32}
        assert sender.client.post(reverse("proposals:attach", args=sender.own), form).status_code == 302
    assert [(file.name, file.outcome) for file in attached()] == [("a.pdf", "stored"), ("a.pdf", "refused"), ("b.png", "refused")]
    assert [file.reason for file in attached()][1:] == [Reason.FILE_TWICE, Reason.FILE_KIND]
    form = {"file": [upload("c.pdf", pdf_bytes(pages=2))], "once": "b" * 32}  # the page was gone back to, and another file chosen
    assert sender.client.post(reverse("proposals:attach", args=sender.own), form).status_code == 302 and len(attached()) == 4


def test_more_than_can_be_held_is_refused_as_too_large(sender):
    """Ninety megabytes at once: each file says its own reason, and the small ones are in."""
    large = b"%PDF-1.7" + bytes(30 * 1024 * 1024)
    sent = [upload("a.pdf", large), upload("b.pdf", large), upload("c.pdf", large), upload("d.pdf")]
    assert sender.client.post(reverse("proposals:attach", args=sender.own), {"file": sent, "once": "b" * 32}).status_code == 302
    assert [(file.name, file.reason, file.size_bytes > 0) for file in attached()] == [
        ("a.pdf", "file_too_large", True), ("b.pdf", "file_too_large", True), ("c.pdf", "file_too_large", True), ("d.pdf", "", True),
    ]


def test_files_that_come_late_in_a_long_form_are_kept_for_a_person(sender, monkeypatch):
    monkeypatch.setattr(uploads, "SECONDS", 0)
    assert sender.client.post(reverse("proposals:attach", args=sender.own), {"file": [upload("a.pdf")]}).status_code == 302
    assert [(file.outcome, file.reason) for file in attached()] == [(Outcome.KEPT, Reason.FILE_NOT_CHECKED)]


def test_one_more_request_at_the_same_time_finds_the_first(sender, contest):
    """Two that examined the same upload: the second to come to the end finds the file of the first and leaves nothing."""
    url = sender.begin().json()["url"]
    sender.chunk(url, 0, CONTENT[:-1])
    proposal, held = Proposal.objects.get(team__name="Kaarna"), Upload.objects.get()
    uploads.add_chunk(held, len(CONTENT) - 1, CONTENT[-1:], clock.now())
    stored = [uploads.assemble(Upload.objects.get()) for _ in range(2)]
    given = {"actor": contest.people["Kaarna"], "proposal": proposal, "now": clock.now()}
    first, second = (services.attaching._attach(stored=one, upload=Upload.objects.filter(key=held.key).first(), **given) for one in stored)
    assert first == second and len(attached()) == 1
