from collections.abc import Iterable

from django.db.models import QuerySet

from klash.competitions.models import Competition
from klash.competitions.selectors import Decided, Sheet
from klash.interests import selectors as interests
from klash.problems.models import Problem
from klash.problems.selectors.lists import _LONG
from klash.rules.conflicts import Party


def verdicts(competition: Competition, sheet: Sheet) -> list[tuple[Problem, Decided]]:
    """Return the problems before the panel with what is decided on each, by code. One query."""
    rows = {row.place.entry_code: row for row in sheet.rows}
    problems = Problem.objects.filter(competition=competition, entry_code__in=rows).select_related("officer", "municipality", "competition")
    return [(problem, rows[str(problem.entry_code)]) for problem in problems.order_by("code")]


def before_panel(codes: Iterable[str]) -> dict[str, Problem]:
    """Return the problems of which these are the entries' codes, by them. One query."""
    rows = Problem.objects.filter(entry_code__in=list(codes)).defer(*_LONG).order_by()  # asked in an order, it would walk all of a competition
    return {str(row.entry_code): row for row in rows}


def sides(problems: QuerySet[Problem]) -> dict[Problem, Party]:
    """Return who stands behind each problem, as the rule that finds conflicts sees it. Eight queries."""
    rows = list(problems.select_related("officer", "municipality").prefetch_related("group"))
    officers = interests.parties({row.officer_id: row.officer for row in rows}.values())
    places = interests.places({row: [row.municipality, *row.group.all()] for row in rows})
    return {row: interests.side([officers[row.officer_id]], municipalities=places[row]) for row in rows}
