"""Word to a team of which nothing stands, a day and two hours before the deadline."""

from datetime import timedelta

from django.db import transaction

from klash.competitions.models import StageKind
from klash.core import clock, workflow
from klash.post.models import Message
from klash.proposals import selectors
from klash.proposals.models import Proposal
from klash.proposals.services import letters
from klash.proposals.services.writing import hold_deadline
from klash.rules.calendar import REMINDER_HOURS, reminder_due
from klash.rules.states import CompetitionState
from klash.teams.models import Team


def send_reminders() -> int:
    """Queue the reminders that are due to every member of each admitted team of which nothing stands; return how many mails were written.

    May run at any moment and as often as one likes: each is written once, and once more for a deadline that has moved. One whose time has passed
    is not made up for by the next. A team is looked at under the locks of a submission: whose version stands is never told that none does.
    """
    now = clock.now()
    teams = Team.objects.admitted().filter(
        challenge__competition__state=CompetitionState.PUBLISHED, challenge__competition__stages__kind=StageKind.PROPOSALS,
        challenge__competition__stages__opens_at__lte=now, challenge__competition__stages__closes_at__gt=now,
        challenge__competition__stages__closes_at__lte=now + timedelta(hours=max(REMINDER_HOURS)),
    )
    return sum(_remind(team) for team in teams.select_related("challenge__competition").order_by("pk"))


@transaction.atomic
def _remind(team: Team) -> int:
    proposal = Proposal.objects.filter(team=team).first()
    stage = hold_deadline(team.challenge)
    if proposal is not None:
        workflow.lock(proposal)
    hours = reminder_due(stage.closes_at, clock.judged())
    event = f"proposal.reminder/{team.code}/{hours}/{stage.closes_at.timestamp():.3f}"
    if hours is None or Message.objects.filter(event=event).exists() or (proposal and selectors.standing_version(proposal)):
        return 0
    return letters.send_reminder(team, event, selectors.saved(proposal or Proposal(team=team)), stage)
