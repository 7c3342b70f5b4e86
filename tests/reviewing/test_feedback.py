"""S53 `feedback_anonymous`: what is told of an entry is one list in a fixed order, without name, time or number of a reviewer; A28: only one's own score."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction

from klash.core import clock
from klash.core.databases import reviewing
from klash.reviewing import selectors, services
from klash.reviewing.models import Review
from tests.reviewing.conftest import MIDDLE, full, make_body

pytestmark = pytest.mark.django_db(databases="__all__")
WORDS = ["Selkeä ajatus.", "Kustannukset puuttuvat.", "Hyvä kumppani."]


def told(order):
    """Return what is told of each entry when the reviewers say the same words, one after another in this order. Nothing stays."""
    with transaction.atomic(), transaction.atomic(using=reviewing()):
        body = make_body(jurors=2, codes=("A1", "B1"))
        for minute, turn in enumerate(order):
            with clock.at(MIDDLE + timedelta(minutes=minute)):
                for code in ("A1", "B1"):
                    services.submit_review(actor=body.seats[turn], entry=body.entry(code), scores=full(5), comment=WORDS[turn])
        services.complete_round(actor=body.staff, round=body.round)
        found = {code: selectors.comments_on(code) for code in ("A1", "B1")}
        hidden = [seat.handle for seat in body.seats] + [person.name for person in body.people.values()]
        transaction.set_rollback(True)
        transaction.set_rollback(True, using=reviewing())
    assert not any(word in str(found) for word in hidden)
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[1:])
def test_feedback_stands_in_an_order_that_tells_nothing_of_who_wrote_when(middle, order):
    assert told((0, 1, 2)) == told(order)


def test_feedback_gives_a_reviewer_another_place_in_each_entry(middle):
    """No number is kept over entries: the same reviewer's words do not always stand at the same place."""
    body = make_body(jurors=2, codes=[f"E{n}" for n in range(8)])
    for number, seat in enumerate(body.seats):
        for code in body.codes:
            services.submit_review(actor=seat, entry=body.entry(code), scores=full(5), comment=WORDS[number])
    services.complete_round(actor=body.staff, round=body.round)
    assert len({tuple(selectors.comments_on(code)) for code in body.codes}) > 1


def test_feedback_seeded_fault_an_order_by_time_is_seen(middle, monkeypatch):
    def by_time(code):
        return list(Review.objects.using(reviewing()).filter(entry__code=code).order_by("submitted_at").values_list("comment", flat=True))

    monkeypatch.setattr(selectors, "comments_on", by_time)
    assert told((0, 1, 2)) != told((2, 1, 0))


@pytest.mark.parametrize("act", [services.save_review, services.submit_review])
def test_only_own_score(body, act):
    """Nobody but the seat itself writes its review: not the organiser, not the chair, not another juror."""
    services.save_review(actor=body.jurors[0], entry=body.entry("K7-MESI"), scores=full(7), comment="Oma.")
    with pytest.raises(ValueError):
        act(actor=body.staff, entry=body.entry("K7-MESI"), scores=full(1), comment="Vieras.")
    act(actor=body.chair, entry=body.entry("K7-MESI"), scores=full(1), comment="Puheenjohtaja.")
    own = Review.objects.using(reviewing()).get(seat=body.jurors[0], entry__code="K7-MESI")
    assert (own.scores, own.comment) == (full(7), "Oma.")
