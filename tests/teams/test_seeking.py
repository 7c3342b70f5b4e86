"""Teams that look for members and people who look for a team: public without names, and only for those who may be in a team."""

import pytest
from django.core import mail

from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.teams import selectors, services
from klash.teams.models import Ad
from tests.conftest import make_person
from tests.teams.conftest import url

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "Etsimme kunta-alan osaajaa, joka tuntee kylät."


@pytest.fixture
def ad(call, cast):
    return services.seek_members(actor=cast["leader"], team=call.found(), skills=["municipal"], text=TEXT, language="fi")


def seek(actor, call, text="Ohjelmoin ja pidän kylistä."):
    return services.seek_team(actor=actor, challenge=call.challenge, skills=["software"], text=text, language="fi")


def answer(actor, ad, text="Olen kiinnostunut."):
    return services.answer_ad(actor=actor, ad=ad, text=text)


def refused(do, *args, **kwargs):
    with pytest.raises((Refused, Denied)) as error:
        do(*args, **kwargs)
    return error.value.reason


def test_the_public_page_names_nobody(call, cast, ad, client):
    outsider = make_person("etsija")
    seek(outsider, call)
    page = client.get(url("people", call.challenge.competition.code, call.challenge.code)).content.decode()
    assert TEXT in page and "Ohjelmoin ja" in page
    hidden = [ad.team.name, ad.team.code, outsider.name, outsider.email, outsider.code, cast["leader"].name, cast["leader"].email]
    assert [word for word in hidden if word in page] == []
    narrow = client.get(url("people", call.challenge.competition.code, call.challenge.code) + "?skill=municipal").content.decode()
    assert (TEXT in narrow, "Ohjelmoin ja" in narrow) == (True, False)


def test_an_answer_reaches_the_owner_alone_with_the_senders_address(call, cast, ad, client):
    outsider = make_person("etsija")
    Message.objects.all().delete()
    answer(outsider, ad)
    (sent,) = Message.objects.all()
    assert sent.to == cast["leader"].email and outsider.email in sent.body and "Olen kiinnostunut." in sent.body
    assert refused(answer, outsider, ad) == Reason.ANSWERED_BEFORE
    client.force_login(cast["leader"])
    assert outsider.email in client.get(url("seek", ad.team.code)).content.decode()
    client.force_login(outsider)
    assert client.get(url("seek", ad.team.code)).status_code == 404


def test_a_leader_answers_a_person_and_nobody_else_does(call, cast, ad):
    person = make_person("etsija")
    own = seek(person, call)
    assert refused(answer, make_person("toinen"), own) == Reason.NOBODY_TO_WRITE
    assert refused(answer, person, own) == refused(answer, cast["leader"], ad) == Reason.NOBODY_TO_WRITE
    assert refused(answer, cast["leader"], own, " ") == Reason.INCOMPLETE
    assert answer(cast["leader"], own).team == ad.team


@pytest.mark.parametrize("who", ["organiser", "registrar", "mentor", "juror", "chair", "panellist", "pilot_officer"])
def test_the_other_sides_neither_look_nor_answer(call, cast, ad, who):
    assert refused(seek, cast[who], call) == refused(answer, cast[who], ad) == Reason.OTHER_SIDE


def test_form_time_and_place(call, cast, ad):
    assert refused(seek, make_person("a"), call, " ") == Reason.INCOMPLETE
    assert refused(seek, make_person("b"), call, "Katso www.esimerkki.fi") == Reason.HOLDS_ADDRESS
    assert refused(seek, cast["leader"], call) == Reason.OTHER_SIDE  # in a team already
    assert refused(services.seek_members, actor=make_person("c"), team=ad.team, skills=[], text=TEXT, language="fi") == Reason.NOT_YOURS
    again = services.seek_members(actor=cast["leader"], team=ad.team, skills=[], text="Toinen.", language="fi")
    assert [row.pk for row in selectors.open_ads(call.challenge).rows] == [again.pk] and Ad.objects.count() == 2
    assert refused(answer, make_person("d"), Ad.objects.get(pk=ad.pk)) == Reason.FROZEN
    with clock.at(call.after):
        assert refused(answer, make_person("e"), again) == refused(seek, make_person("f"), call) == Reason.DEADLINE_PASSED


def test_owner_and_organiser_take_it_off(call, cast, ad):
    assert refused(services.close_ad, actor=make_person("a"), ad=ad) == refused(services.close_ad, actor=cast["registrar"], ad=ad) == Reason.NOT_YOURS
    Message.objects.all().delete()
    services.close_ad(actor=cast["organiser"], ad=ad)
    services.close_ad(actor=cast["organiser"], ad=ad)
    assert Message.objects.get().to == cast["leader"].email and selectors.open_ads(call.challenge).total == 0
    assert not mail.outbox


def test_pages(call, cast, ad, client):
    place = [call.challenge.competition.code, call.challenge.code]
    person = make_person("etsija")
    client.force_login(person)
    assert client.post(url("seek_team", *place), {"text": "soita 040 ja a@b.fi", "language": "fi"}).status_code == 422
    assert client.post(url("seek_team", *place), {"text": "Osaan dataa.", "language": "fi", "skills": ["data"]}).status_code == 302
    assert client.post(url("answer_ad", ad.code), {"text": ""}).status_code == 409
    assert client.post(url("answer_ad", ad.code), {"text": "Hei."}).status_code == 302
    assert client.post(url("close_ad", selectors.ad_of_person(person, call.challenge).code)).status_code == 302
    assert client.post(url("close_ad", ad.code)).status_code == 404
    assert url("people", *place) in client.get(f"/c/{place[0]}/challenges/{place[1]}/").content.decode()


def test_the_list_costs_the_same_for_many(call, cast, ad, client, django_assert_max_num_queries):
    for number in range(12):
        seek(make_person(f"etsija-{number}"), call)
    with django_assert_max_num_queries(10):
        assert client.get(url("people", call.challenge.competition.code, call.challenge.code)).content.count(b"<li class=\"card\">") == 13
