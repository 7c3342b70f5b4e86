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
    next_stage,
    part_of_sheet,
    partners,
    postponement_of,
    register,
    ribbon,
    ruling_of,
    sheet,
    status_of,
    waiting_postponements,
)
from klash.competitions.selectors.forms import counting_answers, fingerprint_of, form_anew, hash_of_form, how_many_answered, sections_of
from klash.competitions.selectors.late import late_code_of, late_codes
from klash.competitions.selectors.more import asked_of, awaited_of, is_awaited
from klash.competitions.selectors.promises import Day, Standing, counts, days_of, numbers, overdue, promise_of, standings, told_of_moves

__all__ = [
    "Day", "Decided", "Part", "Sheet", "Standing", "Step", "as_announced", "asked_of", "awaited_of", "calendar", "counting_answers", "counts",
    "criteria_by_stage", "criteria_for", "current", "day_of_register", "days_of", "find", "fingerprint_of", "form_anew", "hash_of", "hash_of_form",
    "how_many_answered", "is_awaited", "late_code_of", "late_codes", "next_stage", "numbers", "overdue", "part_of_sheet", "partners",
    "postponement_of", "promise_of", "register", "ribbon", "ruling_of", "sections_of", "sheet", "standings", "status_of", "told_of_moves",
    "waiting_postponements",
]
