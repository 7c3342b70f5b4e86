"""Rows to a ranking problem and its result back. The only file here that knows both."""

from collections.abc import Sequence
from typing import Any

from klash.algo.tally import Place, rank
from klash.reviewing import selectors
from klash.reviewing.models import Round


@selectors.count_by
def rank_round(round_: Round) -> Sequence[Place]:
    """Rank the entries of a round from its submitted reviews, absent seats and excluded entries left out. Two queries.

    Raises ValueError if a reviewer has no whole score on an entry.
    """
    weights = dict(round_.criteria.using(round_._state.db).values_list("code", "weight"))
    scores: dict[str, dict[str, dict[str, int]]] = {}
    for entry, handle, given in selectors.counted_reviews(round_).values_list("entry__code", "seat__handle", "scores"):
        scores.setdefault(entry, {})[handle] = given
    return rank(scores, weights)


def as_signed(places: Sequence[Place]) -> list[dict[str, Any]]:
    """Return a ranking in the form in which a report carries it."""
    return [selectors.signed_line(place) for place in places]
