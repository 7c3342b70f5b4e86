"""The slot layer: who meets whom in which slot, every rule in it, as a constraint programme (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._problem import SHORT, Bools, Ints, Problem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Group = tuple[Any, ...]  # what a rule is about: its name, then indexes
SCALE = 1_000_000  # the solver counts in whole numbers


@dataclass(frozen=True)
class Cells:
    """chosen: positions of the cells taken, sorted. optimal: nothing better can be chosen among the cells."""

    chosen: Ints
    optimal: bool


def open_cells(problem: Problem, pairs: Bools) -> Ints:
    """Return the cells in which these pairs can meet: int [n, 4] of (team, mentor, day, slot), sorted; pairs: [T, M]."""
    team, mentor, day = np.nonzero(problem.can_meet & pairs[:, :, None])
    free = problem.team_free[team, day] & problem.mentor_free[mentor, day] & (problem.places[day] > 0)
    at, slot = np.nonzero(free)
    cells = np.stack((team[at], mentor[at], day[at], slot), 1)
    return cells[~contained(cells, problem.barred, problem.shape)]


def most(problem: Problem, cells: Ints, *, effort: float, seed: int, time_limit_s: float) -> Ints:
    """Return as many of the cells as can be taken together; int [n, 4] both."""
    found = solve(problem, cells, value=np.ones(len(cells), np.int64), covers=False, effort=effort, seed=seed, time_limit_s=time_limit_s)
    return cells[found.chosen]


def best(problem: Problem, cells: Ints, *, effort: float, seed: int, time_limit_s: float, hint: Ints | None = None, kept: Ints | None = None) -> Cells:
    """Choose the cells that add most to the objective.

    kept: cells of meetings that should stay, int [n, 4]: first as little as can be is short, then as many as can be stay. hint: positions of a good choice.
    """
    value = np.rint(problem.worth[cells[:, 0], cells[:, 1]] * SCALE).astype(np.int64)
    filled, bonus = np.int64(SHORT * SCALE), np.zeros(len(cells), np.int64)
    if kept is not None:
        most = int(np.ceil(problem.worth.max(1, initial=0) @ problem.need + problem.gain.sum())) + 1
        bonus[contained(cells, kept, problem.shape)] = most * SCALE
        filled = np.int64(max(SHORT, most * (len(kept) + 1)) * SCALE)
    return solve(problem, cells, value=value + bonus + filled, covers=True, effort=effort, seed=seed, time_limit_s=time_limit_s, hint=hint)


def contained(cells: Ints, others: Ints, shape: tuple[int, int, int, int]) -> Bools:
    """Return which of the cells are among the others; both int [n, 4]."""
    return np.isin(np.ravel_multi_index(tuple(cells.T), shape), np.ravel_multi_index(tuple(others.T), shape))


def solve(problem: Problem, cells: Ints, *, value: Ints, covers: bool, effort: float, seed: int, time_limit_s: float, hint: Ints | None = None) -> Cells:
    """Choose the cells of the largest value, no rule broken; covers: the first of a category with a team counts its gain too.

    effort: the solver's own measure of work, about a second of a processor; it ends the work at the same point on every machine.
    """
    from ortools.sat.python import cp_model  # loads pandas, a second and 40 MB: who only checks a plan needs neither

    if not len(cells):
        return Cells(np.empty(0, np.int64), True)
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(len(cells))]
    _obey(model, problem, cells, taken)
    terms, weights = list(taken), value.tolist()
    given = set() if hint is None else set(hint.tolist())
    hinted = [at in given for at in range(len(cells))]
    if covers:
        for members, gain in _categories(problem, cells):
            met = model.new_bool_var("")
            model.add_bool_or([*(taken[at] for at in members), met.negated()])
            terms.append(met)
            weights.append(round(gain * SCALE))
            hinted.append(not given.isdisjoint(members))
    model.maximize(cp_model.LinearExpr.weighted_sum(terms, weights))
    if hint is not None:
        for variable, is_true in zip(terms, hinted, strict=True):
            model.add_hint(variable, is_true)
    solver = cp_model.CpSolver()
    solver.parameters.linearization_level = 2 if covers else 1
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(time_limit_s, 0.01)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Cells(np.empty(0, np.int64) if hint is None else hint, False)
    chosen = np.flatnonzero([solver.boolean_value(variable) for variable in taken])
    return Cells(chosen, status == cp_model.OPTIMAL)


def _obey(model: cp_model.CpModel, problem: Problem, cells: Ints, taken: list[cp_model.IntVar]) -> None:
    """Write the rules down."""
    from ortools.sat.python import cp_model  # as in `solve`

    for key, members in groups(problem, cells).items():
        most = limit(problem, key)
        if most == 1 < len(members):
            model.add_at_most_one([taken[at] for at in members])
        elif most < len(members):
            model.add(cp_model.LinearExpr.sum([taken[at] for at in members]) <= most)


def groups(problem: Problem, cells: Ints) -> dict[Group, list[int]]:
    """Return the positions of the cells of which a rule lets only some be taken, by what the rule is about."""
    gap, run = problem.team_gap.tolist(), problem.mentor_run.tolist()
    slots = problem.places.shape[1]
    found: dict[Group, list[int]] = defaultdict(list)
    for at, (team, mentor, day, slot) in enumerate(cells.tolist()):
        found["pair", team, mentor].append(at)
        found["need", team].append(at)
        found["team day", team, day].append(at)
        found["mentor day", mentor, day].append(at)
        found["mentor", mentor].append(at)
        found["places", day, slot].append(at)
        found["mentor slot", mentor, day, slot].append(at)
        for first in range(max(slot - gap[team], 0), max(min(slot, slots - 1 - gap[team]), 0) + 1):
            found["team window", team, day, first].append(at)
        for first in range(max(slot - run[mentor], 0), min(slot, slots - 1 - run[mentor]) + 1):
            found["mentor window", mentor, day, first].append(at)
    return found


def limit(problem: Problem, group: Group) -> int:
    """Return how many cells of a group may be taken."""
    kind, *place = group
    if kind == "mentor window":
        mentor, day, first = place
        run = int(problem.mentor_run[mentor])
        return run - int(problem.taken[mentor, day, first : first + run + 1].sum())
    limits = {
        "need": problem.need,
        "team day": problem.team_day,
        "mentor day": problem.mentor_day,
        "mentor": problem.mentor_total,
        "places": problem.places,
    }
    return int(limits[kind][tuple(place)]) if kind in limits else 1


def _categories(problem: Problem, cells: Ints) -> Iterable[tuple[list[int], float]]:
    """Return the cells that would bring a team a category it lacks, with what that gains."""
    members: dict[tuple[int, int], list[int]] = defaultdict(list)
    kinds = problem.kinds.tolist()
    for at, (team, mentor, _, _) in enumerate(cells.tolist()):
        for kind in kinds[mentor]:
            members[team, kind].append(at)
    return [(positions, float(problem.gain[key])) for key, positions in members.items() if problem.gain[key] > 0]
