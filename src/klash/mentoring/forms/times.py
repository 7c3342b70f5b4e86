"""When mentors and teams can meet: one question a slot, and buttons that answer it for a whole day."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.mentoring.forms.shared import SHORT_NUMBER
from klash.mentoring.models import MentorProfile
from klash.mentoring.selectors.own import Choice, DayChoices
from klash.mentoring.templatetags.slots import hours

HERE, ONLINE, CAN, CANNOT = "here", "online", "can", "cannot"
FILL = "fill"  # the button that was pressed: "3/online" answers so for each slot of day 3


class SlotsForm(forms.Form):
    """A field for each slot of the days, but for those in which a session is planned: nothing can be told of them here."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, days: Sequence[DayChoices], **kwargs: Any) -> None:
        super().__init__(self._filled(data, days) if data is not None else None, **kwargs)
        self.days = days
        for day in days:
            for choice in day.choices:
                if choice.session is None:
                    self.fields[_name(choice)] = self.question(day, choice)

    def question(self, day: DayChoices, choice: Choice) -> forms.Field:
        """Return the field for one slot."""
        raise NotImplementedError

    @staticmethod
    def _filled(data: Mapping[str, Any], days: Sequence[DayChoices]) -> dict[str, Any]:
        number, _slash, answer = data.get(FILL, "").partition("/")
        pressed = [choice for day in days if str(day.day.number) == number for choice in day.choices]
        unasked = {_name(choice): CANNOT for day in days for choice in day.choices}
        return unasked | {name: data[name] for name in data} | {_name(choice): answer for choice in pressed}

    def rows(self) -> Iterator[tuple[DayChoices, list[tuple[Choice, Any]]]]:
        """Yield each day with its slots and their drawn fields, None where a session is planned."""
        for day in self.days:
            yield day, [(choice, self[_name(choice)] if choice.session is None else None) for choice in day.choices]

    def limits(self) -> list[Any]:
        """Return the drawn fields that are no slots."""
        return [field for field in self if not field.name.startswith("slot_")]

    def answers(self) -> Iterator[tuple[Choice, str]]:
        """Yield each free slot with its answer."""
        for day in self.days:
            yield from ((choice, self.cleaned_data[_name(choice)]) for choice in day.choices if choice.session is None)


def _name(choice: Choice) -> str:
    return f"slot_{choice.slot.pk}"


class TimesForm(SlotsForm):
    per_day = forms.IntegerField(label=_("At most this many meetings a day"), min_value=1, max_value=20, required=False, widget=SHORT_NUMBER)
    in_a_row = forms.IntegerField(label=_("At most this many in a row without a break"), min_value=1, max_value=20, required=False, widget=SHORT_NUMBER)
    in_total = forms.IntegerField(label=_("At most this many in all"), min_value=1, max_value=99, required=False, widget=SHORT_NUMBER)

    def __init__(self, *args: Any, mentor: MentorProfile, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(mentor, name) for name in ("per_day", "in_a_row", "in_total")}, **kwargs)

    def question(self, day: DayChoices, choice: Choice) -> forms.Field:
        can = [(ONLINE, _("I can"))] if day.day.is_online else [(HERE, _("On site")), (ONLINE, _("Online"))]
        told = (ONLINE if choice.is_online or day.day.is_online else HERE) if choice.is_told else CANNOT
        return forms.ChoiceField(label=hours(choice.slot), choices=[(CANNOT, _("I cannot")), *can], initial=told)

    def values(self) -> dict[str, Any]:
        """Return what the service takes; slots with a session stay as they are."""
        told = {choice.slot.pk: answer == ONLINE for choice, answer in self.answers() if answer != CANNOT}
        kept = {one.slot.pk: one.session.is_online for day in self.days for one in day.choices if one.session}
        return {"times": told | kept, **{name: self.cleaned_data[name] for name in ("per_day", "in_a_row", "in_total")}}


class AbsencesForm(SlotsForm):
    def question(self, day: DayChoices, choice: Choice) -> forms.Field:
        return forms.ChoiceField(label=hours(choice.slot), choices=[(CAN, _("We can")), (CANNOT, _("We cannot"))], initial=CANNOT if choice.is_told else CAN)

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"absences": [choice.slot.pk for choice, answer in self.answers() if answer == CANNOT]}
