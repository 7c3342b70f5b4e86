"""Where a meeting of a draft goes, and who meets whom."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.mentoring.forms.shared import mentor_label
from klash.mentoring.models import MentorProfile, Slot
from klash.teams.models import Team


class MoveForm(forms.Form):
    """The slot of a meeting. slots: each with what stands beside it."""

    slot = forms.TypedChoiceField(label=_("Move to"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, slots: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = {slot.pk: slot for slot in slots}
        self.fields["slot"].choices = [(slot.pk, slot.pk) for slot in slots]  # type: ignore[attr-defined]

    def chosen(self) -> Slot:
        """Return the slot that was chosen."""
        return self.slots[self.cleaned_data["slot"]]


class MeetingForm(forms.Form):
    """A new meeting of a draft."""

    team = forms.ChoiceField(label=_("Team"))
    mentor = forms.ChoiceField(label=_("Mentor"))
    slot = forms.ChoiceField(label=_("Time"))

    def __init__(self, *args: Any, slots: Sequence[tuple[Slot, str]], teams: Sequence[Team], mentors: Sequence[MentorProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[str, dict[str, Any]] = {
            "slot": {str(slot.pk): slot for slot, _label in slots}, "team": {team.code: team for team in teams},
            "mentor": {mentor.code: mentor for mentor in mentors},
        }
        labels = {
            "slot": [(str(slot.pk), label) for slot, label in slots], "team": [(team.code, team.name) for team in teams],
            "mentor": [(mentor.code, mentor_label(mentor)) for mentor in mentors],
        }
        for name, choices in labels.items():
            self.fields[name].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {name: rows[self.cleaned_data[name]] for name, rows in self.rows.items()}
