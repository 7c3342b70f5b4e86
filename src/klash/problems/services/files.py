"""Files that answer a question of a problem."""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.services import drop_answer_file, file_question, keep_answer_file, take_in_answer
from klash.core import access, arrival, clock, workflow
from klash.files import services as files
from klash.problems.models import Problem
from klash.problems.services.records import record
from klash.rules.permissions import Permission


def attach_to_problem(*, actor: User, problem: Problem, code: str, uploaded: Any, arrived_at: datetime | None = None) -> Problem:
    """Answer a question of the problem with a file, in place of an earlier one.

    Raises Denied as `save_problem` does, Refused(ANSWER_DOES_NOT_FIT), or Refused with the reason why the file cannot be taken.
    """
    now = arrival.received(arrived_at, clock.judged())
    access.ensure(actor, Permission.EDIT_PROBLEM, problem, now)
    file_question(problem.form, code, now)
    stored = take_in_answer(uploaded, now)
    try:
        with transaction.atomic():
            workflow.lock(problem)
            access.ensure(actor, Permission.EDIT_PROBLEM, problem, arrival.received(arrived_at, clock.judged()))
            value = keep_answer_file(competition=problem.competition, thing=f"problem/{problem.code}", question=code, stored=stored)
            problem.answers = {**problem.answers, code: value}
            problem.save(update_fields=["answers"])
            record("problem.file_attached", actor, problem, {"question": code, "sha256": stored.sha256})
    except Exception:
        files.forget(stored)
        raise
    return problem


@transaction.atomic
def detach_from_problem(*, actor: User, problem: Problem, code: str) -> Problem:
    """Take the file off again. Raises as `attach_to_problem` does."""
    workflow.lock(problem)
    now = clock.judged()
    access.ensure(actor, Permission.EDIT_PROBLEM, problem, now)
    file_question(problem.form, code, now)
    drop_answer_file(thing=f"problem/{problem.code}", question=code)
    problem.answers = {name: value for name, value in problem.answers.items() if name != code}
    problem.save(update_fields=["answers"])
    record("problem.file_detached", actor, problem, {"question": code})
    return problem
