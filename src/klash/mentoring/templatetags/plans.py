"""Filters that write days and spans of the timetable, in the active language and Helsinki's time."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from django import template
from django.utils.translation import get_language

from klash.core import show
from klash.mentoring import texts
from klash.mentoring.bridge import Found
from klash.mentoring.forms import sector_label
from klash.mentoring.models import Slot

register = template.Library()


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.filter
def short_day(on: date) -> str:
    """Return ti 24.9., in English Tue 24 Sep."""
    written = format_date(on, "d MMM", locale="en_GB").replace(" ", show.NBSP) if _language() == "en" else f"{on.day}.{on.month}."
    return f"{show.WEEKDAYS[_language()][on.weekday()]}{show.NBSP}{written}"


@register.filter
def span(slots: Iterable[Slot]) -> str:
    """Return from when to when slots in their order last: 9.00–16.00."""
    ordered = list(slots)
    return f"{show.hour(ordered[0].starts_at, _language())}–{show.hour(ordered[-1].ends_at, _language())}"


@register.filter
def slot_words(slot: Slot) -> str:
    """Return ti 24.9. klo 10.00–10.30."""
    return f"{short_day(slot.day.on)} {show.AT[_language()]}{show.NBSP}{span([slot])}"


@register.filter
def breach_words(found: Found) -> str:
    return texts.breach(found)


@register.filter
def letter(sector: str) -> str:
    """Return the letter that stands for a sector beside its colour."""
    return texts.letter(sector)


@register.filter
def sector_words(sector: str) -> str:
    return sector_label(sector)
