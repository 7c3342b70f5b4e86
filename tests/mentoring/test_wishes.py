"""What teams want of the mentoring, and why they meet whom they meet."""

import pytest
from django.urls import reverse

from klash.core.errors import Denied, Refused
from klash.mentoring import selectors, services
from klash.mentoring.models import MentorWish, TeamNeeds
from klash.rules.reasons import Reason

pytestmark = pytest.mark.django_db(databases="__all__")


def url(name, team):
    return reverse(f"mentoring:{name}", args=["klash-test", team.code])


def stored(team):
    row = TeamNeeds.objects.get(team=team)
    return row.needs, row.avoid, row.revision


def test_every_member_saves_the_needs_in_their_order(mentoring, cast):
    team = mentoring.teams[0]
    services.save_needs(actor=cast["member"], team=team, needs=["hinta", " ", "hankinta "], avoid=" nimi", revision=0)
    assert stored(team) == (["hinta", "hankinta"], "nimi", 1)
    services.save_needs(actor=cast["leader"], team=team, needs=["hankinta", "hinta"], avoid="", revision=1)
    assert stored(team) == (["hankinta", "hinta"], "", 2)
    services.save_needs(actor=cast["leader"], team=team, needs=["hankinta", "hinta"], avoid="", revision=1)  # sent twice
    assert stored(team) == (["hankinta", "hinta"], "", 2)


@pytest.mark.parametrize(("who", "reason"), [("mentor", Reason.NOT_YOURS), ("organiser", Reason.NOT_YOURS)])
def test_others_do_not_speak_for_a_team(mentoring, cast, who, reason):
    for work, words in ((services.save_needs, {"needs": [], "avoid": "", "revision": 0}), (services.save_wishes, {"mentors": []})):
        with pytest.raises(Denied) as error:
            work(actor=cast[who], team=mentoring.teams[0], **words)
        assert error.value.reason == reason


def test_a_declined_team_has_nothing_to_wish(mentoring):
    team = mentoring.declined
    with pytest.raises(Refused) as error:
        services.save_needs(actor=team.memberships.get().person, team=team, needs=["x"], avoid="", revision=0)
    assert error.value.reason == Reason.NOT_ADMITTED


def test_two_members_at_once_lose_nothing(mentoring, cast, enter):
    team = mentoring.teams[0]
    leader, member = enter(cast["leader"]), enter(cast["member"])
    assert 'name="revision" value="0"' in leader.get(url("needs", team)).content.decode()
    member.post(url("needs", team), {"revision": "0", "need_1": "Jäsenen tarve", "avoid": "Jäsenen raja"})
    clash = leader.post(url("needs", team), {"revision": "0", "need_1": "Johtajan tarve"})
    page = clash.content.decode()
    assert (clash.status_code, [text in page for text in ("Jäsenen tarve", "Jäsenen raja", "Johtajan tarve")]) == (409, [True] * 3)
    assert 'name="revision" value="1"' in page
    leader.post(url("needs", team), {"revision": "1", "need_1": "Johtajan tarve", "need_2": "Jäsenen tarve", "avoid": "Jäsenen raja"})
    assert stored(team) == (["Johtajan tarve", "Jäsenen tarve"], "Jäsenen raja", 2)
    assert leader.post(url("needs", team), {"need_1": "Sivulta, jolla ei ole tietoa muista"}).status_code == 409


@pytest.mark.parametrize(("move", "order"), [("2/up", ["b", "a", "c"]), ("2/down", ["a", "c", "b"]), ("1/up", ["a", "b", "c"]), ("x/y", ["a", "b", "c"])])
def test_needs_change_places_with_a_button(mentoring, cast, enter, move, order):
    team = mentoring.teams[0]
    enter(cast["leader"]).post(url("needs", team), {"revision": "0", "need_1": "a", "need_2": "b", "need_3": "c", "move": move})
    assert stored(team)[0] == order


def test_a_team_wishes_for_three_different_mentors_at_most(mentoring, cast, enter):
    team, (one, two) = mentoring.teams[0], mentoring.mentors
    client = enter(cast["member"])
    client.post(url("wishes", team), {"wish_1": two.code, "wish_3": one.code})
    assert list(MentorWish.objects.filter(team=team).values_list("rank", "mentor")) == [(1, two.pk), (2, one.pk)]
    twice = client.post(url("wishes", team), {"wish_1": two.code, "wish_2": two.code})
    assert (twice.status_code, MentorWish.objects.filter(team=team).count()) == (200, 2)
    with pytest.raises(ValueError, match="each once"):
        services.save_wishes(actor=cast["leader"], team=team, mentors=[one, one])
    client.post(url("wishes", team), {"wish_1": ""})
    assert not MentorWish.objects.exists()


def test_wishes_and_needs_of_another_team_are_not_found(mentoring, cast, enter):
    client = enter(cast["leader"])
    assert [client.get(url(name, mentoring.teams[1])).status_code for name in ("needs", "wishes", "absences", "free")] == [404] * 4


def test_why_is_told_in_sentences(mentoring):
    mentor = mentoring.mentors[0]
    mentor.organisation_kind, mentor.region = "municipality", ""
    why = {"brings": ["organisation_kind", "region"], "expertise": 0.4, "rank": 1, "wish": 2}
    assert selectors.why_sentences(why, mentor, "fi") == [
        "Toivoitte tätä mentoria (2. toive)", "Kunta-alan kokemus, jota keneltäkään muulta mentoriltanne ei saa",
        "Kaikista mentoreista hänen osaamisensa on lähimpänä sitä, mihin toivoitte apua",
    ]
    assert selectors.why_sentences({}, mentor, "fi") == []
    assert selectors.why_sentences({"brings": [], "expertise": 0.0, "rank": 1, "wish": 0}, mentor, "sv") == []


def test_the_timetable_tells_a_team_why_and_nobody_else(mentoring, cast, enter):
    session = mentoring.plan()
    session.why = {"brings": ["sector"], "expertise": 0, "rank": 9, "wish": 0}
    session.save()
    pages = [enter(cast[who]).get(reverse("mentoring:timetable", args=["klash-test"])).content.decode() for who in ("leader", "mentor")]
    assert ["Yrityselämän kokemus" in page for page in pages] == [True, False]
