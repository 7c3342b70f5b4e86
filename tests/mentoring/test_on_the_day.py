"""The day as it goes: check-in, late, no-show, and the organiser's board."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.mentoring import selectors, services
from klash.mentoring.models import MentoringDay, Room, Session, Slot
from klash.mentoring.selectors import When
from klash.rules.reasons import Reason
from klash.rules.states import SessionState
from tests.conftest import make_person
from tests.mentoring.conftest import DAY, make_team

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
MINUTE = timedelta(minutes=1)


def url(name, *args):
    return reverse(f"mentoring:{name}", args=["klash-test", *args])


def refusal(call, kind=Refused, **values):
    with pytest.raises(kind) as caught, transaction.atomic():
        call(**values)
    return caught.value.reason


@pytest.fixture
def sessions(mentoring):
    """Kaarna at 10.00 and Luoto at 10.40, both with the first mentor."""
    return [mentoring.plan(slot=0, team=0), mentoring.plan(slot=1, team=1)]


def here(session):
    session = Session.objects.get(pk=session.pk)
    return session.mentor_here_at is not None, session.team_here_at is not None


# check-in


def test_check_in_marks_ones_own_side_of_what_is_not_over(mentoring, sessions, cast):
    with clock.at(DAY + 35 * MINUTE):  # the first is over
        assert services.check_in(actor=cast["mentor"], day=mentoring.day) == [sessions[1]]
        assert services.check_in(actor=cast["mentor"], day=mentoring.day) == [sessions[1]]
    assert [here(session) for session in sessions] == [(False, False), (True, False)]
    assert [event.body for event in AuditEvent.objects.filter(what="mentoring_day.checked_in")] == [{"side": "mentor", "sessions": 1}]


def test_check_in_by_any_member_counts_for_the_team(mentoring, sessions, cast):
    with clock.at(DAY - 90 * MINUTE):
        services.check_in(actor=cast["member"], day=mentoring.day)
    assert [here(session) for session in sessions] == [(False, True), (False, False)]


def test_check_in_that_is_refused(mentoring, sessions, cast):
    for hours, reason in ((-3, Reason.NOT_OPEN_YET), (5, Reason.WRONG_STATE)):
        with clock.at(DAY + timedelta(hours=hours)):
            assert refusal(services.check_in, actor=cast["leader"], day=mentoring.day) == reason
    with clock.at(DAY):
        for who in ("organiser", "outsider"):
            assert refusal(services.check_in, Denied, actor=cast[who], day=mentoring.day) == Reason.NOT_YOURS
    assert [here(session) for session in sessions] == [(False, False)] * 2


def test_opening_the_address_of_the_code_does_nothing_and_the_button_does(mentoring, sessions, cast, enter):
    page = url("check_in", mentoring.day.check_in_code)
    with clock.at(DAY - 10 * MINUTE):
        client = enter(cast["leader"])
        text = client.get(page).content.decode()
        assert ("Olemme paikalla" in text, here(sessions[0])) == (True, (False, False))
        assert client.post(page)["Location"] == page
        text = client.get(page).content.decode()
        assert ("Olemme paikalla" in text, "klo 9.50" in text, here(sessions[0])) == (False, True, (False, True))
        assert "Olen paikalla" in enter(cast["mentor"]).get(page).content.decode()
        assert enter(cast["outsider"]).get(page).status_code == 404


def test_the_code_can_be_typed(mentoring, sessions, cast, enter):
    client, code = enter(cast["leader"]), mentoring.day.check_in_code
    answer = client.get(url("check_in_code"), {"code": f" {code[:5].upper()} {code[5:]} "})
    assert answer["Location"] == url("check_in", code)
    assert "Koodi ei ole minkään" in client.get(url("check_in_code"), {"code": "aaaaa bbbbb"}).content.decode()
    assert enter(cast["outsider"]).get(url("check_in_code")).status_code == 404


def test_the_poster_carries_the_address_as_a_code_and_in_words(mentoring, cast, enter):
    text = enter(cast["organiser"]).get(url("poster", 1)).content.decode()
    code = mentoring.day.check_in_code
    assert re.search(r'<div class="qr"[^>]*><svg[^>]*viewBox', text)
    assert (f"{code[:5]} {code[5:]}" in text, "/mentoring/checkin/" in text, "style=" in text) == (True, True, False)
    assert enter(cast["mentor"]).get(url("poster", 1)).status_code == 404


# late


def test_a_late_session_moves_the_mentors_next_one_on_the_pages_only(mentoring, sessions, cast, enter):
    with clock.at(DAY - 5 * MINUTE):
        services.run_late(actor=cast["mentor"], session=sessions[0], minutes=30)
        lines = selectors.board(mentoring.day, clock.now()).lines
        assert [(line.session, line.minutes_late) for line in lines] == [(sessions[0], 30), (sessions[1], 20)]
        luoto = mentoring.teams[1].memberships.get().person
        assert "klo 11.00" in enter(luoto).get(url("session", sessions[1].code)).content.decode()
        services.run_late(actor=mentoring.staff, session=sessions[0], minutes=0)
        assert [line.minutes_late for line in selectors.board(mentoring.day, clock.now()).lines] == [0, 0]
    assert list(Slot.objects.filter(day=mentoring.day)) == mentoring.slots
    assert not Session.objects.exclude(sequence=0).exists()


def test_whoever_tells_that_it_runs_late(mentoring, sessions, cast):
    late = {"session": sessions[0], "minutes": 10}
    with clock.at(DAY):
        assert refusal(services.run_late, Denied, actor=cast["leader"], **late) == Reason.NOT_YOURS
        assert refusal(services.run_late, Denied, actor=mentoring.mentors[1].person, **late) == Reason.NOT_YOURS
        for minutes in (-1, 241):
            assert refusal(services.run_late, actor=cast["mentor"], session=sessions[0], minutes=minutes) == Reason.INCOMPLETE
    with clock.at(DAY - timedelta(days=1)):
        assert refusal(services.run_late, actor=cast["mentor"], **late) == Reason.WRONG_STATE


# no-show


@pytest.mark.parametrize(("who", "missing"), [("mentor", "team"), ("leader", "mentor"), ("organiser", "both"), ("registrar", "team")])
def test_a_session_that_somebody_missed_and_its_undo(mentoring, sessions, cast, who, missing):
    with clock.at(DAY + 20 * MINUTE):
        services.miss_session(actor=cast[who], session=sessions[0], missing=missing)
        session = Session.objects.get(pk=sessions[0].pk)
        assert (session.state, session.missing) == (SessionState.MISSED, missing)
        services.hold_session(actor=cast[who], session=session)
    session.refresh_from_db()
    assert (session.state, session.missing) == (SessionState.HELD, "")


def test_who_may_not_tell_that_a_side_did_not_come(mentoring, sessions, cast):
    miss = {"session": sessions[0]}
    with clock.at(DAY + 20 * MINUTE):
        for who, missing in (("mentor", "mentor"), ("leader", "team"), ("leader", "both"), ("outsider", "team")):
            assert refusal(services.miss_session, Denied, actor=cast[who], missing=missing, **miss) == Reason.NOT_YOURS
        assert refusal(services.miss_session, actor=cast["organiser"], missing="nobody", **miss) == Reason.INCOMPLETE
    with clock.at(DAY - MINUTE):
        assert refusal(services.miss_session, Denied, actor=cast["organiser"], missing="team", **miss) == Reason.NOT_OPEN_YET
    with clock.at(DAY + 20 * MINUTE):
        services.hold_session(actor=cast["mentor"], session=sessions[0])
        assert refusal(services.miss_session, IllegalMove, actor=cast["mentor"], missing="team", **miss) == Reason.WRONG_STATE


def test_the_forms_of_the_day_stand_on_the_sessions_page(sessions, cast, enter):
    page = url("session", sessions[0].code)
    with clock.at(DAY + 20 * MINUTE):
        client = enter(cast["organiser"])
        assert client.post(url("late", sessions[0].code), {"minutes": "15"})["Location"] == page
        assert client.post(url("late", sessions[0].code), {"minutes": "7"}).status_code == 200
        assert client.post(url("miss", sessions[0].code), {"missing": ""}).status_code == 200
        assert client.post(url("miss", sessions[0].code), {"missing": "team"})["Location"] == page
        text = client.get(page).content.decode()
    assert ("Tapaamista ei pidetty: tiimi ei tullut." in text, url("hold", sessions[0].code) in text) == (True, True)
    assert Session.objects.get(pk=sessions[0].pk).minutes_late == 15


# the board


def test_the_board_tells_who_is_where_and_what_comes_next(mentoring, sessions, cast, enter):
    third = mentoring.plan(slot=2, team=0, mentor=1)
    Session.objects.filter(pk=sessions[0].pk).update(room=Room.objects.create(day=mentoring.day, number=1, name="Sali"))
    for minutes, expected in (
        (-10, [When.NEXT, When.COMING, When.NEXT]), (5, [When.NOW, When.NEXT, When.NEXT]), (35, [When.UNMARKED, When.NEXT, When.NEXT]),
        (75, [When.UNMARKED, When.UNMARKED, When.NEXT]), (85, [When.UNMARKED, When.UNMARKED, When.NOW]),
    ):
        board = selectors.board(mentoring.day, DAY + minutes * MINUTE)
        assert [(line.session, line.when) for line in board.lines] == list(zip([*sessions, third], expected, strict=True))
    with clock.at(DAY + 5 * MINUTE):
        services.check_in(actor=cast["leader"], day=mentoring.day)
        board = selectors.board(mentoring.day, clock.now())
        assert (board.teams.here, board.teams.expected, board.teams.missing) == (1, 2, ("Luoto",))
        text = enter(cast["organiser"]).get(url("live")).content.decode()
        assert enter(cast["mentor"]).get(url("live")).status_code == 404
    assert ('hx-trigger="every 30s"' in text, "Sali" in text, "Luoto" in text) == (True, True, True)


def test_a_competition_without_days_has_an_empty_board(mentoring, cast, enter):
    MentoringDay.objects.all().delete()
    assert enter(cast["organiser"]).get(url("live")).status_code == 200


def test_the_board_costs_the_same_at_one_session_and_at_thirty(mentoring, cast, enter):
    def costs():
        client = enter(cast["organiser"])
        with clock.at(DAY), CaptureQueriesContext(connection) as queries:
            assert client.get(url("live")).status_code == 200
        return len(queries)

    mentoring.plan()
    one = costs()
    for number in range(29):
        team = make_team(mentoring.challenges[0], f"Tiimi {number}", [make_person(f"tiimi{number}")])
        person = make_person(f"uusi{number}")
        mentor = services.add_mentor(actor=mentoring.staff, competition=mentoring.world.competition, person=person, sector="public", field={}, text={})
        Session.objects.create(slot=mentoring.slots[0], team=team, mentor=mentor, changed_at=DAY)
    assert (costs(), one <= 12) == (one, True)
