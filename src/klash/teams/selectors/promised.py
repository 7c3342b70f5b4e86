"""What teams tell of the promises that were made to them and of their number."""

from django.db.models import Count, Max

from klash.competitions.models import Competition, PromiseKind
from klash.competitions.selectors import counts
from klash.core import show
from klash.rules.promises import Done
from klash.rules.states import ApplicationState
from klash.teams.models import Application, Team


@counts(PromiseKind.TEAMS)
def teams_admitted(competition: Competition) -> Done:
    """Return how many teams are admitted and told so. One query."""
    found = Team.objects.told().filter(challenge__competition=competition).aggregate(number=Count("pk"), last=Max("application__released_at"))
    return Done(number=found["number"], on=found["last"].astimezone(show.ZONE).date() if found["last"] else None)


@counts(PromiseKind.FEEDBACK_TEAMS)
def feedback_given(competition: Competition) -> Done:
    """Return the day on which every team that applied had its feedback. Two queries; nothing tells how many applied."""
    applied = Application.objects.filter(team__challenge__competition=competition).exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
    last = applied.aggregate(last=Max("released_at"))["last"]
    if last is None or applied.filter(released_at=None).exists():
        return Done()
    return Done(on=last.astimezone(show.ZONE).date())
