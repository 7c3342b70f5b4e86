from klash.mentoring.views.days import (
    add_day,
    add_joint_session,
    days,
    edit_day,
    edit_joint_session,
    remove_day,
    remove_joint_session,
)
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.plan_rules import add_pair, remove_pair, rules
from klash.mentoring.views.planning import (
    add_meeting,
    discard_plan,
    make_plan,
    move,
    moves,
    pin,
    plan,
    publish_plan,
    remove_meeting,
    renew_draft,
    start_draft,
    versions,
)
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session
from klash.mentoring.views.times import ask, times
from klash.mentoring.views.timetable import timetable

__all__ = [
    "add_day", "add_joint_session", "add_meeting", "add_mentor", "add_pair", "ask", "cancel", "days", "discard_plan", "edit_day",
    "edit_joint_session", "feedback", "hold", "make_plan", "mentors", "move", "moves", "note", "pin", "plan", "publish_plan", "remove_day",
    "remove_joint_session", "remove_meeting", "remove_pair", "renew_draft", "rules", "session", "start_draft", "times", "timetable", "versions",
]
