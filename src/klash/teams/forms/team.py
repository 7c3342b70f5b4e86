from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from klash.accounts.services import INVITATION_DAYS
from klash.competitions.forms import AnswersForm, register_for
from klash.core.forms import InviteeInput, LineField, NameField, WholeField
from klash.core.texts import sentence
from klash.rules.conflicts import business_id
from klash.rules.reasons import Reason
from klash.teams.models import Application, Right, TeamFirm

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class FoundForm(forms.Form):
    name = NameField(label=_("Name of the team"), help_text=_("The name becomes public if the team is admitted. You need no company."), max_length=80)
    language = forms.ChoiceField(label=_("Language of the application"), choices=LANGUAGES)
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def refuse(self, reason: Reason) -> None:
        """Tell a refusal at the field that it concerns; a name that only looks like another's may be sent again as it is."""
        if reason is Reason.NAME_LOOKS_ALIKE:
            self.data = {**dict(self.data.items()), "looked_at": self.cleaned_data["name"]}
        self.add_error("name" if reason in (Reason.NAME_TAKEN, Reason.NAME_LOOKS_ALIKE) else None, sentence(reason))


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the new member"), help_text=_("The person gets a link that works once and only for this address."), max_length=200,
        widget=InviteeInput,
    )
    right = forms.ChoiceField(
        label=_("Right in the team"), required=False, initial=Right.WRITE,
        choices=[(Right.WRITE, _("writes")), (Right.VIEW, _("only reads")), (Right.LEAD, _("takes the lead on joining"))],
    )
    days = forms.TypedChoiceField(
        label=_("The link works for"), required=False, coerce=int, initial=14, choices=[(3, _("3 days")), (7, _("a week")), (14, _("two weeks"))]
    )

    def clean_right(self) -> str:
        return str(self.cleaned_data["right"] or Right.WRITE)

    def clean_days(self) -> int:
        return int(self.cleaned_data["days"] or INVITATION_DAYS)


class FirmForm(forms.Form):
    name = LineField(label=_("Name of the firm or organisation"), max_length=200)
    identifier = forms.CharField(label=_("Business ID"), max_length=14, required=False)
    part = forms.ChoiceField(
        label=_("Its part"),
        choices=[(TeamFirm.Part.OWN, _("it owns or employs, or is ours")), (TeamFirm.Part.SUBCONTRACTOR, _("it is a subcontractor"))],
    )

    def clean_identifier(self) -> str:
        text = str(self.cleaned_data["identifier"]).strip()
        if text and not business_id(text):
            raise forms.ValidationError(_("The business ID has a wrong check digit. Check it, or leave it empty."))
        return text


class ApplicationForm(AnswersForm):
    """A draft may be saved as it is; submitting asks for what is missing."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    summary = WholeField(
        label=_("The team in two sentences"), help_text=_("It is shown on the public page of the challenge if the team is admitted."), required=False,
        max_length=600, widget=forms.Textarea({"rows": 3, "data-counter": "count_summary"}),
    )

    def __init__(self, application: Application, now: datetime, data: Any = None) -> None:
        super().__init__(data, initial={"summary": application.team.summary})
        self.ask(
            application.form, application.answers, now=now, lang=application.team.language, places=register_for(application.form),
            file_url=lambda code: reverse("teams:attach", args=[application.code, code]),
        )

    def columns(self) -> dict[str, Any]:
        """Return what `save_application` takes."""
        return {"answers": self.answers(), "summary": self.cleaned_data["summary"]}
