"""Whether every team gets its share of help: from plain figures to the teams that fall behind, and in what. No database, no clock."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class Behind(StrEnum):
    TIME = "time"
    SESSIONS = "sessions"


SHARE = 0.75  # of the median of its challenge; less time is falling behind
SESSIONS_FEWER = 2  # than the others have


@dataclass(frozen=True)
class Help:
    """What one team has had and is still to have: sessions held or planned, and how long they are together."""

    minutes: int
    sessions: int


def behind(given: Mapping[Key, Help]) -> dict[Key, frozenset[Behind]]:
    """Return in what each team of one challenge falls behind; nobody does alone.

    The time is measured by the median of all, the sessions by the median of the others.
    """
    return {team: frozenset(kind for kind, is_behind in _measures(team, given) if is_behind) for team in given}


ANSWERED_AT_LEAST = 5  # questions, before it is told how many of them were whose
ASKERS_AT_LEAST = 3  # of these: teams, and those who are of none counted as one


def may_tell_askers(asked: Mapping[Key, int], answered: int) -> bool:
    """Return whether it can be told how many questions each team asked without telling who asked one of them.

    asked: by team. answered: in all. A single question, or the questions of few, would be known by the figures.
    """
    others = answered - sum(asked.values())
    return answered >= ANSWERED_AT_LEAST and sum(number > 0 for number in (*asked.values(), others)) >= ASKERS_AT_LEAST


def _measures(team: Key, given: Mapping[Key, Help]) -> list[tuple[Behind, bool]]:
    others = [row.sessions for key, row in given.items() if key != team]
    if not others:
        return []
    return [
        (Behind.TIME, given[team].minutes < SHARE * median(row.minutes for row in given.values())),
        (Behind.SESSIONS, given[team].sessions <= median(others) - SESSIONS_FEWER),
    ]
