from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core import texts
from klash.core.forms import WholeField, moment_field
from klash.reviewing.models import ANSWER_SIGNS_MAX
from klash.rules.reasons import Reason


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The juror who asked reads this. It stays in the minutes. Name nobody.")
    )


class BatchForm(forms.Form):
    """When answers must have come, and when all of them are released; Finnish time."""

    answers_by = moment_field(_("Answers by"), help_text=_("Day and time in Finland."))
    releases_at = moment_field(
        _("All answers are released to the jury"), help_text=_("Day and time in Finland, after the deadline: between them you clear the answers.")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"answers_by", "releases_at"} <= set(given) and given["answers_by"] >= given["releases_at"]:
            self.add_error("releases_at", texts.sentence(Reason.ANSWERS_WHEN))
        return given


class WordsForm(forms.Form):
    """Words left out of an answer. seen: the hash of the answer that was looked at."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words to leave out"), max_length=1000, strip=False, help_text=_("Exactly as they stand in the answer. They go wherever they stand.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The jury reads this, and it stays in the minutes. Name nobody."))


class AnswerForm(forms.Form):
    """A team's answer. looked: by what the page tells the text whose findings its writer has seen."""

    text = WholeField(
        label=_("Your answer"), max_length=ANSWER_SIGNS_MAX, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Plain text. Answer what is asked, and do not tell who you are."),
    )
    looked = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
