"""Ranking by a published method and tie rule, in exact fractions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

Scores = Mapping[str, Mapping[str, Mapping[str, int]]]
METHODS = ("mean", "median", "borda")
TIE_RULES = ("shared", "criteria", "lot")


class MissingScore(ValueError):
    """A reviewer has no whole score on an entry: the tally must wait or the reviewer be recorded absent."""


@dataclass(frozen=True)
class Place:
    """place: 1 is best. points: the method's value. by_reviewer: each one's weighted mean over the criteria, sorted by reviewer."""

    place: int
    entry: str
    points: Fraction
    by_reviewer: tuple[tuple[str, Fraction], ...]

    @property
    def spread(self) -> tuple[Fraction, Fraction]:
        values = [points for _, points in self.by_reviewer]
        return min(values), max(values)

    @property
    def disagreement(self) -> Fraction:
        """Return the variance of the reviewers' points; with one reviewer nobody disagrees."""
        values = [points for _, points in self.by_reviewer]
        return _mean(points * points for points in values) - _mean(values) ** 2


def rank(
    scores: Scores, weights: Mapping[str, int], method: str = "mean", tie_rule: str = "shared", lots: Mapping[str, str] | None = None,
    optional: Collection[str] = (),
) -> tuple[Place, ...]:
    """Rank entries by the method's value over reviewers of the weighted mean over criteria, best first.

    scores: entry -> reviewer -> criterion -> points; each entry with those who reviewed it, every criterion present but the optional ones.
    optional: criteria that a reviewer may leave out; then that one's mean is taken over the weights of what was given. They break no ties.
    weights: criterion -> weight, whole and above zero, any sum; in the criteria's order.
    method: "mean"; "median", of an even number the mean of the two middle ones; "borda", the mean over reviewers of the share of the other
    entries in a reviewer's own order that stand below, level ones counting half (one half where nobody saw another entry).
    tie_rule: "shared", equal values share a place; "criteria", the higher mean on the heaviest criterion goes first, then the next; "lot", the
    lowest of `lots` goes first. What is level after that shares a place and stands in the order of codes.
    Raises MissingScore naming entry and reviewer; ValueError if weights or scores are empty, for an unknown method or rule, for a missing lot.
    """
    if not weights or not scores or min(weights.values()) <= 0:
        raise ValueError(f"expected weights above zero and at least one entry, got {dict(weights)} and {len(scores)} entries")
    if method not in METHODS or tie_rule not in TIE_RULES or (tie_rule == "lot" and not set(scores) <= set(lots or {})):
        raise ValueError(f"expected a method of {METHODS}, a tie rule of {TIE_RULES} and a lot of each entry, got {method}, {tie_rule}")
    required = {criterion: weight for criterion, weight in weights.items() if criterion not in optional}
    given = {entry: _by_reviewer(entry, of, weights, required) for entry, of in scores.items()}
    values = _values(given, method)
    keys = {entry: (-values[entry], _tie_key(entry, scores[entry], required, tie_rule, lots or {})) for entry in scores}
    places: list[Place] = []
    for index, entry in enumerate(sorted(scores, key=lambda entry: (keys[entry], entry)), 1):
        shared = places[-1].place if places and keys[places[-1].entry] == keys[entry] else index
        places.append(Place(shared, entry, values[entry], given[entry]))
    return tuple(places)


def _by_reviewer(
    entry: str, of: Mapping[str, Mapping[str, int]], weights: Mapping[str, int], required: Collection[str]
) -> tuple[tuple[str, Fraction], ...]:
    if not of:
        raise MissingScore(f"expected a review of {entry}, got none")
    return tuple((reviewer, _weighted(entry, reviewer, of[reviewer], weights, required)) for reviewer in sorted(of))


def _weighted(entry: str, reviewer: str, given: Mapping[str, int], weights: Mapping[str, int], required: Collection[str]) -> Fraction:
    if not given or not set(required) <= set(given) <= set(weights):
        raise MissingScore(f"expected scores of {reviewer} on {entry} for {sorted(required)} of {sorted(weights)}, got {sorted(given)}")
    return Fraction(sum(weights[criterion] * points for criterion, points in given.items()), sum(weights[criterion] for criterion in given))


def _values(given: Mapping[str, tuple[tuple[str, Fraction], ...]], method: str) -> dict[str, Fraction]:
    if method == "borda":
        return _borda(given)
    middle = _mean if method == "mean" else median
    return {entry: Fraction(middle([points for _, points in rows])) for entry, rows in given.items()}


def _mean(values: Iterable[Fraction]) -> Fraction:
    rows = list(values)
    return sum(rows, Fraction(0)) / len(rows)


def _borda(given: Mapping[str, tuple[tuple[str, Fraction], ...]]) -> dict[str, Fraction]:
    orders: dict[str, dict[str, Fraction]] = {}
    for entry, rows in given.items():
        for reviewer, points in rows:
            orders.setdefault(reviewer, {})[entry] = points
    shares: dict[str, list[Fraction]] = {entry: [] for entry in given}
    for order in orders.values():
        for entry, points in order.items():
            if len(order) > 1:  # who judged one entry says nothing of order
                twice = sum(2 * (points > other) + (points == other) for other in order.values()) - 1
                shares[entry].append(Fraction(twice, 2 * (len(order) - 1)))
    return {entry: _mean(rows) if rows else Fraction(1, 2) for entry, rows in shares.items()}


def _tie_key(entry: str, of: Mapping[str, Mapping[str, int]], weights: Mapping[str, int], tie_rule: str, lots: Mapping[str, str]) -> tuple[Fraction | str, ...]:
    if tie_rule == "lot":
        return (lots[entry],)
    if tie_rule == "criteria":
        heaviest = sorted(weights, key=lambda criterion: -weights[criterion])  # equal weights stay in the criteria's order
        return tuple(-_mean(Fraction(given[criterion]) for given in of.values()) for criterion in heaviest)
    return ()
