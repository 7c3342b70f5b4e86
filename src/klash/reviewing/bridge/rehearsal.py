"""What a body could tell apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from klash.algo.ranking import power


@dataclass(frozen=True)
class Rehearsed:
    """With so many reviews an entry: the chance that the best one wins, and the share of the right ones within the quota, in whole per cent."""

    reviews: int
    best: int
    within: int


# How far apart qualities, severities, one reviewer's view of one entry and single scores lie, as shares of the scale: an ordinary expert panel.
QUALITY, SEVERITY, HALO, NOISE = 0.2, 0.15, 0.1, 0.15
DRAWS = 30_000_000  # scores that are drawn at most: some seconds


def rehearse(*, entries: int, reviewers: int, criteria: int, low: int, high: int, quota: int, planned: int) -> list[Rehearsed]:
    """Rehearse a body on invented entries for one review an entry up to everyone's, twelve numbers at most. No query, seconds of arithmetic.

    planned: a number that is always among them. The seed is fixed: the same set-up tells the same. Raises ValueError as `power` does.
    """
    few = {1 + step * (reviewers - 1) // 10 for step in range(11)} if reviewers > 12 else set(range(1, reviewers + 1))
    numbers, width = sorted(few | {planned}), high - low
    runs = max(60, min(500, DRAWS // (entries * sum(numbers) * (criteria + 1))))
    found = power(
        entries=entries, reviewers=reviewers, reviews=numbers, criteria=criteria, scale=(low, high, 1), top=quota, runs=runs,
        quality_sd=QUALITY * width, severity_sd=SEVERITY * width, halo_sd=HALO * width, noise_sd=NOISE * width,
    )
    return [Rehearsed(*row) for row in zip(found.reviews, _percents(found.p_best), _percents(found.in_top), strict=True)]


def _percents(shares: NDArray[np.float64]) -> list[int]:
    return [round(100 * share) for share in shares.tolist()]
