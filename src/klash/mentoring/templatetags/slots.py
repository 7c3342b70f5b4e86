"""Filters that write when a slot is, in the active language and Helsinki's time."""

from django import template
from django.utils.translation import get_language

from klash.core import show
from klash.mentoring.models import Slot

register = template.Library()
_HOURS = {"fi": "%H.%M", "sv": "%H.%M", "en": "%H:%M"}


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.filter
def hours(slot: Slot) -> str:
    """Return 10.00–10.30."""
    start, end = (moment.astimezone(show.ZONE).strftime(_HOURS[_language()]) for moment in (slot.starts_at, slot.ends_at))
    return f"{start}–{end}"


@register.filter
def when(slot: Slot) -> str:
    """Return ti 24.9.2019 klo 10.00–10.30."""
    end = slot.ends_at.astimezone(show.ZONE).strftime(_HOURS[_language()])
    return f"{show.deadline(slot.starts_at, _language())}–{end}"
