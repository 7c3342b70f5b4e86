"""Why seats are left free: the smallest cut between the entries that lack reviewers and the loads that are left."""

from dataclasses import dataclass

import numpy as np

from ._problem import Ints, Problem


@dataclass(frozen=True)
class Block:
    """Entries that lack reviewers for one and the same reason; all are sorted numbers.

    entries: lack seats. rivals: other entries that hold these reviewers' loads and cannot be moved either.
    full: reviewers whose load is spent on them: more load for one of these fills a seat.
    barred: reviewers with load left whom one of `entries` may not have: a conflict, or a pair that was never allowed.
    """

    entries: tuple[int, ...]
    rivals: tuple[int, ...]
    full: tuple[int, ...]
    barred: tuple[int, ...]


def blocks(problem: Problem, chosen: Ints, allowed: tuple[Ints, Ints], own: Ints) -> tuple[Block, ...]:
    """Return the cuts, by their first entry; seats that only a cap on chance leaves free are in none.

    chosen: pairs, by which no more seats can be filled. allowed: every allowed pair, forced ones too, by the reviewers' own numbers `own`.
    """
    lacking = np.flatnonzero(problem.need > np.bincount(problem.entry[chosen], minlength=problem.entries)).tolist()
    load = np.bincount(problem.reviewer[chosen], minlength=problem.reviewers)
    left = np.sort(own[problem.room > load])
    held: list[list[int]] = [[] for _ in range(problem.reviewers)]
    for entry, reviewer in zip(problem.entry[chosen].tolist(), problem.reviewer[chosen].tolist(), strict=True):
        held[reviewer].append(entry)
    given = np.zeros(len(problem.entry), np.bool_)
    given[chosen] = True
    groups: list[tuple[set[int], set[int], set[int]]] = []
    for entry in lacking:
        around = next((group for group in groups if entry in group[1]), None)
        if around:  # what it could reach, those before it have reached
            around[0].add(entry)
            continue
        cut = _reached(problem, entry, given, held)
        if any(problem.room[reviewer] > load[reviewer] for reviewer in cut[1]):
            continue
        lack = {entry}
        for other in [group for group in groups if group[2] & cut[1]]:
            groups.remove(other)
            lack |= other[0]
            cut = cut[0] | other[1], cut[1] | other[2]
        groups.append((lack, *cut))
    start = np.searchsorted(allowed[0], np.arange(problem.entries + 1))
    found = []
    for lack, entries, reviewers in groups:
        barred = np.unique(np.concatenate([np.setdiff1d(left, allowed[1][start[entry] : start[entry + 1]]) for entry in lack]))
        found.append(
            Block(
                tuple(sorted(lack)),
                tuple(sorted(entries - lack)),
                tuple(np.sort(own[sorted(reviewers)]).tolist()),
                tuple(barred.tolist()),
            )
        )
    return tuple(sorted(found, key=lambda block: block.entries))


def _reached(problem: Problem, entry: int, given: np.ndarray, held: list[list[int]]) -> tuple[set[int], set[int]]:
    """Return the entries and reviewers that a seat could be passed on to, from a free one of this entry."""
    entries, reviewers, queue = {entry}, set[int](), [entry]
    while queue:
        at = queue.pop()
        begin, end = problem.start[at], problem.start[at + 1]
        for reviewer in problem.reviewer[begin:end][~given[begin:end]].tolist():
            if reviewer in reviewers:
                continue
            reviewers.add(reviewer)
            new = set(held[reviewer]) - entries
            entries |= new
            queue.extend(sorted(new))
    return entries, reviewers
