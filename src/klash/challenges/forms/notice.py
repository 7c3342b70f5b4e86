from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.challenges.forms.brief import NAMES, DraftField
from klash.challenges.models import INDICATOR, Content
from klash.core.fields import Text
from klash.core.forms import LanguagesForm, WholeField

NOTICE_NAMES = {
    "reference": _("Number or reference"), "on": _("Date of the notice"), "url": _("Address of the notice"), "jury_binds": _("Does the jury’s decision bind?"),
    "follow_up": _("May a contract follow without a new call?"), "least": _("Participants at least"), "most": _("Participants at most"),
    "jury": _("Names of the jury"), "is_invented": _("The notice is invented"),
}
PLACE_NAMES = {**NAMES, "indicators": _("Table of measures"), "notice": _("Contest notice")}
INDICATOR_NAMES = {"name": _("Indicator"), "baseline": _("Baseline"), "target": _("Target"), "how": _("How it is measured")}
YES_NO = (("yes", _("Yes")), ("no", _("No")))
_ANSWERS = {"yes": True, "no": False}


class _Draft(forms.Field):
    """A field that the last step asks for, though a draft may be saved without it; so its label does not call it optional."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class _DayOfDraft(_Draft, forms.DateField):
    pass


class _ChoiceOfDraft(_Draft, forms.ChoiceField):
    pass


class _NumberOfDraft(_Draft, forms.IntegerField):
    pass


class NoticeForm(forms.Form):
    """What the contest notice says. A draft may be saved without; publication asks for what is marked."""

    reference = DraftField(label=NOTICE_NAMES["reference"], max_length=120, help_text=_("For example HILMA 2019-012345."))
    on = _DayOfDraft(
        label=NOTICE_NAMES["on"], input_formats=["%Y-%m-%d", "%d.%m.%Y"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    url = forms.URLField(label=NOTICE_NAMES["url"], required=False, max_length=200, assume_scheme="https")
    jury_binds = _ChoiceOfDraft(
        label=NOTICE_NAMES["jury_binds"], choices=YES_NO, widget=forms.RadioSelect,
        help_text=_("If it does, the organiser cannot choose another winner than the one whom the jury placed first."),
    )
    follow_up = _ChoiceOfDraft(
        label=NOTICE_NAMES["follow_up"], choices=YES_NO, widget=forms.RadioSelect,
        help_text=_("Only if the notice says so can a contract be negotiated with the winner or winners after the contest."),
    )
    least = _NumberOfDraft(label=NOTICE_NAMES["least"], min_value=1, max_value=1000)
    most = _NumberOfDraft(label=NOTICE_NAMES["most"], min_value=1, max_value=1000)
    jury = WholeField(
        label=NOTICE_NAMES["jury"], required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("One name a line, once the names are public. Leave it empty until then."),
    )

    use_required_attribute = False

    def __init__(self, content: Content, data: Any = None) -> None:
        notice = content["notice"]
        words = {name: {True: "yes", False: "no"}.get(notice[name], "") for name in ("jury_binds", "follow_up")}
        super().__init__(data, initial={**notice, **words, "on": date.fromisoformat(notice["on"]) if notice["on"] else None})

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("least") and given.get("most") and given["least"] > given["most"]:
            self.add_error("most", _("There cannot be fewer at most than at least. Correct one of the numbers."))
        return given

    def notice(self) -> dict[str, Any]:
        """Return what `save_notice` takes."""
        answers = {name: _ANSWERS.get(self.cleaned_data[name]) for name in ("jury_binds", "follow_up")}
        return {**self.cleaned_data, **answers}


class IndicatorForm(LanguagesForm):
    """One measure of success: four short texts in three languages."""

    def __init__(self, row: dict[str, Text] | None, data: Any = None) -> None:
        super().__init__(data, initial={f"{name}_{code}": text for name in INDICATOR for code, text in (row or {}).get(name, {}).items()})
        helps = {
            "name": _("What is counted, for example the share of trips without a car of one’s own."),
            "baseline": _("Where it stands now, and when that was counted."), "target": _("Where it should be, and when."),
            "how": _("From which source, how often and by whom."),
        }
        for name in INDICATOR:
            self.add_text(name, INDICATOR_NAMES[name], help_text=helps[name], max_length=300)

    def indicator(self) -> dict[str, Text]:
        """Return what `save_indicator` takes."""
        return {name: self.text(name) for name in INDICATOR}
