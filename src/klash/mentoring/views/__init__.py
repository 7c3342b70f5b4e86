from klash.mentoring.views.afterwards import network, said, thanks, thanks_pdf, thanks_zip
from klash.mentoring.views.badges import (
    badge,
    badge_assertion,
    badge_class,
    badge_image,
    badge_issuer,
    badge_picture,
    delete_badge,
    offer_badges,
    take_badge,
)
from klash.mentoring.views.calendars import calendar, feed
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
from klash.mentoring.views.live import check_in, check_in_code, fairness, late, live, miss, poster
from klash.mentoring.views.own import leave, own_times, profile
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.plan_rules import add_pair, remove_pair, rules
from klash.mentoring.views.planning import plan
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
from klash.mentoring.views.teams import absences, free, give_up, needs, wishes
from klash.mentoring.views.times import ask, times
from klash.mentoring.views.timetable import timetable

__all__ = [
    "add_day", "add_joint_session", "add_mentor", "add_pair", "add_session", "advice", "answer_advice", "ask", "badge", "badge_assertion",
    "badge_class", "badge_image", "badge_issuer", "badge_picture", "cancel", "change_entry", "check_in", "check_in_code", "days", "delete_badge",
    "delete_entry", "diary", "edit_day", "edit_joint_session", "fairness", "feedback", "give_advice", "give_material", "hold", "late", "live",
    "materials", "mentors", "miss", "network", "note", "offer_badges", "offer_material", "plan", "plan_day", "poster", "remove_day",
    "remove_joint_session", "remove_pair", "rules", "said", "session", "take_back_advice", "take_badge", "thanks", "thanks_pdf", "thanks_zip",
    "times", "timetable", "wish",
    "absences", "calendar", "feed", "free", "give_up", "leave", "needs", "own_times", "profile", "wishes",
]
