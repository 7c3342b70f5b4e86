"""What challenges tell of the promises that were made of their number."""

from django.db.models import Count, Max

from klash.challenges.models import Challenge
from klash.competitions.models import Competition, PromiseKind
from klash.competitions.selectors import counts
from klash.core import show
from klash.rules.promises import Done


@counts(PromiseKind.CHALLENGES)
def challenges_published(competition: Competition) -> Done:
    """Return how many challenges are published, and when the last of them was. One query."""
    found = Challenge.objects.published().filter(competition=competition).aggregate(number=Count("pk"), last=Max("published_at"))
    return Done(number=found["number"], on=found["last"].astimezone(show.ZONE).date() if found["last"] else None)
