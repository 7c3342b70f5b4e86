"""Rows of mentoring to problems of `algo` and back: what a timetable is planned on, a suggestion that a person confirms, what a draft breaks."""

from klash.mentoring.bridge.board import (
    Addition,
    Board,
    Card,
    Change,
    Column,
    Cure,
    Figures,
    Found,
    Line,
    Move,
    TeamFigures,
    Unmet,
    board_of,
    board_on,
    breaches_around,
    breaches_of,
    concerned,
    difference_of,
    figures_of,
    moves_for,
    page_of,
    reason_against,
    room_for,
)
from klash.mentoring.bridge.instance import Cell, Instance, instance_of
from klash.mentoring.bridge.planner import Suggested, Suggestion, seconds_expected, suggest

__all__ = [
    "Addition", "Board", "Card", "Cell", "Change", "Column", "Cure", "Figures", "Found", "Instance", "Line", "Move", "Suggested", "Suggestion",
    "TeamFigures", "Unmet", "board_of", "board_on", "breaches_around", "breaches_of", "concerned", "difference_of", "figures_of", "instance_of",
    "moves_for", "page_of", "reason_against", "room_for", "seconds_expected", "suggest",
]
