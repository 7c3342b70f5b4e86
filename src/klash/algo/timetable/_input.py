"""The arguments of a plan, checked: every one an array of one type and shape, or a ValueError that says what was expected and what came."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._problem import Bools, Floats, Ints, Problem, Rules

PLENTY = 2**31  # of what a limit need never exceed


def build(
    *,
    need: ArrayLike,
    mentor_free: ArrayLike,
    team_free: ArrayLike,
    places: ArrayLike,
    allowed: ArrayLike,
    expertise: ArrayLike,
    background: ArrayLike,
    rules: Sequence[ArrayLike],
    weights: Sequence[float],
    wishes: ArrayLike | None,
) -> tuple[Problem, Ints, Ints]:
    """Return the problem, the meetings wanted and the backgrounds; ValueError says what was expected and what came."""
    room = whole("places", places, (None, None))
    wanted = whole("need", need, (None,))
    free = flags("mentor_free", mentor_free, (None, *room.shape))
    teams, mentors = len(wanted), len(free)
    codes = whole("background", background, (mentors, None), least=None)
    if len(weights) != 3 or not all(np.isfinite(weight) and weight >= 0 for weight in weights):
        raise ValueError(f"expected three weights of at least 0, got {tuple(weights)}")
    skill = _shares("expertise", expertise, (teams, mentors))
    liked = np.zeros((teams, mentors)) if wishes is None else _shares("wishes", wishes, (teams, mentors))
    limits = limits_of(rules, teams, mentors)
    kinds = number(codes)
    problem = Problem(
        need=np.minimum(wanted, mentors),  # no team can have more
        mentor_free=free,
        team_free=flags("team_free", team_free, (teams, *room.shape)),
        places=np.minimum(room, min(teams, mentors)),
        allowed=flags("allowed", allowed, (teams, mentors)),
        worth=(weights[1] * skill + weights[2] * liked) * (wanted > 0)[:, None] / np.maximum(wanted, 1)[:, None],
        team_day=np.repeat(limits.team_per_day[:, None], room.shape[0], 1),
        mentor_day=np.repeat(limits.mentor_per_day[:, None], room.shape[0], 1),
        mentor_total=limits.mentor_total,
        mentor_run=limits.mentor_run,
        team_gap=limits.team_gap,
        day_room=np.minimum(room, min(teams, mentors)).sum(1),
        taken=np.zeros_like(free),
        barred=np.empty((0, 4), np.int64),
        kinds=kinds,
        gain=_gains(wanted, kinds, weights[0]),
    )
    return problem, wanted, codes


def rows_of(name: str, meetings: Iterable[Sequence[int]], shape: tuple[int, int, int, int]) -> Ints:
    """Return meetings as int [n, 5], the place -1 where none is given; ValueError where one is not of the shape, or outside the counts."""
    rows = []
    for meeting in meetings:
        row = [int(value) for value in meeting]
        if len(row) not in (4, 5) or not all(0 <= value < count for value, count in zip(row, shape, strict=False)):
            raise ValueError(f"expected {name} as (team, mentor, day, slot) within {shape}, got {tuple(row)}")
        rows.append([*row[:4], row[4] if len(row) == 5 else -1])
    return np.array(rows, np.int64).reshape(-1, 5)


class Limits(NamedTuple):
    """The rules, one number for each team or mentor."""

    team_per_day: Ints
    mentor_per_day: Ints
    mentor_total: Ints
    mentor_run: Ints
    team_gap: Ints


def limits_of(rules: Sequence[ArrayLike], teams: int, mentors: int) -> Limits:
    """Spread the rules over the teams and mentors; a limit that nobody can reach is cut."""
    if len(rules) != len(Rules._fields):
        raise ValueError(f"expected rules {Rules._fields}, got {len(rules)} of them")
    found = []
    for name, limit in zip(Rules._fields, rules, strict=True):
        count = teams if name.startswith("team") else mentors
        array = np.asarray(limit)
        found.append(np.minimum(whole(name, np.full(count, array) if array.ndim == 0 else array, (count,)), PLENTY))
    return Limits(*found)


def _gains(need: Ints, kinds: Ints, weight: float) -> Floats:
    """Return what the first meeting with each category adds to a team's part of the objective: float [T, categories]."""
    parts = [np.zeros((len(need), 0))]
    for attribute in range(kinds.shape[1]):
        there = len(np.unique(kinds[:, attribute]))
        most = np.maximum(np.minimum(need, there), 1)
        parts.append(np.repeat(weight / kinds.shape[1] / most[:, None] * (need > 0)[:, None], there, 1))
    return np.concatenate(parts, 1)


def _array(name: str, values: ArrayLike, shape: tuple[int | None, ...]) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != len(shape) or any(wanted is not None and wanted != got for wanted, got in zip(shape, array.shape, strict=True)):
        raise ValueError(f"expected {name} of shape {tuple('any' if size is None else size for size in shape)}, got {array.shape}")
    return array


def whole(name: str, values: ArrayLike, shape: tuple[int | None, ...], least: int | None = 0) -> Ints:
    array = _array(name, values, shape)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"expected whole numbers in {name}, got {array.dtype}")
    if least is not None and array.size and array.min() < least:
        raise ValueError(f"expected {name} of at least {least}, got {array.min()}")
    return array.astype(np.int64)


def flags(name: str, values: ArrayLike, shape: tuple[int | None, ...]) -> Bools:
    array = _array(name, values, shape)
    if array.size and array.dtype != np.bool_:
        raise ValueError(f"expected truth values in {name}, got {array.dtype}")
    return array.astype(np.bool_)


def _shares(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = _array(name, values, shape).astype(np.float64)
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError(f"expected {name} within 0..1, got {array[~((array >= 0) & (array <= 1))][0]}")
    return array


def number(background: Ints) -> Ints:
    """Number the categories of all attributes through, an attribute after the other; background: int [M, A]."""
    kinds, first = np.zeros_like(background), 0
    for attribute in range(background.shape[1]):
        names, codes = np.unique(background[:, attribute], return_inverse=True)
        kinds[:, attribute] = codes + first
        first += len(names)
    return kinds
