"""What the desk shows of a round that is not complete: how much is in, never what (A25, I15)."""

import re
from dataclasses import replace
from itertools import product

import pytest
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from klash.core.databases import reviewing
from klash.desk import selectors
from klash.desk.urls import urlpatterns
from klash.reviewing.models import Entry, Review, Seat
from tests.portal.conftest import make_round

pytestmark = pytest.mark.django_db(databases="__all__")
DRAWN = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|name="once" value="[^"]*"')


def addresses(round_):
    """Return every address of the desk, whatever pages there will be."""
    words = {"competition": ("klash-test",), "round": (round_.code,), "form": ("csv", "xlsx", "json"), "language": ("fi", "sv")}
    for page in urlpatterns:
        names = list(page.pattern.converters)
        for values in product(*(words[name] for name in names)):
            yield reverse(f"desk:{page.name}", kwargs=dict(zip(names, values, strict=True)))


def replies(client, round_, value):
    """Return every answer where all have submitted and given so many points. Nothing stays."""
    with transaction.atomic(using=reviewing()):
        using = reviewing()
        Review.objects.using(using).filter(entry__round=round_).update(state="submitted", submitted_at=round_.opens_at, scores={"impact": value}, points=value, weight=1)
        Entry.objects.using(using).filter(round=round_).update(review_count=2, points=2 * value)
        Seat.objects.using(using).filter(round=round_).update(submitted_count=F("assigned_count"))
        answers = {address: client.get(address) for address in addresses(round_)}
        transaction.set_rollback(True, using=using)
    return {address: (answer.status_code, DRAWN.sub(b"", answer.content)) for address, answer in answers.items()}


def differing(client, world_of, cast, at, is_blind):
    round_ = make_round(world_of, "problems/klash-test", [cast["panellist"], cast["mentor"]], is_blind=is_blind)
    client.force_login(cast["organiser"])
    with at("problem_selection"):
        low, high = (replies(client, round_, value) for value in (0, 10))
    assert sum(status == 200 for status, _ in low.values()) > 8
    return {address for address in low if low[address] != high[address]}


@pytest.mark.parametrize("is_blind", [True, False])
def test_no_derived_score(client, world, cast, at, is_blind):
    assert differing(client, world, cast, at, is_blind) == set()


def test_no_derived_score_seeded_fault_a_sum_on_the_page_of_who_is_waited_for_is_seen(client, world, cast, at, monkeypatch):
    real = selectors.following

    def following(round_, now):
        points = sum(Entry.objects.using(reviewing()).filter(round=round_).values_list("points", flat=True))
        return [replace(row, name=f"{row.name} {points}") for row in real(round_, now)]

    monkeypatch.setattr(selectors, "following", following)
    assert [address.split("/")[-2] for address in differing(client, world, cast, at, False)] == ["follow"]
