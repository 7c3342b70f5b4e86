"""The assignment as a flow: entries on one side, reviewers on the other, a unit per seat.

An entry's seats flow to its reviewers, or to nobody where they cannot be filled; a reviewer's load flows first into the minimum, then into
the rest. How much can be filled, and how much of the minima met, is found beforehand and demanded: so both come before any affinity, and
they never stand against each other (a flow that meets the minima is extended to a largest one without taking from a reviewer).
The first attribute is in the network too: the k-th reviewer of a category costs k - 1 times its weight, which is convex.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow  # type: ignore[import-untyped]
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from ._problem import Any_, Floats, Ints, Problem

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
        category = _categories(problem, self.nobody + 1)
        self.nodes = category.nodes
        self.pair_tail = category.pair_tail.astype(np.int32)
        self.pair_head = (problem.reviewer + entries).astype(np.int32)
        self.tail = np.concatenate((np.arange(entries), reviewer, reviewer, category.tail)).astype(np.int32)
        ends = np.repeat((self.nobody, self.minimum, self.rest), (entries, reviewers, reviewers))
        self.head = np.concatenate((ends, category.head)).astype(np.int32)
        self.capacity = units * np.concatenate((problem.need, problem.low, problem.room - problem.low, np.ones(len(category.tail), np.int64)))
        self.cost = np.concatenate((np.zeros(entries + 2 * reviewers), category.cost))
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
            self.filled, self.minima = self._most(self.problem.room), self._most(self.problem.low)
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

    def _most(self, room: Ints) -> int:
        """Return how many units flow if every reviewer takes up to `room`."""
        problem = self.problem
        source, sink = problem.entries + problem.reviewers, problem.entries + problem.reviewers + 1
        entry, reviewer = np.arange(problem.entries), np.arange(problem.entries, source)
        solver = SimpleMaxFlow()
        solver.add_arcs_with_capacity(
            np.concatenate((problem.entry, np.full(problem.entries, source), reviewer)).astype(np.int32),
            np.concatenate((self.pair_head, entry, np.full(problem.reviewers, sink))).astype(np.int32),
            np.concatenate((np.full(len(problem.entry), self.most), self.units * problem.need, self.units * room)),
        )
        if solver.solve(source, sink) != solver.OPTIMAL:
            raise RuntimeError("expected a largest flow, got none")
        return int(solver.optimal_flow())


class _categories:
    """The nodes and arcs between an entry and its reviewers of one category, where there are two or more of these."""

    def __init__(self, problem: Problem, first: int) -> None:
        self.pair_tail, self.nodes = problem.entry, first
        self.tail, self.head, self.cost = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
        if not problem.attributes or not len(problem.entry):
            return
        attribute = problem.attributes[0]
        cell = problem.entry * attribute.categories + attribute.code[problem.reviewer]
        cells, of_pair, size = np.unique(cell, return_inverse=True, return_counts=True)
        self.pair_tail, self.nodes = first + of_pair, first + len(cells)
        entry = cells // attribute.categories
        arcs = np.minimum(size, problem.need[entry])
        group = np.repeat(np.arange(len(cells)), arcs)
        nth = np.arange(len(group)) - np.repeat(np.cumsum(arcs) - arcs, arcs)
        self.tail, self.head = entry[group], first + group
        self.cost = attribute.weight * (attribute.held.ravel()[cells[group]] + nth)


def _join(pairs: Any_, others: Any_) -> Any_:
    return np.concatenate((pairs, others))
