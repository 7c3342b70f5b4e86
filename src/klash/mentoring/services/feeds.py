"""The private address from which a calendar program reads one person's sessions."""

from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import audit, chance, clock, workflow
from klash.core.errors import Denied
from klash.mentoring.models import CalendarFeed
from klash.mentoring.selectors import Part, hash_of, part_of
from klash.rules.reasons import Reason


@transaction.atomic
def make_feed(*, actor: User, competition: Competition) -> tuple[CalendarFeed, str]:
    """Make an address for the actor's own sessions, in place of the one that there was; returns it with its token, which is kept nowhere.

    Raises Denied if the actor neither mentors nor is mentored.
    """
    if part_of(actor, competition) not in (Part.MENTOR, Part.TEAM):
        raise Denied(Reason.NOT_YOURS)
    _revoke(actor, competition)
    token = chance.key()
    feed = CalendarFeed.objects.create(person=actor, competition=competition, token_hash=hash_of(token), made_at=clock.now())
    audit.record("calendar_feed.made", actor=actor, competition=competition.code, thing=f"calendar_feed/{feed.token_hash[:16]}")
    return feed, token


@transaction.atomic
def revoke_feed(*, actor: Any, competition: Competition) -> None:
    """Let the actor's address lead nowhere from now on. A second call changes nothing."""
    _revoke(actor, competition)


def _revoke(actor: Any, competition: Competition) -> None:
    workflow.lock(User.objects.get(pk=actor.pk))  # of two at once the second takes the place of the first
    for feed in CalendarFeed.objects.filter(person=actor, competition=competition, revoked_at=None):
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
        audit.record("calendar_feed.revoked", actor=actor, competition=competition.code, thing=f"calendar_feed/{feed.token_hash[:16]}")
