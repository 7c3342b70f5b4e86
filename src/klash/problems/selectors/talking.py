"""Reads of talks between those with like problems, and of who has seen the feedback."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from klash.competitions.models import Competition
from klash.problems.models import FeedbackSeen, Problem, Talk
from klash.problems.selectors.lists import _LONG


def find_talk(person: Any, competition: str, code: str) -> Talk | None:
    """Return a talk in which the person takes part. Three queries, none for a visitor."""
    if not person.is_authenticated:
        return None
    rows = Talk.objects.of(person).filter(competition__code=competition, code=code).select_related("competition", "begun_by")
    return rows.prefetch_related("problems__municipality", "messages__person").first()


def talks_of(problem: Problem) -> list[Talk]:
    """Return the talks that a problem has a part in, newest first. Two queries."""
    rows = Talk.objects.filter(problems=problem).annotate(written=Count("messages")).select_related("begun_by")
    return list(rows.prefetch_related("problems__municipality"))


def introductions(competition: Competition) -> list[Talk]:
    """Return whom the organiser has brought together, newest first. Two queries."""
    rows = Talk.objects.filter(competition=competition, is_introduced=True).select_related("begun_by")
    return list(rows.prefetch_related("problems__municipality"))


@dataclass(frozen=True)
class Seen:
    """A problem with released feedback. first: when one who writes it first opened it, if anybody has."""

    problem: Problem
    first: FeedbackSeen | None


def with_feedback(competition: Competition) -> QuerySet[Problem]:
    rows = Problem.objects.public().filter(competition=competition, feedback_released_at__isnull=False)
    return rows.select_related("competition", "municipality", "officer").order_by("title", "pk")


def seen(competition: Competition) -> list[Seen]:
    """Return the problems with released feedback, those unseen first, then by title. Two queries."""
    ordered = Prefetch("feedback_seen", queryset=FeedbackSeen.objects.select_related("person").order_by("seen_at", "pk"))
    rows = [Seen(row, next(iter(row.feedback_seen.all()), None)) for row in with_feedback(competition).defer(*_LONG).prefetch_related(ordered)]
    return sorted(rows, key=lambda row: row.first is not None)
