"""What staff, mentors and teams do in mentoring."""

from klash.mentoring.services.days import add_day
from klash.mentoring.services.people import add_mentor, invite_mentor, take_offer
from klash.mentoring.services.sessions import cancel_session, hold_session, plan_session, plan_sessions
from klash.mentoring.services.words import give_feedback, write_note

__all__ = [
    "add_day", "add_mentor", "cancel_session", "give_feedback", "hold_session", "invite_mentor", "plan_session", "plan_sessions", "take_offer",
    "write_note",
]
