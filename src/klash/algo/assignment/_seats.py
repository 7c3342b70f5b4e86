"""A whole assignment that can be changed seat by seat, so that its worst-off entries are lifted."""

from functools import cache
from itertools import combinations

import numpy as np

from ._problem import Bools, Floats, Ints, Problem

NEAR = 1e-9  # scores closer than this are equal
BARRED = -1e6  # worth of a pair that is not allowed: no deal with one is ever the best
EFFORT = 1_500_000  # entries looked at: an end to the work that does not depend on the machine


@cache
def _deals(mine: int, theirs: int) -> Floats:
    """Return every way to deal the seats of two entries anew, two changing sides at most: 1 for mine, float [ways, mine + theirs]."""
    ways = []
    for swaps in range(1, min(2, mine, theirs) + 1):
        for out in combinations(range(mine), swaps):
            for back in combinations(range(mine, mine + theirs), swaps):
                way = np.repeat((1.0, 0.0), (mine, theirs))
                way[list(out)], way[list(back)] = 0, 1
                ways.append(way)
    return np.array(ways)


class Seats:
    """own: pairs by entry. held: pairs by reviewer. free: seats nobody fills, by entry. spare: what a reviewer could still take."""

    def __init__(self, problem: Problem, chosen: Ints) -> None:
        self.problem = problem
        self.own: list[list[int]] = [[] for _ in range(problem.entries)]
        self.held: list[list[int]] = [[] for _ in range(problem.reviewers)]
        for pair in chosen.tolist():
            self.own[problem.entry[pair]].append(pair)
            self.held[problem.reviewer[pair]].append(pair)
        load = np.bincount(problem.reviewer[chosen], minlength=problem.reviewers)
        self.spare, self.above = problem.room - load, load - problem.low
        self.free = problem.need - np.bincount(problem.entry[chosen], minlength=problem.entries)
        self.score = problem.score(chosen)
        self.effort = 0
        self.code = problem.entry * problem.reviewers + problem.reviewer

    def chosen(self) -> Ints:
        return np.sort(np.array([pair for own in self.own for pair in own], np.int64))

    def lift_all(self, counted: Bools, goal: float) -> None:
        """Lift the worst-off entry, again and again, until it reaches the goal or nothing lifts it any more."""
        counts = np.flatnonzero(counted)
        self.effort = 0
        while len(counts) and self.effort < EFFORT:
            entry = int(counts[self.score[counts].argmin()])
            lack = goal - float(self.score[entry])
            if lack <= NEAR:
                return
            if self.lift(entry, goal, lack) or self.share(entry, counted, goal):
                continue
            if not any(self.lift(entry, goal - part * lack, (1 - part) * lack) for part in (0.5, 0.98)):
                return

    def share(self, entry: int, counted: Bools, goal: float) -> bool:
        """Deal the seats of the entry and of one other anew between the two, so that the worse of them comes off best."""
        problem = self.problem
        self.effort += problem.entries
        mine = np.array(self.own[entry], np.int64)
        best: tuple[float, int, Ints, Ints] | None = None
        sizes = problem.need - self.free
        for size in np.unique(sizes[sizes > 0]).tolist():
            others = np.flatnonzero((self.score > self.score[entry] + NEAR) & (sizes == size))
            if not (len(others) and len(mine)):
                continue
            theirs = np.array([self.own[other] for other in others])
            both = np.concatenate((np.broadcast_to(problem.reviewer[mine], (len(others), len(mine))), problem.reviewer[theirs]), 1)
            to_me, to_them = self._find(np.full(len(others), entry), both), self._find(others, both)
            shared = (np.diff(np.sort(both, 1), axis=1) == 0).any(1)
            deals = _deals(len(mine), size)
            value_me = self._worth(to_me) @ deals.T + (self.score[entry] - problem.affinity[mine].sum())
            value_them = self._worth(to_them) @ (1 - deals).T + (self.score[others] - problem.affinity[theirs].sum(1))[:, None]
            value_them[~counted[others, None] & (value_them > BARRED / 2)] = np.inf
            value = np.minimum(np.minimum(value_me, value_them), goal)
            value[shared] = -np.inf
            at, deal = np.unravel_index(value.argmax(), value.shape)
            if value[at, deal] > self.score[entry] + NEAR and (best is None or value[at, deal] > best[0]):
                take = deals[deal] == 1
                best = float(value[at, deal]), int(others[at]), to_me[at][take], to_them[at][~take]
        if best is None:
            return False
        for pair in [*self.own[entry], *self.own[best[1]]]:
            self._release(pair)
        for pair in [*best[2].tolist(), *best[3].tolist()]:
            self._take(pair)
        return True

    def _find(self, entry: Ints, reviewer: Ints) -> Ints:
        """Return the position of every (entry, reviewer), -1 where the pair is not allowed; reviewer: int [entries, seats]."""
        code = entry[:, None] * self.problem.reviewers + reviewer
        at = np.minimum(np.searchsorted(self.code, code), len(self.code) - 1)
        return np.where(self.code[at] == code, at, -1)

    def _worth(self, pair: Ints) -> Floats:
        return np.where(pair >= 0, self.problem.affinity[pair], BARRED)

    def lift(self, entry: int, floor: float, least: float) -> bool:
        """Give the entry a reviewer who is better by `least`, passing seats on from entry to entry so that none falls below the floor."""
        drops: list[int | None] = sorted(self.own[entry], key=lambda pair: self.problem.affinity[pair])
        return any(self._pass_on(entry, drop, floor, least) for drop in ([None] if self.free[entry] else []) + drops)

    def _pass_on(self, entry: int, drop: int | None, floor: float, least: float) -> bool:
        """Search breadth first from reviewer to reviewer: each has one entry too many until one is found who has room.

        A seat left free ends a chain that began with filling one (drop is None); no more seats can be filled than are.
        """
        problem = self.problem
        seen = np.zeros(problem.reviewers, np.bool_)
        came: dict[int, tuple[int | None, int]] = {}  # pair taken -> (pair before it in the chain, pair it replaces)
        lost = 0.0 if drop is None else float(problem.affinity[drop])
        back = -1 if drop is None else int(problem.reviewer[drop])
        may_grow = drop is None or self.above[back] > 0
        queue: list[int] = []

        def reach(at: int, bar: float, before: int | None, instead: int) -> int | None:
            """Queue the pairs of an entry that are worth `bar` and lead to reviewers not yet seen; return one that ends the search."""
            begin, end = problem.start[at], problem.start[at + 1]
            new = (problem.affinity[begin:end] >= bar) & ~seen[problem.reviewer[begin:end]]
            for pair in self.own[at]:
                new[pair - begin] = pair == drop and instead != drop
            pairs = np.flatnonzero(new) + begin
            self.effort += 10
            if not pairs.size:
                return None
            to = problem.reviewer[pairs]
            order = np.argsort(-problem.affinity[pairs], kind="stable")
            pairs, to = pairs[order], to[order]
            seen[to] = True
            for pair in pairs.tolist():
                came[pair] = before, instead
            ends = pairs[(to == back) | ((self.spare[to] > 0) & may_grow)]
            if ends.size:
                return int(ends[0])
            queue.extend(pairs.tolist())
            return None

        last = reach(entry, lost + max(least, NEAR), None, -1 if drop is None else drop)
        at = 0
        while last is None and at < len(queue):
            pair = queue[at]
            at += 1
            passed = self._passed(pair, came, entry)
            for other in self.held[problem.reviewer[pair]]:
                owner = int(problem.entry[other])
                if owner in passed:
                    continue
                bar = float(problem.affinity[other]) - max(float(self.score[owner]) - floor, 0.0)
                if drop is None and bar <= 0:
                    self._apply(entry, drop, pair, came, gives_up=other)
                    return True
                last = reach(owner, bar, pair, other)
                if last is not None:
                    break
        if last is None:
            return False
        self._apply(entry, drop, last, came, gives_up=None)
        return True

    def _passed(self, pair: int | None, came: dict[int, tuple[int | None, int]], entry: int) -> set[int]:
        """Return the entries along the chain: each gives and takes once, or its score would be spent twice."""
        passed = {entry}
        while pair is not None:
            passed.add(int(self.problem.entry[pair]))
            pair = came[pair][0]
        return passed

    def _apply(self, entry: int, drop: int | None, last: int | None, came: dict[int, tuple[int | None, int]], gives_up: int | None) -> None:
        if gives_up is not None:
            self._release(gives_up)
        while last is not None:
            before, instead = came[last]
            if instead >= 0:
                self._release(instead)
            self._take(last)
            last = before

    def _release(self, pair: int) -> None:
        self._count(pair, -1)
        self.own[self.problem.entry[pair]].remove(pair)
        self.held[self.problem.reviewer[pair]].remove(pair)

    def _take(self, pair: int) -> None:
        self._count(pair, 1)
        self.own[self.problem.entry[pair]].append(pair)
        self.held[self.problem.reviewer[pair]].append(pair)

    def _count(self, pair: int, one: int) -> None:
        entry, reviewer = self.problem.entry[pair], self.problem.reviewer[pair]
        self.score[entry] += one * self.problem.affinity[pair]
        self.free[entry] -= one
        self.spare[reviewer] -= one
        self.above[reviewer] += one
