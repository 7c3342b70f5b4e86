"""A challenge with three admitted teams, and how a test walks one to a jury that has judged."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import StageKind
from klash.core import chance, clock
from klash.problems.models import Problem
from klash.proposals import selectors, services
from klash.proposals.models import Opening, Proposal, Version
from klash.reviewing import services as reviewing
from klash.rules.states import ApplicationState, ChallengeState, ProblemState
from klash.teams.models import Application, Membership, Team
from tests.clearing import clear_all
from tests.conftest import START, World, make_person

TEXTS = {"solution": "Kyyti tilataan.", "impact": "Matkat lyhenevät.", "novelty": "Uutta on tilaus.", "spreading": "Muut saavat ohjeet."}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.KLASH_HOME = tmp_path
    return tmp_path


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()


def title_of(version):
    """Return the fingerprint of a version's title: what it holds lies sealed."""
    return version.manifest["parts"][0]["sha256"]


@dataclass
class Contest:
    """challenge with teams Kaarna (leader, member), Luoto and Myrsky; `people` leads each by team name. deadline is D."""

    world: World
    cast: dict[str, User]
    challenge: Challenge
    teams: dict[str, Team]
    people: dict[str, User]

    @property
    def deadline(self):
        return self.world.stages[StageKind.PROPOSALS].closes_at

    @property
    def before(self):
        return self.deadline - timedelta(days=2)

    @property
    def after(self):
        return self.deadline + timedelta(days=1)

    def write(self, name="Kaarna", title="Kyytipooli", **texts) -> Proposal:
        person = self.people[name]
        proposal = services.start_proposal(actor=person, team=self.teams[name])
        wanted = {"title": f"{title} {name}", **{key: f"{text} {name}" for key, text in TEXTS.items()}, **texts}
        return services.save_proposal(actor=person, proposal=proposal, texts=wanted, revision=proposal.revision)

    def submit(self, name="Kaarna", key="") -> Version:
        return services.submit_proposal(actor=self.people[name], proposal=Proposal.objects.get(team=self.teams[name]), idempotency_key=key or chance.key())

    def prepare(self, jurors=("chair", "juror")):
        organiser = self.cast["organiser"]
        judging = self.world.stages[StageKind.JUDGING]
        round_ = services.prepare_jury(actor=organiser, challenge=self.challenge, opens_at=judging.opens_at, closes_at=judging.closes_at)
        for name in jurors:
            services.seat_juror(actor=organiser, challenge=self.challenge, person=self.cast[name], is_chair=name == "chair")
        return round_

    def confirm(self) -> Opening:
        opening = services.request_opening(actor=self.cast["organiser"], challenge=self.challenge)
        return services.confirm_opening(actor=self.cast["registrar"], opening=opening)

    def open(self, names=("Kaarna", "Luoto", "Myrsky")) -> Opening:
        """Submit, prepare, confirm and open, each at its time."""
        with clock.at(self.before):
            for name in names:
                self.write(name)
                self.submit(name)
            self.prepare()
        with clock.at(self.after):
            opening = services.open_proposals(actor=self.cast["organiser"], opening=self.confirm())
            self.release()
        return opening

    def release(self):
        """Clear every copy and release them, as the registrar does once they are written."""
        clear_all(selectors.round_of(self.challenge), self.cast["registrar"])
        return services.release_copies(actor=self.cast["registrar"], opening=selectors.opening_of(self.challenge))

    def seats(self):
        round_ = selectors.round_of(self.challenge)
        return list(round_.seats.using("reviewing").select_related("round").order_by("-is_chair", "pk"))

    def judge(self, points=None):
        """Let every juror score every entry; points: team name -> points on every criterion."""
        points = points or {"Kaarna": 9, "Luoto": 6, "Myrsky": 3}
        by_title = {f"Kyytipooli {name}": value for name, value in points.items()}
        with clock.at(self.world.middle_of(StageKind.JUDGING)):
            for seat in self.seats():
                reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
                for entry in seat.round.entries.using("reviewing").order_by("code"):
                    scores = dict.fromkeys(("impact", "innovativeness", "scalability"), by_title[entry.title])
                    reviewing.submit_review(actor=seat, entry=entry, scores=scores, comment="Perusteltu.")

    def report(self, sign=2):
        """Complete the round, write the chair's report and let `sign` jurors sign it."""
        with clock.at(self.world.middle_of(StageKind.JUDGING)):
            round_ = reviewing.complete_round(actor=self.cast["organiser"], round=selectors.round_of(self.challenge))
            chair = self.seats()[0]
            reasons = {entry.code: f"Perustelu: {entry.title}" for entry in round_.entries.using("reviewing").all()}
            report = reviewing.draft_report(actor=chair, round=round_, reasons=reasons)
            reviewing.send_for_signing(actor=chair, report=report)
            for seat in self.seats()[:sign]:
                reviewing.sign_report(actor=seat, report=report, report_hash=report.hash)
        return report


@pytest.fixture
def contest(world, cast):
    problem = Problem.objects.create(
        competition=world.competition, officer=cast["officer"], municipality=world.municipalities["Janakkala"], state=ProblemState.CHOSEN, submitted_at=START
    )
    challenge = Challenge.objects.create(
        code="kyyti", competition=world.competition, number=1, problem=problem, pilot_municipality=world.municipalities["Janakkala"],
        title={"fi": "Kyyti kylille", "sv": "Skjuts till byarna", "en": "A ride to the villages"}, lead={"fi": "Miten kylältä pääsee asemalle?"},
        state=ChallengeState.PUBLISHED, published_at=START,
    )
    teams, people = {}, {}
    for name in ("Kaarna", "Luoto", "Myrsky", "Notko"):
        people[name] = cast["leader"] if name == "Kaarna" else make_person(name.lower())
        team = teams[name] = Team.objects.create(challenge=challenge, name=name, founded_at=START)
        state = ApplicationState.DECLINED if name == "Notko" else ApplicationState.ADMITTED
        Application.objects.create(team=team, state=state, answers={"know_how": "k", "idea": "i", "motivation": "m"}, reason="r", decided_at=START, submitted_at=START)
        Membership.objects.create(team=team, person=people[name], is_leader=True, joined_at=START)
    Membership.objects.create(team=teams["Kaarna"], person=cast["member"], joined_at=START)
    return Contest(world, cast, challenge, teams, people)
