"""Many teams: a diverse start, a meeting at a time, then neighbourhoods of teams that are planned anew exactly while the others stand."""

from collections.abc import Callable

import numpy as np

from ._days import solve
from ._problem import Bools, Floats, Ints, Problem

TEAMS = 24  # in a neighbourhood
LIKED = 30  # mentors that a team is offered there, beside the best few of every category
OF_A_KIND = 3
NODES = 30
GAP = 0.005  # what a neighbourhood may miss of its objective
ROUNDS = 3
NEAR = 0.001  # share of the bound that is as good as none


def greedy(problem: Problem, price: Floats) -> Ints:
    """Give every team a meeting in turns, each time the one that adds most beside the mentor's price; int [n, 3] of (team, mentor, day).

    price: [M]. Those come first in a turn who have fewest meetings to choose from.
    """
    teams, _, days, _ = problem.shape
    can, gain, need = problem.can_meet.copy(), problem.gain.copy(), problem.need.copy()
    team_left, mentor_left, total_left = problem.team_most(), problem.mentor_most(), problem.mentor_total.copy()
    room = problem.day_room.copy()
    order = np.argsort(can.sum((1, 2)), kind="stable").tolist()
    found = []
    for _ in range(int(need.max(initial=0))):
        for team in order:
            fits = can[team] & (mentor_left > 0) & (total_left > 0)[:, None] & (team_left[team] > 0) & (room > 0)
            if need[team] <= 0 or not fits.any():
                continue
            value = problem.worth[team] + gain[team][problem.kinds].sum(1) - price
            mentor = int(np.where(fits.any(1), value, -np.inf).argmax())
            day = int(np.where(fits[mentor], mentor_left[mentor] + room / (1 + room.sum()), -1).argmax())
            found.append((team, mentor, day))
            can[team, mentor], gain[team, problem.kinds[mentor]] = False, 0
            need[team] -= 1
            team_left[team, day] -= 1
            mentor_left[mentor, day] -= 1
            total_left[mentor] -= 1
            room[day] -= 1
    return np.array(sorted(found), np.int64).reshape(-1, 3)


def improve(problem: Problem, chosen: Ints, price: Floats, bound: float, seed: int, left: Callable[[], float]) -> Ints:
    """Plan neighbourhoods anew until a round brings little or the bound is near."""
    chance, liked = np.random.default_rng(seed), offered(problem, price)
    order = chance.permutation(len(problem.need))
    best = problem.objective(chosen)
    for _ in range(ROUNDS):
        before = best
        for first in range(0, len(order), TEAMS):
            if left() <= 0 or best >= bound - NEAR * abs(bound):
                return chosen
            teams = order[first : first + TEAMS]
            new = _planned_anew(problem, chosen, teams, liked, left())
            if (value := problem.objective(new)) > best:
                chosen, best = new, value
        if best <= before + NEAR / 10 * abs(bound):
            break
        order = chance.permutation(len(problem.need))
    return chosen


def offered(problem: Problem, price: Floats) -> Bools:
    """Return the mentors who are worth most to a team beside their price, over all and in each category: [T, M]."""
    value = np.where(problem.can_meet.any(2), problem.worth - price, -np.inf)
    liked = _among_best(value, LIKED)
    for kind in range(problem.gain.shape[1]):
        liked |= _among_best(np.where((problem.kinds == kind).any(1), value, -np.inf), OF_A_KIND)
    return liked & np.isfinite(value)


def _among_best(value: Floats, count: int) -> Bools:
    """Return which are among the first of their row, by value."""
    rank = np.argsort(np.argsort(-value, axis=1, kind="stable"), axis=1)
    return rank < count


def _planned_anew(problem: Problem, chosen: Ints, teams: Ints, liked: Bools, time_limit_s: float) -> Ints:
    own = np.isin(chosen[:, 0], teams)
    part = problem.of_teams(teams, chosen[~own])
    offer = liked.copy()
    offer[chosen[:, 0], chosen[:, 1]] = True
    triples = np.argwhere(part.can_meet & offer[:, :, None])
    found = solve(part, triples, whole=True, gap=GAP, nodes=NODES, time_limit_s=time_limit_s).chosen
    both = np.concatenate((chosen[~own], found))
    return both[np.lexsort(both.T[::-1])]
