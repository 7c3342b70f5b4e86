"""Reads of a body's meeting. Whoever is in conflict with the entry in turn learns nothing of it here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import F, Q, Subquery, Value

from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.reviewing import selectors
from klash.reviewing.models import AgendaItem, Attendance, Conflict, ConflictKind, Entry, Meeting, Review, Round, Seat
from klash.rules.states import MeetingState, ReportState, ReviewState


def outside(round_: Round) -> dict[str, frozenset[str]]:
    """Return for each entry the handles of those who may not be in the room, by entry code. One query.

    In a blind round a conflict has taken the member out of the whole round, so nobody needs to leave. Lack of competence is no conflict.
    """
    if round_.is_blind:
        return {}
    of_round, columns = Q(seat__round=round_), ("entry__code", "seat__handle", "why")
    conflicts = Conflict.objects.using(alias()).filter(of_round).annotate(why=F("kind")).values_list(*columns)
    recused = Review.objects.using(alias()).filter(of_round, state=ReviewState.RECUSED).annotate(why=Value("")).values_list(*columns)
    kinds: dict[tuple[str, str], set[str]] = {}
    for code, handle, kind in conflicts.union(recused):
        kinds.setdefault((code, handle), set()).add(kind)
    found: dict[str, set[str]] = {}
    for (code, handle), of_pair in kinds.items():
        if ConflictKind.COMPETENCE not in of_pair:
            found.setdefault(code, set()).add(handle)
    return {code: frozenset(handles) for code, handles in found.items()}


def must_leave(seat: Seat, entry: Entry) -> bool:
    """Return whether the member may not be in the room while the entry is dealt with. One query."""
    return seat.handle in outside(seat.round).get(entry.code, frozenset())


def meeting_of(round_: Round) -> Meeting | None:
    """Return the round's meeting, if it has begun. One query, none where it came with the round."""
    if Round.meeting.is_cached(round_):
        return getattr(round_, "meeting", None)
    return Meeting.objects.using(alias()).filter(round=round_).select_related("round").first()


def is_over(round_: Round) -> bool:
    """Return whether the body's report is signed, so that there is nothing left to meet about. One query."""
    report = selectors.report_of(round_)
    return report is not None and report.state == ReportState.SIGNED


def present_at(meeting: Meeting) -> frozenset[str]:
    """Return the handles of those who are at the meeting. One query."""
    return frozenset(Attendance.objects.using(alias()).filter(meeting=meeting, is_present=True).values_list("seat__handle", flat=True))


@dataclass(frozen=True)
class Turn:
    """What a member sees of the meeting. entry: None for one in conflict, who is told only that a matter is being dealt with."""

    is_running: bool
    is_present: bool = False
    entry: Entry | None = None
    number: int = 0
    count: int = 0
    points: Fraction | None = None
    place: int = 0

    @property
    def is_hidden(self) -> bool:
        return self.is_running and self.is_present and self.entry is None


def turn_for(seat: Seat) -> Turn:
    """Return what the member may see of the entry in turn. Five queries at most."""
    meeting = meeting_of(seat.round)
    if meeting is None or meeting.state != MeetingState.RUNNING:
        return Turn(False)
    if not Attendance.objects.using(alias()).filter(meeting=meeting, seat=seat, is_present=True).exists():
        return Turn(True)
    item = AgendaItem.objects.using(alias()).select_related("entry").get(meeting=meeting, position=meeting.turn)
    if must_leave(seat, item.entry):
        return Turn(True, True)
    count = AgendaItem.objects.using(alias()).filter(meeting=meeting).count()
    return Turn(True, True, item.entry, item.position, count, *_result(item.entry))


@dataclass(frozen=True)
class Item:
    """A matter on the agenda. out: handles of those present who must leave; left: of those who did, None before it was dealt with."""

    code: str
    position: int
    title: str
    language: str
    author: str
    note: str
    revision: int
    out: frozenset[str]
    left: tuple[str, ...] | None
    points: Fraction | None
    place: int


@dataclass(frozen=True)
class Agenda:
    """A meeting as its host sees it. present: handles; absent: handle -> reason; gone: handles of those who have left the round as a whole.
    chairs: handles of whoever is the round's chair.

    items: in order, all of them or those that were asked for; count: of all.
    """

    meeting: Meeting
    items: tuple[Item, ...]
    count: int
    present: frozenset[str]
    absent: dict[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    chairs: frozenset[str] = frozenset()

    @property
    def handles(self) -> frozenset[str]:
        return self.present | self.gone | frozenset(self.absent)

    def at(self, position: int) -> Item:
        return next(item for item in self.items if item.position == position)

    @property
    def turn(self) -> Item:
        return self.at(self.meeting.turn)

    @property
    def before(self) -> frozenset[str]:
        return self.at(self.meeting.came_from).out if self.meeting.came_from else frozenset()

    @property
    def going_out(self) -> frozenset[str]:
        return self.turn.out - self.before

    @property
    def coming_back(self) -> frozenset[str]:
        return self.before - self.turn.out

    @property
    def has_quorum(self) -> bool:
        return 2 * len(self.present) > len(self.present) + len(self.absent)


def agenda(meeting: Meeting, positions: Iterable[int] | None = None) -> Agenda:
    """Return the meeting with its matters, in order: all of them, or those at some positions, in turn and just before. Three queries at most."""
    using, round_ = alias(), meeting.round
    columns = ("handle", "is_chair", "is_absent", "attendance__is_present", "attendance__reason")
    rows = list(round_.seats.using(using).order_by("handle").values_list(*columns))
    present = frozenset(handle for handle, *_, is_present, _ in rows if is_present)
    out = outside(round_)
    on_agenda = AgendaItem.objects.using(using).filter(meeting=meeting)
    asked = on_agenda if positions is None else on_agenda.filter(position__in={*positions, meeting.turn, meeting.came_from or meeting.turn})
    last = on_agenda.order_by("-position").values("position")[:1]
    rows_asked = list(asked.select_related("entry").defer("entry__sections").annotate(last=Subquery(last)))
    items = tuple(
        Item(
            row.entry.code, row.position, row.entry.title, row.entry.language, row.entry.author, row.note, row.revision,
            out.get(row.entry.code, frozenset()) & present, None if row.left is None else tuple(row.left), *_result(row.entry),
        )
        for row in rows_asked
    )
    count = rows_asked[0].last if rows_asked else 0
    absent = {handle: reason for handle, *_, is_present, reason in rows if is_present is False}
    gone = frozenset(handle for handle, _, has_left, *_ in rows if has_left)
    return Agenda(meeting, items, count, present, absent, gone, frozenset(handle for handle, is_chair, *_ in rows if is_chair))


def _result(entry: Entry) -> tuple[Fraction | None, int]:
    """Return an entry's points and place, which it has once the round is complete."""
    return (Fraction(entry.value), entry.place) if entry.place is not None else (None, 0)


@dataclass(frozen=True)
class Decision:
    """What was decided on an entry, as the minutes tell it. is_taken: None where the body only ranks."""

    is_taken: bool | None
    reason: str


def minutes_of(found: Agenda, decisions: Mapping[str, Decision], *, fewer_reason: str = "", quota: int = 0) -> dict[str, Any]:
    """Return the minutes as they stand: texts as they were written, people as handles, points as fractions. Five queries at most.

    present: whoever was there for at least a part of the meeting; movements tell of those who came later or left, breaks when it was ended and resumed.
    """
    meeting, round_ = found.meeting, found.meeting.round
    none, logged = Decision(None, ""), _logged(meeting)
    movements = _movements(logged)
    moved = {row["seat"] for row in movements}
    return {
        "round": round_.code, "title": round_.title, "competition": round_.competition_name, "place": meeting.place,
        "started_at": meeting.started_at.isoformat(), "ended_at": meeting.ended_at.isoformat() if meeting.ended_at else None,
        "present": sorted(found.present | moved), "movements": movements, "breaks": _breaks(logged),
        "absent": {**_recorded_absences(round_, found.gone - moved), **{handle: why for handle, why in found.absent.items() if handle not in moved}},
        "method": round_.method,
        "criteria": [{"name": row.name, "weight": row.weight, "is_required": row.is_required} for row in selectors.criteria_of(round_)],
        "items": [
            {
                "entry": row.code, "title": row.title, "author": row.author, "note": row.note, "left": list(row.left or ()), "is_dealt": row.left is not None,
                "points": f"{row.points.numerator}/{row.points.denominator}" if row.points is not None else None, "place": row.place,
                "is_taken": decisions.get(row.code, none).is_taken, "reason": decisions.get(row.code, none).reason,
            }
            for row in found.items
        ],
        "fewer_reason": fewer_reason, "quota": quota, "firmness": selectors.firmness_for_the_minutes(round_), "addition": meeting.addition,
    }


def _logged(meeting: Meeting) -> list[AuditEvent]:
    """Return what the log tells of comings and goings, ends and resumptions, in order. One query."""
    kinds = ("meeting.presence", "meeting.ended", "meeting.running")
    events = AuditEvent.objects.using(alias()).filter(chain__competition=meeting.chain, what__in=kinds, thing=f"meeting/{meeting.code}")
    return list(events.order_by("number"))


def _movements(logged: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Return who came and who left while the meeting ran: seat, at, is_present, position of the matter in turn, and why the member was absent or left."""
    moves = (event for event in logged if event.what == "meeting.presence")
    return [{"at": event.at.isoformat(), **event.body} for event in moves if event.body and "position" in event.body]


def _breaks(logged: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Return when the meeting was ended, when it was resumed, and why."""
    turns = [event for event in logged if event.what != "meeting.presence"]
    return [
        {"ended_at": end.at.isoformat(), "resumed_at": again.at.isoformat(), "reason": (again.body or {}).get("reason", "")}
        for end, again in zip(turns[::2], turns[1::2], strict=False)
    ]


def _recorded_absences(round_: Round, gone: Iterable[str]) -> dict[str, str]:
    """Return the seats that were recorded absent from the round, with the reason that the log keeps. One query, none without any."""
    things = {f"seat/{handle}": handle for handle in gone}
    events = AuditEvent.objects.using(alias()).filter(chain__competition=round_.chain, what__in=("seat.absent", "seat.recused"), thing__in=things)
    return {things[event.thing]: (event.body or {}).get("reason", "") for event in events.order_by("number")}


def moment(text: str | None) -> datetime | None:
    """Return an instant of the minutes, which keep it as text."""
    return datetime.fromisoformat(text) if text else None
