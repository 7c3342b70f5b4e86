"""Filters that write days and spans of the timetable, in the active language and Helsinki's time."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from django import template
from django.utils.translation import get_language

from klash.core import show
from klash.mentoring.models import Slot

register = template.Library()


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.filter
def weekday(on: date) -> str:
    """Return ti."""
    return show.WEEKDAYS[_language()][on.weekday()]


@register.filter
def short_day(on: date) -> str:
    """Return ti 24.9., in English Tue 24 Sep."""
    written = format_date(on, "d MMM", locale="en_GB").replace(" ", show.NBSP) if _language() == "en" else f"{on.day}.{on.month}."
    return f"{weekday(on)}{show.NBSP}{written}"


@register.filter
def span(slots: Iterable[Slot]) -> str:
    """Return from when to when slots in their order last: 9.00–16.00."""
    ordered = list(slots)
    return f"{show.hour(ordered[0].starts_at, _language())}–{show.hour(ordered[-1].ends_at, _language())}"
