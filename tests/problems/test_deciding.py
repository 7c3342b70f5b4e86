"""What the panel decides: pending while it is written, told to everyone at once."""

from datetime import timedelta

import pytest
from django.core import mail

from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.competitions.models import Ruling, RulingLine, StageKind
from klash.core import audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post import services as post
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState, RulingState
from tests.problems.conftest import decide, decide_all, letters, make_round, release

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def now(world):
    with clock.at(world.middle_of(StageKind.PROBLEM_SELECTION)):
        yield


@pytest.fixture
def organiser(cast):
    return cast["organiser"]


def states():
    return list(Problem.objects.order_by("pk").values_list("state", flat=True))


def refused(kind, expected, act, /, *args, **more):
    with pytest.raises(kind) as error:
        act(*args, **more)
    assert error.value.reason == expected


def decided_mails():
    return Message.objects.filter(event__startswith="problem.decided/")


def nothing_happened():
    return set(states()) == {ProblemState.SUBMITTED} and not decided_mails().exists() and not AuditEvent.objects.filter(what="ruling.released").exists()


def test_a_pending_decision_changes_nothing_outside(world, organiser, judged):
    line = decide(world, organiser, judged[0], reason="  Syy. ", feedback=" Palaute. ")
    assert (line.is_taken, line.reason, line.feedback, line.revision) == (True, "Syy.", "Palaute.", 1)
    assert nothing_happened()
    event = AuditEvent.objects.get(what="ruling.saved")
    assert (event.thing, event.body) == ("ruling/problems/klash-test", {"revision": 1})  # the log holds neither verdict nor text
    decide(world, organiser, judged[0], reason="Syy.", feedback="Palaute.")
    assert AuditEvent.objects.filter(what="ruling.saved").count() == 1


def test_what_somebody_else_saved_since_is_not_overwritten(world, organiser, judged):
    decide(world, organiser, judged[0], revision=0)
    refused(Refused, Reason.TEXT_CHANGED, decide, world, organiser, judged[0], reason="Toinen syy.", revision=0)
    assert decide(world, organiser, judged[0], reason="Toinen syy.", revision=1).revision == 2


def test_one_more_than_was_announced_is_refused(world, organiser, judged):
    Ruling.objects.create(key=services.panel_key(world.competition), competition=world.competition, quota=2)
    for problem in judged[:2]:
        decide(world, organiser, problem)
    refused(Refused, Reason.QUOTA_FULL, decide, world, organiser, judged[2])
    decide(world, organiser, judged[0], is_taken=False)
    assert decide(world, organiser, judged[2]).is_taken


def test_the_quota_comes_from_the_competition(world, cast, judged, organiser):
    assert services.judged_round(world.competition).quota == world.competition.challenges_promised == 3
    decide(world, organiser, judged[0])
    assert Ruling.objects.get().quota == 3


@pytest.mark.parametrize("name", ["registrar", "panellist", "officer", "outsider"])
def test_only_the_organiser_decides_and_releases(world, cast, organiser, judged, name):
    refused(Denied, Reason.NO_ROLE, decide, world, cast[name], judged[0])
    decide_all(world, organiser, judged, 1)
    refused(Denied, Reason.NO_ROLE, release, world, cast[name])
    assert nothing_happened()


def test_the_registrar_writes_feedback_alone(world, cast, organiser, judged):
    line = decide(world, cast["registrar"], judged[0], is_taken=None, reason="", feedback="Palaute.")
    assert (line.feedback, line.is_taken) == ("Palaute.", None)
    refused(Denied, Reason.NO_ROLE, decide, world, cast["officer"], judged[0], is_taken=None, reason="", feedback="Muu.")


def test_nothing_is_decided_before_the_round_is_complete(world, cast, organiser, submitted):
    refused(Denied, Reason.NOT_ALL_SUBMITTED, services.release_decisions, actor=organiser, competition=world.competition, seen="")
    round_ = make_round(world, cast)
    rounds.add_seat(actor=organiser, round=round_)
    rounds.open_round(actor=organiser, round=round_)
    submitted[0].refresh_from_db()
    refused(Denied, Reason.NOT_ALL_SUBMITTED, decide, world, organiser, submitted[0])
    refused(Denied, Reason.NOT_ALL_SUBMITTED, release, world, organiser, "x")


def test_an_entry_that_is_not_in_the_ranking_is_refused(world, organiser, judged):
    judged[0].entry_code = "unknown"
    refused(Refused, Reason.INCOMPLETE, decide, world, organiser, judged[0])


def test_the_release_tells_every_reporter_at_once(world, organiser, judged):
    decide_all(world, organiser, judged, 2)
    shown = letters(world)
    assert release(world, organiser) == 3
    assert states() == [ProblemState.CHOSEN, ProblemState.CHOSEN, ProblemState.NOT_CHOSEN]
    assert selectors.tallied(world.competition) == selectors.counted(world.competition)
    assert set(Problem.objects.values_list("feedback_released_at", "feedback_is_invented")) == {(clock.now(), True)}
    assert {row.title: (row.reason, row.feedback) for row in Problem.objects.all()} == {
        row.title: (f"Syy: {row.title}", f"Palaute: {row.title}") for row in judged
    }
    # What was shown is what is in the outbox, letter for letter.
    queued = sorted(decided_mails().values_list("event", "to", "language", "subject", "body"))
    assert queued == sorted((row.event, row.to, row.language, row.subject, row.body) for row in shown)
    assert all(f"Syy: {row.title}" in decided_mails().get(event=f"problem.decided/{row.code}").body for row in judged)
    event = AuditEvent.objects.get(what="ruling.released")
    assert {**event.body, "hash": ""} == {"hash": "", "taken": 2, "of": 3, "quota": 3, "fewer_reason": "Muut eivät yltäneet tasolle."}
    assert sorted(AuditEvent.objects.filter(what__in=["problem.chosen", "problem.not_chosen"]).values_list("what", flat=True)) == [
        "problem.chosen", "problem.chosen", "problem.not_chosen"
    ]
    assert "Palaute" not in str(list(AuditEvent.objects.values_list("body", flat=True)))
    assert not [fault for fault in audit.recheck() if "ruling" in fault or "problem/" in fault]


def test_a_mail_is_written_in_its_receivers_language(world, organiser, judged):
    officer = judged[2].officer
    officer.language = "sv"
    officer.save(update_fields=["language"])
    decide_all(world, organiser, judged, 1)
    release(world, organiser)
    assert set(decided_mails().values_list("language", flat=True)) == {"fi", "sv"}
    assert "valdes inte" in decided_mails().get(event=f"problem.decided/{judged[2].code}").subject


def test_a_second_release_changes_nothing(world, organiser, judged):
    decide_all(world, organiser, judged, 1)
    release(world, organiser)
    before = AuditEvent.objects.count(), decided_mails().count(), states()
    with clock.at(clock.now() + timedelta(hours=1)):
        assert release(world, organiser) == 0
        assert release(world, organiser, "anything") == 0
    assert (AuditEvent.objects.count(), decided_mails().count(), states()) == before
    refused(Denied, Reason.FROZEN, decide, world, organiser, judged[0], reason="Muutos.")


@pytest.mark.parametrize("lack", [{"is_taken": None}, {"reason": ""}])
def test_nothing_is_released_while_something_is_missing(world, organiser, judged, lack):
    decide_all(world, organiser, judged, 1)
    decide(world, organiser, judged[1], **{"is_taken": False, **lack})
    refused(Refused, Reason.NOT_COMPLETE, release, world, organiser)
    assert nothing_happened()


def test_fewer_than_promised_needs_a_reason_of_its_own(world, organiser, judged):
    decide_all(world, organiser, judged, 2)
    round_ = services.judged_round(world.competition)
    competitions.give_reason_for_fewer(actor=organiser, competition=world.competition, round=round_, reason=" ")
    sheet = sheets.sheet(world.competition, round_)
    assert (sheet.taken, sheet.promised, sheet.is_fewer, sheet.is_ready) == (2, 3, True, False)
    refused(Refused, Reason.FEWER_THAN_PROMISED, release, world, organiser)
    assert nothing_happened()
    decide(world, organiser, judged[2])
    assert release(world, organiser) == 3  # all three go on


@pytest.mark.parametrize("change", [{"is_taken": False}, {"reason": "Muu syy."}, {"feedback": "Muu palaute."}])
def test_what_changed_since_the_preview_is_not_released(world, organiser, judged, change):
    decide_all(world, organiser, judged, 2)
    seen = post.digest_of(letters(world))
    decide(world, organiser, judged[1], **change)
    refused(Refused, Reason.PREVIEW_CHANGED, release, world, organiser, seen)
    assert nothing_happened()


def test_an_address_that_changed_since_the_preview_stops_the_release(world, organiser, judged):
    decide_all(world, organiser, judged, 2)
    seen = post.digest_of(letters(world))
    type(judged[0].officer).objects.filter(pk=judged[0].officer_id).update(email="muu@example.org")
    refused(Refused, Reason.PREVIEW_CHANGED, release, world, organiser, seen)


def test_a_fault_in_the_middle_releases_and_sends_nothing(world, organiser, judged, monkeypatch):
    decide_all(world, organiser, judged, 2)
    seen, moved = post.digest_of(letters(world)), []

    def breaks(row, **more):
        moved.append(row)
        if len(moved) == 3:  # the ruling and one problem have moved already
            raise RuntimeError
        return real(row, **more)

    real = workflow.move
    monkeypatch.setattr(workflow, "move", breaks)
    with pytest.raises(RuntimeError):
        release(world, organiser, seen)
    monkeypatch.undo()
    assert nothing_happened()
    assert Ruling.objects.get().state == RulingState.PENDING
    assert (post.send_waiting(), [row.subject for row in mail.outbox if "valittiin" in row.subject]) == (Message.objects.count(), [])
    assert release(world, organiser, seen) == 3


def test_feedback_that_nobody_touched_is_what_the_panel_wrote_without_names_or_times(world, cast, organiser, judged):
    for place, problem in enumerate(judged):
        decide(world, organiser, problem, place < 3, feedback="")
    release(world, organiser)
    texts = set(Problem.objects.values_list("feedback", flat=True))
    assert all(sorted(text.split("\n\n")) == ["Perustelu 0", "Perustelu 1"] for text in texts)
    assert cast["panellist"].name not in str(texts)


def test_the_order_of_the_feedback_says_nothing_of_who_wrote_it(world, judged):
    round_ = services.judged_round(world.competition)
    first = [row.feedback for row in sheets.sheet(world.competition, round_).rows]
    assert first == [row.feedback for row in sheets.sheet(world.competition, round_).rows]
    assert sheets.sheet(world.competition, round_).rows[0].place.comments == tuple(reviewing.comments_on(judged[0].entry_code))


def test_verify_tells_of_a_decision_that_was_changed_after_the_release(world, organiser, judged):
    decide_all(world, organiser, judged, 2)
    release(world, organiser)
    RulingLine.objects.filter(entry_code=judged[0].entry_code).update(reason="Muu")
    found = [fault for fault in audit.recheck() if fault.startswith("ruling/")]
    assert found == ["ruling/problems/klash-test: the decisions are not those that were released"]


NUMBERS = ("entries", "taken", "undecided", "promised", "is_fewer", "is_released")


def test_a_part_of_the_sheet_tells_the_numbers_of_the_whole(world, organiser, judged):
    round_ = services.judged_round(world.competition)
    for number, problem in enumerate([None, *judged]):
        if problem is not None:
            decide(world, organiser, problem, is_taken=number == 1)
        whole = sheets.sheet(world.competition, round_)
        for start, row in enumerate(whole.rows):
            part = sheets.part_of_sheet(world.competition, round_, start=start, limit=1)
            assert (part.rows[0].place.entry_code, part.rows[0].line.pk) == (row.place.entry_code, row.line.pk)
            assert [getattr(part, name) for name in NUMBERS] == [getattr(whole, name) for name in NUMBERS]
