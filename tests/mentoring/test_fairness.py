"""How much help each team has had, as the staff sees it; the rule itself has its table in tests/rules."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.core import clock
from klash.mentoring import selectors, services
from klash.rules.fairness import Behind
from tests.conftest import make_person
from tests.mentoring.conftest import DAY, make_team

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
PAGE = reverse("mentoring:fairness", args=["klash-test"])


@pytest.fixture
def helped(mentoring, cast):
    """Kaarna has met one mentor and is to meet another; Luoto missed a session and another was cancelled; Myrsky is alone in its challenge."""
    first, second = mentoring.plan(slot=0), mentoring.plan(slot=1, mentor=1)
    missed = mentoring.plan(slot=2, team=1)
    cancelled = mentoring.plan(slot=0, team=1, mentor=1)
    services.cancel_session(actor=mentoring.staff, session=cancelled)
    with clock.at(DAY + timedelta(hours=3)):
        services.hold_session(actor=cast["mentor"], session=first)
        services.miss_session(actor=cast["mentor"], session=missed, missing="team")
        advice = services.give_advice(actor=cast["mentor"], session=first, text="Neuvo")
        services.give_advice(actor=cast["mentor"], session=first, text="Toinen")
        services.answer_advice(actor=cast["leader"], advice=advice, answer="taken")
        material = services.give_material(actor=cast["mentor"], session=first, title="Opas", text="x")
        services.give_material(actor=cast["mentor"], session=first, title="Oma", text="x")
        services.offer_to_all(actor=cast["mentor"], material=material)
    return second


def test_shares_count_what_each_team_has_had_and_who_falls_behind(mentoring, helped):
    first, second = selectors.shares(mentoring.world.competition)
    kaarna, luoto = first.rows
    assert (kaarna.team, kaarna.minutes_held, kaarna.minutes_planned, kaarna.held, kaarna.planned) == (mentoring.teams[0], 30, 30, 1, 1)
    assert (kaarna.mentors, kaarna.advice, kaarna.answered, kaarna.materials, kaarna.behind) == (1, 2, 1, 2, frozenset())
    assert (luoto.held, luoto.planned, luoto.missed, luoto.cancelled, luoto.mentors, luoto.materials) == (0, 0, 1, 1, 0, 1)
    assert luoto.behind == {Behind.TIME, Behind.SESSIONS}
    assert [(row.team.name, row.materials, row.behind) for row in second.rows] == [("Myrsky", 0, frozenset())]


def test_the_page_warns_and_tells_what_to_do_to_the_staff_alone(mentoring, helped, cast, enter):
    text = enter(cast["organiser"]).get(PAGE).content.decode()
    warning = text.split('<div class="notice warning">')[1].split("</div>")[0]
    assert ("<b>Luoto</b>" in warning, "Kaarna" in warning, reverse("mentoring:plan", args=["klash-test"]) in warning) == (True, False, True)
    assert [enter(cast[who]).get(PAGE).status_code for who in ("mentor", "leader", "juror")] == [404] * 3


def test_the_page_costs_the_same_at_three_teams_and_at_thirty(mentoring, helped, cast, enter):
    def costs():
        client = enter(cast["organiser"])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    few = costs()
    for number in range(27):
        make_team(mentoring.challenges[number % 2], f"Tiimi {number}", [make_person(f"tiimi{number}")])
    assert (costs(), few <= 12) == (few, True)
