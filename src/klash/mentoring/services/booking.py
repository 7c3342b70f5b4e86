"""Free slots that teams take for themselves."""

from typing import Any

from django.db import IntegrityError, transaction

from klash.core import access, audit, clock
from klash.core.errors import Refused
from klash.mentoring.models import MentorProfile, Session, Slot
from klash.mentoring.selectors import vacancies_for
from klash.mentoring.services.planning_desk import lock_desk
from klash.mentoring.services.sessions import tell
from klash.mentoring.services.wishes import ensure_told
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Team
from klash.teams.services import side_changed


@transaction.atomic
def book_slot(*, actor: Any, team: Team, slot: Slot, mentor: MentorProfile) -> Session:
    """Let the team meet a mentor in a slot that the published timetable has left free; tells the mentor and the team's leader.

    Raises Denied, or Refused: NOT_ADMITTED, NOT_FREE, DOUBLE_BOOKED (the team has a session at that time), or the rule of the timetable
    that it would break (MEETS_ALREADY, TEAM_DAY_FULL, TEAM_NEEDS_BREAK, MENTOR_FULL, MENTOR_NEEDS_BREAK).
    """
    rules = lock_desk(team.challenge.competition)
    access.ensure(actor, Permission.BOOK_SESSION, team)
    ensure_told(team)
    now, left = clock.now(), vacancies_for(team, rules)
    if left.is_engaged(slot):
        raise Refused(Reason.DOUBLE_BOOKED)
    found = next((one for one in left.free(now) if (one.slot.pk, one.mentor.pk) == (slot.pk, mentor.pk)), None)
    if found is None or found.hindrance:
        raise Refused(found.hindrance if found and found.hindrance else Reason.NOT_FREE)
    session = Session(slot=found.slot, team=team, mentor=found.mentor, room=found.room, is_online=found.is_online, is_booked=True, changed_at=now)
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.NOT_FREE) from None
    audit.record(
        "session.booked", actor=actor, competition=session.chain, thing=f"session/{session.code}", body={"team": team.code, "mentor": mentor.code}
    )
    tell([session], "mentoring_planned", "planned", by="team")
    side_changed.send(Team, team=team)  # whoever judges it may be tied to the mentor
    return session
