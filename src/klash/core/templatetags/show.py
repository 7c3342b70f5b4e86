"""Filters that write days, moments, money and texts in the active language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import count
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from klash.core import chance, clock, kept
from klash.core import show as write
from klash.core.bridge import language_of
from klash.rules.words import count_words

register = template.Library()


def _language() -> str:
    return (get_language() or "fi")[:2]


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Draw Django's token, in the place of its own tag, and whose page this is: by it the form is kept where it cannot be taken in (`core.kept`)."""
    token, person = context.get("csrf_token", ""), getattr(getattr(context, "request", None), "user", None)
    drawn = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else SafeString()
    mark = kept.mark_of(person) if person is not None else ""
    return drawn + format_html('<input type="hidden" name="whose" value="{}">', mark) if mark else drawn


@register.simple_tag
def once() -> SafeString:
    """Draw the key by which a form that makes something does so once; the view stands under `core.once.once`."""
    return format_html('<input type="hidden" name="once" value="{}">', chance.key())


@register.inclusion_tag("components/_exports.html", takes_context=True)
def exports(context: template.Context) -> dict[str, str]:
    """Draw the links by which the list of the page is taken along whole, with its filters; the view answers by `core.sheets.asked`."""
    query = context["request"].GET.copy()
    for name in ("page", "after", "before", "as"):
        query.pop(name, None)
    found = {}
    for form in ("csv", "xlsx"):
        query["as"] = form
        found[form] = f"?{query.urlencode()}"
    return found


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
def breakable(text: str) -> str:
    return write.breakable(text)


@register.filter
def fraction(value: Fraction | None, places: int = 1) -> str:
    return "" if value is None else write.fraction(value, _language(), places)


@register.filter
def pick(text: Any) -> str:
    return write.pick(text, _language())


@register.filter
def language(text: str, otherwise: str = "") -> str:
    """Return the language of what a person wrote, for the `lang` of its block. otherwise: where its words do not tell; without it the page's."""
    return language_of(text or "", otherwise or _language())


@register.filter
def prose(text: str) -> SafeString:
    return mark_safe(write.prose(text or ""))  # noqa: S308  (cleaned by nh3)


@register.filter
def prose_without_links(text: str) -> SafeString:
    return mark_safe(write.prose_without_links(text or ""))  # noqa: S308  (cleaned by nh3)


@register.filter
def quoted(text: str) -> str:
    return write.quoted(text or "")


_TEXT_WIDGETS = (forms.TextInput, forms.Textarea, forms.DateInput, forms.DateTimeInput, forms.TimeInput)
_CLASSES = {"text": "hds-text-input__input", "checkbox": "hds-checkbox__input", "radios": "hds-radio-button__input", "checkboxes": "hds-checkbox__input"}


@register.filter
def dress(field: BoundField) -> str:
    """Return which dress of HDS core a field wears: text, checkbox, checkboxes, radios or none."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "text" if isinstance(widget, _TEXT_WIDGETS) else ""


@register.filter
def dressed(drawn: BoundField | BoundWidget) -> SafeString:
    """Draw a field's widget, or one choice of it, with the class of its dress; a long text also names its counter."""
    if isinstance(drawn, BoundWidget):
        kind = "radios" if drawn.data["type"] == "radio" else "checkboxes"
        drawn.data["attrs"]["class"] = _CLASSES[kind]
        return drawn.tag()
    own = drawn.field.widget.attrs.get("class", "")
    attrs = {"class": f"{own} {_CLASSES.get(dress(drawn), '')}".strip()}
    if getattr(drawn.field, "words", None):
        attrs["data-counter"] = f"{drawn.auto_id}_count"
    return drawn.as_widget(attrs={name: value for name, value in attrs.items() if value})


@register.inclusion_tag("forms/counter.html")
def word_counter(field: BoundField) -> dict[str, Any]:
    """Draw how many words a field has and how many it may have still."""
    limits, words = field.field.words, count_words(field.value() or "")  # type: ignore[attr-defined]
    return {
        "name": field.auto_id, "limits": limits, "words": words, "left": limits.hard - words, "excess": limits.excess(words), "is_long": limits.is_long(words),
    }


@register.inclusion_tag("components/_dots.html")
def dots(rows: Iterable[Mapping[str, Any]], low: int, high: int, title: str) -> dict[str, Any]:
    """Draw how points spread: one line a row, a dot a reviewer, a yellow line the mean; the same figures as a table.

    rows: label, points (of each reviewer) and mean; low and high bound the scale.
    """
    language, left_edge, width, first, step = _language(), 104, 330, 32, 46

    def across(value: Any) -> str:
        return f"{left_edge + float((value - low) * width / (high - low)):.1f}"

    drawn = []
    for place, row in enumerate(rows):
        y, points = first + place * step, sorted(row["points"])
        label = _shortened(row["label"], _ROOM)
        # Neighbours stand a little apart, so that equal points show as two dots. Plain joining: only the label comes from a person.
        circles = "".join(f'<circle cx="{across(point)}" cy="{y + (3 if turn % 2 else -3)}" r="4.5"/>' for turn, point in enumerate(points))
        name = format_html('<text class="name" x="0" y="{}">{}</text>', y + 5, label)
        line = f'<path class="span" d="M{across(points[0])} {y}H{across(points[-1])}"/>' if points else ""
        drawn.append({
            "label": row["label"], "mean": write.fraction(Fraction(row["mean"]), language, 2),
            "points": "; ".join(write.fraction(Fraction(point), language) for point in points),
            "marks": mark_safe(f'{name}{line}{circles}<path class="mean" d="M{across(row["mean"])} {y - 13}v26"/>'),  # noqa: S308
        })
    floor = first + len(drawn) * step - 18
    marks = [{"x": across(value), "value": value} for value in _steps(low, high)]
    return {"title": title, "drawn": drawn, "marks": marks, "floor": floor, "foot": floor + 20, "height": floor + 28}


def _shortened(label: str, room: int) -> str:
    return label if len(label) <= room else f"{label[:room - 1].rstrip(' ,')}…"


def _steps(low: int, high: int) -> range:
    """Return the values of a scale that are written below a drawing: about six."""
    return range(low, high + 1, max(1, (high - low) // 5))


@register.inclusion_tag("components/_intervals.html")
def intervals(rows: Iterable[Any], low: int, high: int, title: str, caption: str) -> dict[str, Any]:
    """Draw where values surely lie: two lines a row, its name and below it a band with a dot. The table with the same figures stands beside it.

    rows: objects with name, low, value and high; low and high bound the scale.
    """
    left_edge, width, first, step = 14, 422, 16, 48

    def across(value: Any) -> str:
        return f"{left_edge + float((value - low) * width / (high - low)):.1f}"

    drawn = [
        {"name": _shortened(row.name, _WIDE), "y": y, "line": y + 16, "low": across(row.low), "at": across(row.value), "high": across(row.high)}
        for y, row in zip(count(first, step), rows, strict=False)
    ]
    floor = first + len(drawn) * step - 16
    marks = [{"x": across(value), "value": value} for value in _steps(low, high)]
    return {"title": title, "caption": caption, "drawn": drawn, "marks": marks, "floor": floor, "foot": floor + 18, "height": floor + 26}


@register.inclusion_tag("components/_curves.html")
def curves(rows: Iterable[Mapping[str, Any]], names: Sequence[str], title: str, across_name: str, here: int | None = None) -> dict[str, Any]:
    """Draw one or two shares in per cent over a number; the same figures as a table.

    rows: at (the number) and values (whole per cent, one for each name). names: of the lines; the first is drawn whole, the second dashed.
    here: a number at which a line stands.
    """
    table = [(int(row["at"]), tuple(row["values"])) for row in rows]
    last = max([2, *(at for at, _ in table)])

    def place(at: int, value: int) -> str:
        return f"{52 + (at - 1) * 378 / (last - 1):.1f} {190 - value * 1.7:.1f}"

    lines = [{"name": name, "path": "M" + "L".join(place(at, values[turn]) for at, values in table)} for turn, name in enumerate(names)]
    marks = [{"x": place(at, 0).split()[0], "at": at} for at, _ in table]
    return {
        "title": title, "lines": lines, "marks": marks, "table": table, "names": names, "across_name": across_name,
        "here": place(here, 0).split()[0] if here else "",
        "levels": [{"y": f"{190 - value * 1.7:.1f}", "value": value} for value in (0, 25, 50, 75, 100)],
    }


_ROOM, _WIDE = 13, 54  # letters beside a line of a drawing, and above one
