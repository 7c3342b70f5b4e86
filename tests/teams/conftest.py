"""A published challenge in the middle of the team call, and how a test walks a team through it."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.core import clock
from klash.post.services import digest_of
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.rules.states import ChallengeState, ProblemState
from klash.teams import selectors, services
from klash.teams.models import Application, Team
from tests.challenges.conftest import make_problem
from tests.conftest import START, World, make_person

TEXTS = {"know_how": "Osaamme kyydit.", "idea": "Kyyti tilataan.", "motivation": "Asumme kylässä.", "summary": "Kolme kyläläistä."}


def columns(**texts):
    """Return the texts as `save_application` takes them."""
    return {"summary": texts.pop("summary"), "answers": texts}


def make_challenge(world, officer, code="kyyti", number=1, state=ChallengeState.PUBLISHED):
    problem = make_problem(world, officer, f"Ongelma {number}", ProblemState.CHOSEN)
    return Challenge.objects.create(
        code=code, competition=world.competition, number=number, problem=problem, pilot_municipality=problem.municipality, state=state,
        title={"fi": f"Haaste {number}", "sv": f"Utmaning {number}", "en": f"Challenge {number}"}, lead={"fi": "Lyhyesti"}, saved_at=START,
    )


@dataclass
class Call:
    """The team call of a challenge. deadline is D."""

    world: World
    cast: dict[str, User]
    challenge: Challenge
    people: dict[str, User] = field(default_factory=dict)

    @property
    def deadline(self):
        return self.world.stages[StageKind.TEAM_CALL].closes_at

    @property
    def after(self):
        return self.deadline + timedelta(days=1)

    def found(self, name="Kaarna", leader=None, challenge=None) -> Team:
        person = leader or self.people.setdefault(name, self.cast["leader"] if name == "Kaarna" else make_person(name.lower()))
        return services.found_team(actor=person, challenge=challenge or self.challenge, name=name)

    def leader(self, team) -> User:
        return team.memberships.get(is_leader=True).person

    def join(self, team, person) -> None:
        invitation, _ = services.invite_member(actor=self.leader(team), team=Team.objects.get(pk=team.pk), email=person.email)
        accounts.accept_invitation(actor=person, invitation=invitation)

    def fill(self, team, *people) -> Team:
        """Let two more join, those named or new ones."""
        for person in people or [make_person(f"{team.name.lower()}-{number}") for number in (1, 2)]:
            self.join(team, person)
        return team

    def write(self, team, **texts) -> Application:
        return services.save_application(actor=self.leader(team), application=Application.objects.get(team=team), **columns(**{**TEXTS, **texts}))

    def submit(self, name="Kaarna", *people) -> Application:
        team = self.found(name)
        self.fill(team, *people)
        return services.submit_application(actor=self.leader(team), application=self.write(team))

    def judge(self, points, panellists=("panellist",)):
        """Prepare the panel's round and let it score: team name -> points. The clock must stand after the call."""
        organiser = self.cast["organiser"]
        round_ = services.open_team_round(actor=organiser, challenge=self.challenge, closes_at=self.world.stages[StageKind.TEAM_SELECTION].closes_at)
        seats = [services.seat_panellist(actor=organiser, challenge=self.challenge, person=self.cast[name]) for name in panellists]
        rounds.open_round(actor=organiser, round=round_)
        for seat in seats:
            rounds.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
            for entry in round_.entries.using("reviewing").all():
                rounds.submit_review(actor=seat, entry=entry, scores={"many_sided_know_how": points[entry.title]}, comment=f"Huomio: {entry.title}.")
        return rounds.complete_round(actor=organiser, round=reviewing.find_round(services.round_key(self.challenge)))

    def decide(self, name, is_taken=True, reason="Perusteltu syy.", feedback="", who="organiser", **more):
        entry = Application.objects.get(team__name=name).entry_code
        round_ = services.judged_round(self.challenge)
        return competitions.save_decision(
            actor=self.cast[who], competition=self.challenge.competition, round=round_, entry_code=entry, is_taken=is_taken, reason=reason, feedback=feedback,
            **more,
        )

    def say_why_fewer(self, reason="Muut eivät yltäneet tasolle."):
        round_ = services.judged_round(self.challenge)
        competitions.give_reason_for_fewer(actor=self.cast["organiser"], competition=self.challenge.competition, round=round_, reason=reason)

    def letters(self):
        sheet = sheets.sheet(self.challenge.competition, services.judged_round(self.challenge))
        return services.write_letters(self.challenge, selectors.verdicts(self.challenge, sheet))

    def release(self, who="organiser", seen=None):
        return services.release_admissions(actor=self.cast[who], challenge=self.challenge, seen=seen or digest_of(self.letters()))


@pytest.fixture
def call(world, cast):
    """The clock stands in the middle of the team call."""
    with ExitStack() as stack:
        challenge = make_challenge(world, cast["officer"])
        stack.enter_context(clock.at(world.middle_of(StageKind.TEAM_CALL)))
        yield Call(world, cast, challenge)


def url(name, *args, language="fi"):
    with translation.override(language):
        return reverse(f"teams:{name}", args=args)
