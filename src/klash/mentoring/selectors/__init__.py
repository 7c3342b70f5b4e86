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
from klash.mentoring.selectors.backgrounds import background_of, regions
from klash.mentoring.selectors.badges import badge_of, badge_offer, own_badge
from klash.mentoring.selectors.calendars import feed_for, feed_of, files_for, hash_of, place_of, write_feed
from klash.mentoring.selectors.days import Column, Row, challenges_of, day_for, days_of, next_number, own_sessions, teams_of, timetable
from klash.mentoring.selectors.desk import (
    HeldDay,
    MentorAnswer,
    TeamAnswer,
    admitted_teams,
    held_days,
    joint_session_for,
    leaves_unplanned,
    mentor_answers,
    pair_for,
    pairs_of,
    rules_of,
    team_answers,
    waited_for,
    waiting_mentors,
    waiting_teams,
)
from klash.mentoring.selectors.fairness import Share, Shares, shares
from klash.mentoring.selectors.free import Free, Vacancies, vacancies_for
from klash.mentoring.selectors.live import Board, Line, When, begins_at, board, day_to_check_in, own_lines
from klash.mentoring.selectors.own import (
    Entry,
    OwnDay,
    absences_of,
    next_entry,
    own_days,
    own_needs,
    own_profile,
    own_teams,
    planned_on,
    team_for,
    times_of,
    wishes_of,
)
from klash.mentoring.selectors.people import Part, competition_for, describe_mentor, leaders_of, mentors_by_team, mentors_of, offers_of, part_of
from klash.mentoring.selectors.plans import draft_of, is_running, last_run_of, meeting_for, next_plan_number, plan_for, plans_of, published_of
from klash.mentoring.selectors.sessions import Feedback, feedback_for, session_for
from klash.mentoring.selectors.talks import (
    Materials,
    TeamAdvice,
    advice_for,
    advice_on,
    advice_to,
    diary_of,
    entry_for,
    held_sessions,
    material_for,
    materials_of,
    materials_on,
    needs_of,
    own_team,
)
from klash.mentoring.selectors.why import why_sentences

__all__ = [
    "AdviceFigures", "Board", "Column", "Contact", "Deeds", "Entry", "Feedback", "Free", "HeldDay", "Line", "MARKS", "Marks", "Materials",
    "MentorAnswer", "OwnDay", "Part", "Row", "Share", "Shares", "TeamAdvice", "TeamAnswer", "Vacancies", "When", "absences_of", "admitted_teams",
    "advice_figures", "advice_for", "advice_of", "advice_on", "advice_to", "background_of", "badge_of", "badge_offer", "begins_at", "board",
    "challenges_of", "competition_for", "contacts", "day_for", "day_to_check_in", "days_of", "deeds", "describe_mentor", "diary_of", "draft_of",
    "entry_for", "feed_for", "feed_of", "feedback_for", "files_for", "has_met", "hash_of", "held_days", "held_sessions", "is_running",
    "joint_session_for", "last_run_of", "leaders_of", "leaves_unplanned", "marks", "material_for", "materials_of", "materials_on", "meeting_for",
    "mentor_answers", "mentor_for", "mentors_by_team", "mentors_of", "needs_of", "next_entry", "next_number", "next_plan_number", "offers_of",
    "own_badge", "own_days", "own_lines", "own_needs", "own_profile", "own_sessions", "own_team", "own_teams", "pair_for", "pairs_of", "part_of",
    "place_of", "plan_for", "planned_on", "plans_of", "published_of", "regions", "rules_of", "said", "session_for", "shares", "team_answers",
    "team_for", "teams_met", "teams_of", "times_of", "timetable", "vacancies_for", "waited_for", "waiting_mentors", "waiting_teams", "why_sentences",
    "wishes_of", "write_feed",
]
