from collections.abc import Iterable

from django.db.models import QuerySet

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.competitions.selectors import Decided, Sheet
from klash.interests import selectors as interests
from klash.problems.models import Problem, Support
from klash.problems.selectors.lists import _LONG
from klash.rules.conflicts import Party


def verdicts(competition: Competition, sheet: Sheet) -> list[tuple[Problem, Decided]]:
    """Return the problems before the panel with what is decided on each, by code. Two queries."""
    rows = {row.place.entry_code: row for row in sheet.rows}
    problems = Problem.objects.filter(competition=competition, entry_code__in=rows).select_related("officer", "municipality", "competition")
    return [(problem, rows[str(problem.entry_code)]) for problem in problems.prefetch_related("writers__person").order_by("code")]


def before_panel(codes: Iterable[str]) -> dict[str, Problem]:
    """Return the problems of which these are the entries' codes, by them. One query."""
    rows = Problem.objects.filter(entry_code__in=list(codes)).defer(*_LONG).order_by()  # asked in an order, it would walk all of a competition
    return {str(row.entry_code): row for row in rows}


def sides(problems: QuerySet[Problem], successors: dict[str, str] | None = None) -> dict[Problem, Party]:
    """Return who stands behind each problem, as the rule that finds conflicts sees it: officers, writers, supporters, those of merged reports, too.

    Sixteen queries at most.

    Of what the staff filed and nobody has taken over, only the municipalities stand there.
    """
    successors = interests.all_successors() if successors is None else successors
    supports = ("supports__municipality", "supports__person")
    beside = ("group", "writers__person", *supports, *(f"origins__problem__{name}" for name in supports))
    found = list(problems.select_related("officer", "municipality", "filing").prefetch_related(*beside))
    behind = {row: _people_behind(row) for row in found}
    known = interests.parties({person.pk: person for people in behind.values() for person in people}.values(), successors)
    groups = {row: [row.municipality, *row.group.all(), *(one.municipality for one in _supports(row))] for row in found}
    places = interests.places(groups, successors)
    return {row: interests.side([known[person.pk] for person in behind[row]], municipalities=places[row]) for row in found}


def _people_behind(problem: Problem) -> list[User]:
    filing = getattr(problem, "filing", None)
    leading = [] if filing is not None and filing.taken_over_at is None else [problem.officer]
    return [*leading, *(row.person for row in problem.writers.all()), *(row.person for row in _supports(problem))]


def _supports(problem: Problem) -> list[Support]:
    return [row for one in (problem, *(merge.problem for merge in problem.origins.all())) for row in one.supports.all()]
