from klash.mentoring.views.days import (
    add_day,
    add_joint_session,
    add_session,
    days,
    edit_day,
    edit_joint_session,
    plan_day,
    remove_day,
    remove_joint_session,
)
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.plan_rules import add_pair, remove_pair, rules
from klash.mentoring.views.planning import plan
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session
from klash.mentoring.views.times import ask, times
from klash.mentoring.views.timetable import timetable

__all__ = [
    "add_day", "add_joint_session", "add_mentor", "add_pair", "add_session", "ask", "cancel", "days", "edit_day", "edit_joint_session", "feedback",
    "hold", "mentors", "note", "plan", "plan_day", "remove_day", "remove_joint_session", "remove_pair", "rules", "session", "times", "timetable",
]
