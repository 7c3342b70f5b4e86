from typing import Any

from klash.accounts.models import Affiliation
from klash.competitions.models import Competition
from klash.problems.models import Filing, JoinRequest, Problem, Support, Writer


def supports(problem: Problem) -> list[Support]:
    """Return who has the same problem, in the order in which they said so. One query."""
    return list(Support.objects.filter(problem=problem).select_related("municipality"))


def writers(problem: Problem) -> list[Writer]:
    """Return who writes along with the leading officer. One query."""
    return list(Writer.objects.filter(problem=problem).select_related("person", "municipality"))


def requests_to(problem: Problem) -> list[JoinRequest]:
    """Return who asked to become co-owner, the latest first. One query."""
    return list(JoinRequest.objects.filter(problem=problem).select_related("municipality", "person").order_by("-pk"))


def own_ties(person: Any, problem: Problem) -> tuple[list[Support], list[JoinRequest]]:
    """Return the supports and requests that the person made for the problem. Two queries."""
    mine = {"problem": problem, "person": person}
    requests = JoinRequest.objects.filter(**mine).select_related("municipality").order_by("-pk")
    return list(Support.objects.filter(**mine).select_related("municipality")), list(requests)


def public_one(person: Any, competition: str, code: str) -> Problem | None:
    """Return a public problem. Three queries."""
    rows = Problem.objects.public().filter(competition__in=Competition.objects.visible_to(person), competition__code=competition, code=code)
    return rows.select_related("competition", "municipality", "theme", "officer").prefetch_related("group", "writers").first()


def place_of(person: Any) -> str:
    """Return the code of a municipality that the person acts for, or "". One query."""
    row = Affiliation.objects.filter(person=person, municipality__isnull=False).select_related("municipality").order_by("-pk").first()
    return row.municipality.code if row and row.municipality else ""


def filing_of(competition: str, code: str) -> Filing | None:
    """Return what the staff filed. One query."""
    rows = Filing.objects.filter(problem__competition__code=competition, problem__code=code)
    return rows.select_related("problem__competition", "problem__municipality", "filed_by").first()


def filings(competition: Competition) -> list[Filing]:
    """Return all that the staff filed in the competition, the latest first. One query."""
    return list(Filing.objects.filter(problem__competition=competition).select_related("problem__municipality").order_by("-pk"))
