"""How firm the result of a complete round is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from klash.algo.ranking import rank as rank_calibrated
from klash.algo.ranking import robustness
from klash.reviewing import selectors
from klash.reviewing.models import Criterion, Round

SWEEPS, DRAWN = 2000, 12_000_000  # draws at most, and draws times scores: where scores are many, fewer draws tell as much
# Entries squared times reviewers: beyond it the arithmetic takes longer than a reader waits.
LARGEST = {"mean": 5_000_000, "median": 500_000, "borda": 250_000}


def weigh(round_: Round) -> dict[str, Any] | None:
    """Tell how firm the result of a complete round is, as `Firmness.content` keeps it. Two queries, seconds of arithmetic.

    None where there is nothing to compare (fewer than two entries or reviewers), where criteria have different scales, or where there is more
    than can be worked out while somebody waits.
    """
    table = _table(round_)
    return None if table is None else {**_on_what(round_, table), **_calibrated(table, round_.quota)}


def hinges(round_: Round) -> dict[str, Any] | None:
    """Tell what the winner of a complete round hangs on, the part of `weigh` that is quick; a report keeps it. Two queries."""
    table = _table(round_)
    return None if table is None else _on_what(round_, table)


def told_in_report(round_: Round) -> dict[str, Any]:
    """Return what a report says of how firm its ranking is, in whole numbers and fractions, so that it is hashed alike everywhere; {} if nothing."""
    return selectors.as_told(hinges(round_))


@dataclass(frozen=True)
class _Table:
    """Points [entries, reviewers, criteria] of the reviews that count, nan where there is none or a criterion was left out."""

    points: NDArray[np.float64]
    entries: list[str]
    criteria: list[Criterion]
    scale: tuple[int, int]

    @property
    def weights(self) -> list[int]:
        return [criterion.weight for criterion in self.criteria]


def _table(round_: Round) -> _Table | None:
    criteria = selectors.criteria_of(round_)
    rows = list(selectors.counted_reviews(round_).order_by("entry__code", "seat__handle").values_list("entry__code", "seat__handle", "counted_scores"))
    entries, reviewers = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    scales = {(criterion.scale_min, criterion.scale_max) for criterion in criteria}
    is_full = all(len(row[2]) == len(criteria) for row in rows)
    most = LARGEST[round_.method] if is_full else min(LARGEST[round_.method], LARGEST["median"])
    if min(len(entries), len(reviewers)) < 2 or len(scales) > 1 or len(entries) ** 2 * len(reviewers) > most:
        return None
    number = {code: at for at, code in enumerate(entries)}, {handle: at for at, handle in enumerate(reviewers)}
    points = np.full((len(entries), len(reviewers), len(criteria)), np.nan)
    for entry, handle, scores in rows:
        points[number[0][entry], number[1][handle]] = [scores.get(criterion.code, np.nan) for criterion in criteria]
    return _Table(points, entries, criteria, scales.pop())


def _on_what(round_: Round, table: _Table) -> dict[str, Any]:
    """Return what the winner hangs on, by codes; which reviewer it hangs on is told to nobody, only on how many."""
    found = robustness(points=table.points, weights=table.weights, method=round_.method)
    first = {"winners": found.winners, "by_mean": found.by_mean, "by_median": found.by_median, "by_borda": found.by_borda}
    return {
        **{name: [table.entries[at] for at in places] for name, places in first.items()}, "method": round_.method,
        "second": None if found.second is None else table.entries[found.second], "gap": None if found.second is None else round(found.gap, 9),
        "disagreement": None if found.disagreement is None else round(found.disagreement, 9), "is_close": found.is_close, "weight_move": found.weight_move,
        "reviewers": len(found.without), "hangs_on": sum(set(without) != set(found.winners) for without in found.without),
        "criteria": [
            {"code": row.code, "name": row.name, "share": float(share), "low": float(low), "high": float(high)}
            for row, share, low, high in zip(table.criteria, found.weight, found.weight_low, found.weight_high, strict=True)
        ],
    }


def _calibrated(table: _Table, quota: int) -> dict[str, Any]:
    """Return the ranking with the reviewers' habits taken out. The seed is fixed: the same scores tell the same."""
    points = table.points
    at = np.argwhere(~np.isnan(points))
    # Of a criterion that nobody scored nothing is known, so that it says nothing.
    weights = np.where(np.isnan(points).all(axis=(0, 1)), 0, table.weights)
    found = rank_calibrated(
        entry=at[:, 0], reviewer=at[:, 1], criterion=at[:, 2], score=points[tuple(at.T)], weights=weights,
        scale=(*table.scale, 1), top=quota, sweeps=max(400, min(SWEEPS, DRAWN // len(at)))
    )
    rows = {
        code: {
            "rank": int(found.rank[i]), "rank_low": int(found.rank_low[i]), "rank_high": int(found.rank_high[i]), "value": float(found.value[i]),
            "low": float(found.value_low[i]), "high": float(found.value_high[i]), "p_first": float(found.p_first[i]), "p_top": float(found.p_top[i]),
        }
        for i, code in enumerate(table.entries)
    }
    return {"calibrated": rows, "quota": quota, "parts": int(found.components.max()) + 1, "rhat": found.rhat}
