"""The calibrated ranking: who is best once it is known how severe, how bold and how steady each reviewer is.

A many-facet model on the reviewers' own scale, sampled by Gibbs in NumPy. A score is a latent assessment rounded to the scale:

    x = level[c] + severity[r] + spread[r] * (quality[e] + aspect[e, c]) + halo[r, e] + noise[r] * N(0, 1)

Chains run side by side in one array. Source: Linacre, Many-Facet Rasch Measurement (1989), for the facets; Albert & Chib, JASA 88 (1993),
for the latent variable; Gelman et al., Bayesian Data Analysis (3rd ed.), sections 5 and 11.4, for priors and R-hat.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CHAINS = 4
# A reviewer's own spread and noise can be told from fewer reviews only by guessing.
REVIEWS_AN_ENTRY, ENTRIES_A_REVIEWER = 2, 3


@dataclass(frozen=True)
class Reviewers:
    """How each reviewer uses the scale, with 90 % intervals [reviewers]. severity: points below the others; spread 1: like the others; noise: points."""

    severity: Floats
    severity_low: Floats
    severity_high: Floats
    spread: Floats
    spread_low: Floats
    spread_high: Floats
    noise: Floats
    noise_low: Floats
    noise_high: Floats


@dataclass(frozen=True)
class Ranking:
    """value, mean: points on the users' scale [entries]; *_low, *_high: 90 % intervals. rank: 1 is best.

    p_first, p_top: chance of being first and of being within the quota. close_call: entries with a chance of 10 to 90 % of being
    within it. components: label [entries]; entries of two labels were compared by no chain of shared reviewers. rhat: worst of the values.
    """

    value: Floats
    value_low: Floats
    value_high: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    p_first: Floats
    p_top: Floats
    mean: Floats
    close_call: Ints
    reviewers: Reviewers
    components: Ints
    rhat: float
    seconds: float


def rank(
    *, entry: ArrayLike, reviewer: ArrayLike, criterion: ArrayLike, score: ArrayLike, weights: ArrayLike, scale: Sequence[float], top: int,
    seed: int = 0, sweeps: int = 4000,
) -> Ranking:
    """Rank entries by what their scores say once the reviewers' habits are taken out, with how firm that is.

    entry, reviewer, criterion: int [K], numbered from 0 without gaps. score: float [K] on the scale. weights: float [criteria], their sum above 0.
    scale: (low, high, step). top: the quota, at least 1. sweeps: draws that are kept, of all chains together, after half as many that are not.
    Under 2 reviews an entry or 3 entries a reviewer all reviewers share one spread and one noise: a two-way random-effects model.
    Equal input gives equal output. Raises ValueError for no scores, unequal lengths, numbers that are not whole, weights that sum to 0, a scale that
    is none, a score off it.
    """
    started = time.perf_counter()
    if sweeps < 1:
        raise ValueError(f"expected at least one draw, got {sweeps}")
    data = _Data.read(entry, reviewer, criterion, score, weights, scale, top)
    draws = _Chains(data, np.random.default_rng(seed)).run(max(2, sweeps // CHAINS))
    return _summary(data, draws, top, started)


@dataclass(frozen=True)
class _Data:
    """The scores as arrays [K], with the numbers of entries E, reviewers R, criteria C and pairs P."""

    entry: Ints
    reviewer: Ints
    criterion: Ints
    score: Floats
    pair: Ints
    pair_reviewer: Ints
    weights: Floats
    low: float
    high: float
    step: float
    counts: tuple[int, int, int, int]

    @classmethod
    def read(
        cls, entry: ArrayLike, reviewer: ArrayLike, criterion: ArrayLike, score: ArrayLike, weights: ArrayLike, scale: Sequence[float], top: int
    ) -> "_Data":
        columns, y = [np.asarray(column) for column in (entry, reviewer, criterion)], np.asarray(score, dtype=np.float64)
        if y.ndim != 1 or not y.size or any(column.shape != y.shape for column in columns):
            raise ValueError(f"expected four columns of one length above 0, got {[column.shape for column in (*columns, y)]}")
        if not all(np.issubdtype(column.dtype, np.integer) for column in columns):
            raise ValueError(f"expected whole numbers of entries, reviewers and criteria, got {[str(column.dtype) for column in columns]}")
        e, r, c = (column.astype(np.int64) for column in columns)
        w, ends = np.asarray(weights, dtype=np.float64), np.asarray(scale, dtype=np.float64)
        if w.ndim != 1 or not np.isfinite(w).all() or (w < 0).any() or w.sum() <= 0:
            raise ValueError(f"expected weights of 0 or more with a sum above 0, got {w.tolist()}")
        if ends.shape != (3,) or not np.isfinite(ends).all() or ends[0] >= ends[1] or ends[2] <= 0 or top < 1:
            raise ValueError(f"expected low < high, a step above 0 and a quota of at least 1, got {scale} and {top}")
        low, high, step = ends.tolist()
        if min(e.min(), r.min(), c.min()) < 0 or c.max() >= len(w):
            raise ValueError(f"expected numbers from 0 and at most {len(w)} criteria, got {e.min()}, {r.min()}, {c.min()}..{c.max()}")
        if not np.isfinite(y).all() or y.min() < low or y.max() > high or np.abs((y - low) / step - np.rint((y - low) / step)).max() > 1e-9:
            raise ValueError(f"expected scores from {low} to {high} in steps of {step}, got {y.min()}..{y.max()}")
        key, pair = np.unique(e * (r.max() + 1) + r, return_inverse=True)
        counts = (int(e.max()) + 1, int(r.max()) + 1, len(w), len(key))
        missing = np.setdiff1d(np.arange(counts[0]), e)
        if len(missing):
            raise ValueError(f"expected a score of every entry, got none of {missing.tolist()}")
        return cls(e, r, c, y, pair.astype(np.int64), key % (r.max() + 1), w / w.sum(), low, high, step, counts)

    def is_rich(self) -> bool:
        """Return whether spread and noise of single reviewers can be told."""
        entries, reviewers, _, pairs = self.counts
        seen = np.bincount(self.pair_reviewer, minlength=reviewers)
        return pairs >= REVIEWS_AN_ENTRY * entries and float(seen[seen > 0].mean()) >= ENTRIES_A_REVIEWER

    def means(self) -> Floats:
        """Return the weighted mean of each entry over its reviews; a criterion without a score leaves its weight to the others."""
        pairs = self.counts[3]
        weight = np.bincount(self.pair, self.weights[self.criterion], pairs)
        total = np.bincount(self.pair, self.weights[self.criterion] * self.score, pairs)
        plain = np.bincount(self.pair, self.score, pairs) / np.bincount(self.pair, minlength=pairs)
        of_pair = np.divide(total, weight, out=plain, where=weight > 0)
        entry = np.zeros(pairs, dtype=np.int64)
        entry[self.pair] = self.entry
        return np.asarray(np.bincount(entry, of_pair, self.counts[0]) / np.bincount(entry, minlength=self.counts[0]))


@dataclass
class _Draws:
    """Draws after the first half: values [n, chains, E]; severity, spread, noise [n, chains, R]."""

    values: Floats
    severity: Floats
    spread: Floats
    noise: Floats


class _Chains:
    """State of all chains: each array has the chains first."""

    def __init__(self, data: _Data, random: np.random.Generator) -> None:
        self.data, self.random, self.rich = data, random, data.is_rich()
        self.has_halo = data.counts[2] > 1  # with one criterion a halo is noise
        entries, reviewers, criteria, pairs = data.counts
        m = CHAINS
        self.sizes = {"entry": entries, "reviewer": reviewers, "criterion": criteria, "pair": pairs, "aspect": entries * criteria}
        index = {
            "entry": data.entry, "reviewer": data.reviewer, "criterion": data.criterion, "pair": data.pair, "aspect": data.entry * criteria + data.criterion,
        }
        self.at = index
        # One flat index per chain, so that a single bincount sums for all chains.
        self.flat = {name: (np.arange(m)[:, None] * self.sizes[name] + column).ravel() for name, column in index.items()}
        # Where a score lies at the end of the scale, the assessment may lie beyond it.
        half = data.step / 2
        self.lower = np.where(data.score <= data.low, -np.inf, data.score - half)
        self.upper = np.where(data.score >= data.high, np.inf, data.score + half)
        spread = max(float(data.score.std()), data.step / 4)
        self.unit = spread
        jitter = random.normal(0, 0.1 * spread, (m, 1))
        overall = np.bincount(data.criterion, data.score, criteria) / np.maximum(np.bincount(data.criterion, minlength=criteria), 1)
        self.level = np.tile(np.where(overall > 0, overall, data.score.mean()), (m, 1)) + jitter
        self.quality = np.tile(data.means() - data.means().mean(), (m, 1)) * random.uniform(0.3, 1.2, (m, 1))
        self.aspect = np.zeros((m, entries * criteria))
        self.severity = np.zeros((m, reviewers))
        self.bold = np.ones((m, reviewers))
        self.halo = np.zeros((m, pairs))
        self.noise2 = np.full((m, reviewers), (0.6 * spread) ** 2)
        self.noise2_all = np.full((m, 1), (0.6 * spread) ** 2)
        self.var = {name: np.full((m, 1), (factor * spread) ** 2) for name, factor in (("quality", 0.7), ("aspect", 0.3), ("severity", 0.4), ("halo", 0.3))}
        self.var["bold"] = np.full((m, 1), 0.04)
        self.x = np.tile(data.score, (m, 1))

    def run(self, sweeps: int) -> _Draws:
        kept, unheard = sweeps, sweeps // 2
        entries, reviewers, criteria, _ = self.data.counts
        values, severity, spread, noise = np.empty((kept, CHAINS, entries)), *(np.empty((kept, CHAINS, reviewers)) for _ in range(3))
        for sweep in range(unheard + kept):
            self.sweep()
            n = sweep - unheard
            if n >= 0:
                aspects = self.aspect.reshape(CHAINS, entries, criteria)
                values[n] = (self.level @ self.data.weights)[:, None] + self.quality + aspects @ self.data.weights
                severity[n], spread[n], noise[n] = -self.severity, self.bold, np.sqrt(self.noise2)
        return _Draws(values, severity, spread, noise)

    # -- sums over scores --------------------------------------------------------------------------------------------

    def _sum(self, name: str, values: Floats) -> Floats:
        """Return the sums of values [chains, K] over the scores of each entry, reviewer, ... [chains, size]."""
        return np.bincount(self.flat[name], values.ravel(), CHAINS * self.sizes[name]).astype(np.float64).reshape(CHAINS, -1)

    def _of(self, name: str, values: Floats) -> Floats:
        return np.asarray(values[:, self.at[name]])

    def _normal(self, precision: Floats, weighted: Floats) -> Floats:
        return np.asarray(weighted / precision + self.random.standard_normal(precision.shape) / np.sqrt(precision))

    # -- one sweep ---------------------------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Draw everything once, each given the rest."""
        noise2 = self._of("reviewer", self.noise2)
        bold = self._of("reviewer", self.bold)
        self._draw_assessments(noise2, bold)
        level, severity, halo = (self._of(name, values) for name, values in (("criterion", self.level), ("reviewer", self.severity), ("pair", self.halo)))
        rest = self.x - level - severity - halo
        weight = bold / noise2
        # quality, then the aspects of it
        rest_q = rest - bold * self._of("aspect", self.aspect)
        self.quality = self._normal(1 / self.var["quality"] + self._sum("entry", bold * weight), self._sum("entry", weight * rest_q))
        rest_a = rest - bold * self._of("entry", self.quality)
        self.aspect = self._normal(1 / self.var["aspect"] + self._sum("aspect", bold * weight), self._sum("aspect", weight * rest_a))
        true = self._of("entry", self.quality) + self._of("aspect", self.aspect)
        self._draw_reviewers(self.x - level - halo, true, noise2)
        bold, severity = self._of("reviewer", self.bold), self._of("reviewer", self.severity)
        rest = self.x - level - severity - bold * true
        if self.has_halo:
            self.halo = self._normal(1 / self.var["halo"] + self._sum("pair", 1 / noise2), self._sum("pair", rest / noise2))
            halo = self._of("pair", self.halo)
        precision = self._sum("criterion", 1 / noise2) + 1e-6 / self.unit**2
        about = self.data.score.mean() * 1e-6 / self.unit**2
        self.level = self._normal(precision, self._sum("criterion", (rest + level - halo) / noise2) + about)
        rest = rest + level - self._of("criterion", self.level) - halo
        self._draw_noise(rest)
        self._shift()
        self._draw_variances()

    def _draw_assessments(self, noise2: Floats, bold: Floats) -> None:
        mean = self._of("criterion", self.level) + self._of("reviewer", self.severity) + self._of("pair", self.halo)
        mean += bold * (self._of("entry", self.quality) + self._of("aspect", self.aspect))
        sd = np.sqrt(noise2)
        first, last = (self.lower - mean) / sd, (self.upper - mean) / sd
        # In the upper tail the lower one is taken in its stead: there the normal distribution still tells numbers apart.
        flip = first > 0
        first, last = np.where(flip, -last, first), np.where(flip, -first, last)
        low, high = ndtr(first), ndtr(last)
        drawn = ndtri(np.clip(low + self.random.random(mean.shape) * (high - low), 1e-300, 1 - 1e-16))
        drawn = np.clip(drawn, first, last)
        self.x = mean + sd * np.where(flip, -drawn, drawn)

    def _draw_reviewers(self, rest: Floats, true: Floats, noise2: Floats) -> None:
        """Draw severity and spread of each reviewer together: a line through what the reviewer saw."""
        a = self._sum("reviewer", 1 / noise2) + 1 / self.var["severity"]
        u = self._sum("reviewer", rest / noise2)
        if not self.rich:
            self.severity = self._normal(a, u - self._sum("reviewer", true / noise2))
            return
        b = self._sum("reviewer", true / noise2)
        d = self._sum("reviewer", true**2 / noise2) + 1 / self.var["bold"]
        v = self._sum("reviewer", rest * true / noise2) + 1 / self.var["bold"]
        determinant = a * d - b * b
        mean = (a * v - b * u) / determinant
        # Spread first, from its own margin, then severity given it. A reviewer who turns the scale round is not meant by the model.
        sd = np.sqrt(a / determinant)
        floor = ndtr((0.1 - mean) / sd)
        self.bold = mean + sd * ndtri(np.clip(floor + self.random.random(sd.shape) * (1 - floor), 1e-16, 1 - 1e-16))
        self.severity = (u - b * self.bold) / a + self.random.standard_normal(a.shape) / np.sqrt(a)

    def _draw_noise(self, rest: Floats) -> None:
        squares = self._sum("reviewer", rest**2)
        counts = np.bincount(self.at["reviewer"], minlength=self.sizes["reviewer"])
        if not self.rich:
            total = squares.sum(axis=1, keepdims=True)
            self.noise2_all = (total + 0.1 * self.unit**2) / (2 * self.random.standard_gamma(np.full(total.shape, (len(self.data.score) + 2) / 2)))
            self.noise2 = np.repeat(self.noise2_all, squares.shape[1], axis=1)
            return
        own = 6.0  # how firmly a reviewer's noise is drawn to that of all, in scores
        shape = (counts + own) / 2
        self.noise2 = (squares + own * self.noise2_all) / (2 * self.random.standard_gamma(np.tile(shape, (CHAINS, 1))))
        rate = own / 2 * (1 / self.noise2).sum(axis=1, keepdims=True) + 2 / self.unit**2
        self.noise2_all = self.random.standard_gamma(np.full(rate.shape, own / 2 * squares.shape[1] + 1)) / rate

    def _shift(self) -> None:
        """Move what the scores cannot tell apart to where the priors want it; without this the chains crawl."""
        reviewers, entries = self.sizes["reviewer"], self.sizes["entry"]
        step = self.severity.mean(axis=1, keepdims=True) + np.sqrt(self.var["severity"] / reviewers) * self.random.standard_normal((CHAINS, 1))
        self.severity -= step
        self.level += step
        if self.rich:
            return
        step = self.quality.mean(axis=1, keepdims=True) + np.sqrt(self.var["quality"] / entries) * self.random.standard_normal((CHAINS, 1))
        self.quality -= step
        self.level += step

    def _draw_variances(self) -> None:
        drawn = {"quality": self.quality, "aspect": self.aspect, "severity": self.severity}
        if self.has_halo:
            drawn["halo"] = self.halo
        if self.rich:
            drawn["bold"] = self.bold - 1
        for name, values in drawn.items():
            # A weak belief worth two values: what varies by a third of the scores' own spread (of 1 for the spread).
            usual = 0.04 if name == "bold" else (self.unit / 3) ** 2
            own = 4.0 if name == "bold" else 2.0
            total = (values**2).sum(axis=1, keepdims=True) + own * usual
            self.var[name] = total / (2 * self.random.standard_gamma(np.full(total.shape, (values.shape[1] + own) / 2)))


def _summary(data: _Data, draws: _Draws, top: int, started: float) -> Ranking:
    flat = draws.values.reshape(-1, data.counts[0])
    value = flat.mean(axis=0)
    order = np.lexsort((np.arange(len(value)), -value))
    rank_ = np.empty(len(value), dtype=np.int64)
    rank_[order] = np.arange(1, len(value) + 1)
    ranks = np.empty(flat.shape, dtype=np.int32)
    np.put_along_axis(ranks, np.argsort(-flat, axis=1), np.arange(1, flat.shape[1] + 1, dtype=np.int32)[None, :].repeat(len(flat), 0), axis=1)
    low, high = (np.clip(np.quantile(flat, q, axis=0), data.low, data.high) for q in (0.05, 0.95))
    rank_low, rank_high = (np.quantile(ranks, q, axis=0, method="nearest").astype(np.int64) for q in (0.05, 0.95))
    p_top = (ranks <= top).mean(axis=0)
    return Ranking(
        value=np.clip(value, data.low, data.high), value_low=low, value_high=high, rank=rank_, rank_low=rank_low, rank_high=rank_high,
        p_first=(ranks == 1).mean(axis=0), p_top=p_top, mean=data.means(), close_call=np.flatnonzero((p_top >= 0.1) & (p_top <= 0.9)),
        reviewers=_reviewers(draws), components=_components(data), rhat=_rhat(draws.values), seconds=time.perf_counter() - started,
    )


def _reviewers(draws: _Draws) -> Reviewers:
    columns: dict[str, Any] = {}
    for name in ("severity", "spread", "noise"):
        flat = getattr(draws, name).reshape(-1, getattr(draws, name).shape[2])
        columns |= {name: flat.mean(axis=0), f"{name}_low": np.quantile(flat, 0.05, axis=0), f"{name}_high": np.quantile(flat, 0.95, axis=0)}
    return Reviewers(**columns)


def _rhat(values: Floats) -> float:
    """Return the worst split R-hat of the values [n, chains, E]; 1 is perfect."""
    n = len(values) // 2
    if n < 2:
        return float("inf")
    halves = np.concatenate([values[:n], values[n : 2 * n]], axis=1)
    within = halves.var(axis=0, ddof=1).mean(axis=0)
    between = halves.mean(axis=0).var(axis=0, ddof=1)
    return float(np.sqrt((n - 1) / n + np.divide(between, within, out=np.zeros_like(within), where=within > 0)).max())


def _components(data: _Data) -> Ints:
    """Return the label of each entry: entries that share reviewers, by however long a chain, share it."""
    entries, reviewers = data.counts[:2]
    label = np.arange(entries)
    while True:
        of_reviewer = np.full(reviewers, entries)
        np.minimum.at(of_reviewer, data.reviewer, label[data.entry])
        new = label.copy()
        np.minimum.at(new, data.entry, of_reviewer[data.reviewer])
        if (new == label).all():
            return np.asarray(np.unique(label, return_inverse=True)[1], dtype=np.int64)
        label = new
