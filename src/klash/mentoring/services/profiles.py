"""What mentors tell of themselves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.fields import Text
from klash.mentoring.models import MentorProfile
from klash.rules.permissions import Permission


@transaction.atomic
def save_profile(
    *, actor: Any, mentor: MentorProfile, sector: str, organisation_kind: str, organisation_size: str, languages: Sequence[str], region: str,
    field: Text, text: Text,
) -> MentorProfile:
    """Save the mentor's own background, which teams read and the timetable mixes by. region: as the register names it in Finnish. Raises Denied."""
    workflow.lock(mentor)
    access.ensure(actor, Permission.TELL_TIMES, mentor)
    values = {
        "sector": sector, "organisation_kind": organisation_kind, "organisation_size": organisation_size, "languages": list(languages),
        "region": region, "field": field, "text": text, "saved_at": clock.now(),
    }
    for name, value in values.items():
        setattr(mentor, name, value)
    mentor.save(update_fields=list(values))
    audit.record("mentor.profile_saved", actor=actor, competition=mentor.chain, thing=f"mentor/{mentor.code}")
    return mentor
