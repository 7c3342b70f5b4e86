"""Rehearsing a body: quick, the same each time, nothing kept, and of a round without names nothing of its entries."""

import re
import time

import pytest

from klash.core.databases import reviewing
from klash.core.models import AuditEvent
from klash.reviewing import bridge
from tests.portal.conftest import make_round

pytestmark = pytest.mark.django_db(databases="__all__")
SET_UP = {"entries": 20, "reviewers": 6, "criteria": 3, "low": 0, "high": 10, "quota": 3, "planned": 3}
ASKED = {"entries": 20, "reviewers": 6, "reviews": 3, "quota": 3, "criteria": 3, "low": 0, "high": 10}


def test_more_reviews_tell_more_and_the_same_set_up_the_same():
    rows = bridge.rehearse(**SET_UP)
    assert [row.reviews for row in rows] == [1, 2, 3, 4, 5, 6] and rows == bridge.rehearse(**SET_UP)
    assert rows[0].best < rows[-1].best <= 100 and rows[0].within < rows[-1].within <= 100


def test_the_largest_takes_seconds():
    started = time.process_time()
    rows = bridge.rehearse(entries=500, reviewers=100, criteria=4, low=0, high=10, quota=50, planned=7)
    assert len(rows) <= 12 and 7 in {row.reviews for row in rows} and time.process_time() - started < 30


@pytest.fixture
def drafted(world, cast):
    return make_round(world, "applications/kyyti", [cast["panellist"]], entries=7, state="draft", kind="applications")


def page_of(client, drafted, language="", headers=None, **asked):
    return client.get(f"{language}/desk/klash-test/rounds/{drafted.code}/rehearse/", asked, headers=headers)


@pytest.mark.parametrize(("language", "words"), [
    ("", ["Kokeile järjestelyä", "Kun arvioita on 3 kohdetta kohden", "Kuinka hyvin arvioijat erottavat"]),
    ("/sv", ["Pröva upplägget", "Med 3 bedömningar per bidrag", "Vad bedömarna kan skilja åt"]),
    ("/en", ["Try out the set-up", "With 3 reviews an entry", "What the body can tell apart"]),
])
def test_the_organiser_rehearses_without_scripts_and_as_a_part(client, cast, drafted, language, words):
    client.force_login(cast["organiser"])
    events = AuditEvent.objects.using(reviewing()).count()
    page = page_of(client, drafted, language, **ASKED).content.decode()
    assert [sentence for sentence in words if sentence not in page] == []
    assert page.count("<tr>") == 7 and '<svg class="curves"' in page
    part = page_of(client, drafted, language, headers={"HX-Request": "true"}, **ASKED).content.decode()
    assert "<h1" not in part and words[1] in part
    assert AuditEvent.objects.using(reviewing()).count() == events


def test_of_one_that_goes_on_nothing_is_told_twice(client, cast, drafted):
    client.force_login(cast["organiser"])
    page = page_of(client, drafted, "/en", **{**ASKED, "quota": 1}).content.decode()
    assert ("the best one wins with a chance of" in page, "of the right ones" in page, 'data-now="2' in page) == (True, False, True)


def test_the_form_begins_with_the_rounds_own_numbers_and_works_nothing_out(client, cast, drafted):
    client.force_login(cast["organiser"])
    page = page_of(client, drafted).content.decode()
    found = dict(re.findall(r'name="(\w+)" value="(\d+)"', page))
    assert found == {"entries": "7", "reviewers": "1", "reviews": "1", "quota": "1", "criteria": "1", "low": "0", "high": "10"} and "<svg class=\"curves\"" not in page
    type(drafted).objects.using(reviewing()).update(is_blind=True)
    assert 'name="entries" value="10"' in page_of(client, drafted).content.decode()


@pytest.mark.parametrize("wrong", [{"reviews": 7}, {"quota": 21}, {"low": 10}, {"entries": 1}, {"entries": ""}, {"reviewers": "x"}, {"entries": 10**9}])
def test_numbers_that_do_not_fit_are_told_beside_the_field(client, cast, drafted, wrong):
    client.force_login(cast["organiser"])
    page = page_of(client, drafted, **{**ASKED, **wrong})
    assert page.status_code == 200 and "Luvut eivät sovi yhteen" in page.content.decode() and "<svg class=\"curves\"" not in page.content.decode()


def test_nobody_else_rehearses(client, cast, drafted):
    for who in ("panellist", "officer", "outsider"):
        client.force_login(cast[who])
        assert page_of(client, drafted, **ASKED).status_code == 404
