"""What people type about what mentors give, what teams make of it, and how the day goes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import Question
from klash.mentoring.forms.shared import LONG, SHORT, in_language
from klash.mentoring.models import Advice, Session

ANSWERS = [(Advice.Answer.TAKEN, _("Taken up")), (Advice.Answer.NOT_TAKEN, _("Not taken up")), (Advice.Answer.LATER, _("Later"))]
MISSING = [("team", _("The team did not come")), ("mentor", _("The mentor did not come")), ("both", _("Neither came"))]
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)


class WishForm(forms.Form):
    text = forms.CharField(
        label=_("What you wish to talk about"), max_length=2000, required=False, widget=forms.Textarea(attrs=SHORT),
        help_text=_("Any member of the team may write here until the session begins. The mentor reads it beforehand."),
    )


class _CleanSheet(forms.Form):
    """A form that is empty again once its thing was made. taken: what the server has of it, which the browser need not bring back."""

    def __init__(self, *args: Any, taken: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in (taken or {}).items():
            self.fields[name].widget.attrs["data-taken"] = text


class AdviceForm(_CleanSheet):
    text = forms.CharField(
        label=_("One piece of advice"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Short, one idea in each. The team sees it at once and says what it made of it."),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("What did you make of it?"), choices=ANSWERS, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Why"), max_length=500, required=False, help_text=_("A word or a sentence is enough. Your mentor reads it."))
    section = forms.ChoiceField(label=_("Section of the proposal that changed"), required=False)

    def __init__(self, *args: Any, sections: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", _("None")), *((row.code, in_language(row.heading)) for row in sections)]  # type: ignore[attr-defined]


class MaterialForm(_CleanSheet):
    title = forms.CharField(label=_("Name of the material"), max_length=120)
    text = forms.CharField(label=_("Text"), max_length=5000, required=False, widget=forms.Textarea(attrs=SHORT))
    link = forms.URLField(
        label=_("Link"), max_length=500, required=False, assume_scheme="https", widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
        help_text=_("Begins with https://"),
    )

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("Give a link that begins with https://."))
        return link

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data["text"] or data["link"]):
            self.add_error("text", _("Write a text, give a link, or both."))
        return data


class DiaryForm(_CleanSheet):
    text = forms.CharField(label=_("What did you learn?"), max_length=5000, widget=forms.Textarea(attrs=LONG))
    session = forms.ChoiceField(label=_("Session"), required=False)

    def __init__(self, *args: Any, sessions: Sequence[tuple[Session, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {session.code: session for session, _label in sessions}
        self.fields["session"].choices = [("", _("None in particular")), *((session.code, label) for session, label in sessions)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"text": self.cleaned_data["text"], "session": self.by_code.get(self.cleaned_data["session"])}


class EntryForm(forms.Form):
    text = forms.CharField(label=_("What did you learn?"), max_length=5000, widget=forms.Textarea(attrs=LONG))


class LateForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("The session begins late by"), coerce=int,
        choices=[(0, _("on time")), *((count, f"{count}\N{NO-BREAK SPACE}min") for count in MINUTES)],
    )


class MissingForm(forms.Form):
    missing = forms.ChoiceField(label=_("Who did not come?"), choices=MISSING, widget=forms.RadioSelect)

    def __init__(self, *args: Any, sides: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [choice for choice in MISSING if choice[0] in sides]  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the day"), max_length=20, help_text=_("Ten letters and digits. The organiser shows it at the venue."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
