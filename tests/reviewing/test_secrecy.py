"""Others' scores: two worlds that differ only in them look the same to a reviewer until the round is complete (A25, I15)."""

import re
from dataclasses import replace
from itertools import product

import pytest
from django.db import transaction
from django.urls import reverse

from klash.core import chance
from klash.core.databases import reviewing
from klash.core.errors import KlashError
from klash.post.models import Message
from klash.post.services import queue
from klash.reviewing import selectors, services
from klash.reviewing.models import Entry, Review, Round
from klash.reviewing.urls import urlpatterns
from tests.reviewing.conftest import CODES, full, make_body

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
# What is drawn anew for every answer and tells nothing.
DRAWN = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|name="once" value="[^"]*"')
WORDS = {"entry_code": CODES, "form": ("csv", "xlsx", "json"), "language": ("fi", "sv"), "number": (1,), "sheet": (1,)}


class Undo(Exception):
    """Take the world back."""


def addresses(round_):
    """Return every address of the reviewers' pages, whatever pages there will be."""
    words = {"code": (round_.code,), **WORDS}
    for page in urlpatterns:
        names = list(page.pattern.converters)
        for values in product(*(words[name] for name in names)):
            yield reverse(f"reviewing:{page.name}", kwargs=dict(zip(names, values, strict=True)))


def replies(body, seat, client):
    """Return every answer that the seat's person can get, every refusal of a service, and every mail."""
    person = body.people[seat.handle]
    client.force_login(person)
    code = body.round.code
    answers = {address: client.get(address) for address in addresses(body.round)}
    answers |= {f"POST {name}": client.post(reverse(f"reviewing:{name}", args=[code]), {"hash": "0"}) for name in ("report", "sign", "meeting", "firmness", "minutes")}
    told = {address: (answer.status_code, DRAWN.sub(b"", answer.content)) for address, answer in answers.items()}
    row = Round.objects.using(reviewing()).get(pk=body.round.pk)
    acts = {
        "draft_report": lambda: services.draft_report(actor=seat, round=row, reasons={}), "complete": lambda: services.complete_round(actor=seat, round=row),
        "open": lambda: services.open_round(actor=seat, round=row), "absence": lambda: services.record_absence(actor=seat, seat=seat, reason="Syy."),
        "seat": lambda: services.add_seat(actor=seat, round=row), "entries": lambda: services.write_entries(actor=seat, round=row, entries=[]),
        "discuss": lambda: services.open_discussion(actor=seat, round=row),
    }
    for name, act in acts.items():
        with pytest.raises(KlashError) as caught:
            act()
        told[name] = type(caught.value).__name__, str(caught.value)
    mails = [(row.subject, row.body) for using in {"default", reviewing()} for row in Message.objects.using(using).filter(to=person.email).order_by("pk")]
    return {**told, "own": selectors.own_entries(seat), "ranking": selectors.ranking(row), "comments": [selectors.comments_on(entry) for entry in CODES], "mails": mails}


def differing(body, client, seat):
    """Return what a reviewer gets to see of whether the others have submitted, and of what: the names of the replies that differ."""
    others, worlds = [other for other in body.seats if other is not seat], [replies(body, seat, client)]
    for value in (0, 10):
        try:
            with transaction.atomic(using=reviewing()):
                body.submit_all(value=lambda number, code, value=value: value, seats=others)
                worlds.append(replies(body, seat, client))
                raise Undo
        except Undo:
            pass
    return {name for name, told in worlds[0].items() if any(world[name] != told for world in worlds)}


@pytest.mark.parametrize("is_chair", [True, False])
@pytest.mark.parametrize("has_submitted", [True, False])
def test_no_derived_score(body, client, is_chair, has_submitted):
    seat = body.chair if is_chair else body.jurors[0]
    if has_submitted:
        body.submit_all(seats=[seat])
    assert differing(body, client, seat) == set()
    shown = {address.removeprefix(f"/review/{body.round.code}/") for address in addresses(body.round) if client.get(address).status_code == 200}
    assert {"", "meeting/", *(f"{code}/" for code in CODES)} < shown and not any("result" in address or "report" in address for address in shown)
    assert Review.objects.using(reviewing()).exclude(seat=seat).exclude(saved_at=None).count() == 0


def beside_own_entries(column):
    """Let a reviewer's list tell something of what all have given."""
    def sow(patch, person):
        real = selectors.own_entries

        def rows(seat, start=0):
            sums = dict(Entry.objects.using(reviewing()).filter(round=seat.round).values_list("code", column))
            return [replace(row, title=f"{row.title} ({sums[row.code]})") for row in real(seat, start)]

        patch.setattr(selectors, "own_entries", rows)

    return sow


def mail_at_submission(patch, person):
    real = services.submit_review

    def submit(**given):
        queue(to=person.email, language="fi", template="reviewing_judging", context={"round": None}, event=f"told/{chance.code()}")
        return real(**given)

    patch.setattr(services, "submit_review", submit)


FAULTS = {
    "a count": (beside_own_entries("review_count"), {"own"}), "a sum": (beside_own_entries("points"), {"own"}), "a mail": (mail_at_submission, {"mails"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_derived_score_seeded_fault_is_seen(body, client, monkeypatch, name):
    sow, where = FAULTS[name]
    sow(monkeypatch, body.people[body.chair.handle])
    assert where <= differing(body, client, body.chair)


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
