"""Reads of open badges."""

from typing import Any

from klash.competitions.models import Competition
from klash.mentoring.models import Badge, BadgeOffer


def badge_offer(competition: str) -> BadgeOffer | None:
    """Return the offer of a competition's badge to anybody: who is shown a badge asks what it is. One query."""
    return BadgeOffer.objects.filter(competition__code=competition).select_related("competition__organiser").first()


def own_badge(person: Any, competition: Competition) -> Badge | None:
    """Return the person's own badge of a competition. One query."""
    return Badge.objects.filter(offer__competition=competition, person=person).select_related("offer__competition__organiser").first()


def badge_of(competition: str, code: str) -> Badge | None:
    """Return a badge to whoever has its address. One query."""
    return Badge.objects.filter(offer__competition__code=competition, code=code).select_related("offer__competition__organiser", "person").first()
