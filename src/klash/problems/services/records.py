"""What is logged and mailed of a problem."""

from typing import Any

from klash.accounts.models import User
from klash.competitions.models import StageKind
from klash.core import audit
from klash.post.services import queue
from klash.problems.models import SECTIONS, Problem

TEXTS = ("title", "summary", *SECTIONS)


def tell(problem: Problem, template: str, event: str) -> None:
    """Write a mail to everybody who writes the problem."""
    competition = problem.competition
    context = {
        "problem": problem, "competition": competition, "deadline_at": competition.stage(StageKind.PROBLEM_CALL).closes_at,
        "fingerprint": fingerprint(problem),
    }
    for person in writers_of(problem):
        queue(to=person.email, language=person.language, template=template, context=context, event=event)


def writers_of(problem: Problem) -> list[User]:
    """Return the leading officer, then those who write along. Two queries at most."""
    return [problem.officer, *(row.person for row in problem.writers.select_related("person"))]


def record(what: str, actor: Any, problem: Problem, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=problem.chain, thing=f"problem/{problem.code}", body=body)


def fingerprint(problem: Problem) -> str:
    """Return the hash of what is submitted: language, texts, theme. Queries the theme if it was not read.

    What was submitted before the form asked for commitment keeps the hash of its receipt: an empty one is left out.
    """
    written = [getattr(problem, name) for name in TEXTS if name != "commitment" or problem.commitment]
    content = [problem.language, *written, problem.theme.code if problem.theme else ""]
    return audit.sha256("klash/1/problem", audit.canonical(content))
