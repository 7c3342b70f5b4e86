"""The assignment as a flow: entries on one side, reviewers on the other, a unit per seat.

An entry's seats flow to its reviewers, or to nobody where they cannot be filled; a reviewer's load flows first into the minimum, then into
the rest. How much can be filled, and how much of the minima met, is found beforehand and demanded: so both come before any affinity, and
they never stand against each other (a flow that meets the minima is extended to a largest one without taking from a reviewer).
The first attribute is in the network too: the k-th reviewer of a category costs k - 1 times its weight, which is convex.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow  # type: ignore[import-untyped]
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from ._problem import Any_, Attribute, Floats, Ints, Problem

LARGEST = 2**62  # of what the solver's 64-bit integers hold


class Network:
    """Seats and loads in `units` (1: whole reviewers; 100: hundredths), no pair above `most` units.

    Arcs: the pairs, in the problem's order, then `tail`, `head`, `capacity`, `cost` of all others.
    """

    def __init__(self, problem: Problem, units: int = 1, most: int = 1) -> None:
        self.problem, self.units, self.most = problem, units, most
        entries, reviewers = problem.entries, problem.reviewers
        self.reviewer_at, self.minimum, self.rest, self.nobody = entries, entries + reviewers, entries + reviewers + 1, entries + reviewers + 2
        reviewer = np.arange(entries, entries + reviewers)
        self.nodes, self.pair_tail = self.nobody + 1, problem.entry.astype(np.int32)
        tail, head, cost = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
        if problem.attributes:
            first = categories(problem, problem.attributes[0])
            self.pair_tail = (self.nodes + first.of_pair).astype(np.int32)
            tail, head, cost = first.entry, self.nodes + first.cell, first.cost
            self.nodes += first.count
        self.pair_head = (problem.reviewer + entries).astype(np.int32)
        self.tail = np.concatenate((np.arange(entries), reviewer, reviewer, tail)).astype(np.int32)
        ends = np.repeat((self.nobody, self.minimum, self.rest), (entries, reviewers, reviewers))
        self.head = np.concatenate((ends, head)).astype(np.int32)
        self.capacity = units * np.concatenate((problem.need, problem.low, problem.room - problem.low, np.ones(len(tail), np.int64)))
        self.cost = np.concatenate((np.zeros(entries + 2 * reviewers), cost))
        self.seats = units * int(problem.need.sum())
        self.filled = min(self.seats, units * int(problem.room.sum()))
        self.minima = min(self.seats, units * int(problem.low.sum()))

    def without_attributes(self) -> "Network":
        """Return the network for the scores alone; it is filled as far as this one was found to be."""
        plain = Network(replace(self.problem, attributes=()), self.units, self.most)
        plain.filled, plain.minima = self.filled, self.minima
        return plain

    def solve(self, gain: Floats, pairs: Ints | None = None) -> tuple[Ints, Ints]:
        """Return the flow on the pairs and on the other arcs that fills most, meets most of the minima, and then gains most.

        gain: float [pairs]. pairs: positions of the only ones to use; they must hold a flow that fills as much (any earlier result does).
        """
        flows = self._try(gain, pairs)
        if flows is None:
            need = self.problem.need
            self.filled, self.minima = self.most_seats(need, self.problem.room), self.most_seats(need, self.problem.low)
            flows = self._try(gain, pairs)
        if flows is None:
            raise RuntimeError("expected a flow within the largest one, got none")
        return flows

    def chosen(self, gain: Floats, pairs: Ints | None = None) -> Ints:
        """Return the positions of the pairs that the best flow uses."""
        return np.flatnonzero(self.solve(gain, pairs)[0])

    def value(self, gain: Floats, flows: tuple[Ints, Ints]) -> float:
        return (float(gain @ flows[0]) - float(self.cost @ flows[1])) / self.units

    @cached_property
    def supply(self) -> Ints:
        supply = np.zeros(self.nodes, np.int64)
        supply[: self.problem.entries] = self.units * self.problem.need
        return supply

    def _try(self, gain: Floats, pairs: Ints | None) -> tuple[Ints, Ints] | None:
        used = slice(None) if pairs is None else pairs
        solver = SimpleMinCostFlow()
        cost = np.concatenate((-gain[used], self.cost))
        scale = min(1e12, LARGEST / ((self.nodes + 2) ** 2 * (1 + np.abs(cost).max(initial=0))))
        arcs = _join(self.pair_tail[used], self.tail), _join(self.pair_head[used], self.head)
        capacity = np.concatenate((np.full(len(arcs[0]) - len(self.tail), self.most), self.capacity))
        solver.add_arcs_with_capacity_and_unit_cost(*arcs, capacity, np.rint(cost * scale).astype(np.int64))
        supply = self.supply.copy()
        supply[[self.minimum, self.rest, self.nobody]] = -self.minima, -(self.filled - self.minima), -(self.seats - self.filled)
        solver.set_nodes_supplies(np.arange(self.nodes, dtype=np.int32), supply)
        status = solver.solve()
        if status == solver.INFEASIBLE:
            return None
        if status != solver.OPTIMAL:
            raise RuntimeError(f"expected an optimal flow, got {status}")
        flow = solver.flows(np.arange(len(capacity), dtype=np.int32))
        whole = np.zeros(len(self.pair_tail), np.int64)
        whole[used] = flow[: len(flow) - len(self.tail)]
        return whole, flow[len(flow) - len(self.tail) :]

    def most_seats(self, need: Ints, room: Ints) -> int:
        """Return how many units flow if every entry takes up to `need` and every reviewer up to `room`."""
        problem = self.problem
        source, sink = problem.entries + problem.reviewers, problem.entries + problem.reviewers + 1
        entry, reviewer = np.arange(problem.entries), np.arange(problem.entries, source)
        solver = SimpleMaxFlow()
        solver.add_arcs_with_capacity(
            np.concatenate((problem.entry, np.full(problem.entries, source), reviewer)).astype(np.int32),
            np.concatenate((self.pair_head, entry, np.full(problem.reviewers, sink))).astype(np.int32),
            np.concatenate((np.full(len(problem.entry), self.most), self.units * need, self.units * room)),
        )
        if solver.solve(source, sink) != solver.OPTIMAL:
            raise RuntimeError("expected a largest flow, got none")
        return int(solver.optimal_flow())


@dataclass(frozen=True)
class Categories:
    """An attribute's cells, each an entry with a category that it could have reviewers of, and what the reviewers of one cell cost.

    of_pair: cell [pairs]. count: of cells. entry, cell, cost: one for each reviewer that a cell can take, the k-th dearer than the one before.
    """

    of_pair: Ints
    count: int
    entry: Ints
    cell: Ints
    cost: Floats


def categories(problem: Problem, attribute: Attribute) -> Categories:
    """Return the cells; the k-th reviewer of one category costs an entry k - 1 times the weight."""
    of_category = problem.entry * attribute.categories + attribute.code[problem.reviewer]
    cells, of_pair, size = np.unique(of_category, return_inverse=True, return_counts=True)
    takes = np.minimum(size, problem.need[cells // max(attribute.categories, 1)])
    cell = np.repeat(np.arange(len(cells)), takes)
    nth = np.arange(len(cell)) - np.repeat(np.cumsum(takes) - takes, takes)
    cost = attribute.weight * (attribute.held.ravel()[cells[cell]] + nth)
    return Categories(of_pair, len(cells), cells[cell] // max(attribute.categories, 1), cell, cost)


def _join(pairs: Any_, others: Any_) -> Any_:
    return np.concatenate((pairs, others))
