"""What problems tell of the promises that were made to those who report them."""

from klash.competitions.models import Competition, PromiseKind, Ruling
from klash.competitions.selectors import counts
from klash.core import show
from klash.problems.models import Problem
from klash.rules.promises import Done
from klash.rules.states import ProblemState


@counts(PromiseKind.FEEDBACK_PROBLEMS)
def feedback_given(competition: Competition) -> Done:
    """Return the day on which every public problem had its feedback. Two queries."""
    # What was merged has its feedback where it went.
    public = Problem.objects.public().filter(competition=competition).exclude(state=ProblemState.MERGED).order_by()
    released_at = Ruling.objects.filter(key=f"problems/{competition.code}").values_list("released_at", flat=True).first()
    if released_at is None or public.filter(feedback_released_at=None).exists():
        return Done()
    return Done(on=released_at.astimezone(show.ZONE).date())
