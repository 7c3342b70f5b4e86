"""The search for the best total and for the worst-off entry; every answer comes with a bound that a flow has proved.

What is no flow, a floor under the scores or a second attribute, gets prices. A flow with any prices at all bounds the best there is
(Lagrange); prices that come down on the bound lead to assignments near it.
Sources: Held, Wolfe, Crowder, Validation of subgradient optimization, Math. Programming 6 (1974), for the prices; Garg, Kavitha, Kumar,
Mehlhorn, Mestre, Assigning papers to referees, Algorithmica 58 (2010), for the worst-off; chains of seats as in any bipartite matching.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from . import _programme
from ._network import Network
from ._problem import Attribute, Floats, Ints, Problem
from ._seats import NEAR, Seats

SMALL = 1_500  # pairs up to which a mixed-integer programme settles what the prices leave open
EFFORT = 1_000_000  # of it: nodes of the search tree times pairs
NODES = 2_000  # of the tree at most
WIDE = 60_000  # pairs above which a price is tried on the most promising ones only
PROMISING = 20  # of an entry
ROUNDS = 40  # of prices
SEATINGS = 20  # rounds in which every entry chooses one seat anew
CLOSE = 5e-4  # of the total: on many pairs the prices stop this near to their bound
EQUAL = 1e-6  # totals and scores closer than this count as equal where it is said what is proved

Left = Callable[[], float]  # seconds of the caller's patience


@dataclass(frozen=True)
class Found:
    """chosen: pairs, sorted. Nobody does better than total_bound with a worst-off entry as well off as here, nor than worst_bound at all.

    gain: affinity less the prices of crossing attributes, float [pairs].
    """

    chosen: Ints
    total_bound: float
    worst_bound: float
    gain: Floats


def best_total(problem: Problem, left: Left) -> Found:
    """Find the largest total: exact with one attribute or none, with prices where attributes cross."""
    prices = _Prices(Network(problem))
    chosen, bound = prices.settle(left)
    if len(problem.entry) <= SMALL and bound - problem.total(chosen) > EQUAL:
        chosen, bound = _settle_small(prices, chosen, bound, 0.0, left)
    return Found(chosen, max(bound, problem.total(chosen)), _ceiling(problem), prices.gain)


def best_worst(problem: Problem, left: Left) -> Found:
    """Find the largest score of the worst-off entry, and then the largest total."""
    prices = _Prices(Network(problem))
    first, bound = prices.settle(left)
    chosen, worst_bound = _lift_worst(prices.network, first, left)
    chosen, bound = _raise_total(prices, chosen, bound, left)
    score = problem.score(chosen)
    return Found(chosen, max(bound, problem.total(chosen)), max(worst_bound, problem.worst(score)), prices.gain)


def _ceiling(problem: Problem) -> float:
    return problem.worst(problem.ceiling())


def _ceiling_of_seats(network: Network) -> float:
    """Return the score that every counted entry could reach if its seats went to its own best reviewers, but no more seats are filled than can be.

    Where loads are short, this is what a linear programme cannot see: it deals out thirds of a seat.
    """
    problem = network.problem
    if network.filled == network.seats:
        return np.inf
    entry, score = problem.heights()
    counted = problem.counted[entry]
    entry, score = entry[counted], score[counted]
    levels = np.unique(score)
    low, high = 0, len(levels) - 1  # the lowest level asks for no seat
    while low < high:
        middle = (low + high + 1) // 2
        seats = np.bincount(entry[score < levels[middle] - NEAR], minlength=problem.entries)
        is_had = (seats <= problem.need).all() and network.most_seats(seats, problem.room) == seats.sum()
        low, high = (middle, high) if is_had else (low, middle - 1)
    return float(levels[low]) + NEAR if len(levels) else np.inf


def _lift_worst(network: Network, first: Ints, left: Left) -> tuple[Ints, float]:
    """Lift the worst-off entry to its own ceiling, or else to what a linear programme leaves possible; return the bound too."""
    problem = network.problem
    goal = min(_ceiling(problem), _ceiling_of_seats(network))
    best = _lifted(problem, first, goal)
    if not problem.counted.any() or problem.worst(problem.score(best)) >= goal - EQUAL or left() <= 0:
        return best, goal
    plain = network.without_attributes()
    pairs = _promising(problem, np.union1d(first, best))
    for _ in range(4):
        solution = _programme.solve(plain, problem.affinity, floor=None, pairs=pairs, whole=False, time_limit_s=max(left(), 0))
        weight = np.zeros(problem.entries)
        weight[problem.counted] = solution.weight
        if not weight.sum() > 0:
            break
        weight /= weight.sum()
        gain = weight[problem.entry] * problem.affinity
        flows = plain.solve(gain)
        bound = float(weight @ problem.base) + plain.value(gain, flows)
        goal = min(goal, bound + NEAR)
        used = np.flatnonzero(flows[0])
        best = max(best, _lifted(problem, plain.chosen(gain + 1e-6 * problem.affinity, pairs), goal), key=lambda chosen: problem.worst(problem.score(chosen)))
        if bound - solution.bound < 1e-4 or problem.worst(problem.score(best)) >= goal - EQUAL or left() <= 0:
            break
        pairs = np.union1d(pairs, used)
    if len(problem.entry) <= SMALL and problem.worst(problem.score(best)) < goal - EQUAL:
        solution = _programme.solve(
            plain, problem.affinity, floor=None, pairs=np.arange(len(problem.entry)), whole=True, nodes=_nodes(problem), time_limit_s=max(left(), 0)
        )
        goal = min(goal, solution.bound + NEAR)
        if len(solution.chosen):
            best = max(best, solution.chosen, key=lambda chosen: problem.worst(problem.score(chosen)))
    return best, goal


def _lifted(problem: Problem, chosen: Ints, goal: float) -> Ints:
    seats = Seats(problem, chosen)
    seats.lift_all(problem.counted, goal)
    return seats.chosen()


def _promising(problem: Problem, known: Ints) -> Ints:
    """Return every entry's best pairs and the known ones, or all pairs if they are few."""
    if len(problem.entry) <= WIDE:
        return np.arange(len(problem.entry))
    order = np.lexsort((-problem.affinity, problem.entry))
    place = np.arange(len(order)) - problem.start[problem.entry[order]]
    return np.union1d(order[place < PROMISING], known)


def _tolerance(problem: Problem, bound: float) -> float:
    return EQUAL if len(problem.entry) <= WIDE else max(EQUAL, CLOSE * bound)


def _raise_total(prices: "_Prices", best: Ints, bound: float, left: Left) -> tuple[Ints, float]:
    """Raise the total with no entry below the worst-off one of `best`: a price on every score that would fall below."""
    problem, network = prices.problem, prices.network
    floor = problem.worst(problem.score(best))
    price, cheapest, pairs = np.zeros(problem.entries), np.zeros(problem.entries), _promising(problem, best)
    low = bound
    for _ in range(ROUNDS):
        if low - problem.total(best) <= _tolerance(problem, low) or left() <= 0:
            break
        gain = prices.gain + price[problem.entry] * problem.affinity
        flows = network.solve(gain, pairs)
        chosen = np.flatnonzero(flows[0])
        value = network.value(gain, flows) + prices.constant + float(price @ (problem.base - floor))
        if value < low:
            low, cheapest = value, price
        lifted = _lifted(problem, chosen, floor)
        if problem.worst(problem.score(lifted)) >= floor - NEAR and problem.total(lifted) > problem.total(best):
            best = lifted
        short = np.where(problem.counted, floor - problem.score(chosen), 0.0)
        short[(price == 0) & (short < 0)] = 0
        if not short.any():
            break
        price = np.maximum(price + short * max(value - problem.total(best), EQUAL) / float(short @ short), 0)
    if cheapest.any():
        gain = prices.gain + cheapest[problem.entry] * problem.affinity
        bound = min(bound, network.value(gain, network.solve(gain)) + prices.constant + float(cheapest @ (problem.base - floor)))
    if bound - problem.total(best) > _tolerance(problem, bound):
        best = _reseat(problem, best, pairs, floor, left)
    if len(problem.entry) <= SMALL and bound - problem.total(best) > EQUAL:
        best, bound = _settle_small(prices, best, bound, floor, left)
    return best, bound


def _reseat(problem: Problem, chosen: Ints, pairs: Ints, floor: float, left: Left) -> Ints:
    """Choose one seat of every entry anew, all at once, until no such round adds to the total.

    With its other seats given, an entry's one seat costs the same whatever the others choose: so this is a flow, floors and all attributes included.
    """
    still = 0
    for turn in range(SEATINGS):
        if left() <= 0 or still > int(problem.need.max(initial=0)):
            break
        size = np.bincount(problem.entry[chosen], minlength=problem.entries)
        nth = np.arange(len(chosen)) - np.repeat(np.cumsum(size) - size, size)
        kept = chosen[nth != turn % np.maximum(size, 1)[problem.entry[chosen]]]
        load = np.bincount(problem.reviewer[kept], minlength=problem.reviewers)
        rest = replace(
            problem,
            need=np.minimum(problem.need, size > 0),
            room=problem.room - load,
            low=np.maximum(problem.low - load, 0),
            attributes=(),
        )
        gain = problem.affinity.copy()
        for attribute in problem.attributes:
            gain -= attribute.weight * problem.counts(attribute, kept)[problem.entry, attribute.code[problem.reviewer]]
        enough = (problem.score(kept)[problem.entry] + problem.affinity >= floor) | ~problem.counted[problem.entry]
        enough[kept] = False
        network = Network(rest)
        # said here, not found by the network: it would count a kept pair a second time and ask for more than can be had
        network.filled, network.minima = len(chosen) - len(kept), problem.minima(chosen) - problem.minima(kept)
        new = np.sort(np.concatenate((kept, network.chosen(gain, np.union1d(pairs[enough[pairs]], np.setdiff1d(chosen, kept))))))
        better = problem.total(new) > problem.total(chosen) + NEAR
        chosen, still = (new, 0) if better else (chosen, still + 1)
    return chosen


def _nodes(problem: Problem) -> int:
    return min(NODES, EFFORT // max(len(problem.entry), 1))


def _settle_small(prices: "_Prices", best: Ints, bound: float, floor: float, left: Left) -> tuple[Ints, float]:
    problem = prices.problem
    pairs = np.arange(len(problem.entry))
    solution = _programme.solve(
        prices.network, problem.affinity, floor=floor - NEAR, pairs=pairs, whole=True, nodes=_nodes(problem), time_limit_s=max(left(), 0)
    )
    held = sum(attribute.penalty(attribute.held) for attribute in problem.attributes)
    bound = min(bound, solution.bound + float(problem.base.sum()) - held + NEAR)
    fits = len(solution.chosen) and problem.worst(problem.score(solution.chosen)) >= floor - 10 * NEAR
    return (solution.chosen if fits and problem.total(solution.chosen) > problem.total(best) else best), bound


class _Prices:
    """What a reviewer of a category costs an entry, for the attributes that are not in the network.

    gain: affinity less these prices, float [pairs]. constant: what a flow's value lacks of a bound on the total.
    """

    def __init__(self, network: Network) -> None:
        self.network, self.problem = network, network.problem
        self.gain, self.constant = self._at([np.zeros(crossing.held.shape) for crossing in self.problem.attributes[1:]])

    def settle(self, left: Left) -> tuple[Ints, float]:
        """Find prices that bound the total best; return the best assignment met on the way, and the bound."""
        problem, crossing = self.problem, self.problem.attributes[1:]
        best = self.network.chosen(self.gain)
        if not crossing:
            return best, problem.total(best)
        pairs = _promising(problem, best)
        best = _reseat(problem, best, pairs, -np.inf, left)
        price = [np.zeros(attribute.held.shape) for attribute in crossing]
        push = [np.zeros(attribute.held.shape) for attribute in crossing]
        lowest = np.inf
        for turn in range(ROUNDS):
            gain, constant = self._at(price)
            flows = self.network.solve(gain, pairs)
            chosen = np.flatnonzero(flows[0])
            value = self.network.value(gain, flows) + constant
            if turn % 10 == 9:
                chosen = _reseat(problem, chosen, pairs, -np.inf, left)
            if problem.total(chosen) > problem.total(best):
                best = chosen
            if value < lowest:
                lowest, self.gain, self.constant = value, gain, constant
            if lowest - problem.total(best) <= _tolerance(problem, lowest) or left() <= 0:
                break
            pull = [problem.counts(a, np.flatnonzero(flows[0])) - _cheapest(a, p, problem)[0] for a, p in zip(crossing, price, strict=True)]
            push = [0.6 * old + 0.4 * new for old, new in zip(push, pull, strict=True)]
            size = sum(float((one * one).sum()) for one in push)
            if not size:
                break
            step = 0.7 * max(value - problem.total(best), EQUAL) / size
            price = [p + step * one for p, one in zip(price, push, strict=True)]
        if len(pairs) < len(problem.entry):
            lowest = self.network.value(self.gain, self.network.solve(self.gain)) + self.constant
        return best, lowest

    def _at(self, price: list[Floats]) -> tuple[Floats, float]:
        problem = self.problem
        gain, constant = problem.affinity.copy(), float(problem.base.sum())
        if problem.attributes:
            constant -= problem.attributes[0].penalty(problem.attributes[0].held)
        for attribute, cost in zip(problem.attributes[1:], price, strict=True):
            gain -= cost[problem.entry, attribute.code[problem.reviewer]]
            constant -= _cheapest(attribute, cost, problem)[1]
        return gain, constant


def _cheapest(attribute: Attribute, price: Floats, problem: Problem) -> tuple[Ints, float]:
    """Return how many reviewers of a category an entry would have if each brought in its price, and the sum of penalties less prices."""
    free = np.arange(int(problem.need.max(initial=0)) + 1)
    count = attribute.held[..., None] + free
    cost = attribute.weight * (count * (count - 1) / 2) - price[..., None] * free
    at = cost.argmin(-1)
    return attribute.held + at, float(np.take_along_axis(cost, at[..., None], -1).sum())
