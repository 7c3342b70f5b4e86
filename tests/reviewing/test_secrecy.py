"""Others' scores: two worlds that differ only in them look the same to a reviewer until the round is complete."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from klash.core.databases import reviewing
from klash.core.errors import KlashError
from klash.reviewing import selectors, services
from klash.reviewing.models import Review, Round
from tests.reviewing.conftest import CODES, full, make_body

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
# What is drawn anew for every answer and tells nothing.
DRAWN = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|name="once" value="[^"]*"')


class Undo(Exception):
    """Take the world back."""


def replies(body, seat, client):
    """Return every answer that the seat's person can get, and every refusal of a service."""
    client.force_login(body.people[seat.handle])
    code = body.round.code
    pages = [
        ("rounds",), ("round", code), ("result", code), ("report", code), *(("entry", code, entry) for entry in CODES),
    ]
    answers = [client.get(reverse(f"reviewing:{name}", args=args)) for name, *args in pages]
    answers += [client.post(reverse(f"reviewing:{name}", args=[code]), {"hash": "0"}) for name in ("report", "sign")]
    given = [(answer.status_code, DRAWN.sub(b"", answer.content)) for answer in answers]
    row = Round.objects.using(reviewing()).get(pk=body.round.pk)
    acts = [
        lambda: services.draft_report(actor=seat, round=row, reasons={}), lambda: services.complete_round(actor=seat, round=row),
        lambda: services.open_round(actor=seat, round=row), lambda: services.record_absence(actor=seat, seat=seat, reason="Syy."),
        lambda: services.add_seat(actor=seat, round=row), lambda: services.write_entries(actor=seat, round=row, entries=[]),
    ]
    for act in acts:
        with pytest.raises(KlashError) as caught:
            act()
        given.append((type(caught.value).__name__, str(caught.value)))
    return given, selectors.own_entries(seat), selectors.ranking(row), [selectors.comments_on(entry) for entry in CODES]


@pytest.mark.parametrize("is_chair", [True, False])
@pytest.mark.parametrize("has_submitted", [True, False])
def test_others_scores_change_no_byte_before_completion(body, client, is_chair, has_submitted):
    seat = body.chair if is_chair else body.jurors[0]
    others = [other for other in body.seats if other is not seat]
    if has_submitted:
        body.submit_all(seats=[seat])
    empty, worlds = replies(body, seat, client), []
    for value in (0, 10):
        try:
            with transaction.atomic(using=reviewing()):
                body.submit_all(value=lambda number, code, value=value: value, seats=others)
                worlds.append(replies(body, seat, client))
                raise Undo
        except Undo:
            pass
    assert worlds == [empty, empty]
    assert [status for status, _ in empty[0][:9]] == [200, 200, 404, 404, 200, 200, 200, 404, 404]
    assert Review.objects.using(reviewing()).exclude(seat=seat).exclude(saved_at=None).count() == 0


def test_the_result_appears_when_the_round_is_complete(body, client):
    client.force_login(body.people[body.jurors[0].handle])
    addresses = [reverse(f"reviewing:{name}", args=[body.round.code]) for name in ("result", "report")]
    body.submit_all()
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    services.complete_round(actor=body.staff, round=body.round)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_each_reviewer_has_an_order_of_their_own_that_stays(middle):
    body = make_body(codes=[f"E{number:02}" for number in range(12)])
    orders = [tuple(row.code for row in selectors.own_entries(seat)) for seat in body.seats]
    services.submit_review(actor=body.chair, entry=body.entry("E03"), scores=full(3), comment="")
    assert orders == [tuple(row.code for row in selectors.own_entries(seat)) for seat in body.seats]
    assert len({*orders, tuple(body.codes)}) == 4
    assert {frozenset(order) for order in orders} == {frozenset(body.codes)}


def test_own_entries_tell_the_seats_own_state_only(body):
    services.submit_review(actor=body.chair, entry=body.entry("K7-MESI"), scores=full(3), comment="")
    services.save_review(actor=body.chair, entry=body.entry("R2-HAKA"), scores={}, comment="")
    states = [{row.code: row.state for row in selectors.own_entries(seat)} for seat in (body.chair, body.jurors[0])]
    assert states == [{"K7-MESI": "submitted", "R2-HAKA": "draft", "T9-LUMO": ""}, dict.fromkeys(CODES, "")]


def test_comments_stand_in_an_order_that_tells_nothing_of_who_wrote_them(middle):
    orders = []
    for turn in (1, -1):
        try:
            with transaction.atomic(using=reviewing()):
                body = make_body(codes=("K7-MESI",))
                for seat, comment in zip(body.seats, ("Ensin.", "Toiseksi.", "Kolmanneksi.")[::turn], strict=True):
                    services.submit_review(actor=seat, entry=body.entry("K7-MESI"), scores=full(5), comment=comment)
                services.complete_round(actor=body.staff, round=body.round)
                orders.append(selectors.comments_on("K7-MESI"))
                raise Undo
        except Undo:
            pass
    assert (orders[0] == orders[1], sorted(orders[0])) == (True, ["Ensin.", "Kolmanneksi.", "Toiseksi."])
