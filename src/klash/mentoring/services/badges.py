"""Open badges for the members of teams that were mentored: offered by the organiser, taken by each member, deleted when the member wishes."""

from typing import Any

from django.db import transaction

from klash.competitions.models import Competition
from klash.core import access, audit, clock
from klash.core.errors import Denied, Refused
from klash.mentoring.models import Badge, BadgeOffer
from klash.mentoring.selectors import teams_met
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def offer_badges(*, actor: Any, competition: Competition) -> BadgeOffer:
    """Let the members of mentored teams take a badge. It stays offered, for badges that were shown to others must verify; a second call finds the first.

    Raises Denied.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    offer, is_new = BadgeOffer.objects.get_or_create(competition=competition, defaults={"offered_by": actor, "offered_at": clock.now()})
    if is_new:
        audit.record("badges.offered", actor=actor, competition=competition.code, thing=f"competition/{competition.code}")
    return offer


@transaction.atomic
def take_badge(*, actor: Any, competition: Competition) -> Badge:
    """Give the actor the badge of a member whose team has met a mentor; a second call finds the first. To take it is to consent to its public address.

    Raises Denied(NOT_YOURS) for who is in no such team, Refused(NOT_OPEN_YET) where the organiser offers none.
    """
    teams = teams_met(actor, competition)
    if not teams:
        raise Denied(Reason.NOT_YOURS)
    offer = BadgeOffer.objects.filter(competition=competition).first()
    if offer is None:
        raise Refused(Reason.NOT_OPEN_YET)
    badge, is_new = Badge.objects.get_or_create(offer=offer, person=actor, defaults={"team": teams[0], "issued_at": clock.now()})
    if is_new:
        audit.record("badge.taken", actor=actor, competition=competition.code, thing=f"badge/{badge.code}")
    return badge


@transaction.atomic
def delete_badge(*, actor: Any, badge: Badge) -> None:
    """Delete the actor's own badge: from now on its address answers that there is none. Raises Denied(NOT_YOURS)."""
    if badge.person_id != getattr(actor, "pk", None):
        raise Denied(Reason.NOT_YOURS)
    audit.record("badge.deleted", actor=actor, competition=badge.offer.competition.code, thing=f"badge/{badge.code}")
    badge.delete()
