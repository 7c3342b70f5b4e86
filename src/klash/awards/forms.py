from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.teams.models import Team


class DecisionForm(forms.Form):
    """The decision with its winners; only teams that the jury placed first can be chosen."""

    winners = forms.MultipleChoiceField(
        label=_("Winner"), widget=forms.CheckboxSelectMultiple, help_text=_("The teams that the jury placed first."),
        error_messages={"required": _("Choose at least one winner.")},
    )
    decision = forms.CharField(
        label=_("Decision and its reasons"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The public page and the mail to every team show this text as it is."),
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {team.code: team for team in teams}
        self.fields["winners"].choices = [(code, team.name) for code, team in self.teams.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[Team]:
        return [self.teams[code] for code in self.cleaned_data["winners"]]


class CorrectionForm(DecisionForm):
    """A new version of a published decision."""

    reason = forms.CharField(
        label=_("Reason for the correction"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The public page and the mail to every team show it."),
    )
