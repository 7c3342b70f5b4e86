from klash.mentoring.views.days import add_day, add_session, plan, plan_day
from klash.mentoring.views.live import check_in, check_in_code, fairness, late, live, miss, poster
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session, wish
from klash.mentoring.views.talks import (
    advice,
    answer_advice,
    change_entry,
    delete_entry,
    diary,
    give_advice,
    give_material,
    materials,
    offer_material,
    take_back_advice,
)
from klash.mentoring.views.timetable import timetable

__all__ = [
    "add_day", "add_mentor", "add_session", "advice", "answer_advice", "cancel", "change_entry", "check_in", "check_in_code", "delete_entry", "diary",
    "fairness", "feedback", "give_advice", "give_material", "hold", "late", "live", "materials", "mentors", "miss", "note", "offer_material", "plan",
    "plan_day", "poster", "session", "take_back_advice", "timetable", "wish",
]
