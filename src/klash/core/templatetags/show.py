"""Filters that write days, moments, money and texts in the active language."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from klash.core import clock
from klash.core import show as write

register = template.Library()


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.filter
def day(value: date | datetime | None) -> str:
    return write.day(value, _language()) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return write.moment(value, _language()) if value else ""


@register.filter
def deadline(value: datetime | None) -> str:
    return write.deadline(value, _language()) if value else ""


@register.filter
def left(value: datetime | None) -> str:
    return write.left(clock.now(), value, _language()) if value else ""


@register.simple_tag
def day_range(first: date | datetime, last: date | datetime) -> str:
    return write.day_range(first, last, _language())


@register.filter
def money(cents: int, currency: str = "EUR") -> str:
    return write.money(cents, currency, _language())


@register.filter
def number(value: int | float) -> str:
    return write.number(value, _language())


@register.filter
def fraction(value: Fraction | None, places: int = 1) -> str:
    return "" if value is None else write.fraction(value, _language(), places)


@register.filter
def pick(text: Any) -> str:
    return write.pick(text, _language())


@register.filter
def prose(text: str) -> SafeString:
    return mark_safe(write.prose(text or ""))  # noqa: S308  (cleaned by nh3)
