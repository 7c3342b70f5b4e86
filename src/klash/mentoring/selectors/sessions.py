"""Reads of sessions: who may see one, and what each side may see of the other's words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from klash.mentoring.models import Session, SessionFeedback


def session_for(person: Any, competition: str, code: str) -> Session | None:
    """Return one session if it is the person's own or the person runs the competition. Two queries."""
    seen = _whole(Session.objects.visible_to(person)).prefetch_related("team__memberships")
    return seen.filter(slot__day__competition__code=competition, code=code).first()


def _whole(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("slot__day__competition", "team__challenge__competition", "mentor__person", "mentor__competition", "room")


@dataclass(frozen=True)
class Feedback:
    """The feedback on a session as one reader may see it. `other_waits`: the other side has given its own, hidden as yet."""

    side: str
    own: SessionFeedback | None
    other: SessionFeedback | None
    other_waits: bool


def feedback_for(person: Any, session: Session) -> Feedback:
    """Return what a person may see: one's own side, and the other side only after one's own. One query.

    The staff is on no side; it gets the mentor's feedback as `own` and the team's as `other`.
    """
    side = session.side_of(person)
    given = {feedback.side: feedback for feedback in session.feedback.select_related("author")}
    own, other = given.get(side or "mentor"), given.get("mentor" if side == "team" else "team")
    hides = bool(side) and own is None
    return Feedback(side, own, None if hides else other, hides and other is not None)
