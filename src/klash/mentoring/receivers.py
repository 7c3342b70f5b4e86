"""What mentoring does when an invitation is accepted and when a team gives up its place."""

from typing import Any

from django.dispatch import receiver

from klash.accounts.models import Invitation, User
from klash.accounts.services import accepted
from klash.mentoring.services import end_sessions, take_offer
from klash.teams.models import Team
from klash.teams.services import resigned


@receiver(accepted)
def make_mentor(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    take_offer(actor=person, invitation=invitation)


@receiver(resigned)
def cancel_what_comes(*, sender: Any, team: Team, actor: Any, **kwargs: Any) -> None:
    """Cancel the sessions to come of a team that gives up its place; the mentors are told."""
    end_sessions(actor=actor, team=team)
