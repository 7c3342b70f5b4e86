"""What people type about mentoring days and who meets whom on them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.challenges.models import Challenge
from klash.core import show
from klash.mentoring.forms.shared import in_language, mentor_label, text_of
from klash.mentoring.models import MentorProfile, Slot
from klash.teams.models import Team


class DayForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=999)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("First session begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Last session ends by"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    slot_minutes = forms.IntegerField(label=_("Length of a session in minutes"), min_value=10, max_value=480, initial=30)
    break_minutes = forms.IntegerField(label=_("Break between sessions in minutes"), min_value=0, max_value=240, initial=5)
    place = forms.CharField(label=_("Place"), max_length=120, help_text=_("Or, if the day is held online, where the link is found."))
    is_online = forms.BooleanField(label=_("The day is held online"), required=False)
    topic_fi = forms.CharField(label=_("Topic in Finnish"), max_length=200, required=False)
    topic_sv = forms.CharField(label=_("Topic in Swedish"), max_length=200, required=False)
    challenges = forms.MultipleChoiceField(
        label=_("Challenges"), widget=forms.CheckboxSelectMultiple, help_text=_("The admitted teams of these challenges meet mentors on the day.")
    )

    def __init__(self, *args: Any, challenges: Sequence[Challenge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {challenge.code: challenge for challenge in challenges}
        self.fields["challenges"].choices = [(c.code, in_language(c.title)) for c in challenges]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if {"on", "starts", "ends", "slot_minutes", "break_minutes"} <= set(data):
            data["slots"] = cut(data["on"], data["starts"], data["ends"], data["slot_minutes"], data["break_minutes"])
            if not data["slots"]:
                self.add_error("ends", _("No session fits between these times. Choose a later end or a shorter session."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {name: data[name] for name in ("number", "on", "place", "is_online", "slots")} | {
            "topic": text_of(data, "topic"), "challenges": [self.by_code[code] for code in data["challenges"]],
        }


def cut(on: date, starts: time, ends: time, slot_minutes: int, break_minutes: int) -> list[tuple[datetime, datetime]]:
    """Cut a day into slots of equal length with breaks between them, in the time of Helsinki."""
    length, step = timedelta(minutes=slot_minutes), timedelta(minutes=slot_minutes + break_minutes)
    at, end = datetime.combine(on, starts, show.ZONE), datetime.combine(on, ends, show.ZONE)
    slots = []
    while at + length <= end:
        slots.append((at, at + length))
        at += step
    return slots


class MentorsForm(forms.Form):
    """Which mentors are present on the day; sent with GET, so that a suggestion has an address."""

    mentor = forms.MultipleChoiceField(label=_("Mentors of the day"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, mentors: Sequence[MentorProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].choices = [(m.code, mentor_label(m)) for m in mentors]  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    slot = forms.ChoiceField(label=_("Time"))
    team = forms.ChoiceField(label=_("Team"))
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(self, *args: Any, slots: Sequence[tuple[Slot, str]], teams: Sequence[Team], mentors: Sequence[MentorProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[str, dict[str, Any]] = {
            "slot": {str(slot.pk): slot for slot, _label in slots}, "team": {team.code: team for team in teams},
            "mentor": {mentor.code: mentor for mentor in mentors},
        }
        labels: Mapping[str, list[tuple[str, str]]] = {
            "slot": [(str(slot.pk), label) for slot, label in slots], "team": [(team.code, team.name) for team in teams],
            "mentor": [(mentor.code, mentor_label(mentor)) for mentor in mentors],
        }
        for name, choices in labels.items():
            self.fields[name].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {name: rows[self.cleaned_data[name]] for name, rows in self.rows.items()}


class WishesForm(forms.Form):
    """The suggested sessions that staff left ticked: `slot/team/mentor`, each a row of this day."""

    def __init__(self, wishes: Sequence[str], *, slots: Sequence[Slot], teams: Sequence[Team], mentors: Sequence[MentorProfile]) -> None:
        super().__init__({})
        self.wishes = wishes
        self.rows: tuple[dict[str, Any], ...] = (
            {str(slot.pk): slot for slot in slots}, {team.code: team for team in teams}, {mentor.code: mentor for mentor in mentors},
        )

    def clean(self) -> dict[str, Any]:
        parts = [wish.split("/") for wish in self.wishes]
        if not parts:
            raise forms.ValidationError(_("No session is ticked. Tick at least one and confirm again."))
        if any(len(wish) != 3 or any(part not in rows for part, rows in zip(wish, self.rows, strict=True)) for wish in parts):
            raise forms.ValidationError(_("The suggestion no longer fits the day. Look at the new one and confirm again."))
        return {"wishes": [tuple(rows[part] for part, rows in zip(wish, self.rows, strict=True)) for wish in parts]}
