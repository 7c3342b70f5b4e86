"""Reads of mentoring days."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.mentoring.models import MentoringDay, MentorTime, Session, Slot
from klash.rules.states import SessionState
from klash.teams.models import Team


def day_for(person: Any, competition: str, number: int) -> MentoringDay | None:
    """Return one day with its slots if the person may see it. Two queries."""
    seen = MentoringDay.objects.visible_to(person).select_related("competition").prefetch_related("slots")
    return seen.filter(competition__code=competition, number=number).first()


def days_of(person: Any, competition: Competition) -> list[MentoringDay]:
    """Return the days that a person may see, in order. One query.

    Each has `sessions_count`, the sessions not cancelled, and `is_told`: the person mentors and has told times of it.
    """
    standing = Count("slots__sessions", filter=~Q(slots__sessions__state=SessionState.CANCELLED))
    told = Exists(MentorTime.objects.filter(mentor__person=person, slot__day=OuterRef("pk")))
    days = MentoringDay.objects.visible_to(person).filter(competition=competition)
    return list(days.annotate(sessions_count=standing, is_told=told).order_by("on", "number"))


@dataclass(frozen=True)
class Row:
    """One slot of a day with the sessions in it that the reader may see."""

    slot: Slot
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Column:
    """One day of the timetable."""

    day: MentoringDay
    rows: tuple[Row, ...]


def timetable(person: Any, days: Sequence[MentoringDay]) -> list[Column]:
    """Return the days with their slots and the sessions in them that the person may see, cancelled ones left out. Two queries."""
    seen = Session.objects.visible_to(person).exclude(state=SessionState.CANCELLED).order_by("team__name", "pk")
    slots = Slot.objects.filter(day__in=days).order_by("starts_at")
    slots = slots.prefetch_related(Prefetch("sessions", seen.select_related("team__challenge", "mentor__person").only(*_SHOWN)))
    by_key = {day.pk: day for day in days}
    rows: dict[int, list[Row]] = {day.pk: [] for day in days}
    for slot in slots:
        slot.day = by_key[slot.day_id]
        rows[slot.day_id].append(Row(slot, tuple(slot.sessions.all())))
    return [Column(day, tuple(rows[day.pk])) for day in days]

# What a timetable shows of its sessions: without the long texts in three languages, a hundred times over.
_SHOWN = (
    "code", "state", "slot", "team__name", "team__is_invented", "team__challenge__title",
    "mentor__field", "mentor__person__name", "mentor__person__is_invented",
)


def own_sessions(columns: Sequence[Column]) -> list[Session]:
    """Return the sessions of a mentor's or a team's timetable by time; it holds no others. No query."""
    found = [session for column in columns for row in column.rows for session in row.sessions]
    return sorted(found, key=lambda session: (session.slot.starts_at, session.pk))


def teams_of(day: MentoringDay) -> list[Team]:
    """Return the admitted teams of the day's challenges, by challenge and name. One query."""
    admitted = Team.objects.told().filter(challenge__in=day.challenges.all())
    return list(admitted.select_related("challenge").order_by("challenge__number", "name", "pk"))


def challenges_of(competition: Competition) -> list[Challenge]:
    """Return the published challenges by number. One query."""
    return list(Challenge.objects.published().filter(competition=competition).order_by("number"))


def next_number(competition: Competition) -> int:
    """Return the number that the next day gets. One query."""
    last: int | None = competition.mentoring_days.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
