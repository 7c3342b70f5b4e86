"""What staff, mentors and teams do in mentoring."""

from klash.mentoring.services.advice import answer_advice, give_advice, take_back_advice
from klash.mentoring.services.asking import ask_for_times, letters_for_times
from klash.mentoring.services.badges import delete_badge, offer_badges, take_badge
from klash.mentoring.services.booking import book_slot
from klash.mentoring.services.days import JointWords, add_day, add_joint_session, change_day, change_joint_session, remove_day, remove_joint_session
from klash.mentoring.services.diary import change_entry, delete_entry, write_entry
from klash.mentoring.services.drafts import (
    add_meeting,
    discard_plan,
    pin_meeting,
    place_meeting,
    remove_meeting,
    renew_draft,
    start_draft,
    swap_meetings,
)
from klash.mentoring.services.feeds import make_feed, revoke_feed
from klash.mentoring.services.materials import give_material, offer_to_all
from klash.mentoring.services.on_the_day import check_in, may_run_late, miss_session, missable, run_late
from klash.mentoring.services.people import add_mentor, invite_mentor, take_offer
from klash.mentoring.services.planning import ask_to_plan, drop_pair, run_plan, save_rules, set_pair, start_in_background
from klash.mentoring.services.profiles import save_profile
from klash.mentoring.services.publishing import letters_of, publish_plan
from klash.mentoring.services.sessions import cancel_session, end_sessions, hold_session, plan_session, plan_sessions
from klash.mentoring.services.times import leave_day, tell_absences, tell_times
from klash.mentoring.services.wishes import save_needs, save_wishes
from klash.mentoring.services.words import give_feedback, may_wish, write_note, write_wish

__all__ = [
    "JointWords", "add_day", "add_joint_session", "add_meeting", "add_mentor", "answer_advice", "ask_for_times", "ask_to_plan", "book_slot",
    "cancel_session", "change_day", "change_entry", "change_joint_session", "check_in", "delete_badge", "delete_entry", "discard_plan", "drop_pair",
    "end_sessions", "give_advice", "give_feedback", "give_material", "hold_session", "invite_mentor", "leave_day", "letters_for_times", "letters_of",
    "make_feed", "may_run_late", "may_wish", "miss_session", "missable", "offer_badges", "offer_to_all", "pin_meeting", "place_meeting", "plan_session",
    "plan_sessions", "publish_plan", "remove_day", "remove_joint_session", "remove_meeting", "renew_draft", "revoke_feed", "run_late", "run_plan",
    "save_needs", "save_profile", "save_rules", "save_wishes", "set_pair", "start_draft", "start_in_background", "swap_meetings", "take_back_advice",
    "take_badge", "take_offer", "tell_absences", "tell_times", "write_entry", "write_note", "write_wish",
]
