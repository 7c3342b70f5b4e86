"""Reads of themes: what was reported of each, by how many and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from klash.competitions.models import Competition, Theme
from klash.problems.models import Problem, Tally
from klash.problems.selectors.lists import Filters, matching
from klash.problems.selectors.places import Reporter, reporters_among
from klash.rules.states import ProblemState

NEWEST = 10


@dataclass(frozen=True)
class Reported:
    """A theme with its public problems, and those of them that were chosen."""

    theme: Theme
    problems: int
    chosen: int


def themes(competition: Competition) -> list[Reported]:
    """Return the themes of a competition, those with most problems first. Two queries."""
    counts: dict[int, dict[str, int]] = {}
    rows = Tally.objects.filter(competition=competition, theme__isnull=False).order_by().values_list("theme", "state").annotate(Sum("led"))
    for theme, state, number in rows:
        counts.setdefault(theme, {})[state] = number
    found = [
        Reported(theme, sum(counts.get(theme.pk, {}).values()), counts.get(theme.pk, {}).get(ProblemState.CHOSEN, 0))
        for theme in competition.themes.order_by("pk")
    ]
    return sorted(found, key=lambda row: -row.problems)


def find_theme(competition: Competition, code: str) -> Reported | None:
    """Return one theme with its counts. Two queries."""
    return next((row for row in themes(competition) if row.theme.code == code), None)


def reporters_of(theme: Theme) -> list[Reporter]:
    """Return the municipalities that reported of the theme, alone or in a group, by Finnish name. Two queries."""
    return reporters_among(Tally.objects.filter(competition=theme.competition_id, theme=theme))


def regions(reported: Sequence[Reporter], language: str) -> list[tuple[str, str, int]]:
    """Return code, name and number of municipalities of each region, most first. No query."""
    found: dict[str, tuple[str, int]] = {}
    for row in reported:
        place = row.municipality
        name = place.region_sv if language == "sv" else place.region_fi
        found[place.region_code] = (name, found.get(place.region_code, ("", 0))[1] + 1)
    return sorted(((code, name, number) for code, (name, number) in found.items()), key=lambda row: (-row[2], row[1]))


def newest(competition: Competition, theme: Theme, language: str) -> list[Problem]:
    """Return the ten newest problems of a theme. Two queries."""
    return list(matching(competition, Filters(theme=theme.code), "newest", language)[:NEWEST])


def chosen(competition: Competition, theme: Theme, language: str) -> list[Problem]:
    """Return the problems of a theme that were chosen, by title. Two queries."""
    return list(matching(competition, Filters(theme=theme.code, state=ProblemState.CHOSEN), "", language)[:NEWEST])
