"""What staff, mentors and teams do in mentoring."""

from klash.mentoring.services.asking import ask_for_times, letters_for_times
from klash.mentoring.services.days import (
    JointWords,
    add_day,
    add_joint_session,
    change_day,
    change_joint_session,
    remove_day,
    remove_joint_session,
)
from klash.mentoring.services.people import add_mentor, invite_mentor, take_offer
from klash.mentoring.services.plan_rules import remove_pair, save_plan_rules, set_pair
from klash.mentoring.services.sessions import cancel_session, hold_session, plan_session, plan_sessions
from klash.mentoring.services.words import give_feedback, write_note

__all__ = [
    "JointWords", "add_day", "add_joint_session", "add_mentor", "ask_for_times", "cancel_session", "change_day", "change_joint_session",
    "give_feedback", "hold_session", "invite_mentor", "letters_for_times", "plan_session", "plan_sessions", "remove_day", "remove_joint_session",
    "remove_pair", "save_plan_rules", "set_pair", "take_offer", "write_note",
]
