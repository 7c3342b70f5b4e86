"""The reserve list: its places are told with the decisions, and its first comes in when an admitted team gives up its place."""

from datetime import timedelta

import pytest

from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.teams import selectors, services
from klash.teams.models import Application, Succession
from tests.teams.conftest import url
from tests.teams.test_services import refused

pytestmark = pytest.mark.django_db(databases="__all__")


def application(name):
    return Application.objects.select_related("team__challenge__competition").get(team__name=name)


@pytest.fixture
def judged(call):
    """Kaarna is admitted, Luoto and Myrsky are to stand on the reserve list; nothing is released."""
    for name in ("Kaarna", "Luoto", "Myrsky"):
        call.submit(name)
    with clock.at(call.after):
        call.judge({"Kaarna": 9, "Luoto": 7, "Myrsky": 3})
        call.decide("Kaarna")
        call.decide("Luoto", is_taken=False, reserve_place=1)
        call.decide("Myrsky", is_taken=False, reserve_place=2)
        call.say_why_fewer()
        yield call


@pytest.fixture
def released(judged):
    judged.release()
    return judged


def admit(call, name, reason="Kaarna luopui paikastaan.", who="organiser"):
    return services.admit_reserve(actor=call.cast[who], application=application(name), reason=reason)


def resign(call, name):
    team = application(name).team
    return services.resign_team(actor=call.leader(team), application=application(name))


def test_places_are_given_without_a_gap_and_only_to_who_is_not_admitted(judged):
    judged.decide("Myrsky", is_taken=False, reserve_place=1)
    refused(Refused, Reason.RESERVE_UNEVEN, judged.release)
    judged.decide("Myrsky", is_taken=False, reserve_place=3)
    refused(Refused, Reason.RESERVE_UNEVEN, judged.release)
    assert judged.decide("Kaarna", reserve_place=3).reserve_place is None


def test_the_place_is_told_with_the_decisions_and_not_before(judged):
    assert application("Luoto").told_state == "submitted"
    judged.release()
    assert [(application(name).told_state, application(name).reserve_place) for name in ("Kaarna", "Luoto", "Myrsky")] == [
        ("admitted", None), ("on_reserve", 1), ("on_reserve", 2)
    ]
    letter = Message.objects.filter(event=f"application.decided/{application('Luoto').code}").first()
    assert "varasij" in letter.subject + letter.body


def test_the_first_comes_in_when_a_place_is_free_and_everybody_reads_why(released, cast, enter):
    resign(released, "Kaarna")
    assert cast["organiser"].email in Message.objects.filter(event__startswith="application.resigned/").values_list("to", flat=True)
    refused(Denied, Reason.NOT_NEXT, admit, released, "Myrsky")
    refused(Refused, Reason.NO_REASON_GIVEN, admit, released, "Luoto", " ")
    refused(Denied, Reason.NO_ROLE, admit, released, "Luoto", who="registrar")
    admit(released, "Luoto")
    released.challenge.refresh_from_db()
    assert [team.name for team in selectors.public_teams(released.challenge)] == ["Luoto"]
    assert (released.challenge.admitted_teams, released.challenge.admitted_persons) == (1, 3)
    assert Message.objects.filter(event__startswith="application.succeeded/").count() == 3
    assert AuditEvent.objects.filter(what="application.admitted", thing=f"application/{application('Luoto').code}").count() == 1
    page = enter(cast["outsider"]).get("/c/klash-test/challenges/kyyti/").content.decode()
    assert ("Kaarna luopui paikastaan." in page, "<b>Luoto</b>" in page) == (True, True)
    with pytest.raises(IllegalMove):
        admit(released, "Luoto")


def test_nobody_comes_in_while_the_challenge_is_full(released, cast):
    competition = released.challenge.competition
    competition.teams_per_challenge_max = 1
    competition.save(update_fields=["teams_per_challenge_max"])
    refused(Denied, Reason.CHALLENGE_FULL, admit, released, "Luoto")


def test_one_who_leaves_the_list_lets_the_next_be_first(released):
    resign(released, "Luoto")
    resign(released, "Kaarna")
    admit(released, "Myrsky")
    assert Succession.objects.count() == 1


def test_the_list_lapses_when_proposals_are_due(released):
    due = released.world.stages["proposals"].closes_at
    with clock.at(due + timedelta(milliseconds=1)):
        refused(Denied, Reason.RESERVE_LAPSED, admit, released, "Luoto")
        refused(Denied, Reason.RESERVE_LAPSED, resign, released, "Kaarna")
    with clock.at(due):
        resign(released, "Kaarna")
        admit(released, "Luoto")


def test_the_pages_give_up_a_place_and_fill_it(released, cast, enter):
    kaarna, luoto = application("Kaarna").team, application("Luoto").team
    leader = enter(cast["leader"])
    assert "Paikasta luopumista ei voi perua" in leader.get(url("resign", kaarna.code)).content.decode()
    leader.post(url("resign", kaarna.code))
    organiser = enter(cast["organiser"])
    assert url("admit_reserve", luoto.code) in organiser.get(url("show", luoto.code)).content.decode()
    assert organiser.post(url("admit_reserve", luoto.code), {"reason": ""}).status_code == 422
    organiser.post(url("admit_reserve", luoto.code), {"reason": "Kaarna luopui."})
    assert [application(name).state for name in ("Kaarna", "Luoto")] == ["resigned", "admitted"]


def test_the_page_of_decisions_takes_the_place(judged, enter):
    client = enter(judged.cast["organiser"])
    page = client.get(url("admissions", "klash-test", "kyyti")).content.decode()
    key = application("Luoto").team.code
    assert f'name="reserve-{key}" value="1"' in page
