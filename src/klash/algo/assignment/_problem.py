"""What is to be assigned, checked and in the order in which the solvers want it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Any_ = NDArray[Any]

MODES = ("total", "fair", "random")


@dataclass(frozen=True)
class Attribute:
    """code: int [reviewers], 0..categories-1. held: int [entries, categories], what the forced pairs hold already."""

    code: Ints
    weight: float
    categories: int
    held: Ints

    def penalty(self, counts: Ints) -> float:
        """Weigh the same-category pairs; counts: int [entries, categories]."""
        return self.weight * float((counts * (counts - 1) // 2).sum())


@dataclass(frozen=True)
class Problem:
    """The pairs still free to choose, sorted by (entry, reviewer), forced ones taken off demand and loads.

    The reviewers are numbered anew, in an order drawn from the seed: among equal solutions the solvers take what comes first.
    need: seats to fill [entries]. room, low: what a reviewer can and should still take [reviewers], low <= room.
    base: score of the forced pairs [entries]. counted: the entries that `worst` is about. start: where an entry's pairs begin [entries + 1].
    """

    entries: int
    reviewers: int
    entry: Ints
    reviewer: Ints
    affinity: Floats
    start: Ints
    need: Ints
    room: Ints
    low: Ints
    base: Floats
    counted: Bools
    attributes: tuple[Attribute, ...]

    def score(self, chosen: Ints) -> Floats:
        """Sum up the affinity of an entry's reviewers, the forced ones included; chosen: positions of pairs."""
        return self.base + np.bincount(self.entry[chosen], self.affinity[chosen], self.entries)

    def worst(self, score: Floats) -> float:
        return float(score[self.counted].min()) if self.counted.any() else 0.0

    def counts(self, attribute: Attribute, chosen: Ints) -> Ints:
        """Count an entry's reviewers by category: int [entries, categories]."""
        cell = self.entry[chosen] * attribute.categories + attribute.code[self.reviewer[chosen]]
        return attribute.held + np.bincount(cell, minlength=attribute.held.size).reshape(attribute.held.shape)

    def minima(self, chosen: Ints) -> int:
        """Count the entries that reviewers have of those they should still take."""
        return int(np.minimum(np.bincount(self.reviewer[chosen], minlength=self.reviewers), self.low).sum())

    def total(self, chosen: Ints) -> float:
        """Sum up the scores less the weight of every pair of same-category reviewers on one entry."""
        return float(self.score(chosen).sum()) - sum(attribute.penalty(self.counts(attribute, chosen)) for attribute in self.attributes)

    def heights(self) -> tuple[Ints, Floats]:
        """Return (entry, score) of every entry with none, one, two ... up to all of its seats given to its best reviewers."""
        order = np.lexsort((-self.affinity, self.entry))
        place = np.arange(len(order)) - self.start[self.entry[order]]
        order, place = order[place < self.need[self.entry[order]]], place[place < self.need[self.entry[order]]]
        entry = np.concatenate((np.arange(self.entries), self.entry[order]))
        sums = np.concatenate((self.base, self.affinity[order]))
        by_entry = np.lexsort((np.concatenate((np.full(self.entries, -1), place)), entry))
        entry, sums = entry[by_entry], np.cumsum(sums[by_entry])
        begin = np.searchsorted(entry, np.arange(self.entries))
        before = np.concatenate(([0.0], sums))[begin]
        return entry, sums - before[entry]

    def ceiling(self) -> Floats:
        """Return what every entry would get if it were alone: float [entries]."""
        order = np.lexsort((-self.affinity, self.entry))
        place = np.arange(len(order)) - self.start[self.entry[order]]
        return self.score(order[place < self.need[self.entry[order]]])


@dataclass(frozen=True)
class Wish:
    """The arguments of `assign` as arrays of one type, every one of them checked."""

    entries: int
    reviewers: int
    entry: Ints
    reviewer: Ints
    affinity: Floats
    demand: Ints
    load_min: Ints
    load_max: Ints
    attributes: tuple[tuple[Ints, float], ...]
    forced: Ints


def check(
    *,
    entries: int,
    reviewers: int,
    pair_entry: ArrayLike,
    pair_reviewer: ArrayLike,
    affinity: ArrayLike,
    demand: ArrayLike,
    load_min: ArrayLike,
    load_max: ArrayLike,
    attributes: Sequence[tuple[ArrayLike, float]],
    forced: ArrayLike,
    mode: str,
    cap: float,
    time_limit_s: float,
) -> Wish:
    """Return the arguments as arrays, pairs sorted by (entry, reviewer); ValueError says what was expected and what came."""
    if entries < 0 or reviewers < 0:
        raise ValueError(f"expected counts of at least 0, got {entries} entries and {reviewers} reviewers")
    if mode not in MODES:
        raise ValueError(f"expected mode to be one of {MODES}, got {mode!r}")
    if not 0.01 <= cap <= 1:
        raise ValueError(f"expected cap within 0.01..1, got {cap}")
    if not time_limit_s > 0:
        raise ValueError(f"expected a time limit above 0 s, got {time_limit_s}")
    edges = np.asarray(pair_entry).size
    entry = _ints("pair_entry", pair_entry, (edges,), 0, entries - 1)
    reviewer = _ints("pair_reviewer", pair_reviewer, (edges,), 0, reviewers - 1)
    value = np.asarray(affinity, dtype=np.float64)
    if value.shape != (edges,):
        raise ValueError(f"expected affinity of shape {(edges,)}, got {value.shape}")
    if not ((value >= 0) & (value <= 1)).all():
        raise ValueError(f"expected affinity within 0..1, got {value[~((value >= 0) & (value <= 1))][0]}")
    order = np.lexsort((reviewer, entry))
    entry, reviewer, value = entry[order], reviewer[order], value[order]
    _refuse_repeats("pairs", np.stack((entry, reviewer), 1))
    low = _ints("load_min", load_min, (reviewers,), 0, None)
    high = _ints("load_max", load_max, (reviewers,), 0, None)
    if over := np.flatnonzero(low > high).tolist():
        raise ValueError(f"expected load_min of at most load_max, got {low[over[0]]} > {high[over[0]]} of reviewer {over[0]}")
    fixed = np.asarray(forced)
    fixed = _ints("forced", fixed if fixed.size else fixed.reshape(0, 2), (len(fixed) if fixed.size else 0, 2), 0, None)
    fixed = fixed[np.lexsort((fixed[:, 1], fixed[:, 0]))]
    _refuse_repeats("forced", fixed)
    allowed = np.isin(fixed[:, 0] * reviewers + fixed[:, 1], entry * reviewers + reviewer) & (fixed < (entries, reviewers)).all(1)
    if not allowed.all():
        raise ValueError(f"expected forced pairs among the allowed ones, got {tuple(fixed[~allowed][0].tolist())}")
    return Wish(
        entries,
        reviewers,
        entry,
        reviewer,
        value,
        _ints("demand", demand, (entries,), 0, None),
        low,
        high,
        tuple(_attribute(codes, weight, reviewers) for codes, weight in attributes),
        fixed,
    )


def build(wish: Wish, seed: int) -> tuple[Problem, Ints]:
    """Take the forced pairs off; return the problem and the reviewers' own numbers, by the problem's number."""
    own = np.random.default_rng(seed).permutation(wish.reviewers)
    new = np.argsort(own)
    code = wish.entry * wish.reviewers + wish.reviewer
    given = np.isin(code, wish.forced[:, 0] * wish.reviewers + wish.forced[:, 1])
    order = np.lexsort((new[wish.reviewer], wish.entry))
    order = order[~given[order]]
    entry, reviewer = wish.entry[order], new[wish.reviewer[order]]
    start = np.searchsorted(entry, np.arange(wish.entries + 1))
    seats = np.bincount(wish.forced[:, 0], minlength=wish.entries)
    load = np.bincount(wish.forced[:, 1], minlength=wish.reviewers)
    room = np.clip(wish.load_max - load, 0, wish.entries)
    # one seat more than can be filled tells that an entry lacks some; a million more would only strain the solvers
    need = np.clip(wish.demand - seats, 0, np.diff(start) + 1)
    staffable = (wish.demand > 0) & (np.diff(start) >= need)
    problem = Problem(
        wish.entries,
        wish.reviewers,
        entry,
        reviewer,
        wish.affinity[order],
        start,
        need,
        room[own],
        np.clip(wish.load_min - load, 0, room)[own],
        np.bincount(wish.entry[given], wish.affinity[given], wish.entries).astype(np.float64),
        staffable if staffable.any() else wish.demand > 0,
        tuple(_held(codes[own], weight, wish, new) for codes, weight in wish.attributes),
    )
    return problem, own


def _held(code: Ints, weight: float, wish: Wish, new: Ints) -> Attribute:
    _, code = np.unique(code, return_inverse=True)
    categories = int(code.max(initial=-1)) + 1
    held = np.zeros((wish.entries, categories), np.int64)
    np.add.at(held, (wish.forced[:, 0], code[new[wish.forced[:, 1]]]), 1)
    return Attribute(code, weight, categories, held)


def _ints(name: str, values: ArrayLike, shape: tuple[int, ...], least: int, most: int | None) -> Ints:
    array = np.asarray(values)
    if array.shape != shape:
        raise ValueError(f"expected {name} of shape {shape}, got {array.shape}")
    if array.size == 0:
        return array.astype(np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"expected whole numbers in {name}, got {array.dtype}")
    if array.min() < least or (most is not None and array.max() > most):
        raise ValueError(f"expected {name} within {least}..{'' if most is None else most}, got {array.min()}..{array.max()}")
    return array.astype(np.int64)


def _attribute(codes: ArrayLike, weight: float, reviewers: int) -> tuple[Ints, float]:
    if not (np.isfinite(weight) and weight >= 0):
        raise ValueError(f"expected an attribute's weight of at least 0, got {weight}")
    array = np.asarray(codes)
    if array.shape != (reviewers,) or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise ValueError(f"expected an attribute's codes as whole numbers of shape {(reviewers,)}, got {array.dtype} of {array.shape}")
    return array.astype(np.int64), float(weight)


def _refuse_repeats(name: str, pairs: Ints) -> None:
    same = np.flatnonzero((pairs[1:] == pairs[:-1]).all(1))
    if same.size:
        raise ValueError(f"expected no pair twice in {name}, got {tuple(pairs[same[0]].tolist())}")
