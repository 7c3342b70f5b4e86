from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from klash.competitions.models import Competition
from klash.following.selectors import followed_by
from klash.problems.models import PUBLIC_STATES, Problem


def own(person: Any, competition: Competition) -> list[Problem]:
    """Return the problems of the competition that the person leads or writes along, drafts included, oldest first. One query, none for a visitor."""
    if not person.is_authenticated:
        return []
    return list(Problem.objects.own(person).filter(competition=competition).select_related("municipality").order_by("pk"))


def visible(person: Any, competition: str, code: str) -> Problem | None:
    """Return a problem that the person may see: a public one, or an own one in any state; `is_followed` tells whether the person follows it. Three queries."""
    rows = Problem.objects.visible_to(person).filter(competition__in=Competition.objects.visible_to(person), competition__code=competition, code=code)
    whole = rows.select_related("competition", "municipality", "theme", "reported_theme", "filing__filed_by").prefetch_related("group", "writers")
    return followed_by(person, "problems", whole).first()


def own_one(person: Any, competition: str, code: str) -> Problem | None:
    """Return a problem that the person leads or writes along, in any state. Two queries, none for a visitor."""
    if not person.is_authenticated:
        return None
    rows = Problem.objects.own(person).filter(competition__code=competition, code=code)
    return rows.select_related("competition", "municipality", "theme", "officer").prefetch_related("group").first()


@dataclass(frozen=True)
class Outcome:
    """A step of what came of a problem, told by a later stage."""

    label: Any
    url: str = ""


Teller = Callable[[Problem], Iterable[Outcome]]
_tellers: list[Teller] = []


def tell_outcomes(teller: Teller) -> Teller:
    """Let a later stage tell what came of a problem."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def outcomes(problem: Problem) -> list[Outcome]:
    """Return what came of the problem, in the order of the stages. The queries of the tellers."""
    return [outcome for teller in _tellers for outcome in teller(problem)]


def is_public(problem: Problem) -> bool:
    """Return whether anybody may read the problem. No query."""
    return problem.state in PUBLIC_STATES
