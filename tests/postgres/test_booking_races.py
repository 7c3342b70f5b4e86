"""Two teams want the same free slot at the same instant: one gets it. The promise has its control."""

from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.competitions.models import Stage, StageKind
from klash.core import audit, clock
from klash.mentoring import services
from klash.mentoring.models import MentorTime, Plan, PlanRules, Room, Session
from klash.rules.roles import Role
from klash.teams.models import Application, Membership, Team
from tests.postgres.test_at_once import at_once, name, outcomes, without_row_locks
from tests.proposals.race import make_account, make_stage_for

pytestmark = pytest.mark.usefixtures("postgres")
TIMES = 8


class Free:
    """A published timetable that has left one slot of two mentors free, in a place with one room, for two teams."""

    def __init__(self):
        now = clock.now()
        row = make_stage_for(name(), now + timedelta(days=9))
        competition, organiser = row.stage.competition, row.organiser
        Stage.objects.create(competition=competition, kind=StageKind.TEAM_CALL, position=1, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
        other = Team.objects.create(challenge=row.challenge, name=f"{row.code}-2", founded_at=now)
        Application.objects.create(team=other, state="admitted", answers={"know_how": "k", "idea": "i", "motivation": "m"}, reason="r", decided_at=now, released_at=now)
        Application.objects.filter(team=row.team).update(released_at=now)
        leader = make_account(f"other-{row.code}")
        Membership.objects.create(team=other, person=leader, is_leader=True, joined_at=now)
        self.sides = [(row.team, row.leader), (other, leader)]
        for person, team in ((row.leader, row.team), (leader, other)):
            accounts.grant_role(actor=audit.System(), person=person, role=Role.TEAM_LEADER, competition=row.code, challenge=team.challenge.code)
        starts = now + timedelta(days=1)
        day = services.add_day(
            actor=organiser, competition=competition, number=1, on=starts.date(), place="Talo", topic={}, challenges=[row.challenge],
            slots=[(starts, starts + timedelta(minutes=30))],
        )
        Room.objects.create(day=day, number=1, name="Sali")
        self.slot = day.slots.get()
        self.mentors = [
            services.add_mentor(actor=organiser, competition=competition, person=make_account(f"{place}-{row.code}"), sector="public", field={}, text={})
            for place in ("one", "two")
        ]
        MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=self.slot) for mentor in self.mentors)
        PlanRules.objects.get_or_create(competition=competition)
        Plan.objects.create(
            competition=competition, number=1, state="published", made_by=organiser, made_at=now, published_by=organiser, published_at=now
        )

    def book_at_once(self, *mentors):
        """Let each team book its mentor; return the outcomes and how many sessions there are."""
        works = [
            lambda team=team, person=person, mentor=mentor: services.book_slot(actor=person, team=team, slot=self.slot, mentor=mentor)
            for (team, person), mentor in zip(self.sides, mentors, strict=True)
        ]
        return outcomes(at_once(*works)), Session.objects.filter(slot=self.slot).count()


def test_of_two_teams_that_want_the_same_mentor_one_gets_the_slot():
    for _ in range(TIMES):
        free = Free()
        assert free.book_at_once(free.mentors[0], free.mentors[0]) == ({"done": 1, "Refused": 1}, 1)


def test_of_two_teams_that_want_the_last_room_one_gets_it():
    for _ in range(TIMES):
        free = Free()
        assert free.book_at_once(*free.mentors) == ({"done": 1, "Refused": 1}, 1)


def test_seeded_fault_without_the_lock_two_teams_get_the_last_room():
    with without_row_locks(PlanRules):
        assert 2 in [free.book_at_once(*free.mentors)[1] for free in (Free() for _ in range(TIMES))]
