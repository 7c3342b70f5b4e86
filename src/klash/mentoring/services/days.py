"""Mentoring days: their slots, rooms and joint sessions."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import access, audit
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.mentoring.models import MentoringDay, Slot
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def add_day(
    *, actor: Any, competition: Competition, number: int, on: date, place: str, topic: Text, challenges: Sequence[Challenge],
    slots: Sequence[tuple[datetime, datetime]], is_online: bool = False,
) -> MentoringDay:
    """Add a mentoring day with its slots for the teams of the challenges.

    slots: (starts_at, ends_at), in order, not overlapping.
    Raises Denied, Refused(WRONG_STATE) if the competition has a day of this number, ValueError on slots out of order.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    if any(start >= end for start, end in slots) or any(one[1] > other[0] for one, other in pairwise(slots)):
        raise ValueError("expected slots in order that do not overlap")
    try:
        with transaction.atomic():
            day = MentoringDay.objects.create(competition=competition, number=number, on=on, place=place, topic=topic, is_online=is_online)
    except IntegrityError:
        raise Refused(Reason.WRONG_STATE) from None
    day.challenges.set(challenges)
    Slot.objects.bulk_create(Slot(day=day, starts_at=start, ends_at=end) for start, end in slots)
    audit.record(
        "mentoring_day.added", actor=actor, competition=competition.code, thing=f"mentoring_day/{number}",
        body={"on": on.isoformat(), "slots": len(slots)},
    )
    return day
