"""How days, moments, money and texts are written in Finnish, Swedish and English. Pure but for the zone database."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from markdown_it import MarkdownIt

ZONE = ZoneInfo("Europe/Helsinki")
NBSP = "\u00a0"
WEEKDAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("må", "ti", "on", "to", "fr", "lö", "sö"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
AT = {"fi": "klo", "sv": "kl.", "en": "at"}
UNITS = {
    "fi": (("päivä", "päivää"), ("tunti", "tuntia"), ("minuutti", "minuuttia")),
    "sv": (("dag", "dagar"), ("timme", "timmar"), ("minut", "minuter")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes")),
}
OVER = {"fi": "määräaika on päättynyt", "sv": "tiden har gått ut", "en": "the deadline has passed"}
MOMENT = {"fi": "alle minuutti", "sv": "mindre än en minut", "en": "less than a minute"}
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
_unlinked = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "link", "autolink"])
_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "blockquote", "h3", "h4", "a", "code"}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def as_day(value: date | datetime) -> date:
    """Return the day on which an instant falls in Helsinki."""
    return _local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime, language: str = "fi") -> str:
    """Return a day as 23.1.2020, in English 23 January 2020; an instant is taken in Helsinki."""
    value = as_day(value)
    if language == "en":
        return str(format_date(value, "d MMMM y", locale="en_GB")).replace(" ", NBSP)
    return f"{value.day}.{value.month}.{value.year}"


def moment(value: datetime, language: str = "fi") -> str:
    """Return an instant as 23.1.2020 klo 16.00 in Helsinki's time."""
    return f"{day(value, language)} {AT[language]}{NBSP}{hour(value, language)}"


def hour(value: datetime, language: str = "fi") -> str:
    """Return Helsinki's time of day: 8.05, in English 08:05."""
    local = _local(value)
    return f"{local:%H:%M}" if language == "en" else f"{local.hour}.{local.minute:02}"


def deadline(value: datetime, language: str = "fi") -> str:
    """Return an instant with its weekday: pe 29.11.2019 klo 16.00."""
    return f"{WEEKDAYS[language][_local(value).weekday()]}{NBSP}{moment(value, language)}"


def left(now: datetime, until: datetime, language: str = "fi") -> str:
    """Return the time left in words, in the two largest units that say enough."""
    minutes = int((until - now).total_seconds() // 60)
    if until < now:
        return OVER[language]
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, 0)] if days >= 3 else [(days, 0), (hours, 1)] if days else [(hours, 1), (minutes % 60, 2)]
    words = [f"{count}{NBSP}{UNITS[language][unit][count != 1]}" for count, unit in parts if count]
    return " ".join(words) or MOMENT[language]


def day_range(first: date | datetime, last: date | datetime, language: str = "fi") -> str:
    """Return 24.9.–22.10.2019 with an en dash; in English 24 September – 22 October 2019."""
    first, last = as_day(first), as_day(last)
    if first == last:
        return day(first, language)
    if language == "en":
        return f"{day(first, language)} – {day(last, language)}"
    start = f"{first.day}.{first.month}." if first.year == last.year else day(first, language)
    return f"{start}–{day(last, language)}"


def money(cents: int, currency: str = "EUR", language: str = "fi") -> str:
    """Return whole euros where there are no cents: 1 000 000 €."""
    if cents % 100:
        return str(format_currency(Decimal(cents) / 100, currency, locale=_locale(language)))
    whole = "¤#,##0" if language == "en" else "#,##0 ¤"
    return str(format_currency(cents // 100, currency, whole, locale=_locale(language), currency_digits=False))


def number(value: int | float | Decimal, language: str = "fi") -> str:
    """Return a number with the language's separators."""
    return str(format_decimal(value, locale=_locale(language)))


def fraction(value: Fraction, language: str = "fi", places: int = 1) -> str:
    """Return an exact fraction rounded half up to `places` decimals."""
    scale = 10**places
    rounded = (value * scale * 2 + 1) // 2
    whole, rest = divmod(abs(int(rounded)), scale)
    mark = "." if language == "en" else ","
    return f"{'-' if rounded < 0 else ''}{whole}{mark}{rest:0{places}d}" if places else f"{int(rounded)}"


def pick(text: Mapping[str, str] | str | None, language: str = "fi") -> str:
    """Return the text in the language, or in the first of fi, sv, en that has one."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    return next((text[code] for code in (language, "fi", "sv", "en") if text.get(code)), "")


def prose(text: str) -> str:
    """Return safe HTML of what a person wrote: paragraphs, lists and emphasis; no pictures, no HTML."""
    return nh3.clean(_markdown.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel="noopener nofollow")


def prose_without_links(text: str) -> str:
    """Return the same with every link as the text that it was written as: who follows one is seen by whose page it is."""
    return nh3.clean(_unlinked.render(text), tags=_TAGS - {"a"})


def quoted(text: str) -> str:
    """Return what a person wrote as a mail quotes it, so that nothing of it, a link least of all, is taken for the sender's own."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _locale(language: str) -> str:
    return {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}[language]


_SYLLABLE = re.compile(r"(?<=[^\W\d_]{4})(?=[bcdfghjklmnpqrstvwxz][aeiouyäöå][^\W\d_]{2})", re.IGNORECASE)


def breakable(text: str) -> str:
    """Return the text with soft hyphens in its long words, where a Finnish or Swedish syllable begins: a narrow column breaks there, not anywhere."""
    return re.sub(r"\w{13,}", lambda word: _SYLLABLE.sub("\u00ad", word[0]), text)
