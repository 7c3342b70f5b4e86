"""What an organiser promises, changes and marks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import NUMBERS, Promise, PromiseKind
from klash.core.forms import LanguagesForm, LineField, WholeField, day_field, spread
from klash.core.texts import sentence
from klash.rules.reasons import Reason

NUMBER_MAX = 10_000


class _NumbersForm(LanguagesForm):
    """What both forms of a promise ask: its words, its number where it has one, its day."""

    def _add(self) -> None:
        self.add_text("text", _("What is promised"), help_text=_("One sentence, as it was said in public."), rows=2, max_length=300)
        self.fields["low"] = forms.IntegerField(label=_("At least"), min_value=0, max_value=NUMBER_MAX, required=False)
        self.fields["high"] = forms.IntegerField(label=_("At most"), min_value=0, max_value=NUMBER_MAX, required=False)
        self.fields["due_on"] = day_field(_("To be kept on this day at the latest"))

    def _check_numbers(self, data: dict[str, Any], kind: str) -> None:
        low, high = data.get("low"), data.get("high")
        if kind in NUMBERS and low is None and high is None and not {"low", "high"} & set(self.errors):
            self.add_error("low", _("Give the number that is promised, or both ends of the range."))
        if low is not None and high is not None and low > high:
            self.add_error("low", sentence(Reason.RANGE_REVERSED))


class PromiseForm(_NumbersForm):
    """A promise that was made."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=PromiseKind,
        help_text=_("Whether a number, feedback or the day of the winners was kept is counted from what has been done. Anything else is marked by you."),
    )
    source = LineField(label=_("Where it was said"), max_length=300, required=False, help_text=_("For example the name or address of the announcement."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self._add()
        self.fields["promised_on"] = day_field(_("When it was said"), required=False, help_text=_("Today, if you leave it empty."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_numbers(data, data.get("kind", ""))
        return data

    def columns(self) -> dict[str, Any]:
        """Return what `make_promise` takes."""
        return {"text": self.text("text"), **{name: self.cleaned_data[name] for name in ("kind", "low", "high", "due_on", "source", "promised_on")}}


class ChangeForm(_NumbersForm):
    """A promise as it is to stand from now on, and why."""

    reason = WholeField(label=_("Reason"), help_text=_("Everyone can read this."), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, promise: Promise, data: Any = None) -> None:
        super().__init__(data, initial={**spread(text=promise.text), "low": promise.low, "high": promise.high, "due_on": promise.due_on})
        self.promise = promise
        self._add()
        if promise.kind not in NUMBERS:
            del self.fields["low"], self.fields["high"]
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_numbers(data, self.promise.kind)
        return data

    def columns(self) -> dict[str, Any]:
        """Return what `change_promise` takes."""
        given = {name: self.cleaned_data.get(name) for name in ("low", "high")}
        return {"text": self.text("text"), "due_on": self.cleaned_data["due_on"], "reason": self.cleaned_data["reason"], **given}


class MarkForm(forms.Form):
    """Whether a promise was kept, and what shows it."""

    is_kept = forms.TypedChoiceField(
        label=_("How it went"), choices=[("yes", _("it was kept")), ("no", _("it was not kept"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    evidence = WholeField(
        label=_("What shows it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everyone can read this: what was done, when, and where it can be seen. If the promise was not kept, say why."),
    )

    use_required_attribute = False

    def __init__(self, promise: Promise, data: Any = None) -> None:
        super().__init__(data)
        if promise.is_counted:
            self.fields["is_kept"].choices = [("no", _("it was not kept"))]  # type: ignore[attr-defined]
            self.fields["is_kept"].help_text = sentence(Reason.COUNTED_ITSELF)
