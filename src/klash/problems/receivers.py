"""What the panel's round does when a person's interests change, and what `verify` asks of the tallies."""

from collections import Counter
from typing import Any

from django.dispatch import receiver

from klash.accounts.models import User
from klash.competitions.models import Competition, FormKind, Stage, StageChange, StageForm, StageKind
from klash.competitions.selectors import counting_answers
from klash.competitions.services import deadline_moved, tell_moved
from klash.core import audit
from klash.interests.services import changed
from klash.problems import selectors
from klash.problems.models import Problem
from klash.problems.services import find_conflicts
from klash.reviewing.models import RoundKind
from klash.reviewing.selectors import seats_of


@receiver(deadline_moved)
def tell_the_reporters(*, sender: Any, stage: Stage, change: StageChange, **kwargs: Any) -> None:
    """Tell everyone who has a problem before the call, drafts included."""
    if stage.kind == StageKind.PROBLEM_CALL:
        problems = Problem.objects.filter(competition=stage.competition)
        tell_moved(change, User.objects.filter(pk__in=problems.values("officer")).order_by("pk"))


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person sits in a panel or has a problem before one."""
    chains = {seat.round.chain for seat in seats_of(person) if seat.round.kind == RoundKind.PROBLEMS}
    chains |= set(Problem.objects.own(person).exclude(entry_code=None).values_list("competition__code", flat=True))
    for competition in Competition.objects.filter(code__in=chains).order_by("pk"):
        find_conflicts(competition=competition)


@receiver(counting_answers)
def count_answers(*, sender: Any, form: StageForm, **kwargs: Any) -> Counter[str]:
    """Return by a question's code how many problems answer it, drafts included. One query."""
    rows = Problem.objects.filter(competition=form.competition).exclude(answers={}).order_by() if form.kind == FormKind.PROBLEM else Problem.objects.none()
    return Counter(code for answers in rows.values_list("answers", flat=True).iterator() for code in answers)


@receiver(audit.rechecking)
def faults_of_tallies(**kwargs: Any) -> list[str]:
    """Return the competitions whose problems are other in number than their pages tell."""
    rows = Competition.objects.order_by("code")
    return [f"competition/{row.code}: the tallies are not the number of its problems" for row in rows if selectors.counted(row) != selectors.tallied(row)]
