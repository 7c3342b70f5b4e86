"""What the two sides of a session say: the wish, the note, the feedback."""

from typing import Any

from django.db import IntegrityError, transaction

from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring.models import Session, SessionFeedback
from klash.mentoring.services.sessions import ensure_takes_part
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import SessionState


@transaction.atomic
def write_wish(*, actor: Any, session: Session, text: str) -> Session:
    """Save what the team wishes to talk about, until the session begins; the mentor reads it. The audit entry never holds it.

    Raises Denied, or Refused(WRONG_STATE) once the session has begun or was cancelled.
    """
    workflow.lock(session)
    ensure_takes_part(actor, session, "team")
    access.ensure(actor, Permission.TELL_NEEDS, session)
    if not may_wish(session):
        raise Refused(Reason.WRONG_STATE)
    session.wish = text.strip()
    session.save(update_fields=["wish"])
    audit.record("session.wish_saved", actor=actor, competition=session.chain, thing=f"session/{session.code}")
    return session


def may_wish(session: Session) -> bool:
    """Return whether the team may still write what it wishes to talk about."""
    return session.state == SessionState.PLANNED and clock.now() < session.slot.starts_at


@transaction.atomic
def write_note(*, actor: Any, session: Session, text: str) -> Session:
    """Save the mentor's note, which the team reads. The audit entry never holds it. Raises Denied."""
    workflow.lock(session)
    ensure_takes_part(actor, session, "mentor")
    access.ensure(actor, Permission.WRITE_NOTE, session)
    session.note, session.note_saved_at = text.strip(), clock.now()
    session.save(update_fields=["note", "note_saved_at"])
    audit.record("session.note_saved", actor=actor, competition=session.chain, thing=f"session/{session.code}")
    return session


@transaction.atomic
def give_feedback(
    *, actor: Any, session: Session, mark: int, text: str, frankness: int | None = None, needs: str = "",
) -> SessionFeedback:
    """Give the feedback of one's own side on a held session, once. The audit entry never holds it.

    mark: 1 to 5. frankness: 1 to 5, of the team alone. needs: what the team needs next, of the mentor alone.
    Raises Denied (no part in it, not held yet), Refused(WRONG_STATE) if the side has given its own, Refused(INCOMPLETE) on another mark
    or on what is asked of the other side.
    """
    workflow.lock(session)
    access.ensure(actor, Permission.GIVE_SESSION_FEEDBACK, session)
    side = ensure_takes_part(actor, session, "mentor", "team")
    is_asked = frankness is None and side == "mentor" or not needs and side == "team"
    if mark not in range(1, 6) or frankness not in (None, *range(1, 6)) or not is_asked:
        raise Refused(Reason.INCOMPLETE)
    feedback = SessionFeedback(
        session=session, side=side, author=actor, mark=mark, frankness=frankness, text=text.strip(), needs=needs.strip(), given_at=clock.now(),
    )
    try:
        with transaction.atomic():
            feedback.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.WRONG_STATE) from None
    audit.record("session.feedback_given", actor=actor, competition=session.chain, thing=f"session/{session.code}", body={"side": side})
    return feedback
