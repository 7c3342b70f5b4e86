"""Reads of the screening: what waits, what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from klash.competitions.models import Competition
from klash.problems.models import EligibilityQuestion, Problem, Screening
from klash.problems.selectors.lists import _LONG
from klash.rules.permissions import Facts
from klash.rules.screening import Outcome
from klash.rules.states import ProblemState

WAITING = "waiting"
OUTCOMES = (WAITING, *Outcome)
SCREENING_PAGE = 50


@dataclass(frozen=True)
class ScreeningDesk:
    """The screening of a competition, as a thing that decisions are made about. It is frozen once the panel's entries are fixed."""

    competition: Competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        is_fixed = Problem.objects.filter(competition=self.competition, entry_code__isnull=False).exists()
        return Facts(is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.competition.code), is_frozen=is_fixed)

    def has_begun(self) -> bool:
        return Screening.objects.filter(problem__competition=self.competition).exists()


@dataclass(frozen=True)
class Screened:
    """A page of problems with their screening. counts: outcome -> how many of all."""

    rows: list[Problem]
    counts: dict[str, int]
    total: int


def _all(competition: Competition) -> QuerySet[Problem]:
    return Problem.objects.public().filter(competition=competition)


def _of(rows: QuerySet[Problem], outcome: str) -> QuerySet[Problem]:
    if outcome == WAITING:
        return rows.filter(screening=None, state=ProblemState.SUBMITTED)
    return rows.filter(screening__outcome=outcome) if outcome else rows


def screened(competition: Competition, *, outcome: str = "", words: str = "", start: int = 0) -> Screened:
    """Return 50 problems of an outcome ("" for all) from `start` on, in the order in which they came, with the counts. Three queries and one of the groups."""
    rows = screened_all(competition, outcome=outcome, words=words)
    return Screened(list(rows[start : start + SCREENING_PAGE]), screening_counts(competition), rows.count())


def screened_all(competition: Competition, *, outcome: str = "", words: str = "") -> QuerySet[Problem]:
    """Return all problems of an outcome as `screened` shows them a page at a time."""
    rows = _of(_all(competition), outcome)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(municipality__name_fi__icontains=words) | Q(municipality__name_sv__icontains=words))
    return rows.select_related("municipality", "theme", "screening", "screening__screened_by").defer(*_LONG).order_by("submitted_at", "pk")


def screening_counts(competition: Competition) -> dict[str, int]:
    """Return how many problems came to each outcome, those that wait under `waiting`. One query."""
    kinds = {name: Count("pk", filter=Q(screening__outcome=name)) for name in Outcome}
    found = _all(competition).aggregate(**kinds, waiting=Count("pk", filter=Q(screening=None, state=ProblemState.SUBMITTED)))
    return {str(name): number for name, number in found.items()}


def is_screened(competition: Competition) -> bool:
    """Return whether every submitted problem has passed or is left out. One query."""
    open_ = Q(screening=None) | Q(screening__outcome=Outcome.NEEDS_MORE)
    return not Problem.objects.filter(open_, competition=competition, state=ProblemState.SUBMITTED).exists()


def to_screen(competition: Competition, code: str) -> Problem | None:
    """Return a problem that is public with its screening. Two queries."""
    rows = Problem.objects.public().filter(competition=competition, code=code)
    return rows.select_related("competition", "municipality", "theme", "screening", "screening__screened_by").prefetch_related("group").first()


def next_waiting(problem: Problem) -> str:
    """Return the code of the problem that waits next behind this one, from the beginning where none does; "" where none waits. Two queries."""
    waiting = _of(_all(problem.competition), WAITING).exclude(pk=problem.pk).order_by("submitted_at", "pk")
    behind = waiting.filter(Q(submitted_at__gt=problem.submitted_at) | Q(submitted_at=problem.submitted_at, pk__gt=problem.pk))
    row = behind.only("code").first() or waiting.only("code").first()
    return row.code if row else ""


def left_out(competition: Competition) -> list[Problem]:
    """Return the problems that do not go before the panel and wait to be told so, by code. Two queries."""
    rows = Problem.objects.filter(competition=competition, state=ProblemState.SUBMITTED, screening__outcome=Outcome.NOT_ELIGIBLE)
    return list(rows.select_related("officer", "municipality", "competition", "screening").prefetch_related("writers__person").order_by("code"))


def find_question(competition: Competition, code: str) -> EligibilityQuestion | None:
    return competition.eligibility_questions.filter(code=code).select_related("competition").first()
