"""What people type about mentoring days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.challenges.models import Challenge
from klash.core import show
from klash.mentoring.forms.links import LinkField, check_link
from klash.mentoring.forms.shared import in_language, text_of
from klash.mentoring.models import JointSession, MentoringDay
from klash.mentoring.services import JointWords

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DayForm(forms.Form):
    """A day and how it is cut. has: the day that is changed; its slots stay as they are unless one of the fields that cut them changes."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=999)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.CharField(label=_("Place"), max_length=120, help_text=_("A day that is held online gets its links with the rooms below."))
    is_online = forms.BooleanField(label=_("The day is held online"), required=False)
    topic_fi = forms.CharField(label=_("Topic in Finnish"), max_length=200, required=False)
    topic_sv = forms.CharField(label=_("Topic in Swedish"), max_length=200, required=False)
    challenges = forms.MultipleChoiceField(
        label=_("Challenges"), widget=forms.CheckboxSelectMultiple, help_text=_("The admitted teams of these challenges meet mentors on the day.")
    )
    starts = forms.TimeField(label=_("First session begins"), widget=CLOCK)
    ends = forms.TimeField(label=_("Last session ends by"), widget=CLOCK)
    slot_minutes = forms.IntegerField(label=_("Length of a session in minutes"), min_value=10, max_value=480, initial=30)
    break_minutes = forms.IntegerField(label=_("Break between sessions in minutes"), min_value=0, max_value=240, initial=5)
    pause_starts = forms.TimeField(label=_("Lunch begins"), widget=CLOCK, required=False, help_text=_("No session is planned during lunch."))
    pause_ends = forms.TimeField(label=_("Lunch ends"), widget=CLOCK, required=False)
    rooms = forms.CharField(
        label=_("Rooms"), required=False, max_length=20000, widget=forms.Textarea({"rows": 5}),
        help_text=_("One room a line, the link of an online meeting after its name: “Room 1 https://…”. In each room one session is held at a time. "
                    "Without any rooms there is room for all."),
    )

    def __init__(self, *args: Any, challenges: Sequence[Challenge], has: MentoringDay | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has, self.by_code = has, {challenge.code: challenge for challenge in challenges}
        self.fields["challenges"].choices = [(c.code, in_language(c.title)) for c in challenges]  # type: ignore[attr-defined]

    def clean_rooms(self) -> list[tuple[str, str]]:
        rooms = [_room(line) for line in self.cleaned_data["rooms"].splitlines() if line.strip()]
        if len({name for name, _link in rooms}) < len(rooms):
            raise forms.ValidationError(_("Two rooms have the same name. Give each a name of its own."))
        return rooms

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("pause_starts")) != bool(data.get("pause_ends")):
            self.add_error("pause_ends", _("Give both the beginning and the end of lunch, or neither."))
        if self.has and not CUTTING & set(self.changed_data):
            data["slots"] = [(slot.starts_at, slot.ends_at) for slot in self.has.slots.all()]
        elif set(data) >= CUTTING:
            pause = data["pause_starts"], data["pause_ends"]
            data["slots"] = cut(data["on"], data["starts"], data["ends"], data["slot_minutes"], data["break_minutes"], pause)
            if not data["slots"]:
                self.add_error("ends", _("No session fits between these times. Choose a later end or a shorter session."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the services take; the number is for a new day alone."""
        data = self.cleaned_data
        return {name: data[name] for name in ("on", "place", "is_online", "slots", "rooms")} | {
            "topic": text_of(data, "topic"), "challenges": [self.by_code[code] for code in data["challenges"]],
        }


CUTTING = {"on", "starts", "ends", "slot_minutes", "break_minutes", "pause_starts", "pause_ends"}


def _room(line: str) -> tuple[str, str]:
    """Return the name and the link of a room's line."""
    words = line.split()
    link = words.pop() if "://" in words[-1] else ""
    name = " ".join(words)
    if link:
        check_link(link)
    if not name:
        raise forms.ValidationError(_("Write the room’s name before its link."))
    if len(name) > 80:
        raise forms.ValidationError(_("A room’s name is at most 80 characters long."))
    return name, link


def cut(
    on: date, starts: time, ends: time, slot_minutes: int, break_minutes: int, pause: tuple[time | None, time | None] = (None, None),
) -> list[tuple[datetime, datetime]]:
    """Cut a day into slots of equal length with breaks between them and none in the pause, in the time of Helsinki."""
    length, step = timedelta(minutes=slot_minutes), timedelta(minutes=slot_minutes + break_minutes)
    at, end = datetime.combine(on, starts, show.ZONE), datetime.combine(on, ends, show.ZONE)
    rest = [datetime.combine(on, moment, show.ZONE) for moment in pause if moment is not None]
    slots = []
    while at + length <= end:
        if len(rest) == 2 and at < rest[1] and at + length > rest[0]:
            at = rest[1]
            continue
        slots.append((at, at + length))
        at += step
    return slots


def day_fields(day: MentoringDay) -> dict[str, Any]:
    """Return a day as the form began with it, the longest break as lunch. It needs the day's slots, rooms and challenges."""
    slots = [(slot.starts_at.astimezone(show.ZONE), slot.ends_at.astimezone(show.ZONE)) for slot in day.slots.all()]
    breaks = [(other[0] - one[1], one[1], other[0]) for one, other in pairwise(slots)]
    shortest, longest = min(breaks, default=None), max(breaks, default=None)
    pause = longest if longest and shortest and longest[0] > shortest[0] else None
    return {
        "number": day.number, "on": day.on, "place": day.place, "is_online": day.is_online,
        "topic_fi": day.topic.get("fi", ""), "topic_sv": day.topic.get("sv", ""),
        "challenges": [challenge.code for challenge in day.challenges.all()], "starts": slots[0][0].time(), "ends": slots[-1][1].time(),
        "slot_minutes": (slots[0][1] - slots[0][0]) // MINUTE, "break_minutes": shortest[0] // MINUTE if shortest else 5,
        "pause_starts": pause[1].time() if pause else None, "pause_ends": pause[2].time() if pause else None,
        "rooms": "\n".join(f"{room.name} {room.link}".strip() for room in day.rooms.all()),
    }


MINUTE = timedelta(minutes=1)


class JointForm(forms.Form):
    """A joint session of one day. day: when it is."""

    title_fi = forms.CharField(label=_("Title in Finnish"), max_length=200)
    title_sv = forms.CharField(label=_("Title in Swedish"), max_length=200, required=False)
    starts = forms.TimeField(label=_("Begins"), widget=CLOCK)
    ends = forms.TimeField(label=_("Ends"), widget=CLOCK)
    where = forms.CharField(label=_("Where it is"), max_length=120, required=False)
    link = LinkField(label=_("Link of the online meeting"), required=False)

    def __init__(self, *args: Any, day: MentoringDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if {"starts", "ends"} <= set(data) and data["starts"] >= data["ends"]:
            self.add_error("ends", _("The end must be later than the beginning."))
        return data

    def values(self) -> JointWords:
        """Return what the services take."""
        data = self.cleaned_data
        begin, end = (datetime.combine(self.day.on, data[name], show.ZONE) for name in ("starts", "ends"))
        return JointWords(begin, end, text_of(data, "title"), data["where"], data["link"])


def joint_fields(joint: JointSession) -> dict[str, Any]:
    """Return a joint session as the form began with it."""
    return {
        "title_fi": joint.title.get("fi", ""), "title_sv": joint.title.get("sv", ""), "where": joint.where, "link": joint.link,
        "starts": joint.starts_at.astimezone(show.ZONE).time(), "ends": joint.ends_at.astimezone(show.ZONE).time(),
    }
