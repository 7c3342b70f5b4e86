"""What the page of a result shows, to its reviewers and at the organiser's desk."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from klash.core import paging
from klash.reviewing import selectors, words
from klash.reviewing.models import Criterion, Round

DRAWN = 20  # entries in the drawing of how firm a result is; the table has all


def about_optional(criteria: list[Criterion]) -> dict[str, Any]:
    """Return whether a criterion is optional, and what that means."""
    return {"has_optional": not all(row.is_required for row in criteria), "optional_in_words": words.OPTIONAL}


def with_shares(criteria: list[Criterion]) -> list[dict[str, Any]]:
    """Return each criterion with its share of the weight in whole per cent, rounded half up."""
    total = sum(criterion.weight for criterion in criteria)
    return [{"criterion": criterion, "share": (200 * criterion.weight + total) // (2 * total)} for criterion in criteria]


def result_page(round_: Round, page: int) -> dict[str, Any]:
    """Return a page of a complete round's ranking with the drawing of its points. Three queries."""
    ranking, criteria = selectors.ranking(round_, start=page * paging.PAGE, limit=paging.PAGE), selectors.criteria_of(round_)
    return {
        "ranking": ranking, **paging.links(page, round_.entry_count), "scale": selectors.scale_of(criteria), **about_optional(criteria),
        "spread": [{"label": label, "points": row.seat_points, "mean": row.mean} for row, label in zip(ranking, _labels(ranking), strict=True)],
        "asks_screening": any(round_.screening.values()),
    }


def firmness_page(round_: Round, url: str) -> dict[str, Any]:
    """Return what the page shows of how firm a complete round's result is. url: where that is asked for. Three queries, four in a round with names."""
    firm = selectors.firmness(round_)
    return {
        "round": round_, "firm": firm, "is_weighed": firm is not None or selectors.is_weighed(round_), "url": url,
        "scale": selectors.scale_of(selectors.criteria_of(round_)), "drawn": firm.rows[:DRAWN] if firm else [],
    }


def _labels(ranking: Sequence[selectors.Ranked]) -> list[str]:
    """Return what each row of the drawing is called: by who handed it in; of one who did so twice by place and title."""
    times = Counter(row.label for row in ranking)
    return [row.label if times[row.label] == 1 else f"{row.place}. {row.title}" for row in ranking]
