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
    days,
    edit_day,
    edit_joint_session,
    remove_day,
    remove_joint_session,
)
from klash.mentoring.views.live import check_in, check_in_code, fairness, late, live, miss, poster
from klash.mentoring.views.own import leave, own_times, profile
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
    "absences", "add_day", "add_joint_session", "add_meeting", "add_mentor", "add_pair", "advice", "answer_advice", "ask", "badge",
    "badge_assertion", "badge_class", "badge_image", "badge_issuer", "badge_picture", "calendar", "cancel", "change_entry", "check_in",
    "check_in_code", "days", "delete_badge", "delete_entry", "diary", "discard_plan", "edit_day", "edit_joint_session", "fairness", "feed",
    "feedback", "free", "give_advice", "give_material", "give_up", "hold", "late", "leave", "live", "make_plan", "materials", "mentors", "miss",
    "move", "moves", "needs", "network", "note", "offer_badges", "offer_material", "own_times", "pin", "plan", "poster", "profile",
    "publish_plan", "remove_day", "remove_joint_session", "remove_meeting", "remove_pair", "renew_draft", "rules", "said", "session", "start_draft",
    "take_back_advice", "take_badge", "thanks", "thanks_pdf", "thanks_zip", "times", "timetable", "versions", "wish", "wishes",
]
