"""Filters that write when a slot is, in the active language and Helsinki's time."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.translation import get_language

from klash.core import show
from klash.mentoring import letters
from klash.mentoring.models import Session, Slot
from klash.mentoring.selectors import Entry, place_of

register = template.Library()


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.filter
def hours(slot: Slot | Entry) -> str:
    """Return 10.00–10.30."""
    return "–".join(show.hour(moment, _language()) for moment in (slot.starts_at, slot.ends_at))


@register.filter
def when(slot: Slot) -> str:
    """Return ti 24.9.2019 klo 10.00–10.30."""
    return f"{show.deadline(slot.starts_at, _language())}–{show.hour(slot.ends_at, _language())}"


@register.filter
def clock_time(moment: datetime) -> str:
    """Return 10.00."""
    return show.hour(moment, _language())


@register.filter
def duration(minutes: int) -> str:
    """Return 45 min, 2 h or 2 h 15 min."""
    parts = [f"{count}\N{NO-BREAK SPACE}{unit}" for count, unit in zip(divmod(minutes, 60), ("h", "min"), strict=True) if count]
    return "\N{NO-BREAK SPACE}".join(parts) or "0\N{NO-BREAK SPACE}min"


@register.filter
def in_hours(length: timedelta) -> str:
    """Return a length in hours: 3,75."""
    return letters.hours(length, _language())


@register.filter
def weekday(on: date) -> str:
    """Return ti 24.9.2019."""
    language = _language()
    return f"{show.WEEKDAYS[language][on.weekday()]}{show.NBSP}{show.day(on, language)}"


@register.filter
def place(session: Session) -> str:
    """Return the room and the place of a session, or that it is online."""
    return place_of(session)
