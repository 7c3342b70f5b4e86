"""Reads of mentoring: who has a part in it, the days, one's own sessions, and what each side may see of the other's words."""

from klash.mentoring.selectors.days import Column, Row, challenges_of, day_for, days_of, next_number, own_sessions, teams_of, timetable
from klash.mentoring.selectors.desk import (
    HeldDay,
    MentorAnswer,
    TeamAnswer,
    admitted_teams,
    held_days,
    joint_session_for,
    leaves_since,
    mentor_answers,
    pair_for,
    pairs_of,
    rules_of,
    team_answers,
    waited_for,
    waiting_mentors,
    waiting_teams,
)
from klash.mentoring.selectors.people import Part, competition_for, describe_mentor, mentors_by_team, mentors_of, offers_of, part_of
from klash.mentoring.selectors.plans import draft_of, is_running, last_run_of, meeting_for, next_plan_number, plan_for, plans_of, published_of
from klash.mentoring.selectors.sessions import Feedback, feedback_for, session_for

__all__ = [
    "Column", "Feedback", "HeldDay", "MentorAnswer", "Part", "Row", "TeamAnswer", "admitted_teams", "challenges_of", "competition_for", "day_for",
    "days_of", "describe_mentor", "draft_of", "feedback_for", "held_days", "is_running", "joint_session_for", "leaves_since", "last_run_of", "meeting_for",
    "mentor_answers", "mentors_by_team", "mentors_of", "next_number", "next_plan_number", "offers_of", "own_sessions", "pair_for", "pairs_of",
    "part_of", "plan_for", "plans_of", "published_of", "rules_of", "session_for", "team_answers", "teams_of", "timetable", "waited_for",
    "waiting_mentors", "waiting_teams",
]
