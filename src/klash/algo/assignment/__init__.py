"""Who judges what: reviewers to entries, as well as can be, with a proof of how well that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from ._blocking import Block, blocks
from ._draw import draw
from ._network import Network
from ._problem import Floats, Ints, Problem, build, check
from ._search import EQUAL, Found, best_total, best_worst

__all__ = ["Assignment", "Block", "assign"]

HUNDREDTHS = 100


@dataclass(frozen=True)
class Assignment:
    """pairs: int [n, 2] of (entry, reviewer), sorted. score: sum of an entry's affinities [entries]. load, unmet: counts [reviewers], [entries].

    total: sum of the scores, less an attribute's weight for every two reviewers of one category on one entry.
    worst: least score of an entry with a demand; entries with fewer allowed pairs than their demand are left out (`unmet` tells of them).
    total_bound: with as many seats filled and minima met, nothing has a larger total; in mode "fair": nothing whose worst-off entry is as well off.
    In mode "random" that is what could be had without the cap; a draw that a tight cap lets miss a minimum is at times above it, then it is the bound.
    worst_bound: with as many seats filled, nothing has a better worst-off entry. proved: what the mode asks for reaches its bound.
    blocking: why seats are left free.
    """

    pairs: Ints
    score: Floats
    load: Ints
    unmet: Ints
    total: float
    total_bound: float
    worst: float
    worst_bound: float
    proved: bool
    seconds: float
    blocking: tuple[Block, ...]


def assign(
    *,
    entries: int,
    reviewers: int,
    pair_entry: ArrayLike,
    pair_reviewer: ArrayLike,
    affinity: ArrayLike,
    demand: ArrayLike,
    load_min: ArrayLike,
    load_max: ArrayLike,
    attributes: Sequence[tuple[ArrayLike, float]] = (),
    forced: ArrayLike = (),
    mode: str = "fair",
    cap: float = 1.0,
    seed: int = 0,
    time_limit_s: float = 60.0,
) -> Assignment:
    """Give every entry the reviewers it demands, first as many as can be, then as good as can be.

    pair_entry, pair_reviewer: int [pairs], the allowed pairs in any order; a conflict is an absent pair. affinity: [pairs], 0..1, unitless.
    demand: seats of an entry [entries]. load_min, load_max: entries of a reviewer [reviewers]; both count the forced pairs.
    attributes: (codes int [reviewers], weight) each, such as sector; two reviewers of one code on one entry cost the weight, in affinity.
    forced: int [forced, 2] of (entry, reviewer) that stand whatever they cost, over demand and load too; `cap` does not touch them.
    mode: "total" for the largest total; "fair" for the best worst-off entry, then the largest total; "random" for the largest expected total
    with no pair more likely than `cap` (0.01..1, in hundredths), then drawn.
    Filling seats comes before everything, meeting load_min next; what cannot be had is in `unmet` and `load`, never an error.
    seed breaks ties and draws. Equal input, equal output, unless time_limit_s (an emergency brake between steps) cut the work short.
    Raises ValueError for a shape, a NaN, a value out of range, load_min over load_max, a pair twice, a forced pair that is not allowed.
    Source: Ahuja, Magnanti, Orlin, Network Flows, chapters 9-12; fairness see `_search`; drawing see `_draw`.
    """
    begin = monotonic()
    wish = check(
        entries=entries,
        reviewers=reviewers,
        pair_entry=pair_entry,
        pair_reviewer=pair_reviewer,
        affinity=affinity,
        demand=demand,
        load_min=load_min,
        load_max=load_max,
        attributes=attributes,
        forced=forced,
        mode=mode,
        cap=cap,
        time_limit_s=time_limit_s,
    )
    problem, own = build(wish, seed)

    def left() -> float:
        return begin + time_limit_s - monotonic()

    found = best_worst(problem, left) if mode == "fair" else best_total(problem, left)
    chosen = _drawn(problem, found.gain, cap, seed) if mode == "random" else found.chosen
    score, total = problem.score(chosen), problem.total(chosen)
    pairs = np.concatenate((wish.forced, np.stack((problem.entry[chosen], own[problem.reviewer[chosen]]), 1)))
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    unmet = np.maximum(wish.demand - np.bincount(pairs[:, 0], minlength=entries), 0)
    worst = problem.worst(score)
    return Assignment(
        pairs=pairs,
        score=score,
        load=np.bincount(pairs[:, 1], minlength=reviewers),
        unmet=unmet,
        total=total,
        total_bound=max(found.total_bound, total),
        worst=worst,
        worst_bound=found.worst_bound,
        proved=_is_proved(mode, total, worst, found),
        seconds=monotonic() - begin,
        blocking=blocks(problem, chosen, (wish.entry, wish.reviewer), own) if unmet.any() else (),
    )


def _is_proved(mode: str, total: float, worst: float, found: Found) -> bool:
    return found.total_bound - total <= EQUAL and (mode != "fair" or found.worst_bound - worst <= EQUAL)


def _drawn(problem: Problem, gain: Floats, cap: float, seed: int) -> Ints:
    """Draw an assignment that gains most, in the mean, of what the cap allows; return the pairs."""
    network = Network(problem, HUNDREDTHS, int(cap * HUNDREDTHS + 1e-9))
    pairs, others = network.solve(gain)
    ends = np.array((network.minimum, network.rest, network.nobody))
    into = [int(others[network.head == end].sum()) for end in ends]  # these three need not come out whole: joined in one they do
    tail = np.concatenate((network.pair_tail, network.tail, ends))
    head = np.concatenate((network.pair_head, network.head, np.full(3, network.nodes)))
    return np.flatnonzero(draw(tail, head, np.concatenate((pairs, others, into)), HUNDREDTHS, seed)[: len(pairs)])
