"""Reads of mentoring: who has a part in it, the days, one's own sessions, and what each side may see of the other's words."""

from klash.mentoring.selectors.afterwards import (
    MARKS,
    AdviceFigures,
    Contact,
    Deeds,
    Marks,
    advice_figures,
    advice_of,
    contacts,
    deeds,
    has_met,
    marks,
    mentor_for,
    said,
    teams_met,
)
from klash.mentoring.selectors.badges import badge_of, badge_offer, own_badge
from klash.mentoring.selectors.days import Column, Row, challenges_of, day_for, days_of, next_number, own_sessions, teams_of, timetable
from klash.mentoring.selectors.people import Part, competition_for, describe_mentor, mentors_by_team, mentors_of, offers_of, part_of
from klash.mentoring.selectors.plans import draft_of, is_running, last_run_of, meeting_for, next_plan_number, plan_for, plans_of, published_of
from klash.mentoring.selectors.sessions import Feedback, feedback_for, session_for

__all__ = [
    "AdviceFigures", "Column", "Contact", "Deeds", "Feedback", "MARKS", "Marks", "Part", "Row", "advice_figures", "advice_of", "badge_of",
    "badge_offer", "challenges_of", "competition_for", "contacts", "day_for", "days_of", "deeds", "describe_mentor", "draft_of", "feedback_for",
    "has_met", "is_running", "last_run_of", "marks", "meeting_for", "mentor_for", "mentors_by_team", "mentors_of", "next_number", "next_plan_number",
    "offers_of", "own_badge", "own_sessions", "part_of", "plan_for", "plans_of", "published_of", "said", "session_for", "teams_met", "teams_of",
    "timetable",
]
