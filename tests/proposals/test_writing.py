from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.files import services as files
from klash.post.models import Message
from klash.proposals import services
from klash.proposals.models import Proposal, Version
from klash.reviewing.models import EntryFile
from klash.rules.reasons import Reason
from tests.proposals.conftest import TEXTS, fingerprint, title_of
from tests.proposals.pdf import upload

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)


def refused(kind, reason, call, **arguments):
    with pytest.raises(kind) as raised, transaction.atomic():
        call(**arguments)
    assert raised.value.reason == reason


def test_start_is_once_and_for_admitted_members(contest, cast):
    with clock.at(contest.before):
        first = services.start_proposal(actor=cast["leader"], team=contest.teams["Kaarna"])
        assert services.start_proposal(actor=cast["member"], team=contest.teams["Kaarna"]) == first
        refused(Refused, Reason.NOT_ADMITTED, services.start_proposal, actor=contest.people["Notko"], team=contest.teams["Notko"])
        refused(Denied, Reason.NOT_YOURS, services.start_proposal, actor=cast["organiser"], team=contest.teams["Kaarna"])
        refused(Denied, Reason.NOT_YOURS, services.start_proposal, actor=cast["organiser"], team=contest.teams["Luoto"])
    with clock.at(contest.after):
        refused(Denied, Reason.DEADLINE_PASSED, services.start_proposal, actor=contest.people["Luoto"], team=contest.teams["Luoto"])


def test_save_keeps_text_and_refuses_a_clash(contest, cast):
    with clock.at(contest.before):
        proposal = contest.write()
        assert (proposal.revision, proposal.saved_at) == (1, contest.before)
        refused(Refused, Reason.TEXT_CHANGED, services.save_proposal, actor=cast["member"], proposal=proposal, texts={**TEXTS, "title": "Toinen"}, revision=0)
        same = services.save_proposal(actor=cast["member"], proposal=proposal, texts=proposal.texts, revision=0)
        assert same.revision == 1
        refused(Denied, Reason.NOT_YOURS, services.save_proposal, actor=cast["outsider"], proposal=proposal, texts={**TEXTS, "title": "x"}, revision=1)
    with clock.at(contest.after):
        refused(Denied, Reason.DEADLINE_PASSED, services.save_proposal, actor=cast["leader"], proposal=proposal, texts={**TEXTS, "title": "x"}, revision=1)


def test_files_are_kept_and_limited(contest, cast, monkeypatch):
    def attach(*name, **options):
        return services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload(*name, **options))

    with clock.at(contest.before):
        proposal = contest.write()
        first = attach("Suunnitelma.pdf")
        assert [row.file for row in proposal.attachments.all()] == [first]
        services.detach_file(actor=cast["member"], proposal=proposal, file=first)
        assert not proposal.attachments.exists()
        kept = [attach(f"{number}.pdf", width=number) for number in range(100, 108)]
        assert all(file.is_held for file in kept)
        assert attach().reason == Reason.TOO_MANY_FILES
        services.detach_file(actor=cast["leader"], proposal=proposal, file=proposal.attachments.first().file)
        assert attach("Sama.pdf", width=107).reason == Reason.FILE_TWICE and attach(width=107).blobs == []
        monkeypatch.setattr("klash.proposals.services.attaching.FILES_BYTES_MAX", 7 * first.size_bytes)
        assert attach().reason == Reason.FILES_TOO_LARGE
        monkeypatch.undo()
        monkeypatch.setattr("klash.proposals.services.attaching.FILES_PAGES_MAX", 9)
        assert attach(pages=3).reason == Reason.FILES_TOO_LONG and attach(pages=2).is_held
        assert len(Proposal.objects.get().held()) == 8 and proposal.attachments.count() == 13
        assert {row["part"] for row in contest.submit().manifest["parts"] if "blind" in row} == {f"file/{number}" for number in range(1, 9)}
        refused(Denied, Reason.NOT_YOURS, services.attach_file, actor=cast["juror"], proposal=proposal, uploaded=upload())
    with clock.at(contest.after):
        refused(Denied, Reason.DEADLINE_PASSED, services.attach_file, actor=cast["leader"], proposal=proposal, uploaded=upload())
        refused(Denied, Reason.DEADLINE_PASSED, services.detach_file, actor=cast["leader"], proposal=proposal, file=first)


def test_a_file_that_finds_no_room_leaves_nothing(contest, cast, home, monkeypatch, django_capture_on_commit_callbacks):
    with clock.at(contest.before):
        proposal = contest.write()
        monkeypatch.setattr("klash.proposals.services.attaching.audit.record", lambda *a, **k: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
            services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload())
    assert not proposal.attachments.exists() and list((home / "files").iterdir()) == []


def test_submit_gives_a_receipt_of_every_part(contest, cast):
    with clock.at(contest.before):
        proposal = contest.write()
        stored = services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload("Liite.pdf"))
        version = contest.submit()
    proposal.refresh_from_db()
    assert (proposal.state, version.is_late, version.received_at) == ("submitted", False, contest.before)
    parts = version.manifest["parts"]
    assert [row["part"] for row in parts] == ["title", "solution", "impact", "novelty", "spreading", "file/1"]
    assert parts[0] == {"part": "title", "size_bytes": 17, "sha256": fingerprint("Kyytipooli Kaarna")}
    assert parts[-1] == {
        "part": "file/1", "name": "Liite.pdf", "media_type": "application/pdf", "pages": 1, "size_bytes": stored.size_bytes, "sha256": stored.sha256,
        "blind": {"size_bytes": stored.clean_size_bytes, "sha256": stored.clean_sha256},
    }
    assert files.read(stored).startswith(b"%PDF-")
    mails = Message.objects.filter(event=f"proposal.received/{version.receipt}")
    assert {mail.to for mail in mails} == {"leader@example.org", "member@example.org"}
    assert all(row["sha256"] in mails[0].body for row in parts) and version.receipt in mails[0].body and "Liite" not in mails[0].body
    assert AuditEvent.objects.get(what="proposal.submitted").body == {"commitment": version.commitment, "received_at": contest.before.isoformat(sep=" ")}


def test_a_file_that_nobody_could_check_is_sealed_and_left_out_of_the_blind_copy(contest, cast, monkeypatch):
    with clock.at(contest.before):
        proposal = contest.write()
        with monkeypatch.context() as patch:
            patch.setattr("klash.files.intake.PROGRAM", "klash.files.nothing")
            services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload("Liite.pdf"))
            services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload("Refused.pdf", b""))
            first = contest.submit()
        assert first.manifest["parts"][-1]["blind"] is None and first.manifest["parts"][-1]["part"] == "file/1"
        assert list(first.parts.values_list("envelope", "part")) == [("blind", "text"), ("original", "file/1")]
        assert all(not verdict.faults for verdict in audit.verify())
        second = contest.submit()  # it is tried again
        assert second.manifest["parts"][-1]["blind"] and second.parts.count() == 3
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    assert EntryFile.objects.using("reviewing").count() == 1 and all(not verdict.faults for verdict in audit.verify())


def test_an_opening_leaves_out_what_could_not_be_made_anew(contest, cast, monkeypatch):
    monkeypatch.setattr("klash.files.intake.PROGRAM", "klash.files.nothing")
    with clock.at(contest.before):
        services.attach_file(actor=cast["leader"], proposal=contest.write(), uploaded=upload("Liite.pdf"))
        contest.submit()
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    assert not EntryFile.objects.using("reviewing").exists() and all(not verdict.faults for verdict in audit.verify())


def test_submit_may_be_repeated_and_the_newest_stands(contest):
    with clock.at(contest.before):
        contest.write()
        first = contest.submit()
        contest.write(title="Parempi")
        second = contest.submit()
    assert (first.number, second.number) == (1, 2)
    assert [title_of(version) for version in Version.objects.order_by("number")] == [fingerprint("Kyytipooli Kaarna"), fingerprint("Parempi Kaarna")]


def test_one_key_makes_one_version(contest, cast):
    with clock.at(contest.before):
        contest.write()
        first = contest.submit(key="k" * 32)
        assert contest.submit(key="k" * 32) == first
        contest.write(title="Muutettu")
        refused(Refused, Reason.ALREADY_SENT, contest.submit, key="k" * 32)
    assert Version.objects.count() == 1
    assert Message.objects.filter(event__startswith="proposal.received").count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            receipt="other", proposal=first.proposal, number=9, idempotency_key="k" * 32, submitted_by=cast["leader"], received_at=contest.before,
            deadline_at=contest.deadline, is_late=False, commitment="other", document={},
        )


def test_a_reply_lost_over_the_deadline_is_answered_as_it_was(contest):
    with clock.at(contest.deadline):
        contest.write()
        first = contest.submit(key="k" * 32)
    with clock.at(contest.deadline + MS):
        assert contest.submit(key="k" * 32) == first and not first.is_late


@pytest.mark.parametrize(("shift", "is_late"), [(-MS, False), (0 * MS, False), (MS, True)])
def test_the_deadline_to_the_millisecond(contest, shift, is_late):
    with clock.at(contest.before):
        contest.write()
    with clock.at(contest.deadline + shift):
        assert contest.submit().is_late is is_late
    assert Proposal.objects.get().state == ("draft" if is_late else "submitted")


def test_what_comes_late_is_kept_and_changes_nothing(contest):
    with clock.at(contest.before):
        contest.write()
        standing = contest.submit()
    with clock.at(contest.after):
        late = contest.submit()
    assert (late.is_late, late.number) == (True, 2)
    assert Proposal.objects.get().state == "submitted"
    assert services.opening.fixed_set(contest.challenge) == [standing]
    mail = Message.objects.get(event=f"proposal.received/{late.receipt}", to="leader@example.org")
    assert "myöhässä" in mail.subject and standing.receipt in mail.body
    assert AuditEvent.objects.filter(what="proposal.late").count() == 1


def test_a_version_can_not_lie_about_being_late(contest, cast):
    with clock.at(contest.before):
        proposal = contest.write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            receipt="r", proposal=proposal, number=1, idempotency_key="k", submitted_by=cast["leader"], received_at=contest.after,
            deadline_at=contest.deadline, is_late=False, commitment="other", document={},
        )


def test_submit_refusals(contest, cast):
    with clock.at(contest.before):
        proposal = contest.write(impact=" ")
        refused(Denied, Reason.INCOMPLETE, contest.submit)
        refused(Denied, Reason.NOT_YOURS, services.submit_proposal, actor=cast["organiser"], proposal=proposal, idempotency_key="k")
    with clock.at(contest.after):
        refused(Denied, Reason.INCOMPLETE, contest.submit)
    with clock.at(contest.world.stages["mentoring"].opens_at):
        refused(Denied, Reason.NOT_OPEN_YET, contest.submit)
    assert not Version.objects.exists()


def test_withdraw_and_submit_again(contest, cast):
    with clock.at(contest.before):
        proposal = contest.write()
        refused(IllegalMove, Reason.WRONG_STATE, services.withdraw_proposal, actor=cast["leader"], proposal=proposal)
        contest.submit()
        services.withdraw_proposal(actor=cast["member"], proposal=proposal)
        assert services.opening.fixed_set(contest.challenge) == []
        again = contest.submit()
        assert services.opening.fixed_set(contest.challenge) == [again]
        refused(Denied, Reason.NOT_YOURS, services.withdraw_proposal, actor=cast["outsider"], proposal=proposal)
    with clock.at(contest.after):
        refused(Denied, Reason.DEADLINE_PASSED, services.withdraw_proposal, actor=cast["leader"], proposal=proposal)
    assert all(not verdict.faults for verdict in audit.verify())
