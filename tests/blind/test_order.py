"""No key, no place in a table and no list tells the order in which things came (S2, S3, S4, S46; I12)."""

import random
import statistics
from datetime import timedelta

import pytest

from klash.challenges.models import Challenge
from klash.competitions.models import StageKind
from klash.competitions.usual_forms import PROPOSAL
from klash.core import chance, clock
from klash.problems.models import Problem
from klash.proposals import selectors, services
from klash.proposals.code_words import WORDS
from klash.proposals.models import Proposal, Version
from klash.proposals.services import sealing
from klash.reviewing.models import Entry
from klash.reviewing.selectors import own_entries
from klash.rules.states import ProposalState
from klash.teams.models import Team
from tests.blind.checks import correlation, ordered_by
from tests.blind.worlds import undone
from tests.clearing import clear_all
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
MANY = 100


@pytest.mark.parametrize("draw", [chance.key, chance.code, lambda: chance.code_name(set(), WORDS)], ids=["key", "code", "code_name"])
def test_key_order(draw):
    """400 handles in the order of their making (S2); of 20 draws nearly all lie within a tenth."""
    found = []
    for seed in range(20):
        with chance.seeded(seed):
            keys = [f"{draw()}/{random.Random(seed * 1000 + number).random()}" for number in range(400)]
        found.append(correlation(keys, range(400)))
    assert abs(statistics.mean(found)) < 0.03 and sum(abs(one) > 0.1 for one in found) <= 2


def crowd(contest, count=MANY, code="kyyti"):
    """Let `count` teams submit, in an order that is neither that of their names nor that of their making."""
    challenge = Challenge.objects.get(code=code)
    numbers = random.Random(code).sample(range(count), count)
    rows = Team.objects.bulk_create(Team(code=f"t{code}{n}", challenge=challenge, name=f"Joukko {n:03}", founded_at=START) for n in numbers)
    made = Proposal.objects.bulk_create(Proposal(code=f"p{team.code}", team=team, state=ProposalState.SUBMITTED, texts={**dict.fromkeys((row["code"] for row in PROPOSAL), "Teksti."), "title": team.name}) for team in rows)
    deadline = contest.deadline
    arrivals = random.Random(f"{code} arrives").sample(made, count)
    versions = Version.objects.bulk_create(
        Version(
            receipt=f"r{row.code}", proposal=row, number=1, idempotency_key="k", submitted_by=contest.cast["leader"], is_late=False,
            received_at=deadline - timedelta(minutes=count - place), deadline_at=deadline, commitment=f"{code:0>60}{place:04}", document={"manifest": {"parts": []}},
        )
        for place, row in enumerate(arrivals)
    )
    keys = sealing.ensure_keys(challenge)
    for version in versions:
        sealing.seal_parts(version, version.proposal, [], keys)
    return challenge


def open_crowd(contest, challenge, seed):
    """Open a crowd's proposals; return each entry's place of arrival, place of its team's name, code and row, by row."""
    judging = contest.world.stages[StageKind.JUDGING]
    with clock.at(contest.after), chance.seeded(random.Random(f"{challenge.code}/{seed}").getrandbits(32)):
        services.prepare_jury(actor=contest.cast["organiser"], challenge=challenge, opens_at=judging.opens_at, closes_at=judging.closes_at)
        for name in ("chair", "juror"):
            services.seat_juror(actor=contest.cast["organiser"], challenge=challenge, person=contest.cast[name], is_chair=name == "chair")
        opening = services.confirm_opening(actor=contest.cast["registrar"], opening=services.request_opening(actor=contest.cast["organiser"], challenge=challenge))
    with clock.at(contest.after), chance.seeded(seed):
        services.open_proposals(actor=contest.cast["organiser"], opening=opening)
    came = dict(Version.objects.filter(proposal__team__challenge=challenge).values_list("proposal__team__name", "commitment"))
    rows = Entry.objects.using("reviewing").filter(round=selectors.round_of(challenge)).order_by("pk")
    return [{"arrival": int(came[row.title][-4:]), "name": row.title, "code": row.code, "row": row.pk} for row in rows]


def order_told(rows, bound=0.2):
    """Return which of an entry's handles tell the order of arrival or of the teams' names."""
    return [
        f"{handle} by {order}: {fault}" for order in ("arrival", "name") for handle in ("code", "row")
        for fault in ordered_by([row[handle] for row in rows], [row[order] for row in rows], bound)
    ]


def test_blind_physical_order(contest):
    """100 proposals: neither row nor code follows arrival or name; of 16 correlations at most 2 lie outside (I12)."""
    challenge = crowd(contest)
    draws = [undone(lambda seed=seed: open_crowd(contest, challenge, seed)) for seed in range(4)]
    faults = list(map(order_told, draws))
    assert sum(map(len, faults)) <= 2, faults


def lists_told(contest, challenge, seed=1, bound=0.35):
    """Return what is wrong with the order in which jurors find the entries. bound: 3.5 standard deviations, so that nine comparisons hold together."""
    rows = {row["code"]: row for row in open_crowd(contest, challenge, seed)}
    with clock.at(contest.after):
        clear_all(selectors.round_of(challenge))
        services.release_copies(actor=contest.cast["registrar"], opening=challenge.opening)
    seats = contest.seats()
    orders = [[row.code for start in (0, 50) for row in own_entries(seat, start)] for seat in seats]
    again = [[row.code for start in (0, 50) for row in own_entries(seat, start)] for seat in seats]
    faults = [] if orders == again else ["another order at the second look"]
    faults += [] if sorted(orders[0]) == sorted(rows) and len(orders[0]) == MANY else ["not every entry once"]
    for name, order in zip(("chair", "juror"), orders, strict=True):
        for what in ("arrival", "name", "code", "row"):
            faults += [f"{name} by {what}: {fault}" for fault in ordered_by([rows[code][what] for code in order], range(MANY), bound)]
    return faults + [f"both jurors: {fault}" for fault in ordered_by([orders[1].index(code) for code in orders[0]], range(MANY), bound)]


def test_list_order(contest):
    """The same for each juror at every look, different between jurors, independent of arrival, name, code and row (S4)."""
    assert lists_told(contest, crowd(contest)) == []


def other_challenge(contest):
    """Add a second challenge to the competition."""
    first = contest.challenge
    problem = Problem.objects.create(
        competition=first.competition, officer=contest.cast["officer"], municipality=first.pilot_municipality, state="chosen", submitted_at=START
    )
    return Challenge.objects.create(
        code="toinen", competition=first.competition, number=2, problem=problem, pilot_municipality=first.pilot_municipality, title={"fi": "Toinen"},
        lead={"fi": "Toinen haaste."}, state=first.state, published_at=START,
    )


def test_keys_fresh(contest):
    """With the same chance two challenges get other code names, and a person's seats other handles (S46)."""
    other_challenge(contest)
    codes = [{row["code"] for row in open_crowd(contest, crowd(contest, 20, code), seed)} for seed, code in ((5, "kyyti"), (5, "toinen"))]
    assert [len(one) for one in codes] == [20, 20] and not codes[0] & codes[1]
    handles = list(contest.cast["juror"].handles.values_list("handle", flat=True))
    assert len(set(handles)) == 2
