"""Reads of a competition as a whole."""

from klash.competitions.selectors.competition import (
    Decided,
    Part,
    Sheet,
    Step,
    as_announced,
    calendar,
    criteria_by_stage,
    criteria_for,
    current,
    day_of_register,
    find,
    hash_of,
    hash_of_sections,
    next_stage,
    part_of_sheet,
    partners,
    postponement_of,
    register,
    ribbon,
    ruling_of,
    section_set_of,
    sheet,
    status_of,
    waiting_postponements,
)
from klash.competitions.selectors.late import late_code_of, late_codes
from klash.competitions.selectors.promises import Day, Standing, counts, days_of, numbers, overdue, promise_of, standings, told_of_moves

__all__ = [
    "late_code_of", "late_codes",
    "Day", "Standing", "counts", "days_of", "numbers", "overdue", "promise_of", "standings", "told_of_moves",
    "Decided", "Part", "Sheet", "Step", "as_announced", "calendar", "criteria_by_stage", "criteria_for", "current", "day_of_register", "find",
    "hash_of", "hash_of_sections", "next_stage", "part_of_sheet", "partners", "postponement_of", "register", "ribbon", "ruling_of", "section_set_of",
    "sheet", "status_of", "waiting_postponements",
]
