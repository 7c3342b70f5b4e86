"""Fields for the questions of a stage's form: one a question, drafts in mind. What is missing is asked for when the whole is submitted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klash.competitions import selectors
from klash.competitions.answers import YES_NO
from klash.competitions.models import FormSection, Question, StageForm
from klash.core.forms import LineField, WholeField
from klash.core.show import moment, number, pick
from klash.rules.conflicts import business_id
from klash.rules.names import one_line
from klash.rules.questions import LINE_SIGNS_MAX, NO, NUMBER_MAX, PEOPLE_MAX, YES, Kind
from klash.rules.words import Limits

RADIOS_MAX, PEOPLE_ROWS = 7, 3
WRONG_NUMBER = _("Write a number with digits, for example 1 200 or 2,5.")


def language() -> str:
    return (get_language() or "fi")[:2]


class DraftField(WholeField):
    """A text that is required to submit, not to save."""

    words: Limits | None = None  # draws a counter


class NumberField(forms.CharField):
    """A number as people write it: 1 200, 2,5 or -3."""

    def to_python(self, value: Any) -> Any:
        text = "".join(str(value or "").replace("\u2212", "-").split()).replace(",", ".")
        if not text:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(WRONG_NUMBER) from None
        if not found.is_finite() or abs(found) > NUMBER_MAX:
            raise forms.ValidationError(WRONG_NUMBER)
        return int(found) if found == found.to_integral_value() else float(found)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else str(value).replace(".", ",")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


class MoneyField(NumberField):
    """An amount in the currency's whole units and cents; kept in cents."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(str(value or "").replace("€", ""))
        if found is None:
            return None
        cents = Decimal(str(found)) * 100
        if cents != cents.to_integral_value() or cents < 0:
            raise forms.ValidationError(_("Write the amount with at most two decimals, for example 1 200 or 99,90."))
        return int(cents)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return str(value // 100) if value % 100 == 0 else f"{value // 100},{value % 100:02}"


class DayField(forms.DateField):
    """A day, kept as text in the order year, month, day."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.isoformat() if found else None


class YesNoField(forms.ChoiceField):
    def clean(self, value: Any) -> Any:
        return {YES: True, NO: False}.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return (YES if value else NO) if isinstance(value, bool) else value


class PartsField(forms.MultiValueField):
    """Several small fields for one answer; each widget names its part for those who hear it."""

    def __init__(self, labels: Sequence[Any], pack: Callable[[list[str]], Any], spread: Callable[[Any], list[str]], **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=LINE_SIGNS_MAX) for _label in labels]
        super().__init__(fields, widget=PartsInput(labels, spread), require_all_fields=False, **kwargs)
        self.pack = pack

    def compress(self, data_list: Any) -> Any:
        return self.pack([one_line(part) for part in data_list or []])


class PartsInput(forms.MultiWidget):
    template_name = "forms/parts.html"
    use_fieldset = True

    def __init__(self, labels: Sequence[Any], spread: Callable[[Any], list[str]]) -> None:
        super().__init__([forms.TextInput({"aria-label": label, "placeholder": label, "class": "hds-text-input__input"}) for label in labels])
        self.spread = spread

    def decompress(self, value: Any) -> list[str]:
        return self.spread(value)


def _pack_organisation(parts: list[str]) -> Any:
    name, identifier = [*parts, "", ""][:2]
    if identifier and not business_id(identifier):
        raise forms.ValidationError(_("The business ID has a wrong check digit. Check it, or leave it empty."))
    if identifier and not name:
        raise forms.ValidationError(_("Write the name of the organisation too."))
    return {"name": name, **({"business_id": identifier} if identifier else {})} if name else None


def _spread_organisation(value: Any) -> list[str]:
    return [value.get("name", ""), value.get("business_id", "")] if isinstance(value, dict) else ["", ""]


def _pack_people(parts: list[str]) -> Any:
    rows = [{"name": name, "role": role} for name, role in zip(parts[::2], parts[1::2], strict=True) if name or role]
    if any(not row["name"] for row in rows):
        raise forms.ValidationError(_("Write a name in each row that has a task."))
    return rows or None


def _people_spread(rows: int) -> Callable[[Any], list[str]]:
    def spread(value: Any) -> list[str]:
        known = [part for row in value for part in (row["name"], row["role"])] if isinstance(value, list) else []
        return [*known, *[""] * (2 * rows - len(known))]

    return spread


class FileAnswer(forms.Widget):
    """Shows which file answers the question, with the way to the page on which it is attached: a file is never part of a form that saves itself."""

    template_name = "forms/file_answer.html"

    def __init__(self, url: str = "") -> None:
        super().__init__()
        self.url = url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {"told": value["name"] if isinstance(value, dict) else "", "url": self.url}
        return context

    def id_for_label(self, id_: str) -> str:
        return ""


class FileAnswerField(forms.Field):
    """Keeps what is stored: the form itself changes no file."""

    def __init__(self, url: str = "") -> None:
        super().__init__(widget=FileAnswer(url), disabled=True)


class AnswersForm(forms.Form):
    """What a stage asks, with the fields that its own form always has around it."""

    use_required_attribute = False

    def ask(
        self, form: StageForm, answers: Mapping[str, Any], *, now: datetime, lang: str, places: Iterable[Any] = (),
        file_url: Callable[[str], str] | None = None,
    ) -> None:
        """Add a field for each question.

        lang: in which the texts are written. places: the municipalities that can be chosen. file_url: of the page on which the file of a question is attached.
        """
        self.stage_form, self.now = form, now
        # What was being typed on a page from before a question was taken off is kept too.
        typed = [row for row in form.kept if row.code in self.data]
        self.questions = [*form.asked, *typed]
        for row in self.questions:
            field = field_of(row, answers.get(row.code), now=now, lang=lang, places=places)
            if isinstance(field.widget, FileAnswer) and file_url and not row.asked.is_frozen_at(now):
                field.widget.url = file_url(row.code)
            self.fields[row.code] = field
            self.initial[row.code] = answers.get(row.code)

    def full_clean(self) -> None:
        """Accept what is missing: a draft is saved as far as it goes. The labels go on saying what is required."""
        required = {name: field.required for name, field in self.fields.items()}
        for name in self.lacking_allowed():
            self.fields[name].required = False
        super().full_clean()
        for name, value in required.items():
            self.fields[name].required = value

    def lacking_allowed(self) -> list[str]:
        return [row.code for row in self.questions]

    def answers(self) -> dict[str, Any]:
        """Return the answers by the question's code; those that are frozen or attached elsewhere are not among them."""
        return {row.code: self.cleaned_data[row.code] for row in self.questions if row.kind != Kind.FILE and not row.asked.is_frozen_at(self.now)}

    def blocks(self) -> list[dict[str, Any]]:
        """Return the sections as they are drawn: heading, help, and the fields of each with what they hang on."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.stage_form.asked:
            section: FormSection = row.section
            block = found.setdefault(section.code, {"section": section, "rows": []})
            block["rows"].append(drawn(self[row.code], row, self.stage_form))
        return list(found.values())

    def as_data(self, values: Mapping[str, Any]) -> MultiValueDict[str, Any]:
        """Return values as a browser would send them."""
        data: MultiValueDict[str, Any] = MultiValueDict()
        for name, value in values.items():
            field = self.fields[name]
            told = field.prepare_value(value)
            if isinstance(field.widget, forms.MultiWidget):
                data.update({f"{name}_{place}": part for place, part in enumerate(field.widget.decompress(told) or [])})
            elif isinstance(told, list):
                data.setlist(name, told)
            else:
                data[name] = "" if told is None else told
        return data


def drawn(field: BoundField, row: Question, form: StageForm) -> dict[str, Any]:
    """Return a question as the page draws it. condition: in words, on what it hangs; values: by which the page's script shows it."""
    other = form.find(row.depends_on) if row.depends_on else None
    return {
        "field": field, "question": row, "depends_on": row.depends_on, "values": " ".join(row.values),
        "condition": {"heading": other.heading, "answers": [_value_name(other, value) for value in row.values]} if other else None,
        "is_counted": row.kind == Kind.TEXT and row.limits is None,
    }


def _value_name(other: Question, value: str) -> dict[str, str]:
    if other.kind == Kind.YES_NO:
        return YES_NO[value == YES]
    found: dict[str, str] = next((option["text"] for option in other.options if option["code"] == value), {"fi": value})
    return found


def field_of(row: Question, answer: Any = None, *, now: datetime, lang: str = "", places: Iterable[Any] = ()) -> forms.Field:
    """Return the field of a question. A frozen one is shown with what was answered and takes no change."""
    field = _FIELDS[Kind(row.kind)](row, answer, places)
    field.label, field.required = _in_language(row.heading), row.asked.is_required_at(now)
    notes = [_in_language(row.help), _limits(row.limits) if row.kind in (Kind.LINE, Kind.TEXT) else ""]
    if row.asked.is_frozen_at(now):
        field.disabled = True
        notes.append(gettext("This answer can no longer be changed."))
    elif row.frozen_from:
        notes.append(gettext("This answer can be changed until %(at)s.") % {"at": moment(row.frozen_from, language())})
    if row.required_from and not field.required:
        notes.append(gettext("An answer is required from %(at)s on.") % {"at": moment(row.required_from, language())})
    field.help_text = " ".join(filter(None, notes))
    if lang and row.kind in (Kind.LINE, Kind.TEXT):
        field.widget.attrs["lang"] = lang
    return field


def _text(row: Question, answer: Any, places: Any) -> forms.Field:
    attrs = {"rows": 9 if row.limits else 7}
    if row.limits is None:
        attrs["data-counter"] = f"count_{row.code}"  # type: ignore[assignment]
    field = DraftField(max_length=row.asked.signs_max, strip=False, widget=forms.Textarea(attrs))
    field.words = row.limits
    return field


def _line(row: Question, answer: Any, places: Any) -> forms.Field:
    return LineField(max_length=LINE_SIGNS_MAX)


def _number(row: Question, answer: Any, places: Any) -> forms.Field:
    return NumberField(widget=forms.TextInput({"inputmode": "decimal", "class": "short"}))


def _money(row: Question, answer: Any, places: Any) -> forms.Field:
    return MoneyField(widget=forms.TextInput({"inputmode": "decimal", "class": "short"}))


def _day(row: Question, answer: Any, places: Any) -> forms.Field:
    formats = ["%Y-%m-%d", "%d.%m.%Y"]
    return DayField(input_formats=formats, widget=forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d"))


def _options(row: Question, chosen: Any) -> list[tuple[str, Any]]:
    """Return what can be chosen; what was taken off only where it had been chosen before."""
    held = chosen if isinstance(chosen, list) else [chosen]
    return [(one["code"], _in_language(one["text"])) for one in row.options if not one.get("is_removed") or one["code"] in held]


def _one(row: Question, answer: Any, places: Any) -> forms.Field:
    options = _options(row, answer)
    if len(options) > RADIOS_MAX:
        return forms.ChoiceField(choices=[("", _("Choose")), *options])
    return forms.ChoiceField(choices=[*options, *([] if row.is_required else [("", _("No answer"))])], widget=forms.RadioSelect)


def _many(row: Question, answer: Any, places: Any) -> forms.Field:
    return _InOrder(choices=_options(row, answer), widget=forms.CheckboxSelectMultiple)


class _InOrder(forms.MultipleChoiceField):
    def clean(self, value: Any) -> Any:
        chosen, options = super().clean(value), list[tuple[Any, Any]](self.choices)  # type: ignore[arg-type]
        return [code for code, _name in options if code in chosen]


def _yes_no(row: Question, answer: Any, places: Any) -> forms.Field:
    choices = [(YES, _in_language(YES_NO[True])), (NO, _in_language(YES_NO[False]))]
    return YesNoField(choices=[*choices, *([] if row.is_required else [("", _("No answer"))])], widget=forms.RadioSelect)


def _municipality(row: Question, answer: Any, places: Iterable[Any]) -> forms.Field:
    names = sorted(((place.code, pick(place.name, language())) for place in places), key=lambda choice: choice[1])
    known = {code for code, _name in names}
    held = [(answer, pick(row.form.places.get(answer, answer), language()))] if answer and answer not in known else []
    return forms.ChoiceField(choices=[("", _("Choose")), *names, *held])


def _organisation(row: Question, answer: Any, places: Any) -> forms.Field:
    return PartsField([_("Name of the organisation"), _("Business ID")], _pack_organisation, _spread_organisation)


def _people(row: Question, answer: Any, places: Any) -> forms.Field:
    rows = min(PEOPLE_MAX, max(PEOPLE_ROWS, len(answer) + 2 if isinstance(answer, list) else 0))
    return PartsField([_("Name"), _("Task")] * rows, _pack_people, _people_spread(rows))


def _file(row: Question, answer: Any, places: Any) -> forms.Field:
    return FileAnswerField()


_FIELDS: dict[Kind, Callable[[Question, Any, Any], forms.Field]] = {
    Kind.LINE: _line, Kind.TEXT: _text, Kind.NUMBER: _number, Kind.MONEY: _money, Kind.DATE: _day, Kind.ONE: _one, Kind.MANY: _many,
    Kind.YES_NO: _yes_no, Kind.MUNICIPALITY: _municipality, Kind.ORGANISATION: _organisation, Kind.PEOPLE: _people, Kind.FILE: _file,
}


def _limits(limits: Limits | None) -> str:
    if limits is None:
        return ""
    told = {"soft": number(limits.soft or 0, language()), "hard": number(limits.hard, language())}
    return (gettext("About %(soft)s words are enough; at most %(hard)s.") if limits.soft else gettext("At most %(hard)s words.")) % told


def _in_language(text: Mapping[str, str]) -> str:
    return pick(text, language())


def register_for(form: StageForm) -> list[Any]:
    """Return the municipalities that can be chosen, none where the form does not ask for one. One query at most."""
    return list(selectors.register(form.competition)) if any(row.kind == Kind.MUNICIPALITY for row in form.asked) else []
