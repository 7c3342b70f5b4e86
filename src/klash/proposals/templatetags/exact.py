"""An instant to the millisecond, as receipts write it."""

from datetime import datetime, timedelta

from django import template
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klash.core import show

register = template.Library()


@register.filter
def exact(value: datetime | None) -> str:
    """Return 23.1.2020 klo 16.00.00,000 (Suomen aika, UTC+2)."""
    if value is None:
        return ""
    local = value.astimezone(show.ZONE)
    parts = {
        "day": show.day(value, (get_language() or "fi")[:2]), "hour": f"{local:%H}", "minute": f"{local:%M}", "second": f"{local:%S}",
        "ms": f"{local.microsecond // 1000:03d}", "offset": int(local.strftime("%z")[:3]),
    }
    return _("%(day)s at %(hour)s:%(minute)s:%(second)s.%(ms)s (Finnish time, UTC+%(offset)s)") % parts


@register.filter
def late_by(value: timedelta) -> str:
    """Return 1 h 4 min 12.250 s; what is zero at the front is left out."""
    seconds = value.total_seconds()
    parts = [(int(seconds // 3600), "h"), (int(seconds % 3600 // 60), "min")]
    told = [f"{number} {unit}" for number, unit in parts if number or (unit == "min" and seconds >= 3600)]
    return " ".join([*told, f"{formats.number_format(round(seconds % 60, 3), 3)} s"])


@register.filter
def at_hour(value: datetime | None, now: datetime) -> str:
    """Return 14.02 today, the whole moment otherwise."""
    if value is None:
        return ""
    language = (get_language() or "fi")[:2]
    is_today = value.astimezone(show.ZONE).date() == now.astimezone(show.ZONE).date()
    return show.hour(value, language) if is_today else show.moment(value, language)
