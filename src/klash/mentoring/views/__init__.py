from klash.mentoring.views.afterwards import network, said, thanks, thanks_pdf, thanks_zip
from klash.mentoring.views.badges import badge, badge_assertion, badge_class, badge_image, badge_issuer, badge_picture, delete_badge, offer_badges, take_badge
from klash.mentoring.views.days import add_day, add_session, plan, plan_day
from klash.mentoring.views.people import add_mentor, mentors
from klash.mentoring.views.sessions import cancel, feedback, hold, note, session
from klash.mentoring.views.timetable import timetable

__all__ = [
    "add_day", "add_mentor", "add_session", "badge", "badge_assertion", "badge_class", "badge_image", "badge_issuer", "badge_picture", "cancel",
    "delete_badge", "feedback", "hold", "mentors", "network", "note", "offer_badges", "plan", "plan_day", "said", "session", "take_badge", "thanks",
    "thanks_pdf", "thanks_zip", "timetable",
]
