"""A missing score blocks the result; an absence is a recorded decision and takes all scores of the absent one along (A30)."""

import pytest

from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.reviewing import selectors, services
from klash.reviewing.models import Entry, Review, Round
from klash.rules.reasons import Reason
from tests.reviewing.conftest import CODES, full

pytestmark = pytest.mark.django_db(databases="__all__")
LAST = CODES[-1]


def all_but_one(body):
    """Let everyone submit everything but the last juror the last entry."""
    body.submit_all(value=lambda number, code: number + 2, seats=body.seats[:2])
    for code in CODES[:-1]:
        services.submit_review(actor=body.seats[2], entry=body.entry(code), scores=full(9), comment="")


def reason(act, **given):
    with pytest.raises((Denied, Refused)) as refusal:
        act(**given)
    return refusal.value.reason


WAYS = {
    "nothing": lambda body: None,
    "a draft": lambda body: services.save_review(actor=body.seats[2], entry=body.entry(LAST), scores=full(9), comment=""),
    "a part": lambda body: services.save_review(actor=body.seats[2], entry=body.entry(LAST), scores={"impact": 9}, comment=""),
}


@pytest.mark.parametrize("given", WAYS)
def test_missing_score(body, given):
    """Neither the organiser nor the chair closes over it, and nothing of a result exists."""
    all_but_one(body)
    WAYS[given](body)
    assert reason(services.complete_round, actor=body.staff, round=body.round) is Reason.NOT_ALL_SUBMITTED
    assert reason(services.complete_round, actor=body.chair, round=body.round) is Reason.NO_ROLE
    assert reason(services.record_absence, actor=body.chair, seat=body.seats[2], reason="Poissa.") is Reason.NO_ROLE
    assert (selectors.ranking(body.round), Entry.objects.using(reviewing()).exclude(place=None).exists()) == ([], False)


def test_missing_score_of_one_who_is_recorded_absent_takes_the_others_of_that_one_along(body):
    all_but_one(body)
    services.record_absence(actor=body.staff, seat=body.seats[2], reason="Estynyt.")
    services.complete_round(actor=body.staff, round=body.round)
    assert {row.entry_code: [float(points) for points in row.seat_points] for row in selectors.ranking(body.round)} == dict.fromkeys(CODES, [2, 3])
    told = AuditEvent.objects.using(reviewing()).get(what="seat.absent")
    assert (told.actor, told.body) == (body.staff.pseudonym, {"reason": "Estynyt."})
    assert Review.objects.using(reviewing()).filter(seat=body.seats[2], state="submitted").count() == len(CODES) - 1
    assert selectors.verify_results() == []


def test_missing_score_seeded_fault_a_round_that_closes_over_it_is_seen(body, monkeypatch):
    all_but_one(body)
    with monkeypatch.context() as patch:
        patch.setattr(Round, "missing_reviews", lambda self: 0)
        services.complete_round(actor=body.staff, round=body.round)
    assert selectors.verify_results() == [f"round {body.round.code}: complete, yet the number of missing reviews is 1"]
