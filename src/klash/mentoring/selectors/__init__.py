"""Reads of mentoring: who has a part in it, the days, one's own sessions, and what each side may see of the other's words."""

from klash.mentoring.selectors.backgrounds import background_of, regions
from klash.mentoring.selectors.calendars import feed_for, feed_of, files_for, hash_of, place_of, write_feed
from klash.mentoring.selectors.days import Column, Row, challenges_of, day_for, days_of, next_number, own_sessions, teams_of, timetable
from klash.mentoring.selectors.free import Board, Free, board_for
from klash.mentoring.selectors.own import (
    Entry,
    OwnDay,
    absences_of,
    mentor_for,
    needs_of,
    next_entry,
    own_days,
    own_teams,
    planned_on,
    team_for,
    times_of,
    told_days,
    wishes_of,
)
from klash.mentoring.selectors.people import Part, competition_for, describe_mentor, mentors_by_team, mentors_of, offers_of, part_of
from klash.mentoring.selectors.sessions import Feedback, feedback_for, session_for
from klash.mentoring.selectors.why import why_sentences

__all__ = [
    "Column", "Feedback", "Part", "Row", "challenges_of", "competition_for", "day_for", "days_of", "describe_mentor", "feedback_for",
    "Board", "Entry", "Free", "OwnDay", "absences_of", "background_of", "board_for", "mentor_for", "needs_of", "next_entry", "own_days",
    "own_teams", "planned_on", "regions", "team_for", "times_of", "told_days", "why_sentences", "wishes_of",
    "feed_for", "feed_of", "files_for", "hash_of", "place_of", "write_feed",
    "mentors_by_team", "mentors_of", "next_number", "offers_of", "own_sessions", "part_of", "session_for", "teams_of", "timetable",
]
