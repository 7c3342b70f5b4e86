"""Reads of a mentoring day as it goes: who is where, when each session begins, who is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from klash.core import clock, show
from klash.mentoring.models import JointSession, MentoringDay, Session
from klash.rules.lateness import Sitting, expected
from klash.rules.states import SessionState


class When(StrEnum):
    """Where a session stands at one moment of its day."""

    HELD = "held"
    MISSED = "missed"
    UNMARKED = "unmarked"  # its time is over, and nobody has told how it went
    NOW = "now"
    NEXT = "next"  # the mentor's next one
    COMING = "coming"


@dataclass(frozen=True)
class Line:
    """One session of the day. begins_at: as things stand; late: by how much that is later than planned."""

    session: Session
    begins_at: datetime
    when: When

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + (self.session.slot.ends_at - self.session.slot.starts_at)

    @property
    def minutes_late(self) -> int:
        return int((self.begins_at - self.session.slot.starts_at) / timedelta(minutes=1))


@dataclass(frozen=True)
class Presence:
    """Of those who have a session on the day: how many have checked in, and who has not and is still expected."""

    here: int
    expected: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    lines: tuple[Line, ...]
    joint: tuple[JointSession, ...]
    mentors: Presence
    teams: Presence

    def at(self, *when: When) -> list[Line]:
        return [line for line in self.lines if line.when in when]

    @property
    def now(self) -> list[Line]:
        return self.at(When.NOW)

    @property
    def next(self) -> list[Line]:
        return self.at(When.NEXT)


def board(day: MentoringDay, now: datetime) -> Board:
    """Return a day as it goes at `now`, by the times at which its sessions begin. Two queries."""
    sessions = Session.objects.filter(slot__day=day).exclude(state=SessionState.CANCELLED)
    rows = list(sessions.select_related("slot", "room", "team", "mentor__person").order_by("slot__starts_at", "team__name", "pk"))
    begins = _begins(rows)
    lines = sorted((_line(row, begins.get(row.pk, row.slot.starts_at), now) for row in rows), key=lambda line: line.begins_at)
    seen: set[int] = set()
    for place, line in enumerate(lines):
        if line.when is When.COMING and line.session.mentor_id not in seen:
            seen.add(line.session.mentor_id)
            lines[place] = Line(line.session, line.begins_at, When.NEXT)
    return Board(
        tuple(lines), tuple(day.joint_sessions.all()),
        _presence(lines, lambda row: (row.mentor_id, row.mentor.person.name, row.mentor_here_at)),
        _presence(lines, lambda row: (row.team_id, row.team.name, row.team_here_at)),
    )


def day_to_check_in(person: Any, competition: str, code: str) -> MentoringDay | None:
    """Return the day of a check-in code, however it was typed, if the person may see it. One query."""
    seen = MentoringDay.objects.visible_to(person).select_related("competition")
    return seen.filter(competition__code=competition, check_in_code="".join(code.split()).lower()).first()


def begins_at(session: Session) -> datetime:
    """Return when a session begins as its day goes; on another day, as planned. One query on its day."""
    if session.slot.starts_at.astimezone(show.ZONE).date() != clock.now().astimezone(show.ZONE).date():
        return session.slot.starts_at
    return _begins(Session.objects.filter(slot__day=session.slot.day_id).select_related("slot")).get(session.pk, session.slot.starts_at)


def own_lines(person: Any, day: MentoringDay) -> list[Line]:
    """Return a person's own sessions of a day as it goes. Three queries."""
    own = {row.pk: row for row in Session.objects.visible_to(person).filter(slot__day=day).prefetch_related("team__memberships").select_related("mentor")}
    return [line for line in board(day, clock.now()).lines if line.session.pk in own and own[line.session.pk].side_of(person)]


def _begins(sessions: Iterable[Session]) -> dict[Any, datetime]:
    return expected([
        Sitting(row.pk, row.slot.starts_at, row.slot.ends_at, _holds(row), timedelta(minutes=row.minutes_late))
        for row in sessions if row.state in (SessionState.PLANNED, SessionState.HELD)
    ])


def _holds(row: Session) -> frozenset[Any]:
    return frozenset({("mentor", row.mentor_id), ("team", row.team_id), *([("room", row.room_id)] if row.room_id else [])})


def _line(row: Session, begins: datetime, now: datetime) -> Line:
    ends = begins + (row.slot.ends_at - row.slot.starts_at)
    if row.state == SessionState.MISSED:
        when = When.MISSED
    elif now < begins:
        when = When.COMING
    elif now < ends:
        when = When.NOW
    else:
        when = When.HELD if row.state == SessionState.HELD else When.UNMARKED
    return Line(row, begins, when)


def _presence(lines: Sequence[Line], who: Any) -> Presence:
    names: dict[int, str] = {}
    here: set[int] = set()
    awaited: set[int] = set()
    for line in lines:
        key, name, at = who(line.session)
        names[key] = name
        if at is not None or line.when is When.HELD:
            here.add(key)
        if line.when in (When.NOW, When.NEXT, When.COMING):
            awaited.add(key)
    return Presence(len(here), len(names), tuple(sorted(names[key] for key in awaited - here)))
