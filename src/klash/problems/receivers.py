"""What the panel's round does when a person's interests change."""

from typing import Any

from django.dispatch import receiver

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.interests.services import changed
from klash.problems.models import Problem
from klash.problems.services import find_conflicts
from klash.reviewing.models import RoundKind
from klash.reviewing.selectors import seats_of


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person sits in a panel or has a problem before one."""
    chains = {seat.round.chain for seat in seats_of(person) if seat.round.kind == RoundKind.PROBLEMS}
    chains |= set(Problem.objects.own(person).exclude(entry_code=None).values_list("competition__code", flat=True))
    for competition in Competition.objects.filter(code__in=chains).order_by("pk"):
        find_conflicts(competition=competition)
