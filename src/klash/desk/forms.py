from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klash.accounts.selectors import ROLES
from klash.challenges.models import Challenge
from klash.core.show import pick
from klash.desk.selectors import Sitting
from klash.desk.services import INVITED_HERE, OF_A_CHALLENGE
from klash.rules.roles import Role

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class AbsenceForm(forms.Form):
    who = forms.ChoiceField(label=_("Who is absent"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Those who check the competition read it in the event log. Do not write about a person’s health; “prevented” is enough."),
    )

    def __init__(self, *args: Any, sittings: Iterable[Sitting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(row.key, _label(row)) for row in sittings if not row.is_absent]  # type: ignore[attr-defined]


def _label(row: Sitting) -> str:
    name = row.name or gettext("a reviewer")
    return gettext("%(name)s, chair") % {"name": name} if row.is_chair else name


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, ROLES[role]) for role in INVITED_HERE])
    challenge = forms.ChoiceField(label=_("Challenge"), required=False, help_text=_("Only for an officer of a pilot municipality."))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES)

    def __init__(self, *args: Any, challenges: Iterable[Challenge], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.code, pick(row.title, language) or row.code) for row in challenges]
        self.fields["challenge"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needs_challenge = data.get("role") in OF_A_CHALLENGE
        if needs_challenge and not data.get("challenge"):
            self.add_error("challenge", _("Choose the challenge of the pilot municipality."))
        if not needs_challenge:
            data["challenge"] = ""
        if "role" in data:
            data["role"] = Role(data["role"])
        return data


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class RoundForm(forms.Form):
    """Until when the reviewers have time; times are Helsinki's."""

    closes_at = _moment(_("Reviews are in by"))


class JuryForm(RoundForm):
    opens_at = _moment(_("The jury begins"))
    field_order = ["opens_at", "closes_at"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "opens_at" in data and "closes_at" in data and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("The end must be later than the beginning."))
        return data
