"""The ranking of a round, by its announced weights and by others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from klash.algo.tally import Place, rank
from klash.reviewing import selectors
from klash.reviewing.hashes import lot
from klash.reviewing.models import Criterion, Round


@selectors.count_by
def rank_round(round_: Round) -> Sequence[Place]:
    """Rank the entries of a round by its announced method and tie rule, absent seats and excluded entries left out. Two queries.

    The one place that counts: pages, report, log and files all print what is counted here.
    Raises ValueError if a reviewer lacks a required score on an entry.
    """
    criteria = list(round_.criteria.using(round_._state.db).values_list("code", "weight", "is_required"))
    weights, optional = {code: weight for code, weight, _ in criteria}, {code for code, _, is_required in criteria if not is_required}
    scores: dict[str, dict[str, dict[str, int]]] = {}
    for entry, handle, given in selectors.counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores"):
        scores.setdefault(entry, {})[handle] = given
    counted = selectors.counted_of(round_)
    return rank(scores, weights, round_.method, round_.tie_rule, {entry: lot(round_.lot_seed, counted, entry) for entry in scores}, optional)


def as_signed(places: Sequence[Place]) -> list[dict[str, Any]]:
    """Return a ranking in the form in which a report carries it."""
    return [selectors.signed_line(place) for place in places]


@dataclass(frozen=True)
class Moved:
    """An entry under other weights beside its announced place."""

    place: int
    points: Fraction
    announced: selectors.Ranked


@dataclass(frozen=True)
class Trial:
    """The ranking under tried weights, [(criterion, its weight, its share in per cent)], and whether the same entries are first."""

    rows: list[Moved]
    weights: list[tuple[Criterion, int, int]]
    stays: bool
    most: int

    @property
    def first(self) -> list[str]:
        return [row.announced.name for row in self.rows if row.place == 1]


def what_if(round_: Round, typed: Mapping[str, str]) -> Trial:
    """Try the weights that were typed, as `w_CODE` from 0 to 100; where none is sensible, or an entry has no score that weighs, the announced ones.

    Changes nothing. Five queries, six where the announced ones are taken.
    """
    criteria, announced = selectors.criteria_of(round_), {row.entry_code: row for row in selectors.ranking(round_)}
    most = max([100, *(criterion.weight for criterion in criteria)])
    words = {row.code: typed.get(f"w_{row.code}", "") for row in criteria}
    tried = {code: min(int(word), most) for code, word in words.items() if word.isascii() and word.isdigit() and len(word) < 9}
    weights = {row.code: tried.get(row.code, row.weight) for row in criteria}
    places = under_weights(round_, weights)
    if not places:
        weights = {row.code: row.weight for row in criteria}
        places = under_weights(round_, weights)
    total = sum(weights.values())
    return Trial(
        [Moved(row.place, row.points, announced[row.entry]) for row in places],
        [(row, weights[row.code], (200 * weights[row.code] + total) // (2 * total)) for row in criteria],
        {row.entry for row in places if row.place == 1} == {row.entry_code for row in announced.values() if row.place == 1}, most,
    )


def under_weights(round_: Round, weights: Mapping[str, int]) -> Sequence[Place]:
    """Rank a complete round as if its criteria had other weights, by its own method; equal values share a place. Changes nothing. One query.

    weights: criterion code -> 0 or more; a criterion of weight 0 does not count, nor does a review that scores no other.
    Empty where an entry has no review that counts.
    """
    rows = selectors.counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores")
    counted = {code: weight for code, weight in weights.items() if weight}
    scores: dict[str, dict[str, dict[str, int]]] = {}
    for entry, handle, scored in rows:
        of_entry, given = scores.setdefault(entry, {}), {code: value for code, value in scored.items() if code in counted}
        if given:
            of_entry[handle] = given
    # What is missing was allowed to be: the round is complete.
    return rank(scores, counted, round_.method, optional=counted) if all(scores.values()) else ()
