"""How much help each team has had, side by side. Figures only: no text of a mentor or a team is read."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from django.db.models import Count, Q

from klash.challenges.models import Challenge
from klash.challenges.selectors import Asked, asked_by_person
from klash.competitions.models import Competition
from klash.mentoring.models import Advice, Material, Session
from klash.rules.fairness import Behind, Help, behind, may_tell_askers
from klash.rules.states import SessionState
from klash.teams.models import Membership, Team


@dataclass(frozen=True)
class Share:
    """What one team has had. materials: given to it, and those offered to all of its challenge; answered: of the advice points."""

    team: Team
    minutes_held: int
    minutes_planned: int
    held: int
    planned: int
    missed: int
    cancelled: int
    mentors: int
    advice: int
    answered: int
    materials: int
    asked: int | None = None  # answered public questions of its members; None where the figures would tell who asked
    behind: frozenset[Behind] = frozenset()

    @property
    def is_short_of_time(self) -> bool:
        return Behind.TIME in self.behind

    @property
    def is_short_of_sessions(self) -> bool:
        return Behind.SESSIONS in self.behind


@dataclass(frozen=True)
class Shares:
    challenge: Challenge
    rows: tuple[Share, ...]


def shares(competition: Competition) -> list[Shares]:
    """Return each challenge with its admitted teams by name, and what each has had. Seven queries."""
    admitted = Team.objects.told().filter(challenge__competition=competition).select_related("challenge")
    teams = list(admitted.order_by("challenge__number", "name", "pk"))
    sessions, advice, materials = _sessions(competition), _advice(competition), _materials(competition)
    asked = _asked(competition, teams)
    found = []
    for challenge, group in groupby(teams, key=lambda team: team.challenge):
        rows = [replace(_share(team, sessions[team.pk], advice.get(team.pk, (0, 0)), materials), asked=asked.get(team.pk)) for team in group]
        short = behind({row.team.pk: Help(row.minutes_held + row.minutes_planned, row.held + row.planned) for row in rows})
        found.append(Shares(challenge, tuple(replace(row, behind=short[row.team.pk]) for row in rows)))
    return found


@dataclass(frozen=True)
class _Met:
    state: str
    minutes: int
    mentor: int


def _sessions(competition: Competition) -> dict[int, list[_Met]]:
    rows = Session.objects.filter(slot__day__competition=competition)
    found: dict[int, list[_Met]] = defaultdict(list)
    for team, state, starts, ends, mentor in rows.values_list("team", "state", "slot__starts_at", "slot__ends_at", "mentor"):
        found[team].append(_Met(state, int((ends - starts) / timedelta(minutes=1)), mentor))
    return found


def _advice(competition: Competition) -> dict[int, tuple[int, int]]:
    rows = Advice.objects.filter(session__slot__day__competition=competition).order_by()
    counted = rows.values_list("session__team").annotate(given=Count("pk"), answered=Count("pk", filter=~Q(answer="")))
    return {team: (given, answered) for team, given, answered in counted}


def _materials(competition: Competition) -> list[tuple[int, int, bool]]:
    rows = Material.objects.filter(session__slot__day__competition=competition).order_by()
    return [(team, challenge, at is not None) for team, challenge, at in rows.values_list("session__team", "session__team__challenge", "offered_at")]


def _asked(competition: Competition, teams: Sequence[Team]) -> dict[int, int]:
    """Return by team how many questions of its members were answered, of the challenges of which that may be told. Three queries."""
    counted, of = asked_by_person(competition), dict(Membership.objects.filter(team__in=teams).values_list("person", "team"))
    found: dict[int, int] = {}
    for challenge, asked in counted.items():
        own = {team.pk: 0 for team in teams if team.challenge_id == challenge}
        for person, number in asked.by_person.items():
            if of.get(person) in own:
                own[of[person]] += number
        if _may_tell(asked, own):
            found |= own
    return found


def _may_tell(asked: Asked, own: dict[int, int]) -> bool:
    # A figure that grows with each round would tell whose the round's questions were, so it waits for the last.
    return asked.is_over and may_tell_askers(own, asked.answered)


def _share(team: Team, met: list[_Met], advice: tuple[int, int], materials: list[tuple[int, int, bool]]) -> Share:
    held, planned = ([row for row in met if row.state == state] for state in (SessionState.HELD, SessionState.PLANNED))
    counts = Counter(row.state for row in met)
    return Share(
        team=team, minutes_held=sum(row.minutes for row in held), minutes_planned=sum(row.minutes for row in planned), held=len(held),
        planned=len(planned), missed=counts[SessionState.MISSED], cancelled=counts[SessionState.CANCELLED],
        mentors=len({row.mentor for row in held}), advice=advice[0], answered=advice[1],
        materials=sum(key == team.pk or is_offered and challenge == team.challenge_id for key, challenge, is_offered in materials),
    )
