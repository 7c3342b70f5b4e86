"""Reads of what was merged."""

from collections.abc import Iterable

from klash.competitions.models import Competition
from klash.problems.models import Merge, Problem


def origins(problem: Problem) -> list[Merge]:
    """Return what was merged into a problem, in the order of merging. Two queries."""
    return list(Merge.objects.filter(into=problem).select_related("problem__municipality").prefetch_related("problem__group"))


def merge_of(problem: Problem) -> Merge | None:
    """Return into what a problem was merged. One query."""
    return Merge.objects.filter(problem=problem).select_related("into__municipality").first()


def merges(competition: Competition) -> list[Merge]:
    """Return all that was merged in a competition, the latest first. One query."""
    rows = Merge.objects.filter(problem__competition=competition)
    return list(rows.select_related("problem__municipality", "into__municipality", "merged_by").order_by("-merged_at", "-pk"))


def find_merge(competition: str, code: str) -> Merge | None:
    rows = Merge.objects.filter(problem__competition__code=competition, problem__code=code)
    return rows.select_related("problem__competition", "problem__municipality", "into__competition", "into__municipality").first()


def by_codes(competition: Competition, codes: Iterable[str]) -> list[Problem]:
    """Return public problems of a competition by their codes, by title. Two queries."""
    rows = Problem.objects.public().filter(competition=competition, code__in=list(codes))
    return list(rows.select_related("competition", "municipality", "theme", "reported_theme").prefetch_related("group").order_by("title", "pk"))
