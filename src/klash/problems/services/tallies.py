"""The numbers that public pages read."""

from collections.abc import Sequence

from klash.competitions.models import Competition
from klash.problems import selectors
from klash.problems.models import Problem, Tally


def recount(competition: Competition, municipalities: Sequence[int] | None = None) -> None:
    """Write the tallies of a competition anew, or those of some municipalities, by key. Four queries.

    Called in the transaction that changes a public problem, with the competition locked: two that counted at once would each miss the other's.
    """
    rows = Tally.objects.filter(competition=competition)
    (rows if municipalities is None else rows.filter(municipality__in=municipalities)).delete()
    Tally.objects.bulk_create(
        Tally(competition=competition, municipality_id=place, theme_id=theme, state=state, language=language, led=led, shared=shared)
        for (place, theme, state, language), (led, shared) in sorted(selectors.counted(competition, municipalities).items(), key=str)
    )


def places_of(problem: Problem) -> list[int]:
    return [problem.municipality_id, *problem.group.values_list("pk", flat=True)]
