"""What the organiser is told of a month of mentoring: figures of the advice, marks, words, who met whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from klash.core import clock
from klash.mentoring import selectors
from klash.mentoring.models import Advice, MentorProfile, Session, SessionFeedback, Slot
from klash.mentoring.selectors import Marks
from tests.conftest import make_person
from tests.mentoring.conftest import DAY


def hold(mentoring, team, mentor, number=0):
    start = DAY + timedelta(hours=number)
    slot = Slot.objects.create(day=mentoring.day, starts_at=start + timedelta(minutes=1), ends_at=start + timedelta(minutes=31))
    return Session.objects.create(slot=slot, team=team, mentor=mentor, state="held", changed_at=DAY)


def advise(session, *answers):
    for number, answer in enumerate(answers):
        Advice.objects.create(session=session, number=number, text="NEUVO", why="SYY", given_at=DAY, answer=answer, answered_at=DAY if answer else None)


def test_advice_by_challenge_and_of_all(mentoring):
    advise(hold(mentoring, mentoring.teams[0], mentoring.mentors[0]), "taken", "taken", "later", "")
    advise(hold(mentoring, mentoring.teams[2], mentoring.mentors[0], 1), "not_taken", "taken")
    rows = selectors.advice_figures(mentoring.world.competition, mentoring.challenges)
    found = [(row.challenge, row.given, row.taken, row.not_taken, row.later, row.open) for row in rows]
    assert found == [(mentoring.challenges[0], 4, 2, 0, 1, 1), (mentoring.challenges[1], 2, 1, 1, 0, 0), (None, 6, 3, 1, 1, 1)]


def test_marks_and_words(mentoring):
    sessions = [hold(mentoring, mentoring.teams[team], mentoring.mentors[0], team) for team in (0, 2)]
    given = [("team", 5, 4, "Suoraa."), ("mentor", 3, None, "Rohkea.")]
    for session in sessions:
        for side, mark, frankness, text in given:
            SessionFeedback.objects.create(session=session, side=side, author=mentoring.staff, mark=mark, frankness=frankness, text=text, given_at=DAY)
    competition, challenge = mentoring.world.competition, mentoring.challenges[1]
    assert selectors.marks(competition) == Marks(team=(0, 0, 0, 0, 2), mentor=(0, 0, 2, 0, 0), frankness=(0, 0, 0, 2, 0))
    assert selectors.marks(competition, challenge) == Marks(team=(0, 0, 0, 0, 1), mentor=(0, 0, 1, 0, 0), frankness=(0, 0, 0, 1, 0))
    assert ([row.text for row in selectors.said(competition, challenge, 0, 30)[0]], selectors.said(competition, None, 1, 3)[1]) == (["Rohkea.", "Suoraa."], 4)


def test_first_meeting_of_a_team_with_a_sector(mentoring):
    business, other = mentoring.mentors
    unknown = MentorProfile.objects.create(competition=mentoring.world.competition, person=make_person("mentor_3"))
    team = mentoring.teams[0]
    for number, mentor in enumerate((unknown, other, business)):
        hold(mentoring, team, mentor, number)
    hold(mentoring, mentoring.teams[1], business, 3)
    found = [(contact.team.name, contact.mentor, contact.is_first) for contact in selectors.contacts(mentoring.world.competition)]
    assert found == [("Kaarna", unknown, False), ("Kaarna", other, True), ("Kaarna", business, False), ("Luoto", business, True)]


@pytest.mark.parametrize("page", ["/desk/klash-test/mentoring/", "/c/klash-test/mentoring/network/", "/c/klash-test/mentoring/said/"])
def test_pages_tell_the_staff_no_advice_and_cost_the_same(mentoring, cast, client, page):
    client.force_login(cast["organiser"])
    costs = []
    for rows in (1, 29):
        for _ in range(rows):
            session = hold(mentoring, mentoring.teams[len(costs)], MentorProfile.objects.create(
                competition=mentoring.world.competition, person=make_person(f"m{MentorProfile.objects.count()}"), sector="public"
            ), Session.objects.count())
            advise(session, "taken")
            SessionFeedback.objects.create(session=session, side="team", author=mentoring.staff, mark=4, frankness=5, text="Suoraa.", given_at=DAY)
        with clock.at(DAY + timedelta(days=5)), CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        assert (answer.status_code, b"NEUVO" in answer.content, b"SYY" in answer.content) == (200, False, False)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12
