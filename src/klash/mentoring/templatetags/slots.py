"""Filters that write when a slot is, in the active language and Helsinki's time."""

from datetime import date

from django import template
from django.utils.translation import get_language

from klash.core import show
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
def weekday(on: date) -> str:
    """Return ti 24.9.2019."""
    language = _language()
    return f"{show.WEEKDAYS[language][on.weekday()]}{show.NBSP}{show.day(on, language)}"


@register.filter
def place(session: Session) -> str:
    """Return the room and the place of a session, or that it is online."""
    return place_of(session)
