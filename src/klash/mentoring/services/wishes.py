"""What a team wants of the mentoring."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring.models import MentorProfile, MentorWish, TeamNeeds
from klash.mentoring.services.planning_desk import lock_desk
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Team


def ensure_told(team: Team) -> None:
    """Raise Refused(NOT_ADMITTED) unless the team knows that it was admitted."""
    if not Team.objects.told().filter(pk=team.pk).exists():
        raise Refused(Reason.NOT_ADMITTED)


@transaction.atomic
def save_needs(*, actor: Any, team: Team, needs: Sequence[str], avoid: str, revision: int) -> TeamNeeds:
    """Save what the team needs help with, the most wanted first, and what it wants to avoid; every member may. The audit entry never holds it.

    revision: the one that the writer saw. Raises Denied, Refused(NOT_ADMITTED), or Refused(TEXT_CHANGED) if another member saved something else since.
    """
    access.ensure(actor, Permission.TELL_NEEDS, team)
    ensure_told(team)
    row = workflow.lock(TeamNeeds.objects.get_or_create(team=team)[0])
    texts = [text.strip() for text in needs if text.strip()]
    if (row.needs, row.avoid) == (texts, avoid.strip()):
        return row
    if row.revision != revision:
        raise Refused(Reason.TEXT_CHANGED)
    row.needs, row.avoid, row.revision, row.saved_at = texts, avoid.strip(), row.revision + 1, clock.now()
    row.save(update_fields=["needs", "avoid", "revision", "saved_at"])
    _record("team.needs_saved", actor, team)
    return row


@transaction.atomic
def save_wishes(*, actor: Any, team: Team, mentors: Sequence[MentorProfile]) -> None:
    """Save the mentors whom the team wishes to meet, the most wanted first, three at most; every member may.

    Raises Denied, Refused(NOT_ADMITTED), ValueError for more than three, the same twice or one of another competition.
    """
    competition = team.challenge.competition
    if len(mentors) > 3 or len({mentor.pk for mentor in mentors}) < len(mentors) or any(mentor.competition_id != competition.pk for mentor in mentors):
        raise ValueError("expected at most three mentors of the competition, each once")
    lock_desk(competition)
    access.ensure(actor, Permission.TELL_NEEDS, team)
    ensure_told(team)
    team.mentor_wishes.all().delete()
    MentorWish.objects.bulk_create(MentorWish(team=team, mentor=mentor, rank=rank) for rank, mentor in enumerate(mentors, 1))
    _record("team.mentors_wished", actor, team)


def _record(what: str, actor: Any, team: Team) -> None:
    audit.record(what, actor=actor, competition=team.chain, thing=f"team/{team.code}")
