"""The open badge: offered by the organiser, taken and deleted by a member, checked by anybody, naming nobody."""

import hashlib
import json
import re

import pytest

from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.mentoring import services
from klash.mentoring.models import Badge, BadgeOffer
from klash.rules.reasons import Reason
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__")
BASE = "/c/klash-test/mentoring/badge/"


@pytest.fixture
def held(mentoring):
    """The first team has met a mentor; the badge is offered."""
    session = mentoring.plan()
    with clock.at(DAY):
        services.hold_session(actor=mentoring.mentors[0].person, session=session)
        services.offer_badges(actor=mentoring.staff, competition=mentoring.world.competition)
    return mentoring


def test_offer_is_once_and_by_the_staff(mentoring, cast):
    competition = mentoring.world.competition
    first = services.offer_badges(actor=mentoring.staff, competition=competition)
    assert services.offer_badges(actor=cast["registrar"], competition=competition) == first
    with pytest.raises(Denied):
        services.offer_badges(actor=cast["mentor"], competition=competition)
    assert BadgeOffer.objects.count() == 1


def test_take_is_for_members_of_teams_that_have_met_a_mentor(held, cast):
    competition = held.world.competition
    badge = services.take_badge(actor=cast["member"], competition=competition)
    assert (services.take_badge(actor=cast["member"], competition=competition), badge.team) == (badge, held.teams[0])
    for person in (held.teams[1].memberships.get().person, cast["mentor"], cast["outsider"]):
        with pytest.raises(Denied) as raised:
            services.take_badge(actor=person, competition=competition)
        assert raised.value.reason == Reason.NOT_YOURS


def test_take_before_the_offer(held, cast):
    BadgeOffer.objects.all().delete()
    with pytest.raises(Refused) as raised:
        services.take_badge(actor=cast["leader"], competition=held.world.competition)
    assert raised.value.reason == Reason.NOT_OPEN_YET


def test_anybody_checks_a_badge_that_names_nobody(held, cast, client, settings):
    badge = services.take_badge(actor=cast["leader"], competition=held.world.competition)
    base, answers = f"{settings.KLASH_URL}{BASE}", {}
    start = f"{base}assertions/{badge.code}.json"
    wanted = [start]
    while wanted:  # as a verifier does: from the assertion to all that it leads to
        address = wanted.pop()
        answer = client.get(address.removeprefix(settings.KLASH_URL))
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
        answers[address] = answer.content.decode()
        if address.endswith(".json"):
            found = json.loads(answers[address])
            assert (found["@context"], found["id"]) == ("https://w3id.org/openbadges/v2", address)
            wanted += [found[name] for name in ("badge", "issuer", "image") if name in found and found[name] not in answers]
    assert set(answers) == {start, f"{base}assertions/{badge.code}.svg", f"{base}class.json", f"{base}issuer.json", f"{base}image.svg"}
    recipient = json.loads(answers[start])["recipient"]
    assert recipient["identity"] == "sha256$" + hashlib.sha256((cast["leader"].email + recipient["salt"]).encode()).hexdigest()
    assert f'<openbadges:assertion verify="{start}">' in answers[start.replace(".json", ".svg")]
    whole = "".join(answers.values())
    assert [word for word in (cast["leader"].name, cast["leader"].email, "Kaarna") if word in whole] == []


def test_own_page_takes_and_deletes(held, cast, client):
    client.force_login(cast["leader"])
    assert client.post(f"{BASE}take/").status_code == 302
    badge = Badge.objects.get()
    page = client.get(BASE).content.decode()
    assert f"{BASE}assertions/{badge.code}.json" in page
    assert client.post(f"{BASE}delete/").status_code == 302
    assert (Badge.objects.count(), client.get(f"{BASE}assertions/{badge.code}.json").status_code) == (0, 404)
    assert re.search(r'action="[^"]*take/"', client.get(BASE).content.decode())
    with pytest.raises(Denied):
        services.delete_badge(actor=cast["member"], badge=services.take_badge(actor=cast["leader"], competition=held.world.competition))
    client.force_login(held.teams[1].memberships.get().person)
    assert client.get(BASE).status_code == 404
