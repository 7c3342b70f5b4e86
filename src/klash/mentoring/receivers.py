"""What mentoring does when an invitation is accepted."""

from typing import Any

from django.dispatch import receiver

from klash.accounts.models import Invitation, User
from klash.accounts.services import accepted
from klash.mentoring.services import take_offer


@receiver(accepted)
def make_mentor(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    take_offer(actor=person, invitation=invitation)
