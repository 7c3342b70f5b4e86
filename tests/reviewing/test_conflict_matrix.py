"""Every kind of conflict against every way in to an entry (A26). The control takes the guard away and finds each way open."""

from contextlib import suppress

import pytest

from klash.core import audit
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.reviewing import selectors, services
from klash.reviewing.models import ConflictKind, Review, Seat
from klash.reviewing.services import conflicts as finding
from klash.rules.conflicts import Kind
from tests.reviewing.conftest import full, make_body
from tests.reviewing.test_assignment import fresh

pytestmark = pytest.mark.django_db(databases="__all__")
BARRED, CODES = "P0", ("P0", "P1", "P2")


def test_the_rule_and_the_round_know_the_same_kinds():
    assert {kind.value for kind in Kind} == set(ConflictKind.values) - {ConflictKind.COMPETENCE, ConflictKind.RECOGNISED}


def by_hand(body):
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=1)
    services.assign(actor=body.staff, round=body.round, pairs=[(BARRED, body.chair.handle)])


def by_the_machine(body):
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=3)
    services.suggest_assignment(actor=body.staff, round=body.round)
    services.apply_suggestion(actor=body.staff, round=body.round)


def by_the_opening(body):
    services.open_round(actor=body.staff, round=body.round)


def by_a_top_up(body):
    """An old proposal, made before the conflict was found, is applied after it."""
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=3)
    suggestion = services.suggest_assignment(actor=body.staff, round=body.round)
    suggestion.content = {**suggestion.content, "pairs": [[BARRED, body.chair.handle]]}
    suggestion.save(using=reviewing())
    services.apply_suggestion(actor=body.staff, round=body.round)


WAYS = [by_hand, by_the_machine, by_the_opening, by_a_top_up]


def got_in(body, way):
    """Return whether the barred reviewer was given the entry."""
    with suppress(Refused):
        way(body)
    return Review.objects.using(reviewing()).filter(entry__code=BARRED, seat=body.chair, place__isnull=False).exists()


@pytest.mark.parametrize("kind", ConflictKind.values)
@pytest.mark.parametrize("way", WAYS)
def test_conflict_matrix(middle, kind, way):
    body = make_body(codes=CODES, is_blind=False, is_open=False)
    services.record_conflicts(actor=body.staff, round=body.round, found=[(BARRED, body.chair.handle, kind)])
    assert got_in(body, way) is False
    assert Review.objects.using(reviewing()).exclude(entry__code=BARRED).exists() or way in (by_hand, by_a_top_up)


@pytest.mark.parametrize("way", WAYS)
def test_without_the_guard_every_way_is_open(middle, monkeypatch, way):
    body = make_body(codes=CODES, is_blind=False, is_open=False)
    services.record_conflicts(actor=body.staff, round=body.round, found=[(BARRED, body.chair.handle, "family")])
    monkeypatch.setattr(selectors, "barred", lambda round_: set())
    assert got_in(body, way) is True


def save(seat, entry):
    return services.save_review(actor=seat, entry=entry, scores={"impact": 5}, comment="")


def submit(seat, entry):
    return services.submit_review(actor=seat, entry=entry, scores=full(5), comment="")


@pytest.mark.parametrize("kind", ConflictKind.values)
@pytest.mark.parametrize("act", [save, submit])
@pytest.mark.parametrize("begun", [False, True])
def test_what_was_assigned_before_is_scored_no_more(middle, kind, act, begun):
    body = make_body(codes=CODES, is_blind=False)
    if begun:
        save(body.chair, body.entry(BARRED))
    services.record_conflicts(actor=audit.System(), round=body.round, found=[(BARRED, body.chair.handle, kind)])
    with pytest.raises(Denied):
        act(fresh(body.chair), body.entry(BARRED))
    assert act(fresh(body.chair), body.entry("P1"))


def test_without_freeing_it_would_still_be_scored(middle, monkeypatch):
    body = make_body(codes=CODES, is_blind=False)
    monkeypatch.setattr(finding, "_free", lambda round_, barred: None)
    services.record_conflicts(actor=audit.System(), round=body.round, found=[(BARRED, body.chair.handle, "family")])
    assert submit(fresh(body.chair), body.entry(BARRED)).state == "submitted"


@pytest.mark.parametrize("act", [save, submit])
def test_in_a_blind_round_the_whole_seat_is_barred(body, act):
    services.stand_down(actor=audit.System(), seat=fresh(body.chair))
    for code in body.codes:
        with pytest.raises(Denied):
            act(fresh(body.chair), body.entry(code))
    assert selectors.seats_of(body.people[body.chair.handle]) == []
    assert Seat.objects.using(reviewing()).filter(is_absent=True).count() == 1
