"""More information on a problem that was handed in: the screening asks, the reporter completes named fields until a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import SUMMARY, MoreInformation
from klash.competitions.services import check_more, close_answered, open_fields, tell_more
from klash.core import access, workflow
from klash.core.errors import Denied, Refused
from klash.problems.models import Problem, Screening
from klash.problems.services.panel import is_fixed
from klash.problems.services.records import fingerprint, record, writers_of
from klash.problems.services.screening import forget_screening
from klash.problems.services.writing import searchable
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.screening import Outcome
from klash.rules.states import ProblemState


@transaction.atomic
def ask_for_more(*, actor: User, problem: Problem, fields: Sequence[str], text: str, until: datetime) -> MoreInformation:
    """Open named fields of a submitted problem to those who write it; the screening says "needs more" until they answer.

    Raises Denied(NO_ROLE, FROZEN once the panel's entries are fixed), Refused(WRONG_STATE), and Refused as `competitions.open_fields` does.
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    if is_fixed(problem.competition):
        raise Denied(Reason.FROZEN)
    if problem.state != ProblemState.SUBMITTED:
        raise Refused(Reason.WRONG_STATE)
    row = open_fields(actor=actor, of=problem, competition=problem.competition, form=problem.form, fields=fields, text=text, until=until)
    kept = Screening.objects.filter(problem=problem).first()
    Screening.objects.update_or_create(problem=problem, defaults={
        "outcome": Outcome.NEEDS_MORE, "reason": row.text, "screened_by": actor, "screened_at": row.asked_at, "revision": kept.revision + 1 if kept else 1,
    })
    record("problem.screened", actor, problem, {"outcome": Outcome.NEEDS_MORE, "answers": kept.answers if kept else {}, "reason": row.text})
    tell_more(row, "problems_more_asked", writers_of(problem), problem=problem)
    return row


@transaction.atomic
def give_more(*, actor: User, problem: Problem, row: MoreInformation, given: Mapping[str, Any]) -> Problem:
    """Complete the fields that are open; the problem is screened anew, and everyone who writes it gets a receipt.

    given: field -> answer; what is not open is dropped. Raises Denied(NOT_YOURS, DEADLINE_PASSED, FROZEN), IllegalMove, or Refused as
    `competitions.check_more` does.
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    row.of = problem
    access.ensure(actor, Permission.ANSWER_MORE, row)
    if is_fixed(problem.competition) or problem.state != ProblemState.SUBMITTED:
        raise Denied(Reason.FROZEN)
    kept = check_more(problem.form, row, problem.answers, given)
    before = {code: problem.summary if code == SUMMARY else problem.answer(code) for code in row.fields}
    problem.answers, problem.revision = kept, problem.revision + 1
    if SUMMARY in row.fields and SUMMARY in given:
        problem.summary = str(given[SUMMARY]).strip()
    problem.search = searchable(problem, list(problem.group.all()))
    problem.save(update_fields=["answers", "summary", "revision", "search"])
    close_answered(actor=actor, row=row, before=before, fingerprint=fingerprint(problem))
    forget_screening(problem)
    tell_more(row, "problems_more_given", writers_of(problem), problem=problem, fingerprint=fingerprint(problem))
    return problem
