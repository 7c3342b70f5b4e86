"""What a set-up can tell apart: a body rehearsed on invented entries whose true order is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Power:
    """reviews: reviews an entry [n]. p_best: chance that the truly best entry wins. in_top: share of the truly best `top` that get within the quota.

    *_error: standard errors of the simulation.
    """

    reviews: tuple[int, ...]
    p_best: Floats
    p_best_error: Floats
    in_top: Floats
    in_top_error: Floats


def power(
    *, entries: int, reviewers: int, reviews: Sequence[int], criteria: int, scale: Sequence[float], top: int, quality_sd: float, severity_sd: float,
    halo_sd: float, noise_sd: float, runs: int = 400, seed: int = 0,
) -> Power:
    """Rehearse the published weighted mean on `runs` invented bodies for each number of reviews an entry.

    scale: (low, high, step). *_sd: points on the scale: how far true qualities lie apart, how far reviewers' severities, how much one reviewer's
    view of one entry colours all criteria, and how unsteady a single score is. Reviewers get equal loads, drawn anew in each run.
    Raises ValueError for fewer than 2 entries, reviews outside 1..reviewers, a quota outside 1..entries.
    """
    low, high, step = (float(value) for value in scale)
    if entries < 2 or not reviews or min(reviews) < 1 or max(reviews) > reviewers or not 1 <= top <= entries or criteria < 1 or runs < 2:
        raise ValueError(f"expected 2 entries or more, 1..{reviewers} reviews, a quota of 1..{entries}, got {entries}, {list(reviews)}, {top}")
    if step <= 0 or high <= low or min(quality_sd, severity_sd, halo_sd, noise_sd) < 0:
        raise ValueError(f"expected low < high, a step above 0 and deviations of 0 or more, got {scale}")
    rows = []
    for number in reviews:
        # The same invented entries and reviewers for every number, so that the curve shows the number alone.
        random = np.random.default_rng(seed)
        quality = random.normal((low + high) / 2, quality_sd, (runs, entries))
        severity = random.normal(0, severity_sd, (runs, reviewers))
        mean = _means(random, quality, severity, number, criteria, halo_sd, noise_sd, (low, high, step))
        rows.append(_hits(random, quality, mean, top))
    columns = np.array(rows).transpose(1, 0, 2)
    best, within = columns.mean(axis=2)
    errors = columns.std(axis=2, ddof=1) / np.sqrt(runs)
    return Power(tuple(reviews), best, errors[0], within, errors[1])


def _means(
    random: np.random.Generator, quality: Floats, severity: Floats, number: int, criteria: int, halo_sd: float, noise_sd: float,
    scale: tuple[float, float, float],
) -> Floats:
    (runs, entries), reviewers, (low, high, step) = quality.shape, severity.shape[1], scale
    order = np.argsort(random.random((runs, reviewers)), axis=1)
    # Entry e gets the next `number` reviewers round a circle: loads differ by one at most.
    seat = (np.arange(entries)[:, None] * number + np.arange(number)[None, :]) % reviewers
    given = np.take_along_axis(severity, order, axis=1)[:, seat]
    seen = quality[:, :, None] - given + random.normal(0, halo_sd, given.shape)
    total = np.zeros(quality.shape)
    for _ in range(criteria):
        scores = low + step * np.rint((seen + random.normal(0, noise_sd, seen.shape) - low) / step)
        total += np.clip(scores, low, high).mean(axis=2)
    return total / criteria


def _hits(random: np.random.Generator, quality: Floats, mean: Floats, top: int) -> tuple[Floats, Floats]:
    """Return for each run whether the best one won, and the share of the best `top` within the quota; lots decide between level ones."""
    lots = random.random(mean.shape)
    by_mean = np.lexsort((lots, -mean), axis=1)
    by_truth = np.argsort(-quality, axis=1)
    best = (by_mean[:, 0] == by_truth[:, 0]).astype(float)
    within = (by_mean[:, :top, None] == by_truth[:, None, :top]).any(axis=1).mean(axis=1)
    return best, within
