from klash.mentoring.views.days import add_day, add_session, plan, plan_day
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session
from klash.mentoring.views.timetable import timetable

__all__ = ["add_day", "add_mentor", "add_session", "cancel", "feedback", "hold", "mentors", "note", "plan", "plan_day", "session", "timetable"]
