"""Asking for times: one mail to every mentor and team leader who has not answered."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import access, audit, clock
from klash.core.errors import Refused
from klash.mentoring.selectors import waiting_mentors, waiting_teams
from klash.mentoring.services.planning_desk import lock_desk
from klash.post.services import Letter, digest_of, queue_letters, write_letter
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Membership


def letters_for_times(competition: Competition) -> list[Letter]:
    """Write a mail to everyone whose times or needs are waited for, as it would go out today; nobody gets two on one day. Three queries."""
    days = list(competition.mentoring_days.order_by("on", "number"))
    mentors = waiting_mentors(competition).select_related("person").order_by("person__name", "pk")
    leaders = Membership.objects.filter(team__in=waiting_teams(competition), is_leader=True).select_related("person", "team").order_by("team__name", "pk")
    event = f"mentoring.times/{competition.code}/{timezone.localdate(clock.now()).isoformat()}"
    about = {"competition": competition, "days": days}

    def letter(person: User, **more: Any) -> Letter:
        return write_letter(to=person.email, language=person.language, template="mentoring_times", context={**about, **more}, event=event)

    return [*(letter(mentor.person, is_mentor=True) for mentor in mentors), *(letter(leader.person, team=leader.team) for leader in leaders)]


@transaction.atomic
def ask_for_times(*, actor: Any, competition: Competition, seen: str) -> int:
    """Send the mails that the actor has seen; returns how many.

    seen: `digest_of` of the letters. Raises Denied, or Refused(PREVIEW_CHANGED) where they would be others now.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    rules = lock_desk(competition)
    letters = letters_for_times(competition)
    if digest_of(letters) != seen:
        raise Refused(Reason.PREVIEW_CHANGED)
    queue_letters(letters)
    rules.asked_at = clock.now()
    rules.save(update_fields=["asked_at"])
    audit.record("mentoring.times_asked", actor=actor, competition=competition.code, thing="mentoring_rules", body={"mails": len(letters)})
    return len(letters)
