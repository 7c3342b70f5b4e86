from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.core.fields import Text
from klash.core.forms import LineField, WholeField
from klash.core.show import pick
from klash.rules.knowhow import ROLES
from klash.teams.models import Membership, Team


def names_in(words: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    language = (get_language() or "fi")[:2]
    return [(code, pick(name, language)) for code, name in words.items()]


class RoleForm(forms.Form):
    """What a member does in the team and what the member knows."""

    role = forms.ChoiceField(label=_("What do you do in the team?"), required=False)
    own_role = LineField(label=_("The same in your own words"), required=False, max_length=80)
    skills = forms.MultipleChoiceField(
        label=_("What do you know?"), help_text=_("What the challenge needs stands first."), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_skills = LineField(label=_("Something else that you know"), required=False, max_length=200)

    def __init__(self, membership: Membership, names: Mapping[str, Text], needed: Iterable[str], data: Any = None) -> None:
        columns = {name: getattr(membership, name) for name in ("role", "own_role", "skills", "own_skills")}
        super().__init__(data, initial=columns)
        first = dict.fromkeys([*needed, *names])
        self.fields["role"].choices = [("", _("Choose")), *names_in(ROLES)]  # type: ignore[attr-defined]
        self.fields["skills"].choices = names_in({code: names[code] for code in first})  # type: ignore[attr-defined]


class IntentForm(forms.Form):
    summary = WholeField(
        label=_("The team in two sentences"), max_length=600, widget=forms.Textarea({"rows": 4}),
        help_text=_("Who are you, and what do you intend? It is shown on the public page of the challenge if the team is admitted."),
    )

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data, initial={"summary": team.summary})


class SuccessionForm(forms.Form):
    reason = WholeField(label=_("Reason"), help_text=_("It is public: tell why a place is free."), max_length=1000, widget=forms.Textarea({"rows": 4}))


class AppointForm(forms.Form):
    member = forms.ChoiceField(label=_("Who leads the team from now on?"), widget=forms.RadioSelect)
    reason = WholeField(label=_("Reason"), help_text=_("Every member of the team gets it by e-mail."), max_length=1000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, members: Iterable[Membership], data: Any = None) -> None:
        super().__init__(data)
        choices = [(row.person.code, row.person.name) for row in members if not row.is_leader]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
