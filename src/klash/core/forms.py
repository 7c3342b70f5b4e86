"""How forms are drawn, and the fields that several apps need."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from klash.core.errors import Refused
from klash.core.fields import LANGUAGES, Text
from klash.core.texts import sentence
from klash.rules.names import holds_address, one_line
from klash.rules.reasons import Reason

# Before anything was saved.
NEVER = datetime.min.replace(tzinfo=UTC)
AnyField = TypeVar("AnyField", bound=forms.Field)


class Renderer(TemplatesSetting):
    field_template_name = "forms/field.html"


LANGUAGE_NAMES: dict[str, Any] = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}


class WholeField(forms.CharField):
    """A text that the browser never cuts: what is too long stays as it was pasted, and the server says by how much."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(WholeField):
    """A title, or the name of a thing: one line, without signs that are not seen."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class NameField(LineField):
    """What a person or a team calls itself; it goes into mails, so that it cannot be an address."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if holds_address(value):
            raise forms.ValidationError(sentence(Reason.NAME_IS_ADDRESS), code="address")


def put_in(field: AnyField, *parts: Any) -> AnyField:
    """Return the field with the parts of the form that hold it; the summary of faults names them before its label."""
    field.parts = parts  # type: ignore[attr-defined]
    return field


class LanguagesForm(forms.Form):
    """A form with texts in three languages; Finnish and Swedish are required where the text is."""

    use_required_attribute = False

    def add_text(
        self, name: str, label: Any, *, help_text: Any = "", rows: int = 0, max_length: int = 200, required: bool = True, part: Any = ""
    ) -> None:
        """Add one field a language; `forms/languages.html` draws them side by side as one group. part: what holds the group, if anything does."""
        self.texts = {**getattr(self, "texts", {}), name: (label, help_text)}
        for code in LANGUAGES:
            attrs = {"lang": code}
            widget = forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs)
            needed = required and code != "en"
            kind = WholeField if rows else LineField
            field = kind(label=LANGUAGE_NAMES[code], required=needed, max_length=max_length, widget=widget)
            self.fields[f"{name}_{code}"] = put_in(field, *([part] if part else []), label)

    def text(self, name: str) -> Text:
        """Return a text as it was given, without the languages that were left empty."""
        given = {code: self.cleaned_data[f"{name}_{code}"].strip() for code in LANGUAGES}
        return {code: text for code, text in given.items() if text}

    def groups(self) -> list[dict[str, Any]]:
        """Return the texts as they are drawn: name, label, help and a bound field a language."""
        return [
            {"name": name, "label": label, "help": help_text, "fields": [self[f"{name}_{code}"] for code in LANGUAGES]}
            for name, (label, help_text) in getattr(self, "texts", {}).items()
        ]


class InviteeInput(forms.EmailInput):
    """The address of somebody else. In the demo the cast's addresses, which stand in its bar, are offered."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        own = {"list": "cast"} if settings.KLASH_DEMO else {"autocomplete": "off"}
        return super().get_context(name, value, {**(attrs or {}), **own})


def spread(**texts: Text) -> dict[str, str]:
    """Return texts in three languages as the initial values of a LanguagesForm."""
    return {f"{name}_{code}": text.get(code, "") for name, text in texts.items() for code in LANGUAGES}


def moment_seen(posted: Mapping[str, Any]) -> datetime:
    """Return when the text was saved that the writer of a form started from, NEVER where there was none yet.

    Raises Refused(TEXT_CHANGED) where the form does not carry it: nobody knows what its writer has read.
    """
    if "seen" not in posted:
        raise Refused(Reason.TEXT_CHANGED)
    try:
        return datetime.fromisoformat(posted["seen"])
    except ValueError:
        return NEVER


def revision_seen(text: str | None) -> int:
    """Return the revision that the writer of a form started from; where the form carries none, one that never was, so that it clashes."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else -1


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """Return a field for a moment in Helsinki's time, as browsers and people write it."""
    return forms.DateTimeField(
        label=label, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M", "%d.%m.%Y klo %H.%M", "%d.%m.%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **kwargs,
    )


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day, as browsers and people write it."""
    return forms.DateField(
        label=label, input_formats=["%Y-%m-%d", "%d.%m.%Y"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs,
    )
