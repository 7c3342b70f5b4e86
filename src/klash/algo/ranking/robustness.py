"""Whether the winner stands when something else had been otherwise: a weight, a reviewer, the method."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EQUAL = 1e-9
STEP = 0.01


@dataclass(frozen=True)
class Robustness:
    """What would have to change before another entry wins.

    winners: the first by the published method; more than one if they tie. second: the best of the others, or None.
    gap: between them, in the method's values. disagreement: standard deviation over reviewers of what each sees between them, likewise;
    None where too few judged the two.
    weight, weight_low, weight_high: share [criteria] and the shares between which the winners stay first, the others kept in proportion.
    weight_move: share of all weight that must at least move before another entry is level; None if no weights make it so.
    without: for each reviewer the winners without that one. by_mean, by_median, by_borda: the winners under each method.
    By the mean the weights are exact; by the other methods, and where a criterion was left out of a review, they are tried in steps of 1 %, a
    move being one from one criterion to another.
    """

    winners: tuple[int, ...]
    second: int | None
    gap: float
    disagreement: float | None
    weight: Floats
    weight_low: Floats
    weight_high: Floats
    weight_move: float | None
    without: tuple[tuple[int, ...], ...]
    by_mean: tuple[int, ...]
    by_median: tuple[int, ...]
    by_borda: tuple[int, ...]

    @property
    def stands_without_any(self) -> bool:
        return all(set(found) == set(self.winners) for found in self.without)

    @property
    def is_close(self) -> bool | None:
        """Return whether the gap is smaller than what reviewers disagree about it; None where that cannot be told."""
        return None if self.disagreement is None else self.gap < self.disagreement


def robustness(*, points: ArrayLike, weights: ArrayLike, method: str = "mean") -> Robustness:
    """Ask of a full table of scores how firmly its winner stands under the published method: "mean", "median" or "borda".

    points: float [entries, reviewers, criteria] on the scale, nan where a reviewer did not judge the entry or left the criterion out; then
    the mean is over the weights of the others. weights: float [criteria], 0 or more, their sum above 0.
    Raises ValueError on a bad shape, an entry without a review, a review without weight, an unknown method.
    """
    table, shares = np.asarray(points, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if table.ndim != 3 or not table.size or shares.shape != table.shape[2:] or shares.min() < 0 or shares.sum() <= 0:
        raise ValueError(f"expected points [entries, reviewers, criteria] and a weight for each criterion, got {table.shape} and {shares.tolist()}")
    missing = np.isnan(table)
    if missing.reshape(len(table), -1).all(axis=1).any():
        raise ValueError("expected at least one review of every entry")
    if (np.isnan(_weigh(table, shares)) != missing.all(axis=2)).any():
        raise ValueError("expected of every review a score on a criterion with weight")
    if method not in METHODS:
        raise ValueError(f"expected a method of {sorted(METHODS)}, got {method}")
    shares = shares / shares.sum()
    by_reviewer, is_full = _weigh(table, shares), bool((missing.any(axis=2) == missing.all(axis=2)).all())
    values = METHODS[method](by_reviewer)
    winners = _first(values)
    others = [int(entry) for entry in np.argsort(-values, kind="stable") if entry not in winners]
    second = others[0] if others else None
    if method == "mean" and is_full:
        by_criterion = np.nanmean(table, axis=1)
        low, high = _weight_interval(by_criterion, shares, winners, others)
        move = _weight_move(by_criterion, shares, winners, others)
    else:
        low, high, move = _tried(table, shares, METHODS[method], winners)
    seen = _shares(by_reviewer) if method == "borda" else by_reviewer
    return Robustness(
        winners=winners, second=second, gap=float(values[winners[0]] - values[second]) if second is not None else float("inf"),
        disagreement=_disagreement(seen, winners[0], second), weight=shares, weight_low=low, weight_high=high, weight_move=move,
        without=tuple(_first(_without(by_reviewer, reviewer, METHODS[method])) for reviewer in range(table.shape[1])),
        by_mean=_first(_mean(by_reviewer)), by_median=_first(_median(by_reviewer)), by_borda=_first(_borda(by_reviewer)),
    )


def _weigh(table: Floats, shares: Floats) -> Floats:
    """Return the weighted mean of each review [entries, reviewers] over the criteria that it scored; nan where none of them has weight."""
    scored = ~np.isnan(table)
    weight = scored @ shares
    return np.asarray(np.divide(np.where(scored, table, 0.0) @ shares, weight, out=np.full(weight.shape, np.nan), where=weight > EQUAL))


def _first(values: Floats) -> tuple[int, ...]:
    return tuple(int(entry) for entry in np.flatnonzero(values >= np.nanmax(values) - EQUAL))


def _mean(by_reviewer: Floats) -> Floats:
    return np.asarray(np.nanmean(by_reviewer, axis=1))


def _median(by_reviewer: Floats) -> Floats:
    return np.asarray(np.nanmedian(by_reviewer, axis=1))


def _borda(by_reviewer: Floats) -> Floats:
    """Return the mean share of the entries that each reviewer places an entry above; one half where nobody saw another."""
    shares = _shares(by_reviewer)
    unseen = np.isnan(shares).all(axis=1, keepdims=True)
    return np.asarray(np.nanmean(np.where(unseen, 0.5, shares), axis=1))


def _shares(by_reviewer: Floats) -> Floats:
    """Return for each entry and reviewer the share of the reviewer's other entries that stand below, level ones counting half; nan without others."""
    above = (by_reviewer[:, None, :] > by_reviewer[None, :, :] + EQUAL).astype(float)
    both = ~np.isnan(by_reviewer[:, None, :]) & ~np.isnan(by_reviewer[None, :, :])
    level = both & (np.abs(by_reviewer[:, None, :] - by_reviewer[None, :, :]) <= EQUAL)
    np.einsum("iij->ij", level)[:] = False
    others = both.sum(axis=1) - ~np.isnan(by_reviewer)
    return np.asarray(np.divide((above + level / 2).sum(axis=1), others, out=np.full(others.shape, np.nan), where=others > 0))


METHODS: dict[str, Callable[[Floats], Floats]] = {"mean": _mean, "median": _median, "borda": _borda}


def _without(by_reviewer: Floats, reviewer: int, value: Callable[[Floats], Floats]) -> Floats:
    """Return the values without one reviewer. Without the only one there is nobody whose word could change the winner."""
    rest = _valued(np.delete(by_reviewer, reviewer, axis=1), value)
    return value(by_reviewer) if np.isnan(rest).all() else rest


def _valued(by_reviewer: Floats, value: Callable[[Floats], Floats]) -> Floats:
    """Return the values; nan for an entry that nobody judged, which cannot win."""
    judged, found = np.asarray((~np.isnan(by_reviewer)).any(axis=1)), np.full(len(by_reviewer), np.nan)
    if judged.any():
        found[judged] = value(by_reviewer[judged])
    return found


def _tried(table: Floats, shares: Floats, value: Callable[[Floats], Floats], winners: tuple[int, ...]) -> tuple[Floats, Floats, float | None]:
    """Return what `_weight_interval` and `_weight_move` do, by trying shares in steps of 1 % until another entry is first."""

    def stands(trial: Floats) -> bool:
        values = _valued(_weigh(table, trial), value)
        return bool(np.isnan(values).all()) or set(_first(values)) <= set(winners)

    low, high = shares.copy(), shares.copy()
    moves: list[float] = []
    for criterion, share in enumerate(shares):
        rest = np.delete(shares, criterion)
        rest = rest / rest.sum() if rest.sum() > 0 else np.full(len(rest), 1 / max(len(rest), 1))
        for ends, steps in ((low, np.arange(share, -STEP / 2, -STEP)), (high, np.arange(share, 1 + STEP / 2, STEP))):
            for trial in (*np.clip(steps, 0, 1), 0.0 if ends is low else 1.0):
                if not stands(np.insert(rest * (1 - trial), criterion, trial)):
                    break
                ends[criterion] = trial
        for other in range(len(shares)):
            step = np.eye(len(shares))[other] - np.eye(len(shares))[criterion]
            tried = [] if other == criterion else np.arange(STEP, share + STEP / 2, STEP).tolist()
            moves += [move for move in tried if not stands(shares + move * step)][:1]
    return low, high, min(moves, default=None)


def _disagreement(by_reviewer: Floats, first: int, second: int | None) -> float | None:
    """Return how far reviewers disagree about the lead: those who judged both, or where these are few, all as if they were different people."""
    if second is None:
        return None
    pair = by_reviewer[[first, second]]
    judged = ~np.isnan(pair)
    both = judged.all(axis=0)
    shared, either = int(both.sum()), int(judged.any(axis=0).sum())
    if (shared > 2 and 2 * shared >= either) or shared == either > 1:
        return float((pair[0] - pair[1])[both].std(ddof=1))
    if (judged.sum(axis=1) < 2).any():
        return None
    return float(np.sqrt(np.nanvar(pair, axis=1, ddof=1).sum()))


def _weight_interval(by_criterion: Floats, shares: Floats, winners: tuple[int, ...], others: list[int]) -> tuple[Floats, Floats]:
    """Return for each criterion the shares between which no other entry passes the winners."""
    low, high = np.zeros(len(shares)), np.ones(len(shares))
    for criterion, share in enumerate(shares):
        rest = np.delete(shares, criterion)
        rest = rest / rest.sum() if rest.sum() > 0 else np.full(len(rest), 1 / max(len(rest), 1))
        without = np.delete(by_criterion, criterion, axis=1) @ rest
        at_one = by_criterion[:, criterion]
        for winner in winners:
            # The lead over another entry is a line in the share: lead0 at 0, lead1 at 1.
            lead0, lead1 = without[winner] - without[others], at_one[winner] - at_one[others]
            with np.errstate(divide="ignore", invalid="ignore"):
                crossing = lead0 / (lead0 - lead1)
            below = crossing[(lead0 < 0) & (crossing <= share)]
            above = crossing[(lead1 < 0) & (crossing >= share)]
            low[criterion] = max([low[criterion], *below.tolist()])
            high[criterion] = min([high[criterion], *above.tolist()])
    return low, high


def _weight_move(by_criterion: Floats, shares: Floats, winners: tuple[int, ...], others: list[int]) -> float | None:
    """Return the least share of weight that has to move between criteria before another entry is level with the winner."""
    found = [_move_to_level(by_criterion[winners[0]] - by_criterion[other], shares) for other in others]
    reachable = [move for move in found if move is not None]
    return min(reachable, default=None)


def _move_to_level(lead: Floats, shares: Floats) -> float | None:
    # Weight moves from the criteria where the winner leads most to the one where it leads least: each move there gains most.
    needed, moved, target = float(lead @ shares), 0.0, lead.min()
    for criterion in np.argsort(-lead, kind="stable"):
        gain = float(lead[criterion] - target)
        if needed <= EQUAL or gain <= EQUAL:
            break
        step = min(float(shares[criterion]), needed / gain)
        moved, needed = moved + step, needed - step * gain
    return moved if needed <= EQUAL else None
