"""Who may go before the panel: screened apart from scoring, before the panel's round is made."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.problems.models import EligibilityQuestion, Problem, Screening
from klash.problems.selectors import ScreeningDesk
from klash.problems.services.records import record
from klash.problems.texts import USUAL_QUESTIONS
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.screening import Outcome, why_not
from klash.rules.states import ProblemState


@transaction.atomic
def add_question(*, actor: Any, competition: Competition, text: Text) -> EligibilityQuestion:
    """Add a question that every problem is asked in the screening. Raises Denied(NO_ROLE, FROZEN), Refused(FROZEN) once a problem has been screened."""
    _ensure_questions(actor, competition)
    question = EligibilityQuestion.objects.create(competition=competition, position=competition.eligibility_questions.count(), text=text)
    _record("eligibility_question.added", actor, competition, question)
    return question


@transaction.atomic
def add_usual_questions(*, actor: Any, competition: Competition) -> None:
    """Add the usual questions; where there are questions already nothing is done. Raises as `add_question` does."""
    workflow.lock(competition)
    if not competition.eligibility_questions.exists():
        for text in USUAL_QUESTIONS:
            add_question(actor=actor, competition=competition, text=text)


@transaction.atomic
def remove_question(*, actor: Any, question: EligibilityQuestion) -> None:
    """Take a question away. Raises as `add_question` does."""
    _ensure_questions(actor, question.competition)
    _record("eligibility_question.removed", actor, question.competition, question)
    question.delete()


def _ensure_questions(actor: Any, competition: Competition) -> None:
    workflow.lock(competition)
    desk = ScreeningDesk(competition)
    access.ensure(actor, Permission.SCREEN_PROBLEMS, desk)
    if desk.has_begun():
        raise Refused(Reason.FROZEN)  # all are asked the same


def _record(what: str, actor: Any, competition: Competition, question: EligibilityQuestion) -> None:
    audit.record(what, actor=actor, competition=competition.code, thing=f"eligibility_question/{question.code}", body={"text": question.text})


@transaction.atomic
def screen_problem(*, actor: Any, problem: Problem, outcome: str, answers: Mapping[str, bool], reason: str, revision: int | None = None) -> Screening:
    """Keep whether a problem may go before the panel; it may change until the panel's round is made.

    answers: a question's code -> whether it holds. revision: the one that the page showed, 0 for none; None asks for no comparison.
    Raises Denied(NO_ROLE, FROZEN), Refused(WRONG_STATE, NO_REASON_GIVEN, SCREENING_NOT_YES, TEXT_CHANGED).
    """
    codes = _open_questions(actor, problem.competition)
    return _screen(actor, problem, codes, outcome, answers, reason, revision)


@transaction.atomic
def pass_problems(*, actor: Any, competition: Competition, problems: Sequence[Problem]) -> int:
    """Let problems pass with every answer yes, those that were screened otherwise left as they are; return how many. Raises Denied(NO_ROLE, FROZEN)."""
    codes = _open_questions(actor, competition)
    waiting = [problem for problem in problems if not hasattr(problem, "screening")]
    for problem in waiting:
        _screen(actor, problem, codes, Outcome.PASSED, dict.fromkeys(codes, True), "", 0)
    return len(waiting)


def _open_questions(actor: Any, competition: Competition) -> list[str]:
    """Lock the competition, as the making of the panel's round does; return the codes of its questions."""
    workflow.lock(competition)
    access.ensure(actor, Permission.SCREEN_PROBLEMS, ScreeningDesk(competition))
    return list(competition.eligibility_questions.values_list("code", flat=True))


def _screen(
    actor: Any, problem: Problem, codes: Sequence[str], outcome: str, answers: Mapping[str, bool], reason: str, revision: int | None
) -> Screening:
    workflow.lock(problem)
    if problem.state != ProblemState.SUBMITTED:
        raise Refused(Reason.WRONG_STATE)
    row = Screening.objects.filter(problem=problem).first() or Screening(problem=problem)
    if revision is not None and revision != row.revision:
        raise Refused(Reason.TEXT_CHANGED)
    kept = {code: bool(answers[code]) for code in codes if code in answers}
    if (fault := why_not(outcome, codes, kept, reason)) is not None:
        raise Refused(fault)
    row.outcome, row.answers, row.reason = outcome, kept, "" if outcome == Outcome.PASSED else reason.strip()
    row.screened_by, row.screened_at, row.revision = actor, clock.now(), row.revision + 1
    row.save()
    record("problem.screened", actor, problem, {"outcome": outcome, "answers": kept, "reason": row.reason})
    return row


def forget_screening(problem: Problem) -> None:
    """Let what is withdrawn be screened anew if it comes back."""
    Screening.objects.filter(problem=problem).delete()
