"""Which rules a set of meetings breaks, however it came about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from numpy.typing import ArrayLike

from ._input import Limits, flags, limits_of, rows_of, whole
from ._problem import Meeting


class Rule(StrEnum):
    """What a plan must hold, hand-made or not."""

    TEAM_FREE = "team_free"
    MENTOR_FREE = "mentor_free"
    ALLOWED = "allowed"
    PAIR_ONCE = "pair_once"
    TEAM_ONCE = "team_once"
    MENTOR_ONCE = "mentor_once"
    PLACES = "places"
    TEAM_GAP = "team_gap"
    MENTOR_RUN = "mentor_run"
    TEAM_PER_DAY = "team_per_day"
    MENTOR_PER_DAY = "mentor_per_day"
    MENTOR_TOTAL = "mentor_total"


@dataclass(frozen=True)
class Breach:
    """meetings: those that break the rule together, sorted; the place of a meeting given without one is -1."""

    rule: Rule
    meetings: tuple[Meeting, ...]


def check(
    meetings: Iterable[Sequence[int]],
    *,
    mentor_free: ArrayLike,
    team_free: ArrayLike,
    places: ArrayLike,
    allowed: ArrayLike,
    rules: Sequence[ArrayLike],
) -> list[Breach]:
    """Return every breach of a rule, in the order of the rules; none, and the plan may be published.

    meetings: (team, mentor, day, slot) or (team, mentor, day, slot, place) in any order. The rest as in `plan`.
    A team may have more meetings than it needs. Two rules that one meeting breaks are two breaches.
    Raises ValueError for a shape, or a meeting outside the counts.
    """
    room = whole("places", places, (None, None))
    free = flags("mentor_free", mentor_free, (None, *room.shape)), flags("team_free", team_free, (None, *room.shape))
    may = flags("allowed", allowed, (len(free[1]), len(free[0])))
    limits = limits_of(rules, *may.shape)
    rows = sorted(Meeting(*row) for row in rows_of("meetings", meetings, (*may.shape, *room.shape)).tolist())
    return [
        *(Breach(Rule.TEAM_FREE, (one,)) for one in rows if not free[1][one.team, one.day, one.slot]),
        *(Breach(Rule.MENTOR_FREE, (one,)) for one in rows if not free[0][one.mentor, one.day, one.slot]),
        *(Breach(Rule.ALLOWED, (one,)) for one in rows if not may[one.team, one.mentor]),
        *_too_many(rows, Rule.PAIR_ONCE, lambda one: (one.team, one.mentor), lambda _: 1),
        *_too_many(rows, Rule.TEAM_ONCE, lambda one: (one.team, one.day, one.slot), lambda _: 1),
        *_too_many(rows, Rule.MENTOR_ONCE, lambda one: (one.mentor, one.day, one.slot), lambda _: 1),
        *_too_many(rows, Rule.PLACES, lambda one: (one.day, one.slot), lambda key: int(room[key])),
        *_clashes(rows, room.tolist()),
        *_gaps(rows, limits),
        *_runs(rows, limits),
        *_too_many(rows, Rule.TEAM_PER_DAY, lambda one: (one.team, one.day), lambda key: int(limits.team_per_day[key[0]])),
        *_too_many(rows, Rule.MENTOR_PER_DAY, lambda one: (one.mentor, one.day), lambda key: int(limits.mentor_per_day[key[0]])),
        *_too_many(rows, Rule.MENTOR_TOTAL, lambda one: (one.mentor,), lambda key: int(limits.mentor_total[key])),
    ]


Key = tuple[int, ...]


def _grouped(rows: list[Meeting], key: Callable[[Meeting], Key]) -> list[tuple[Key, list[Meeting]]]:
    groups: dict[Key, list[Meeting]] = defaultdict(list)
    for one in rows:
        groups[key(one)].append(one)
    return sorted(groups.items())


def _too_many(rows: list[Meeting], rule: Rule, key: Callable[[Meeting], Key], most: Callable[[Key], int]) -> Iterator[Breach]:
    return (Breach(rule, tuple(group)) for name, group in _grouped(rows, key) if len(group) > most(name))


def _clashes(rows: list[Meeting], room: list[list[int]]) -> Iterator[Breach]:
    """Return the places that two meetings share, or that there are not, in slots which have places enough."""
    seated = [one for one in rows if one.place >= 0]
    for (day, slot, place), group in _grouped(seated, lambda one: (one.day, one.slot, one.place)):
        together = sum((one.day, one.slot) == (day, slot) for one in rows)
        if (len(group) > 1 or place >= room[day][slot]) and together <= room[day][slot]:
            yield Breach(Rule.PLACES, tuple(group))


def _gaps(rows: list[Meeting], limits: Limits) -> Iterator[Breach]:
    for (team, _), group in _grouped(rows, lambda one: (one.team, one.day)):
        for one, other in pairwise(sorted(group, key=lambda one: one.slot)):
            if 0 < other.slot - one.slot <= limits.team_gap[team]:
                yield Breach(Rule.TEAM_GAP, (min(one, other), max(one, other)))


def _runs(rows: list[Meeting], limits: Limits) -> Iterator[Breach]:
    for (mentor, _), group in _grouped(rows, lambda one: (one.mentor, one.day)):
        runs: list[list[Meeting]] = []
        for one in sorted(group, key=lambda one: one.slot):
            if runs and one.slot - runs[-1][-1].slot <= 1:
                runs[-1].append(one)
            else:
                runs.append([one])
        for run in runs:
            if len({one.slot for one in run}) > limits.mentor_run[mentor]:
                yield Breach(Rule.MENTOR_RUN, tuple(sorted(run)))
