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

__all__ = [
    "Decided", "Part", "Sheet", "Step", "as_announced", "calendar", "counting_answers", "criteria_by_stage", "criteria_for", "current", "day_of_register",
    "find", "fingerprint_of", "form_anew", "hash_of", "hash_of_form", "how_many_answered", "next_stage", "part_of_sheet", "partners", "postponement_of",
    "register", "ribbon", "ruling_of", "sections_of", "sheet", "status_of", "waiting_postponements",
]
