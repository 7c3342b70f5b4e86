"""What happens on a mentoring day: who is here, who runs late, who did not come."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, show, workflow
from klash.core.errors import Denied, Refused
from klash.mentoring.models import MentoringDay, Session
from klash.mentoring.services.planning_desk import lock_desk
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import STAFF
from klash.rules.states import SessionState

OPENS_BEFORE = timedelta(hours=2)  # the day's first own session
LATE_MOST = 240  # minutes


@transaction.atomic
def check_in(*, actor: Any, day: MentoringDay) -> list[Session]:
    """Note that the actor is here, in all own sessions of the day that are not over; returns them. A second call changes nothing.

    Raises Denied(NOT_YOURS) without a session on the day, Refused(NOT_OPEN_YET) more than two hours before the first,
    Refused(WRONG_STATE) when all are over.
    """
    now = clock.now()
    planned = Session.objects.visible_to(actor).filter(slot__day=day, state=SessionState.PLANNED).prefetch_related("team__memberships")
    planned = planned.select_related("slot__day__competition", "team__challenge", "mentor__person").order_by("slot__starts_at")
    own = [(session, side) for session in planned if (side := session.side_of(actor))]
    if not own:
        raise Denied(Reason.NOT_YOURS)
    if own[0][0].slot.starts_at - OPENS_BEFORE > now:
        raise Refused(Reason.NOT_OPEN_YET)
    coming = [(session, side) for session, side in own if _end(session) >= now]
    if not coming:
        raise Refused(Reason.WRONG_STATE)
    new = [session for session, side in coming if _arrive(actor, session, side)]
    if new:
        body = {"side": coming[0][1], "sessions": len(new)}
        audit.record("mentoring_day.checked_in", actor=actor, competition=day.chain, thing=f"mentoring_day/{day.number}", body=body)
    return [session for session, _side in coming]


def _end(session: Session) -> Any:
    return session.slot.ends_at + timedelta(minutes=session.minutes_late)


def _arrive(actor: Any, session: Session, side: str) -> bool:
    column = f"{side}_here_at"
    access.ensure(actor, Permission.CHECK_IN, session)
    return bool(Session.objects.filter(pk=session.pk, state=SessionState.PLANNED, **{column: None}).update(**{column: clock.now()}))


@transaction.atomic
def run_late(*, actor: Any, session: Session, minutes: int) -> Session:
    """Tell that a session of today begins so many minutes late; 0 takes it back. Only the day's page moves, no timetable does.

    Raises Denied (the team, or a session that is over), Refused(INCOMPLETE) for less than 0 or more than four hours, Refused(WRONG_STATE) on another day.
    """
    lock_desk(session.slot.day.competition)
    workflow.lock(session)
    access.ensure(actor, Permission.CHECK_IN, session)
    if session.side_of(actor) == "team":
        raise Denied(Reason.NOT_YOURS)
    if not 0 <= minutes <= LATE_MOST:
        raise Refused(Reason.INCOMPLETE)
    if not _is_today(session):
        raise Refused(Reason.WRONG_STATE)
    session.minutes_late = minutes
    session.save(update_fields=["minutes_late"])
    audit.record("session.late", actor=actor, competition=session.chain, thing=f"session/{session.code}", body={"minutes": minutes})
    return session


def may_run_late(actor: Any, session: Session) -> bool:
    """Return whether the actor may tell now that the session begins late."""
    return _is_today(session) and session.side_of(actor) != "team" and access.may(actor, Permission.CHECK_IN, session)


def _is_today(session: Session) -> bool:
    return session.slot.starts_at.astimezone(show.ZONE).date() == clock.now().astimezone(show.ZONE).date()


@transaction.atomic
def miss_session(*, actor: Any, session: Session, missing: str) -> Session:
    """Record that a session was not held, since a side did not come; `hold_session` undoes it.

    missing: mentor, team or both. Who takes part tells it of the other side only.
    Raises Denied, IllegalMove, or Refused(INCOMPLETE) for another word.
    """
    lock_desk(session.slot.day.competition)
    if missing not in missable(actor, session):
        raise Denied(Reason.NOT_YOURS) if missing in SIDES else Refused(Reason.INCOMPLETE)
    workflow.move(session, to=SessionState.MISSED, actor=actor, save={"missing": missing}, body={"missing": missing})
    return session


SIDES = ("team", "mentor", "both")


def missable(actor: Any, session: Session) -> Sequence[str]:
    """Return of whom the actor may tell that they did not come."""
    side = session.side_of(actor)
    if side:
        return ("team",) if side == "mentor" else ("mentor",)
    return SIDES if actor.roles_in(session.chain) & STAFF else ()
