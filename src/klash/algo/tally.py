"""Ranking by weighted mean, in exact fractions."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Scores = Mapping[str, Mapping[str, Mapping[str, int]]]


class MissingScore(ValueError):
    """A reviewer has no whole score on an entry: the tally must wait or the reviewer be recorded absent."""


@dataclass(frozen=True)
class Place:
    """place: 1 is best; equal points share a place. points: weighted mean on the scale. by_reviewer: sorted by reviewer."""

    place: int
    entry: str
    points: Fraction
    by_reviewer: tuple[tuple[str, Fraction], ...]

    @property
    def spread(self) -> tuple[Fraction, Fraction]:
        values = [points for _, points in self.by_reviewer]
        return min(values), max(values)


def rank(scores: Scores, weights: Mapping[str, int]) -> tuple[Place, ...]:
    """Rank entries by the mean over reviewers of the weighted mean over criteria, best first.

    scores: entry -> reviewer -> criterion -> points; each entry with those who reviewed it, every criterion present.
    weights: criterion -> weight, whole and above zero, any sum.
    Equal points share a place and stand in the order of their codes; breaking the tie is the body's, not the machine's.
    Raises MissingScore naming entry and reviewer; ValueError if weights or scores are empty.
    """
    if not weights or not scores or min(weights.values()) <= 0:
        raise ValueError(f"expected weights above zero and at least one entry, got {dict(weights)} and {len(scores)} entries")
    rows = []
    for entry, given in scores.items():
        if not given:
            raise MissingScore(f"expected a review of {entry}, got none")
        by_reviewer = tuple((reviewer, _weighted(entry, reviewer, given[reviewer], weights)) for reviewer in sorted(given))
        rows.append((sum((points for _, points in by_reviewer), Fraction(0)) / len(by_reviewer), entry, by_reviewer))
    rows.sort(key=lambda row: (-row[0], row[1]))
    places: list[Place] = []
    for index, (points, entry, by_reviewer) in enumerate(rows, 1):
        shared = places[-1].place if places and places[-1].points == points else index
        places.append(Place(shared, entry, points, by_reviewer))
    return tuple(places)


def _weighted(entry: str, reviewer: str, given: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    if set(given) != set(weights):
        raise MissingScore(f"expected scores of {reviewer} on {entry} for {sorted(weights)}, got {sorted(given)}")
    return Fraction(sum(weights[criterion] * points for criterion, points in given.items()), sum(weights.values()))
