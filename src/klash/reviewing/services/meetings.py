"""The body's meeting: who is there, what is dealt with, what is noted; and the minutes, which are approved under their hash."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import agenda, bridge
from klash.reviewing.hashes import minutes_hash
from klash.reviewing.models import AgendaItem, Attendance, Entry, Meeting, Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import MeetingState


def start_meeting(*, actor: Any, round: Round, present: Mapping[str, bool], reasons: Mapping[str, str] | None = None, place: str = "") -> Meeting:
    """Start the meeting with its order of business; a second start finds the first.

    present: handle -> whether the member is there, for every seat that has not left the round. reasons: of absence, by handle.
    Raises Denied(NO_ROLE; NOT_OPEN_YET before the round has opened), Refused(WRONG_STATE) once the body's report is signed,
    Refused(INCOMPLETE) where somebody's presence is not told, nobody is there or there is no entry.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        found = agenda.meeting_of(round)
        meeting = found or Meeting(round=round, place=place.strip()[:200], started_at=clock.now())
        access.ensure(actor, Permission.WRITE_MINUTES if found else Permission.HOLD_MEETING, meeting)
        if found:
            return found
        if agenda.is_over(round):
            raise Refused(Reason.WRONG_STATE, "the report is signed")
        seats = {seat.handle: seat for seat in round.seats.using(using).filter(is_absent=False)}
        codes = bridge.order_of_business(round, [handle for handle, is_there in present.items() if is_there])
        if set(present) != set(seats) or not any(present.values()) or not codes:
            raise Refused(Reason.INCOMPLETE, "the meeting needs an entry, somebody present, and every member's presence")
        meeting.save(using=using)
        Attendance.objects.using(using).bulk_create([
            Attendance(meeting=meeting, seat=seats[handle], is_present=is_there, reason=(reasons or {}).get(handle, "").strip()[:300] * (not is_there))
            for handle, is_there in sorted(present.items())
        ])
        entries = {entry.code: entry for entry in round.entries.using(using).defer("sections")}
        AgendaItem.objects.using(using).bulk_create([AgendaItem(meeting=meeting, entry=entries[code], position=n) for n, code in enumerate(codes, 1)])
        _record("meeting.started", actor, meeting, {"present": sum(present.values()), "of": len(seats), "entries": len(codes)})
        _deal_with(actor, meeting, 1)
    return meeting


def turn_to(*, actor: Any, meeting: Meeting, position: int) -> Meeting:
    """Take the entry at this position of the agenda in turn. Raises Denied(NO_ROLE, FROZEN) or Refused(INCOMPLETE) for a position that is not there."""
    with transaction.atomic(using=alias()):
        workflow.lock(meeting)
        access.ensure(actor, Permission.HOLD_MEETING, meeting)
        if not AgendaItem.objects.using(alias()).filter(meeting=meeting, position=position).exists():
            raise Refused(Reason.INCOMPLETE, f"the agenda has no position {position}")
        if position != meeting.turn:
            meeting.came_from = meeting.turn
            _deal_with(actor, meeting, position)
    return meeting


def mark_presence(*, actor: Any, meeting: Meeting, handle: str, is_present: bool, reason: str = "") -> Attendance:
    """Record that a member came later or left, and at which matter; who comes while a matter that bars them is in turn stands as outside for it.

    reason: why the member leaves. The one of an absence that ends is kept in the log.
    Raises Denied(NO_ROLE, FROZEN) or Refused(INCOMPLETE) for a handle that is not of the meeting.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(meeting)
        access.ensure(actor, Permission.HOLD_MEETING, meeting)
        row = Attendance.objects.using(using).filter(meeting=meeting, seat__handle=handle).first()
        if row is None:
            raise Refused(Reason.INCOMPLETE, "no such member")
        if row.is_present != is_present:
            why = row.reason if is_present else reason.strip()[:300]
            row.is_present, row.reason = is_present, "" if is_present else why
            row.save(using=using, update_fields=["is_present", "reason"])
            _record("meeting.presence", actor, meeting, {"seat": handle, "is_present": is_present, "position": meeting.turn, "reason": why})
            _keep_outside(meeting)
    return row


def write_note(*, actor: Any, meeting: Meeting, entry: Entry, text: str, revision: int | None = None) -> AgendaItem:
    """Write the note on an entry, until the minutes are approved; equal text changes nothing.

    revision: the one that the writer saw. Raises Denied(NO_ROLE, FROZEN) or Refused(TEXT_CHANGED, INCOMPLETE). The log never holds the text.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(meeting)
        access.ensure(actor, Permission.WRITE_MINUTES, meeting)
        item = AgendaItem.objects.using(using).filter(meeting=meeting, entry=entry).first()
        if item is None:
            raise Refused(Reason.INCOMPLETE, "not on the agenda")
        if text.strip() != item.note:
            if revision is not None and revision != item.revision:
                raise Refused(Reason.TEXT_CHANGED)
            item.note, item.revision = text.strip(), item.revision + 1
            item.save(using=using, update_fields=["note", "revision"])
            _record("meeting.noted", actor, meeting, {"position": item.position, "revision": item.revision})
    return item


def end_meeting(*, actor: Any, meeting: Meeting) -> Meeting:
    """End the meeting; it can be resumed, and its notes and the addition written, until the minutes are approved. Raises Denied or IllegalMove."""
    return workflow.move(meeting, to=MeetingState.ENDED, actor=actor, save={"ended_at": clock.now()})


def resume_meeting(*, actor: Any, meeting: Meeting, reason: str) -> Meeting:
    """Take a meeting that was ended up again, where it was; its minutes tell when it ended, when it went on and why.

    Raises Denied(NO_ROLE), IllegalMove unless it has ended, Refused(NO_REASON_GIVEN), Refused(WRONG_STATE) once the body's report is signed.
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if agenda.is_over(meeting.round):
        raise Refused(Reason.WRONG_STATE, "the report is signed")
    return workflow.move(meeting, to=MeetingState.RUNNING, actor=actor, save={"ended_at": None}, body={"reason": reason.strip()[:300]})


def add_to_minutes(*, actor: Any, meeting: Meeting, text: str) -> Meeting:
    """Write the secretary's addition to the minutes. Raises Denied(NO_ROLE, FROZEN)."""
    with transaction.atomic(using=alias()):
        workflow.lock(meeting)
        access.ensure(actor, Permission.WRITE_MINUTES, meeting)
        if text.strip() != meeting.addition:
            meeting.addition = text.strip()
            meeting.save(using=alias(), update_fields=["addition"])
            _record("meeting.added", actor, meeting)
    return meeting


def approve_minutes(
    *, actor: Any, meeting: Meeting, seen: str, decisions: Mapping[str, agenda.Decision] | None = None, fewer_reason: str = "", quota: int = 0
) -> Meeting:
    """Approve the minutes as they stand; from here they stay as they are, under their hash in the log.

    seen: the hash of the minutes that the actor read. decisions: by entry code, from who decides on them.
    Raises Denied(NO_ROLE), IllegalMove before the end and after the approval, Refused(PAGE_CHANGED) if they are not what was read.
    """
    with transaction.atomic(using=alias()):
        workflow.lock(meeting)
        minutes = agenda.minutes_of(agenda.agenda(meeting), decisions or {}, fewer_reason=fewer_reason, quota=quota)
        if minutes_hash(minutes) != seen:
            raise Refused(Reason.PAGE_CHANGED)
        columns = {"minutes": minutes, "hash": seen, "approved_at": clock.now()}
        return workflow.move(meeting, to=MeetingState.APPROVED, actor=actor, save=columns, body={"hash": seen})


def _deal_with(actor: Any, meeting: Meeting, position: int) -> None:
    """Take an entry in turn and keep who is outside for it."""
    meeting.turn = position
    meeting.save(using=alias(), update_fields=["turn", "came_from"])
    outside = _keep_outside(meeting)
    _record("meeting.turned", actor, meeting, {"position": position, "outside": len(outside)})


def _keep_outside(meeting: Meeting) -> set[str]:
    """Keep with the entry in turn who is outside for it, beside those who were before; return who is now."""
    using = alias()
    item = AgendaItem.objects.using(using).select_related("entry").defer("entry__sections").get(meeting=meeting, position=meeting.turn)
    outside = set(agenda.outside(meeting.round).get(item.entry.code, frozenset()) & agenda.present_at(meeting))
    item.left = sorted(outside | set(item.left or ()))
    item.save(using=using, update_fields=["left"])
    return outside


def _record(what: str, actor: Any, meeting: Meeting, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=meeting.chain, thing=f"meeting/{meeting.code}", body=body, using=alias())
