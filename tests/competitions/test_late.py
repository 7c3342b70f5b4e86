"""Late-entry codes: one address, an end, a number of uses; nobody else, nothing sealed, nothing after the panel's entries are fixed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.competitions import services
from klash.competitions.models import LateCode, StageKind
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import services as problems
from klash.problems.models import Problem
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState
from tests.problems.conftest import TEXTS, columns

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)


@pytest.fixture
def late(world):
    """An hour after the deadline of the call for problems."""
    return world.stages[StageKind.PROBLEM_CALL].closes_at + timedelta(hours=1)


@pytest.fixture
def code(world, cast, at, late):
    with at(late):
        return give(world, cast)


def give(world, cast, actor="organiser", **more):
    closes_at = world.stages[StageKind.PROBLEM_CALL].closes_at
    given = {"kind": StageKind.PROBLEM_CALL, "email": cast["officer"].email.upper(), "expires_at": closes_at + timedelta(days=1), "note": "Sairastui."}
    return services.give_late_code(actor=cast[actor], competition=world.competition, **{**given, **more})


def begin(world, person):
    world.competition.forget_stages()
    return problems.start_problem(actor=person, competition=world.competition, municipality=world.municipalities["Janakkala"])


def report(world, person):
    problem = begin(world, person)
    problems.save_problem(actor=person, problem=problem, theme=world.themes["public_transport"], group=[], **columns(**TEXTS))
    return problems.submit_problem(actor=person, problem=Problem.objects.get(pk=problem.pk))


def refused(act, reason, error=Denied):
    with pytest.raises(error) as caught:
        act()
    assert caught.value.reason == reason


def test_who_has_a_code_reports_after_the_deadline_and_it_is_recorded(world, cast, at, late, code):
    with at(late):
        problem = report(world, cast["officer"])
        assert problem.state == ProblemState.SUBMITTED
        assert [use.thing for use in code.uses.all()] == [f"problem/{problem.code}"]
    assert Message.objects.get(event=f"late_code.given/{code.code}").to == cast["officer"].email
    assert list(AuditEvent.objects.filter(thing=f"late_code/{code.code}").order_by("number").values_list("what", flat=True)) == ["late_code.given", "late_code.used"]


def test_the_call_stays_closed_for_everyone_else(world, cast, at, late, code):
    with at(late):
        refused(lambda: begin(world, cast["outsider"]), Reason.DEADLINE_PASSED)
        assert not world.stages[StageKind.PROBLEM_CALL].facts_for(cast["officer"], late).is_open  # nor can a holder move the deadline


def test_one_use_hands_in_one_entry_and_the_same_again(world, cast, at, late, code):
    with at(late):
        problem = report(world, cast["officer"])
        refused(lambda: begin(world, cast["officer"]), Reason.DEADLINE_PASSED)
        problems.withdraw_problem(actor=cast["officer"], problem=problem)
        assert problems.submit_problem(actor=cast["officer"], problem=problem).state == ProblemState.SUBMITTED
        assert code.uses.count() == 1


def test_a_code_opens_no_problem_that_was_submitted_in_time(world, cast, at, late, code):
    with at(StageKind.PROBLEM_CALL):
        problem = report(world, cast["officer"])
    with at(late):
        refused(lambda: problems.withdraw_problem(actor=cast["officer"], problem=problem), Reason.DEADLINE_PASSED)


@pytest.mark.parametrize(("moment", "admits"), [(-MS, True), (timedelta(), True), (MS, False)])
def test_a_code_ends_on_its_instant(world, cast, at, code, moment, admits):
    with at(code.expires_at + moment):
        if admits:
            assert report(world, cast["officer"]).submitted_at == code.expires_at + moment
        else:
            refused(lambda: begin(world, cast["officer"]), Reason.DEADLINE_PASSED)


def test_a_seeded_fault_lets_an_expired_code_admit(world, cast, at, code, monkeypatch):
    monkeypatch.setattr(LateCode, "holds", lambda self, now: True)
    with at(code.expires_at + MS):
        assert report(world, cast["officer"]).state == ProblemState.SUBMITTED


def test_a_revoked_code_opens_nothing_more(world, cast, at, late, code):
    with at(late):
        problem = begin(world, cast["officer"])
        refused(lambda: services.revoke_late_code(actor=cast["officer"], late_code=code), Reason.NO_ROLE)
        services.revoke_late_code(actor=cast["registrar"], late_code=code)
        refused(lambda: problems.save_problem(actor=cast["officer"], problem=problem, theme=None, group=[], **columns(**TEXTS)), Reason.DEADLINE_PASSED)


def test_once_the_panel_has_its_entries_a_code_opens_nothing(world, cast, at, late, code):
    with at(StageKind.PROBLEM_CALL):
        report(world, cast["officer"])
    with at(late):
        draft = begin(world, cast["officer"])
        problems.open_panel_round(actor=cast["organiser"], competition=world.competition, closes_at=late + timedelta(days=5))
        refused(lambda: problems.save_problem(actor=cast["officer"], problem=draft, theme=None, group=[], **columns(**TEXTS)), Reason.DEADLINE_PASSED)
        refused(lambda: begin(world, cast["officer"]), Reason.DEADLINE_PASSED)


def test_what_no_code_can_be(world, cast, at, late):
    with at(late):
        refused(lambda: give(world, cast, actor="officer"), Reason.NO_ROLE)
        refused(lambda: give(world, cast, note=" "), Reason.NO_REASON_GIVEN, Refused)
        refused(lambda: give(world, cast, expires_at=late - timedelta(hours=1)), Reason.CODE_ENDS_EARLY, Refused)
        with pytest.raises(IntegrityError, match="late_code_of_a_call"), transaction.atomic():
            give(world, cast, kind=StageKind.PROPOSALS, expires_at=late + timedelta(days=900))  # sealed proposals have their late box


def test_page_gives_lists_and_revokes(world, cast, at, late, enter):
    page, client = "/c/klash-test/late/", enter(cast["organiser"])
    sent = {"kind": "problem_call", "email": "uusi@example.org", "expires_at": "2026-02-05T16:00", "uses_max": "2", "note": "Kunta oli suljettu."}
    with at(late):
        assert client.post(page, {**sent, "expires_at": "2026-01-20T16:00"}).status_code == 422
        assert client.post(page, sent).status_code == 302
        assert "uusi@example.org" in client.get(page).content.decode()
        assert client.post(f"{page}{LateCode.objects.get().code}/revoke/").status_code == 302
        assert "peruttu" in client.get(page).content.decode()
