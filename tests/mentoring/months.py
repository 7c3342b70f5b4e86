"""A month of mentoring with as many teams and mentors as one likes: four days of twelve slots, drawn by a seed."""

import random
from datetime import UTC, datetime, timedelta

from klash.accounts.models import User
from klash.accounts.services import grant_role
from klash.challenges.models import Challenge
from klash.core import audit, chance
from klash.mentoring.models import MentoringDay, MentorProfile, MentorTime, MentorWish, PlanRules, Room, Slot, TeamAbsence, TeamNeeds
from klash.problems.models import Problem
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, ChallengeState, ProblemState
from klash.teams.models import Application, Membership, Team

FIRST = datetime(2026, 10, 13, 6, 0, tzinfo=UTC)  # the clocks change on 25.10.2026: all days but the first lie after it
SECTORS, KINDS = ("business", "public", "third_sector", "research"), ("municipality", "state", "company", "association", "school")
SIZES, REGIONS = ("1", "2-49", "50-249", "250-"), ("Uusimaa", "Kanta-Häme", "Pohjois-Karjala", "Lappi")
WORDS = [
    "joukkoliikenne", "reitti", "lippu", "sovellus", "koulukyyti", "matka", "palvelumuotoilu", "hankinta", "data", "tekoäly", "ikäihminen",
    "kimppakyyti", "saavutettavuus", "markkinointi",
]


def make_month(competition, municipality, staff, *, teams, mentors, seed=1, days=4, slots=12, rooms=None, open_share=0.8, first=FIRST):
    """Make the rows with as few statements as can be; rooms: per day, by default for a third more than is wanted, 0 for room for all."""
    draw = random.Random(seed)
    name = chance.code(6)
    problem = Problem.objects.create(competition=competition, officer=staff, municipality=municipality, state=ProblemState.CHOSEN, submitted_at=FIRST)
    challenge = Challenge.objects.create(
        code=f"c-{name}", competition=competition, number=1, problem=problem, state=ChallengeState.PUBLISHED, pilot_municipality=municipality, title={"fi": "Haaste"}
    )
    rooms = -(-teams * 5 * 4 // (3 * days * slots)) if rooms is None else rooms
    rows = [
        MentoringDay.objects.create(competition=competition, number=number, on=(first + timedelta(days=7 * number)).date(), place=f"Paikka {number}")
        for number in range(1, days + 1)
    ]
    for day in rows:
        day.challenges.set([challenge])
    begin = [first + timedelta(days=7 * day.number, minutes=40 * at) for day in rows for at in range(slots)]
    made = Slot.objects.bulk_create(Slot(day=rows[at // slots], starts_at=start, ends_at=start + timedelta(minutes=30)) for at, start in enumerate(begin))
    Room.objects.bulk_create(Room(day=day, number=number, name=f"Sali {number}") for day in rows for number in range(1, rooms + 1))
    people = User.objects.bulk_create(User(email=f"{name}-{at}@example.org", name=f"Henkilö {at}", is_invented=True) for at in range(teams + mentors))
    profiles = MentorProfile.objects.bulk_create(
        MentorProfile(
            competition=competition, person=person, sector=draw.choice(SECTORS), organisation_kind=draw.choice(KINDS), organisation_size=draw.choice(SIZES),
            region=draw.choice(REGIONS), field={"fi": " ".join(draw.sample(WORDS, 3))}, text={"fi": " ".join(draw.sample(WORDS, 5))},
        )
        for person in people[teams:]
    )
    found = Team.objects.bulk_create(
        Team(challenge=challenge, name=f"Tiimi {at:03}", summary=" ".join(draw.sample(WORDS, 5)), founded_at=FIRST) for at in range(teams)
    )
    Application.objects.bulk_create(Application(team=team, state=ApplicationState.ADMITTED, reason="r", decided_at=FIRST, released_at=FIRST) for team in found)
    Membership.objects.bulk_create(
        Membership(team=team, person=person, is_leader=True, joined_at=FIRST) for team, person in zip(found, people[:teams], strict=True)
    )
    TeamNeeds.objects.bulk_create(TeamNeeds(team=team, needs=draw.sample(WORDS, 3)) for team in found)
    MentorWish.objects.bulk_create(
        MentorWish(team=team, mentor=mentor, rank=rank) for team in found for rank, mentor in enumerate(draw.sample(profiles, min(3, mentors)), 1)
    )
    MentorTime.objects.bulk_create(
        MentorTime(mentor=mentor, slot=slot) for mentor in profiles for slot in made if draw.random() < open_share and (mentor.pk + slot.day_id) % 4
    )
    TeamAbsence.objects.bulk_create(TeamAbsence(team=team, slot=slot) for team in found for slot in made if draw.random() > open_share)
    PlanRules.objects.get_or_create(competition=competition)
    for person in people[teams:]:
        grant_role(actor=audit.System(), person=person, role=Role.MENTOR, competition=competition.code)
    return challenge
