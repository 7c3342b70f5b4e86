"""An instant to the millisecond, as receipts write it."""

from datetime import datetime

from django import template
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
def at_hour(value: datetime | None, now: datetime) -> str:
    """Return 14.02 today, the whole moment otherwise."""
    if value is None:
        return ""
    language = (get_language() or "fi")[:2]
    is_today = value.astimezone(show.ZONE).date() == now.astimezone(show.ZONE).date()
    return show.hour(value, language) if is_today else show.moment(value, language)
