"""What staff, mentors and teams do in mentoring."""

from klash.mentoring.services.booking import book_slot
from klash.mentoring.services.days import add_day
from klash.mentoring.services.feeds import make_feed, revoke_feed
from klash.mentoring.services.people import add_mentor, invite_mentor, take_offer
from klash.mentoring.services.profiles import save_profile
from klash.mentoring.services.sessions import cancel_session, hold_session, plan_session, plan_sessions
from klash.mentoring.services.times import leave_day, tell_absences, tell_times
from klash.mentoring.services.wishes import save_needs, save_wishes
from klash.mentoring.services.words import give_feedback, write_note

__all__ = [
    "add_day", "add_mentor", "cancel_session", "give_feedback", "hold_session", "invite_mentor", "plan_session", "plan_sessions", "take_offer",
    "write_note",
    "book_slot", "leave_day", "save_needs", "save_profile", "save_wishes", "tell_absences", "tell_times",
    "make_feed", "revoke_feed",
]
