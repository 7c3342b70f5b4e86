"""What is logged and mailed of a problem."""

from typing import Any

from klash.accounts.models import User
from klash.competitions.models import StageKind
from klash.core import audit
from klash.following.selectors import about
from klash.following.services import tell_news
from klash.post.services import queue
from klash.problems.models import Problem
from klash.rules.news import Happening

# What was asked before organisers made the questions: the receipts of that time hold a hash of these in this order.
ASKED_BEFORE = ("situation", "affected", "tried", "goal", "commitment")


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


def tell_followers(problem: Problem, happening: Happening, event: str) -> None:
    things = [about("problems", code) for code in (problem.code, *problem.origins.values_list("problem__code", flat=True))]
    tell_news(
        competition=problem.competition, about=things, happening=happening, event=event, title={problem.language: problem.title},
        page="problems:problem", args=[problem.chain, problem.code], is_invented=problem.is_invented,
    )


def record(what: str, actor: Any, problem: Problem, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=problem.chain, thing=f"problem/{problem.code}", body=body)


def fingerprint(problem: Problem) -> str:
    """Return the hash of what is submitted: language, texts, theme. Queries the theme if it was not read.

    The theme is the reporter's own, wherever the organiser has put the problem since.

    What was submitted before the form asked for commitment, or before organisers made its questions, keeps the hash of its receipt.
    """
    chosen = problem.reported_theme or problem.theme
    theme = chosen.code if chosen else ""
    if set(problem.answers) <= set(ASKED_BEFORE) and all(isinstance(value, str) for value in problem.answers.values()):
        written = [problem.answer(name) for name in ASKED_BEFORE if name != "commitment" or problem.answer(name)]
        return audit.sha256("klash/1/problem", audit.canonical([problem.language, problem.title, problem.summary, *written, theme]))
    return audit.sha256("klash/2/problem", audit.canonical([problem.language, problem.title, problem.summary, problem.answers, theme]))
