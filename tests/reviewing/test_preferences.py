"""Topics that reviewers tick, wishes that they state, and the weights by which the machine's proposal takes them into account."""

import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.reviewing import bridge, selectors, services
from klash.reviewing.models import MATCH_WEIGHTS, Preference, Round, Seat
from klash.rules.reasons import Reason
from tests.reviewing.conftest import make_body, new_entry, words
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
TOPICS = [{"code": code, "name": words(fi, sv, en)} for code, fi, sv, en in (("rides", "Kyydit", "Resor", "Rides"), ("youth", "Nuoret", "Unga", "Young people"))]
CODES = ("P0", "P1", "P2", "P3")


@pytest.fixture
def panel(middle):
    """Four entries with names, two of each topic; four reviewers, two reviews an entry, not open yet."""
    body = make_body(codes=(), is_blind=False, is_open=False, jurors=3, topics=TOPICS)
    entries = [new_entry(code, author=f"Kunta {code}", topics=(("rides", "youth")[number % 2],)) for number, code in enumerate(CODES)]
    services.write_entries(actor=body.staff, round=body.round, entries=entries)
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=2)
    return body


def fresh(seat):
    return Seat.objects.using(reviewing()).select_related("round").get(pk=seat.pk)


def knows(seat, *topics):
    services.take_seat(actor=fresh(seat), terms_hash=seat.round.terms_hash, topics=topics)


def proposed(body, **weights):
    given = {**dict.fromkeys(MATCH_WEIGHTS, 0), **weights}
    content = services.suggest_assignment(actor=body.staff, round=body.round, weights=given).content
    return content, {tuple(pair) for pair in content["pairs"]}


def test_entries_go_to_those_who_know_the_topic(panel):
    for number, seat in enumerate(panel.seats):
        knows(seat, ("rides", "youth")[number // 2])
    content, pairs = proposed(panel, topics=1)
    assert pairs == {(code, seat.handle) for number, code in enumerate(CODES) for seat in panel.seats[2 * (number % 2):][:2]}
    assert (content["worst"], content["told"]) == (pytest.approx(2), {"sectors": 0, "text": 0, "topics": 4, "preferences": 0})


def test_wishes_are_heeded_and_counted(panel):
    one, other, *rest = panel.seats
    services.state_preferences(actor=fresh(one), wishes={"P0": "want", "P1": "want", "P2": "reluctant", "P3": "reluctant"})
    services.state_preferences(actor=fresh(other), wishes={"P2": "want", "P3": "want", "P0": "reluctant", "P1": "can"})
    content, pairs = proposed(panel, preferences=5)
    assert {(code, seat.handle) for seat, codes in ((one, "P0 P1"), (other, "P2 P3")) for code in codes.split()} <= pairs
    assert (content["wanted"], content["granted"], content["against"], content["told"]["preferences"]) == (4, 4, 0, 2)


def test_who_says_nothing_is_neither_helped_nor_harmed(panel):
    assert len(proposed(panel, topics=1)[1]) == 8 and bridge.suggest(panel.round)["worst"] == 0
    services.state_preferences(actor=fresh(panel.chair), wishes={"P0": "can"})
    assert proposed(panel, preferences=1)[0]["worst"] == pytest.approx(1)  # two reviewers of a half


def test_the_weights_are_kept_and_told_in_the_log(panel):
    assert panel.round.weights_of_match == MATCH_WEIGHTS
    weights = {"text": 10, "topics": 0, "preferences": 90}
    services.suggest_assignment(actor=panel.staff, round=panel.round, weights=weights)
    services.apply_suggestion(actor=panel.staff, round=panel.round)
    assert Round.objects.using(reviewing()).get(pk=panel.round.pk).weights_of_match == weights
    body = AuditEvent.objects.using(reviewing()).get(what="round.assigned").body
    assert (body["weights"], len(body["pairs"])) == (weights, 8)
    assert services.suggest_assignment(actor=panel.staff, round=panel.round).content["weights"] == weights


@pytest.mark.parametrize("weights", [
    {"text": 1}, {"text": 0, "topics": 0, "preferences": 0}, {"text": -1, "topics": 2, "preferences": 0}, {"text": 101, "topics": 2, "preferences": 0},
])
def test_other_weights_are_refused(panel, weights):
    assert refusal(services.suggest_assignment, actor=panel.staff, round=panel.round, weights=weights) == (Refused, Reason.INCOMPLETE)
    assert Round.objects.using(reviewing()).get(pk=panel.round.pk).match_weights == {}


def test_a_wish_can_be_taken_back_and_ends_with_the_opening(panel):
    seat = fresh(panel.chair)
    assert services.state_preferences(actor=seat, wishes={"P0": "want", "P1": "can"}) == 2
    assert services.state_preferences(actor=seat, wishes={"P0": "", "P1": "reluctant", "P2": ""}) == 1
    assert [(row.code, row.wish) for row in selectors.wished(seat)] == [("P0", ""), ("P1", "reluctant"), ("P2", ""), ("P3", "")]
    services.suggest_assignment(actor=panel.staff, round=panel.round)
    services.apply_suggestion(actor=panel.staff, round=panel.round)
    services.open_round(actor=panel.staff, round=panel.round)
    assert refusal(services.state_preferences, actor=fresh(panel.chair), wishes={"P0": "want"}) == (Denied, Reason.DEADLINE_PASSED)
    assert Preference.objects.using(reviewing()).count() == 1


def test_wishes_are_refused_where_they_make_no_sense(panel):
    seat = fresh(panel.chair)
    for wishes in ({"P0": "love"}, {"P9": "want"}):
        assert refusal(services.state_preferences, actor=seat, wishes=wishes) == (Refused, Reason.INCOMPLETE)
    services.record_conflicts(actor=panel.staff, round=panel.round, found=[("P0", seat.handle, "municipality")])
    assert refusal(services.state_preferences, actor=seat, wishes={"P0": "want"}) == (Refused, Reason.CONFLICT)
    assert [row.code for row in selectors.wished(seat)] == ["P1", "P2", "P3"]
    services.change_terms(actor=panel.staff, round=panel.round, terms=words("Uudet", "Nya", "New"))
    assert refusal(services.state_preferences, actor=fresh(seat), wishes={"P1": "want"}) == (Denied, Reason.INCOMPLETE)
    everybody = make_body(codes=("A1",), is_blind=False, is_open=False)
    blind = make_body(codes=("B1",), is_open=False)
    services.set_up_round(actor=blind.staff, round=blind.round, reviews_per_entry=1)
    for body, code in ((everybody, "A1"), (blind, "B1")):
        assert refusal(services.state_preferences, actor=fresh(body.chair), wishes={code: "want"}) == (Denied, Reason.NOT_OPEN_YET)
    assert not Preference.objects.using(reviewing()).exists()


def test_a_topic_of_another_round_is_refused(panel):
    assert refusal(services.take_seat, actor=fresh(panel.chair), terms_hash=panel.round.terms_hash, topics=["moon"]) == (Refused, Reason.INCOMPLETE)


def test_a_blind_entry_carries_no_topic(middle):
    body = make_body(codes=(), is_open=False, topics=TOPICS)
    services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("A1", topics=("rides",))])
    assert body.entry("A1").topics == []


def test_topics_and_wishes_are_given_on_pages(client, panel):
    seat = panel.jurors[0]
    client.force_login(panel.people[seat.handle])
    take = f"/review/{panel.round.code}/take/"
    assert "Kyydit" in client.get(take).content.decode() and "Resor" in client.get(f"/sv{take}").content.decode()
    answer = client.post(take, {"terms": panel.round.terms_hash, "topics": ["rides"], "expertise": "Linja-autot.", "sector": "", "load_max": ""})
    assert answer["Location"] == f"/review/{panel.round.code}/preferences/" and fresh(seat).topics == ["rides"]
    assert re.search(r'value="rides"[^>]* checked', client.get(take).content.decode())
    url = f"/review/{panel.round.code}/preferences/"
    page = client.get(url).content.decode()
    assert page.count("<select") == 4 and "Kunta P0" in page and "haluan arvioida" in page and "Teksti kohteesta" not in page
    client.post(url, {"wish_P0": "want", "wish_P1": "", "wish_P2": "reluctant"})
    assert [row.wish for row in selectors.wished(fresh(seat))] == ["want", "", "reluctant", ""]
    assert client.post(url, {"wish_P0": "love"}).status_code == 200
    assert url in client.get(f"/review/{panel.round.code}/").content.decode()
    panel.round.state = "open"
    panel.round.save(using=reviewing())
    assert client.get(url).status_code == 404 and url not in client.get(f"/review/{panel.round.code}/").content.decode()


def test_no_wish_in_a_blind_round_nor_for_strangers(client, panel, middle):
    blind = make_body(codes=("B1",), is_open=False)
    services.set_up_round(actor=blind.staff, round=blind.round, reviews_per_entry=1)
    for body, person in ((blind, blind.people[blind.chair.handle]), (panel, blind.people[blind.chair.handle]), (panel, panel.staff)):
        client.force_login(person)
        assert client.get(f"/review/{body.round.code}/preferences/").status_code == 404


def test_wishes_come_in_pages_with_equal_queries(client, middle):
    counts = []
    for size in (3, 60):
        body = make_body(codes=[f"E{size}-{number:02}" for number in range(size)], is_blind=False, is_open=False)
        services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=1)
        client.force_login(body.people[body.chair.handle])
        url = f"/review/{body.round.code}/preferences/"
        client.get(url)
        with CaptureQueriesContext(connections[reviewing()]) as seen:
            page = client.get(url).content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1] and page.count("<select") == 50 and "?page=2" in page
    answer = client.post(url, {"wish_E60-00": "want", "next": "1"})
    assert answer["Location"] == f"{url}?page=2" and client.get(f"{url}?page=2").content.decode().count("<select") == 10
