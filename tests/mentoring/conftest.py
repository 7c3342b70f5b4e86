"""A competition with two challenges, three admitted teams, one that was declined, two mentors and one day of three slots."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from klash.challenges.models import Challenge
from klash.mentoring import services
from klash.mentoring.models import MentoringDay, MentorProfile, MentorTime, Session, Slot
from klash.problems.models import Problem
from klash.rules.states import ApplicationState, ChallengeState, ProblemState
from klash.teams.models import Application, Membership, Team
from tests.conftest import START, World, make_person

DAY = datetime(2026, 5, 20, 7, 0, tzinfo=UTC)  # ke 20.5.2026 klo 10.00 in Helsinki


@dataclass
class Mentoring:
    world: World
    challenges: list[Challenge]
    teams: list[Team]
    declined: Team
    mentors: list[MentorProfile]
    day: MentoringDay
    slots: list[Slot]

    def plan(self, slot: int = 0, team: int = 0, mentor: int = 0, actor=None) -> Session:
        return services.plan_session(actor=actor or self.staff, slot=self.slots[slot], team=self.teams[team], mentor=self.mentors[mentor])


def make_challenge(world, officer, number):
    problem = Problem.objects.create(
        competition=world.competition, officer=officer, municipality=world.municipalities["Janakkala"], state=ProblemState.CHOSEN, submitted_at=START
    )
    return Challenge.objects.create(
        code=f"challenge-{number}", competition=world.competition, number=number, problem=problem, state=ChallengeState.PUBLISHED,
        pilot_municipality=world.municipalities["Janakkala"], title={"fi": f"Haaste {number}", "sv": f"Utmaning {number}", "en": f"Challenge {number}"},
    )


def make_team(challenge, name, people, state=ApplicationState.ADMITTED):
    team = Team.objects.create(challenge=challenge, name=name, summary=f"Julkinen kuvaus: {name}.", founded_at=START)
    Application.objects.create(team=team, state=state, answers={"know_how": "SALAINEN OSAAMINEN", "idea": "i", "motivation": "m"}, reason="r", decided_at=START, released_at=START)
    for place, person in enumerate(people):
        Membership.objects.create(team=team, person=person, is_leader=place == 0, joined_at=START)
    return team


@pytest.fixture
def mentoring(world, cast):
    challenges = [make_challenge(world, cast["officer"], number) for number in (1, 2)]
    teams = [
        make_team(challenges[0], "Kaarna", [cast["leader"], cast["member"]]), make_team(challenges[0], "Luoto", [make_person("luoto")]),
        make_team(challenges[1], "Myrsky", [make_person("myrsky")]),
    ]
    declined = make_team(challenges[0], "Notko", [make_person("notko")], ApplicationState.DECLINED)
    staff = cast["organiser"]
    mentors = [
        services.add_mentor(
            actor=staff, competition=world.competition, person=person, sector="business", field={"fi": "palvelumuotoilu"}, text={"fi": "Taustaa."}
        )
        for person in (cast["mentor"], make_person("mentor_2"))
    ]
    slots = [(DAY + timedelta(minutes=40 * i), DAY + timedelta(minutes=40 * i + 30)) for i in range(3)]
    day = services.add_day(
        actor=staff, competition=world.competition, number=1, on=DAY.date(), place="Kunnantalo", topic={"fi": "Liikkuminen"},
        challenges=[challenges[0]], slots=slots,
    )
    found = Mentoring(world, challenges, teams, declined, mentors, day, list(day.slots.all()))
    found.staff = staff
    return found


@pytest.fixture
def free(mentoring):
    """Both mentors are free in all three slots; the two teams of the first challenge come."""
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor in mentoring.mentors for slot in mentoring.slots)
    return mentoring
