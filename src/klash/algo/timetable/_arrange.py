"""The layers together: days first, then slots, then what the slots could not hold; and the same around meetings that should stay."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import _cells, _days, _search
from ._problem import SHORT, Bools, Ints, Problem

Left = Callable[[], float]  # seconds until the emergency brake
WHOLE = 3_000  # pairs up to which the day layer is solved in one
NODES = 50
EXACT = 2_500  # cells up to which all is solved in one where the layers lose something
EFFORT, EFFORT_OF_A_PART = 4.0, 0.3
GROUP = 8  # teams that are moved together
ATTEMPTS = 40
NEAR = 0.001  # share of the bound that is as good as none
EQUAL = 1e-5  # objectives so near are one


@dataclass(frozen=True)
class Arranged:
    """cells: int [n, 4] of (team, mentor, day, slot), sorted. bound: no plan of the problem has a larger objective."""

    cells: Ints
    bound: float


def arrange(problem: Problem, seed: int, left: Left) -> Arranged:
    """Plan all that the problem wants, as well as can be."""
    is_small = problem.can_meet.any(2).sum() <= WHOLE
    if is_small and (found := _at_once(problem, seed, left)):
        return found
    chosen, bound = _on_days(problem, is_small, seed, left)
    cells = _placed(problem, chosen, seed, left)
    if len(cells) < len(chosen) or problem.objective(cells) < bound - SHORT / 2:
        cells, is_best = _mend(problem, _fill(problem, cells, seed, left), bound, None, seed, left)
        bound = problem.objective(cells) if is_best else bound
    return Arranged(cells, bound)


def rearrange(problem: Problem, previous: Ints, seed: int, left: Left) -> Arranged:
    """Plan anew: first as little short as can be, then as many of the previous cells kept as can be, then as well as can be."""
    possible = previous[_cells.contained(previous, _cells.open_cells(problem, problem.allowed), problem.shape)]
    kept = _cells.most(problem, possible, effort=EFFORT, seed=seed, time_limit_s=left())
    cells = _joined(kept, arrange(problem.after(kept), seed, left).cells)
    bound = _days.solve(problem, np.argwhere(problem.can_meet), whole=False, by_day=False, time_limit_s=left()).bound
    if len(kept) < len(possible) or problem.objective(cells) < bound - SHORT / 2:
        cells, _ = _mend(problem, cells, bound, possible, seed, left)
    return Arranged(cells, bound)


def _at_once(problem: Problem, seed: int, left: Left) -> Arranged | None:
    """Choose pairs as if all days were one, which is quick, and give them slots; None if not all of them can have one."""
    pairs = _days.solve(problem, np.argwhere(problem.can_meet), whole=True, by_day=False, nodes=NODES, time_limit_s=left())
    chosen = np.zeros(problem.allowed.shape, np.bool_)
    chosen[pairs.chosen[:, 0], pairs.chosen[:, 1]] = True
    cells = _cells.most(problem, _cells.open_cells(problem, chosen), effort=EFFORT_OF_A_PART, seed=seed, time_limit_s=left())
    return Arranged(cells, pairs.bound) if len(cells) == len(pairs.chosen) else None


def _on_days(problem: Problem, is_small: bool, seed: int, left: Left) -> tuple[Ints, float]:
    """Return who meets whom on which day, int [n, 3], and the bound."""
    triples = np.argwhere(problem.can_meet)
    if is_small:
        gap = NEAR * float((problem.need > 0).sum()) if len(triples) > EXACT else 0.0
        whole = _days.solve(problem, triples, whole=True, gap=gap, nodes=NODES, time_limit_s=left())
        return whole.chosen, whole.bound
    loose = _days.solve(problem, triples, whole=False, by_day=False, time_limit_s=left())
    return _search.improve(problem, _search.greedy(problem, loose.price), loose.price, loose.bound, seed, left), loose.bound


def _placed(problem: Problem, chosen: Ints, seed: int, left: Left) -> Ints:
    """Give the meetings of every day slots, as many as can be: int [n, 4]."""
    pairs, wanted = np.zeros(problem.allowed.shape, np.bool_), np.zeros(problem.can_meet.shape, np.bool_)
    pairs[chosen[:, 0], chosen[:, 1]] = True
    wanted[tuple(chosen.T)] = True
    cells = _cells.open_cells(problem, pairs)
    cells = cells[wanted[tuple(cells[:, :3].T)]]
    days = [cells[cells[:, 2] == day] for day in range(problem.shape[2])]
    return _joined(*(_cells.most(problem, of_day, effort=EFFORT, seed=seed, time_limit_s=left()) for of_day in days))


def _fill(problem: Problem, cells: Ints, seed: int, left: Left) -> Ints:
    """Add what is short, as far as it can be had while the cells stand."""
    short = np.flatnonzero(problem.short(cells))
    for first in range(0, len(short), _search.TEAMS):
        part = problem.after(cells)
        offer = _only(_search.offered(part, np.zeros(problem.shape[1])), short[first : first + _search.TEAMS])
        more = _cells.open_cells(part, offer)
        cells = _joined(cells, more[_cells.best(part, more, effort=EFFORT, seed=seed, time_limit_s=left()).chosen])
    return cells


def _mend(problem: Problem, cells: Ints, bound: float, kept: Ints | None, seed: int, left: Left) -> tuple[Ints, bool]:
    """Move meetings until little is missed; return the cells and whether nothing is better.

    All teams' at once if there are few cells, else of a few teams around one that is short, or anyone. kept: see `best`.
    """
    every = _cells.open_cells(problem, problem.allowed)
    if len(every) <= EXACT:
        return _moved(problem, cells, every, kept, EFFORT, seed, left())
    chance = np.random.default_rng(seed)
    for _ in range(ATTEMPTS):
        short = np.flatnonzero(problem.short(cells))
        near_enough = SHORT / 2 if kept is not None else NEAR * abs(bound)
        if left() <= 0 or problem.objective(cells) >= bound - near_enough:
            break
        team = chance.choice(short if len(short) else np.flatnonzero(problem.need))
        group = _around(problem, cells, team, chance)
        own = np.isin(cells[:, 0], group)
        part = problem.after(cells[~own])
        offer = _search.offered(part, np.zeros(problem.shape[1]))
        offer[cells[own, 0], cells[own, 1]] = True
        moved, _ = _moved(part, cells[own], _cells.open_cells(part, _only(offer, group)), kept, EFFORT_OF_A_PART, seed, left())
        cells = _joined(cells[~own], moved)
    return cells, False


def _around(problem: Problem, cells: Ints, team: int, chance: np.random.Generator) -> Ints:
    """Return the team and some whose meetings take slots or mentors that it could have."""
    near = problem.team_free[team][cells[:, 2], cells[:, 3]] & problem.allowed[team, cells[:, 1]]
    return np.append(chance.permutation(np.setdiff1d(cells[near, 0], team))[: GROUP - 1], team)


def _moved(problem: Problem, cells: Ints, among: Ints, kept: Ints | None, effort: float, seed: int, time_limit_s: float) -> tuple[Ints, bool]:
    hint = np.flatnonzero(_cells.contained(among, cells, problem.shape))
    found = _cells.best(problem, among, effort=effort, seed=seed, time_limit_s=time_limit_s, hint=hint, kept=kept)
    return among[found.chosen], found.optimal


def _only(pairs: Bools, teams: Ints) -> Bools:
    return pairs & np.isin(np.arange(len(pairs)), teams)[:, None]


def _joined(*parts: Ints) -> Ints:
    cells = np.concatenate(parts)
    return cells[np.lexsort(cells.T[::-1])]
