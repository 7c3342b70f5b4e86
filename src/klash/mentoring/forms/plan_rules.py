"""The rules of the timetable."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.mentoring.forms.shared import mentor_label
from klash.mentoring.models import MentorProfile, PairRule, PlanRules
from klash.teams.models import Team

SHARES = [(0, _("not at all")), (25, _("a little")), (50, _("somewhat")), (100, _("much"))]


def _limit(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


def _share(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=SHARES, coerce=int, help_text=help_text)


WEIGHTS = ("weight_diversity", "weight_expertise", "weight_wishes")


class PlanRulesForm(forms.Form):
    sessions_per_team = _limit(_("Sessions of a team in all"), 1, 30)
    team_per_day = _limit(_("Sessions of a team a day at most"), 1, 20)
    team_gap = _limit(_("Free slots between two sessions of a team"), 0, 10, _("0 allows sessions one right after the other."))
    mentor_per_day = _limit(_("Sessions of a mentor a day at most"), 1, 30)
    mentor_total = _limit(_("Sessions of a mentor in all at most"), 1, 100)
    mentor_run = _limit(_("Sessions of a mentor in a row at most"), 1, 30, _("A mentor may have set lower limits; then those hold."))
    weight_diversity = _share(_("Mentors from different backgrounds"), _("How much it counts that a team meets different sectors, organisations and regions."))
    weight_expertise = _share(_("Expertise in what the team needs"), _("How much it counts that the mentor’s field answers what the team has asked for."))
    weight_wishes = _share(_("Teams’ wishes"), _("How much it counts that a team meets the mentors whom it wished for."))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not any(data.get(name, 1) for name in WEIGHTS):
            raise forms.ValidationError(_("Something must be weighed. Choose more than “not at all” for at least one of the three."))
        return data

    @staticmethod
    def of(rules: PlanRules | None) -> dict[str, int]:
        """Return the rules as the form began with them; a weight between the words is the nearest of them."""
        found = rules or PlanRules()
        values = {name: int(getattr(found, name)) for name in PlanRulesForm.base_fields}
        return {name: _nearest(value) if name.startswith("weight") else value for name, value in values.items()}


def _nearest(weight: int) -> int:
    return min((share for share, _words in SHARES), key=lambda share: abs(share - weight))


class PairForm(forms.Form):
    """A team and a mentor who must meet, or must not."""

    team = forms.ChoiceField(label=_("Team"))
    mentor = forms.ChoiceField(label=_("Mentor"))
    kind = forms.ChoiceField(
        label=_("Rule"), widget=forms.RadioSelect, choices=[(PairRule.Kind.MUST, _("must meet")), (PairRule.Kind.MUST_NOT, _("must not meet"))]
    )

    def __init__(self, *args: Any, teams: Sequence[Team], mentors: Sequence[MentorProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams, self.mentors = {team.code: team for team in teams}, {mentor.code: mentor for mentor in mentors}
        self.fields["team"].choices = [("", _("Choose")), *((team.code, team.name) for team in teams)]  # type: ignore[attr-defined]
        self.fields["mentor"].choices = [("", _("Choose")), *((mentor.code, mentor_label(mentor)) for mentor in mentors)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {"team": self.teams[data["team"]], "mentor": self.mentors[data["mentor"]], "kind": data["kind"]}
