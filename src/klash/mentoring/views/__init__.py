from klash.mentoring.views.calendars import calendar, feed
from klash.mentoring.views.days import add_day, add_session, plan, plan_day
from klash.mentoring.views.own import leave, profile, times
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session
from klash.mentoring.views.teams import absences, free, give_up, needs, wishes
from klash.mentoring.views.timetable import timetable

__all__ = [
    "absences", "add_day", "add_mentor", "add_session", "calendar", "cancel", "feed", "feedback", "free", "give_up", "hold", "leave", "mentors", "needs",
    "note", "plan", "plan_day", "profile", "session", "times", "timetable", "wishes",
]
