"""How much help each team has had, side by side. Figures only: no text of a mentor or a team is read."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from django.db.models import Count, Q

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.mentoring.models import Advice, Material, Session
from klash.rules.fairness import Behind, Help, behind
from klash.rules.states import SessionState
from klash.teams.models import Team


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
    """Return each challenge with its admitted teams by name, and what each has had. Four queries."""
    admitted = Team.objects.told().filter(challenge__competition=competition).select_related("challenge")
    teams = list(admitted.order_by("challenge__number", "name", "pk"))
    sessions, advice, materials = _sessions(competition), _advice(competition), _materials(competition)
    found = []
    for challenge, group in groupby(teams, key=lambda team: team.challenge):
        rows = [_share(team, sessions[team.pk], advice.get(team.pk, (0, 0)), materials) for team in group]
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


def _share(team: Team, met: list[_Met], advice: tuple[int, int], materials: list[tuple[int, int, bool]]) -> Share:
    held, planned = ([row for row in met if row.state == state] for state in (SessionState.HELD, SessionState.PLANNED))
    counts = Counter(row.state for row in met)
    return Share(
        team=team, minutes_held=sum(row.minutes for row in held), minutes_planned=sum(row.minutes for row in planned), held=len(held),
        planned=len(planned), missed=counts[SessionState.MISSED], cancelled=counts[SessionState.CANCELLED],
        mentors=len({row.mentor for row in held}), advice=advice[0], answered=advice[1],
        materials=sum(key == team.pk or is_offered and challenge == team.challenge_id for key, challenge, is_offered in materials),
    )
