"""Who meets which mentor on which day, in which slot and place: teams get what they need from mentors who differ, and no rule is broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from ._arrange import EQUAL, arrange, rearrange
from ._breaches import Breach, Rule, check
from ._cells import contained
from ._cures import Addition, Cure, cures
from ._input import build, rows_of
from ._problem import SHORT, Bools, Floats, Ints, Meeting, Problem, Rules, Weights, diversity
from ._seats import seat

__all__ = ["SHORT", "Addition", "Breach", "Cure", "Meeting", "Plan", "Reason", "Rule", "Rules", "Weights", "check", "diversity", "plan"]

USUAL = Weights()


@dataclass(frozen=True)
class Reason:
    """Why a team meets this mentor.

    brings: attributes in which nobody else whom the team meets is of the mentor's category. expertise, wish: as they were given, 0..1.
    rank: 1 for the best expertise among all whom the team may meet; equal ones share a rank. pinned, kept: it stands because it stood.
    """

    brings: tuple[int, ...]
    expertise: float
    rank: int
    wish: float
    pinned: bool
    kept: bool


@dataclass(frozen=True)
class Plan:
    """meetings: sorted. short: meetings that a team lacks, int [T]. diversity: float [T], the mean over the attributes of the distinct
    categories met, of the most that could be.

    objective: sum over the teams of their weighted diversity, expertise and wishes, less 1000 for each meeting that is short.
    bound: no plan around the same pinned meetings has a larger one, whatever stood before. proved: the objective reaches it.
    changed: how many of the previous meetings do not stand any more, the cancelled ones among them.
    reasons: one a meeting, in their order. cures: one a team that is short, by team.
    """

    meetings: tuple[Meeting, ...]
    short: Ints
    diversity: Floats
    objective: float
    bound: float
    proved: bool
    changed: int
    reasons: tuple[Reason, ...]
    cures: tuple[Cure, ...]
    seconds: float


def plan(
    *,
    need: ArrayLike,
    mentor_free: ArrayLike,
    team_free: ArrayLike,
    places: ArrayLike,
    allowed: ArrayLike,
    expertise: ArrayLike,
    background: ArrayLike,
    rules: Rules | Sequence[ArrayLike],
    weights: Weights | Sequence[float] = USUAL,
    wishes: ArrayLike | None = None,
    pinned: Iterable[Sequence[int]] = (),
    previous: Iterable[Sequence[int]] | None = None,
    cancelled: Iterable[Sequence[int]] = (),
    seed: int = 0,
    time_limit_s: float = 60.0,
) -> Plan:
    """Plan the meetings of T teams with M mentors on D days of S slots: first as few short as can be, then the largest objective.

    need: int [T], meetings wanted. mentor_free: bool [M, D, S]. team_free: bool [T, D, S]. places: int [D, S], meetings at one time.
    allowed: bool [T, M]. expertise, wishes: float [T, M], 0..1. background: int [M, A], codes of categories.
    A team's diversity is the mean over the attributes of the distinct categories met, of min(need, categories there are); its expertise and wishes
    are the sums over its meetings, over its need. A team meets a mentor at most once.
    pinned: (team, mentor, day, slot) that stand, if they break no rule, before all else and beyond a team's need too.
    previous: what stood; with it a plan is changed as little as can be: first as few short, then as many of them kept, then the largest objective.
    cancelled: of those, meetings that must not be as they were; who is no longer free is told by `mentor_free` and `team_free`.
    In all three a fifth number is the place, kept where it can be: the meetings of a plan can be handed back.
    Equal input, equal output, unless time_limit_s (an emergency brake) cut the work short. seed: of the solvers' and the search's chance.
    Raises ValueError for a shape, a NaN, a value out of range or a meeting outside the counts; what cannot be had is in `short`.
    Source: a mixed integer programme of days (its relaxation gives the bound), a constraint programme of slots, above 3,000 pairs greedy
    and large neighbourhood search (Pisinger, Ropke, Handbook of Metaheuristics, chapter 4).
    """
    begin = monotonic()
    problem, wanted, codes = build(
        need=need,
        mentor_free=mentor_free,
        team_free=team_free,
        places=places,
        allowed=allowed,
        expertise=expertise,
        background=background,
        rules=rules,
        weights=weights,
        wishes=wishes,
    )
    if not time_limit_s > 0:
        raise ValueError(f"expected a time limit above 0 s, got {time_limit_s}")
    if seed < 0:
        raise ValueError(f"expected a seed of at least 0, got {seed}")
    fixed, gone = rows_of("pinned", pinned, problem.shape), rows_of("cancelled", cancelled, problem.shape)
    stood = rows_of("previous", () if previous is None else previous, problem.shape)

    def left() -> float:
        return begin + time_limit_s - monotonic()

    problem = replace(problem, barred=np.unique(gone[:, :4], axis=0))
    pins, stood_cells = _standing(problem, fixed), np.unique(stood[:, :4], axis=0)
    rest = problem.after(pins)
    found = rearrange(rest, stood_cells, seed, left) if len(stood) else arrange(rest, seed, left)
    rows = seat(_with_places(np.concatenate((pins, found.cells)), np.concatenate((fixed, stood))), problem.places)
    short = np.maximum(wanted - np.bincount(rows[:, 0], minlength=len(wanted)), 0)

    def worth(pairs: Ints) -> float:
        return float(weights[0] * diversity(wanted, codes, pairs).sum() + problem.worth[pairs[:, 0], pairs[:, 1]].sum())

    objective = worth(rows) - SHORT * float(short.sum())
    bound = max(worth(pins) + found.bound - SHORT * float((wanted - problem.need).sum()), objective)
    kept = contained(rows[:, :4], stood_cells, problem.shape)
    return Plan(
        meetings=tuple(Meeting(*row) for row in rows.tolist()),
        short=short,
        diversity=diversity(wanted, codes, rows),
        objective=objective,
        bound=bound,
        proved=bound - objective <= EQUAL,
        changed=len(stood_cells) - int(kept.sum()),
        reasons=_reasons(problem, rows, np.asarray(expertise), wishes, contained(rows[:, :4], pins, problem.shape), kept),
        cures=cures(problem, rows[:, :4], short, seed, left()) if short.any() else (),
        seconds=monotonic() - begin,
    )


def _standing(problem: Problem, fixed: Ints) -> Ints:
    """Return the pinned cells, as far as each breaks no rule beside those before it: int [n, 4]."""
    pins = []
    for cell in np.unique(fixed[:, :4], axis=0).tolist():
        if problem.is_open(*cell):
            pins.append(cell)
            problem = problem.after([cell])
    return np.array(pins, np.int64).reshape(-1, 4)


def _with_places(cells: Ints, wished: Ints) -> Ints:
    """Add to the cells the places that they had; the first wish for a cell counts."""
    place = {tuple(cell): at for *cell, at in wished[::-1].tolist()}
    return np.array([[*cell, place.get(tuple(cell), -1)] for cell in cells.tolist()], np.int64).reshape(-1, 5)


def _reasons(problem: Problem, rows: Ints, expertise: Floats, wishes: ArrayLike | None, pinned: Bools, kept: Bools) -> tuple[Reason, ...]:
    team, mentor = rows[:, 0], rows[:, 1]
    skill = expertise[team, mentor]
    rank = 1 + (problem.allowed[team] & (expertise[team] > skill[:, None])).sum(1)
    wish = np.zeros(len(rows)) if wishes is None else np.asarray(wishes)[team, mentor]
    met = np.zeros(problem.gain.shape, np.int64)
    np.add.at(met, (team[:, None], problem.kinds[mentor]), 1)
    alone = met[team[:, None], problem.kinds[mentor]] == 1
    return tuple(
        Reason(tuple(np.flatnonzero(alone[at]).tolist()), float(skill[at]), int(rank[at]), float(wish[at]), bool(pinned[at]), bool(kept[at]))
        for at in range(len(rows))
    )
