"""A competition as far as its calendar needs: problems, two challenges, three admitted teams, one declined, mentors and sessions."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from klash.accounts.models import ReviewerHandle
from klash.awards.models import Award, Placing
from klash.challenges.models import Challenge
from klash.competitions.models import Partner
from klash.core.databases import reviewing
from klash.mentoring.models import MentoringDay, MentorProfile, Session, Slot
from klash.problems.models import Problem
from klash.problems.services import recount
from klash.proposals.models import ChallengeKeys, Proposal
from klash.reviewing.models import Entry, Review, Round, Seat
from klash.rules.states import ApplicationState, AwardState, ChallengeState, ProblemState
from klash.teams.models import Application, Membership, Team
from klash.teams.selectors import admitted
from tests.conftest import START, make_person


@dataclass
class Made:
    problems: list = field(default_factory=list)
    challenges: list = field(default_factory=list)
    teams: list = field(default_factory=list)


def make_problem(world, officer, title, municipality="Janakkala", state=ProblemState.SUBMITTED):
    problem = Problem.objects.create(
        competition=world.competition, officer=officer, title=title, municipality=world.municipalities[municipality], state=state,
        submitted_at=None if state == ProblemState.DRAFT else START + timedelta(days=1),
    )
    recount(world.competition)
    return problem


def make_challenge(world, problem, number, state=ChallengeState.PUBLISHED):
    challenge = Challenge.objects.create(
        code=f"haaste-{number}", competition=world.competition, number=number, problem=problem, state=state,
        pilot_municipality=problem.municipality, lead={"fi": f"Lyhyesti {number}"},
        title={"fi": f"Haaste {number}", "sv": f"Utmaning {number}", "en": f"Challenge {number}"},
    )
    ChallengeKeys.objects.create(challenge=challenge, opening="0" * 64, map="1" * 64, made_at=START, rehearsed_at=START)
    return challenge


def make_team(challenge, name, people, state=ApplicationState.ADMITTED):
    team = Team.objects.create(challenge=challenge, name=name, founded_at=START)
    decided = {"reason": "syy", "decided_at": START, "released_at": START} if state in (ApplicationState.ADMITTED, ApplicationState.DECLINED) else {}
    Application.objects.create(team=team, state=state, submitted_at=START, **decided)
    for place, person in enumerate(people):
        Membership.objects.create(team=team, person=person, is_leader=place == 0, joined_at=START)
    keep_counts(challenge)
    return team


def keep_counts(challenge):
    """Count the admitted, as the release does."""
    challenge.admitted_teams, challenge.admitted_persons = admitted(challenge)
    challenge.save()


def make_round(world, key, people, entries=2, **columns):
    columns = {"kind": "problems", "is_blind": False, "state": "open", "title": {"fi": "Kierros", "en": "Round"}, **columns}
    stage = world.stages["problem_selection"]
    using = reviewing()
    round_ = Round.objects.using(using).create(
        code=key.replace("/", "-")[:32], key=key, chain="klash-test", competition_name="Klash", intro={}, criteria_hash="0" * 64,
        entry_count=entries, **{"opens_at": stage.opens_at, "closes_at": stage.closes_at, **columns},
    )
    for number in range(entries):
        Entry.objects.using(using).create(round=round_, code=f"{round_.code}-e{number}", title="t", language="fi", sections=[])
    for person in people:
        handle = f"{round_.code}-{person.name}"[:32]
        seat = Seat.objects.using(using).create(round=round_, handle=handle, state="accepted", terms_hash=round_.terms_hash, assigned_count=entries)
        Review.objects.using(using).bulk_create(Review(entry=entry, seat=seat, place=place) for place, entry in enumerate(round_.entries.using(using).all(), 1))
        ReviewerHandle.objects.create(person=person, handle=handle)
    return round_


def submit_all(round_):
    using = reviewing()
    for seat in Seat.objects.using(using).filter(round=round_):
        Review.objects.using(using).filter(seat=seat).update(state="submitted", submitted_at=START, scores={"impact": 7})
        Seat.objects.using(using).filter(pk=seat.pk).update(submitted_count=round_.entry_count)


@pytest.fixture
def made(world, cast):
    made = Made()
    made.problems = [
        make_problem(world, cast["officer"], "Kyyti puuttuu", "Janakkala", ProblemState.CHOSEN),
        make_problem(world, cast["officer"], "Nuoret putoavat", "Joensuu", ProblemState.CHOSEN),
        make_problem(world, cast["officer"], "Luonnos", "Vantaa", ProblemState.DRAFT),
        make_problem(world, cast["officer"], "Yhteinen", "Janakkala", ProblemState.NOT_CHOSEN),
    ]
    made.problems[3].group.add(world.municipalities["Inkoo"])
    recount(world.competition)
    made.challenges = [make_challenge(world, problem, number) for number, problem in enumerate(made.problems[:2], 1)]
    made.teams = [
        make_team(made.challenges[0], "Kaarna", [cast["leader"], cast["member"], cast["member_2"]]),
        make_team(made.challenges[0], "Luoto", [make_person("luoto")]),
        make_team(made.challenges[1], "Myrsky", [make_person("myrsky")]),
        make_team(made.challenges[1], "Notko", [make_person("notko")], ApplicationState.DECLINED),
    ]
    MentorProfile.objects.create(competition=world.competition, person=cast["mentor"], field={"fi": "palvelumuotoilu"})
    Partner.objects.create(competition=world.competition, organisation=world.competition.organiser, roles=["organiser"])
    return made


def make_session(world, team, mentor, days=0, **columns):
    day, _ = MentoringDay.objects.get_or_create(
        competition=world.competition, number=1, defaults={"on": world.stages["mentoring"].opens_at.date(), "place": "Talo"}
    )
    start = world.stages["mentoring"].opens_at + timedelta(days=1 + days)
    slot, _ = Slot.objects.get_or_create(day=day, starts_at=start, defaults={"ends_at": start + timedelta(minutes=30)})
    return Session.objects.create(slot=slot, team=team, mentor=mentor.mentor_profiles.get(), changed_at=slot.starts_at, **columns)


def publish_award(made):
    award = Award.objects.create(challenge=made.challenges[0], state=AwardState.PUBLISHED, report_hash="1" * 64, published_at=START)
    Placing.objects.create(award=award, team=made.teams[0], entry_code="x1", place=1, points="9", is_winner=True)
    Placing.objects.create(award=award, team=made.teams[1], entry_code="x2", place=2, points="8")
    return award


def submit_proposal(team, state="submitted"):
    return Proposal.objects.create(team=team, texts={"title": "t"}, state=state, saved_at=START)
