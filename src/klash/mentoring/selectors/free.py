"""The slots that are left once the timetable is published, and what keeps a team from booking one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef

from klash.mentoring.models import JointSession, MentorProfile, MentorTime, PairRule, Plan, PlanRules, Room, Session, Slot, TeamAbsence
from klash.rules.reasons import Reason
from klash.rules.states import PlanState, SessionState
from klash.teams.models import Team


@dataclass(frozen=True)
class Free:
    """A mentor who could meet the team in a slot. hindrance: the rule that does not allow it, None if the team may book."""

    slot: Slot
    mentor: MentorProfile
    is_online: bool
    room: Room | None
    hindrance: Reason | None


@dataclass
class Vacancies:
    """All that decides what a team may book, read at once.

    slots: all of the competition, each with `is_shut`: the team is absent or all do something together. places: of a slot in its day, from 0.
    times: of the mentors whom the team may meet, on the days of its challenge; not those at which they are in another competition.
    sessions: those that stand.
    """

    team: Team
    rules: PlanRules
    is_published: bool
    slots: dict[int, Any]
    places: dict[int, int] = field(default_factory=dict)
    times: list[MentorTime] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    rooms: dict[int, list[Room]] = field(default_factory=dict)

    def free(self, now: datetime) -> Iterator[Free]:
        """Yield what is left from now on, by time and mentor; what somebody else has in the meantime is left out, what a rule hinders is told."""
        for time in self.times:
            slot = self.slots[time.slot_id]
            if self.is_published and slot.starts_at > now and self._is_left(slot, time.mentor):
                yield Free(slot, time.mentor, time.is_online, self._room(slot), self._hindrance(slot, time.mentor))

    @cached_property
    def _of_team(self) -> list[Session]:
        return [row for row in self.sessions if row.team_id == self.team.pk]

    @cached_property
    def _of_mentor(self) -> dict[int, list[Session]]:
        return _gathered(self.sessions, attrgetter("mentor_id"))

    @cached_property
    def _in_slot(self) -> dict[int, list[Session]]:
        return _gathered(self.sessions, attrgetter("slot_id"))

    def is_engaged(self, slot: Slot) -> bool:
        """Return whether the team itself has a session at that time."""
        return any(_meet(row.slot, slot) for row in self._of_team)

    def _is_left(self, slot: Any, mentor: MentorProfile) -> bool:
        is_busy = any(_meet(row.slot, slot) for row in self._of_mentor.get(mentor.pk, ()))
        is_crowded = slot.day_id in self.rooms and self._room(slot) is None
        return not (slot.is_shut or is_busy or is_crowded or self.is_engaged(slot))

    def _room(self, slot: Slot) -> Room | None:
        taken = {row.room_id for row in self._in_slot.get(slot.pk, ())}
        return next((room for room in self.rooms.get(slot.day_id, []) if room.pk not in taken), None)

    def _hindrance(self, slot: Slot, mentor: MentorProfile) -> Reason | None:
        team, rules, place = self.team.pk, self.rules, self.places[slot.pk]
        own = [self.places[row.slot_id] for row in self._of_team if row.slot.day_id == slot.day_id]
        theirs = self._of_mentor.get(mentor.pk, [])
        on_day = {self.places[row.slot_id] for row in theirs if row.slot.day_id == slot.day_id}
        if any(row.team_id == team for row in theirs):
            return Reason.MEETS_ALREADY
        if len(own) >= rules.team_per_day:
            return Reason.TEAM_DAY_FULL
        if any(abs(other - place) <= rules.team_gap for other in own):
            return Reason.TEAM_NEEDS_BREAK
        if len(on_day) >= _least(mentor.per_day, rules.mentor_per_day) or len(theirs) >= _least(mentor.in_total, rules.mentor_total):
            return Reason.MENTOR_FULL
        return Reason.MENTOR_NEEDS_BREAK if _run(on_day, place) > _least(mentor.in_a_row, rules.mentor_run) else None


def _gathered(rows: Iterable[Session], key: Callable[[Session], int]) -> dict[int, list[Session]]:
    found: dict[int, list[Session]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _least(own: int | None, rule: int) -> int:
    return rule if own is None else min(own, rule)


def _meet(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _run(places: set[int], place: int) -> int:
    """Return how many in a row there are with this one."""
    first, last = place, place
    while first - 1 in places:
        first -= 1
    while last + 1 in places:
        last += 1
    return last - first + 1


def vacancies_for(team: Team, rules: PlanRules) -> Vacancies:
    """Read what decides what the team may book. Four queries."""
    competition = team.challenge.competition
    absent = TeamAbsence.objects.filter(team=team, slot=OuterRef("pk"))
    joint = JointSession.objects.filter(day=OuterRef("day"), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    published = Plan.objects.filter(competition=competition, state=PlanState.PUBLISHED)
    slots = Slot.objects.filter(day__competition=competition).select_related("day").order_by("starts_at", "pk")
    rows = {slot.pk: slot for slot in slots.annotate(is_shut=Exists(absent) | Exists(joint), is_published=Exists(published))}
    found = Vacancies(team, rules, any(slot.is_published for slot in rows.values()), rows)
    days: dict[int, int] = {}
    for slot in found.slots.values():
        found.places[slot.pk] = days[slot.day_id] = days.get(slot.day_id, -1) + 1
    barred = PairRule.objects.filter(team=team, kind=PairRule.Kind.MUST_NOT).values("mentor")
    elsewhere = Session.objects.exclude(state=SessionState.CANCELLED).exclude(slot__day__competition=competition).filter(
        mentor__person=OuterRef("mentor__person"), slot__starts_at__lt=OuterRef("slot__ends_at"), slot__ends_at__gt=OuterRef("slot__starts_at")
    )
    times = MentorTime.objects.filter(~Exists(elsewhere), slot__day__in=team.challenge.mentoring_days.all(), mentor__competition=competition)
    times = times.exclude(mentor__in=barred)
    found.times = list(times.select_related("mentor__person").order_by("slot__starts_at", "mentor__person__name", "pk"))
    standing = Session.objects.filter(slot__day__competition=competition).exclude(state=SessionState.CANCELLED)
    found.sessions = list(standing.only("team", "mentor", "slot", "room"))
    for session in found.sessions:
        session.slot = found.slots[session.slot_id]
    for room in Room.objects.filter(day__competition=competition).order_by("number"):
        found.rooms.setdefault(room.day_id, []).append(room)
    return found
