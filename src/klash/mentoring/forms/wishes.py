"""What a team wants of the mentoring."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core.forms import LineField, revision_seen
from klash.mentoring.forms.shared import SHORT, mentor_label
from klash.mentoring.models import MentorProfile, TeamNeeds

AT_LEAST, AT_MOST = 3, 10
MOVE = "move"  # the button that was pressed: "2/up" or "2/down" changes places with the neighbour


class NeedsForm(forms.Form):
    """A line for each need, the most wanted first, with two empty ones to write in."""

    avoid = forms.CharField(
        label=_("What should the mentoring not deal with?"), max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT),
        help_text=_("For example a matter that you have settled, or one that you do not want to talk about with outsiders."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, needs: TeamNeeds) -> None:
        count = min(max(len(needs.needs) + 2, AT_LEAST, len([name for name in data or () if name.startswith("need_")])), AT_MOST)
        stored = {f"need_{place}": text for place, text in enumerate(needs.needs, 1)}
        super().__init__(_moved(data, count) if data is not None else None, initial={**stored, "avoid": needs.avoid})
        for place in range(1, count + 1):
            self.fields[f"need_{place}"] = LineField(label=_("Need %(place)s") % {"place": place}, max_length=200, required=False)
        self.seen = revision_seen(data.get("revision")) if data is not None else needs.revision

    def lines(self) -> list[Any]:
        """Return the drawn lines in order."""
        return [field for field in self if field.name.startswith("need_")]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        needs = [self.cleaned_data[field.name] for field in self.lines()]
        return {"needs": needs, "avoid": self.cleaned_data["avoid"], "revision": self.seen}


def _moved(data: Mapping[str, Any], count: int) -> dict[str, Any]:
    """Return what was sent, two neighbours changed if their button was pressed."""
    found, (place, _slash, way) = {name: data[name] for name in data}, data.get(MOVE, "").partition("/")
    one = int(place) if place.isascii() and place.isdecimal() and len(place) < 3 else 0
    other = one + (-1 if way == "up" else 1)
    if min(one, other) >= 1 and max(one, other) <= count:
        found[f"need_{one}"], found[f"need_{other}"] = data.get(f"need_{other}", ""), data.get(f"need_{one}", "")
    return found


class MentorWishesForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None = None, *, mentors: Sequence[MentorProfile], wished: Sequence[MentorProfile]) -> None:
        super().__init__(data, initial={f"wish_{rank}": mentor.code for rank, mentor in enumerate(wished, 1)})
        self.by_code = {mentor.code: mentor for mentor in mentors}
        choices = [("", _("No wish")), *((mentor.code, mentor_label(mentor)) for mentor in mentors)]
        for rank, label in enumerate((_("First wish"), _("Second wish"), _("Third wish")), 1):
            self.fields[f"wish_{rank}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        codes = [code for code in data.values() if code]
        if len(set(codes)) < len(codes):
            raise forms.ValidationError(_("The same mentor is wished twice. Choose three different ones, or leave a wish empty."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"mentors": [self.by_code[self.cleaned_data[f"wish_{rank}"]] for rank in (1, 2, 3) if self.cleaned_data[f"wish_{rank}"]]}
