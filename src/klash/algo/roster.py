"""Who meets whom in which slot of a day."""

from collections.abc import Collection
from math import gcd
from typing import NamedTuple

Pair = tuple[int, int]


class Meeting(NamedTuple):
    """One team meets one mentor in one slot; all three are indexes from 0."""

    slot: int
    team: int
    mentor: int


def roster(
    teams: int, mentors: int, slots: int, *, team_busy: Collection[Pair] = (), mentor_busy: Collection[Pair] = (), met: Collection[Pair] = (),
) -> list[Meeting]:
    """Let every team meet every mentor once, nobody twice in a slot, as far as the slots reach.

    teams, mentors, slots: counts >= 0. team_busy: (slot, team) and mentor_busy: (slot, mentor) that are not to be had.
    met: (team, mentor) that need not meet any more.
    Returns meetings sorted by (slot, team). Equal input, equal output.
    On an empty day the number of meetings is the largest possible, min(slots, max(teams, mentors)) * min(teams, mentors),
    and the counts of any two teams, and of any two mentors, differ by at most one. Otherwise it is greedy: no pair is left
    out that could still meet in a free slot.
    Raises ValueError if a count is negative or a pair lies outside the counts.
    Source: the edges of a complete bipartite graph in max(teams, mentors) colours (König 1916; Schrijver, Combinatorial
    Optimization, section 20.1), the colours taken in steps of the smaller side so that a short day stays fair.
    """
    _check(teams, mentors, slots, team_busy, mentor_busy, met)
    teams_at, mentors_at, done = set(team_busy), set(mentor_busy), set(met)
    found: list[Meeting] = []
    for slot, team, mentor in [*_turns(teams, mentors, slots), *_all(teams, mentors, slots)]:
        if (slot, team) in teams_at or (slot, mentor) in mentors_at or (team, mentor) in done:
            continue
        teams_at.add((slot, team))
        mentors_at.add((slot, mentor))
        done.add((team, mentor))
        found.append(Meeting(slot, team, mentor))
    return sorted(found)


def _turns(teams: int, mentors: int, slots: int) -> list[Meeting]:
    """Return the fair turns of an empty day: in each slot the smaller side sits down further along the larger one."""
    few, many = sorted((teams, mentors))
    if few == 0:
        return []
    lap = many // gcd(few, many)  # after a lap the steps would repeat, so the next lap starts one place further
    turns = []
    for slot in range(min(slots, many)):
        for one in range(few):
            other = (one + slot * few + slot // lap) % many
            turns.append(Meeting(slot, one, other) if teams <= mentors else Meeting(slot, other, one))
    return turns


def _all(teams: int, mentors: int, slots: int) -> list[Meeting]:
    """Return every meeting there could be, a pair's earliest slot first: it picks up what the turns could not have."""
    return [Meeting(slot, team, mentor) for team in range(teams) for mentor in range(mentors) for slot in range(slots)]


def _check(teams: int, mentors: int, slots: int, team_busy: Collection[Pair], mentor_busy: Collection[Pair], met: Collection[Pair]) -> None:
    if min(teams, mentors, slots) < 0:
        raise ValueError(f"expected counts of at least 0, got {teams} teams, {mentors} mentors, {slots} slots")
    for name, pairs, rows, columns in (
        ("team_busy", team_busy, slots, teams), ("mentor_busy", mentor_busy, slots, mentors), ("met", met, teams, mentors),
    ):
        if outside := sorted(pair for pair in pairs if not (0 <= pair[0] < rows and 0 <= pair[1] < columns)):
            raise ValueError(f"expected {name} within {rows} x {columns}, got {outside[0]}")
