"""Mentoring days: their slots, rooms and joint sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import access, audit, clock, show
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.mentoring.models import JointSession, MentoringDay, PlannedMeeting, Room, Session, Slot
from klash.mentoring.selectors import files_for
from klash.mentoring.services.planning_desk import lock_desk
from klash.mentoring.services.sessions import concerned
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import PlanState, SessionState

Span = tuple[datetime, datetime]
RoomWords = tuple[str, str]  # name and link, "" for none
APART = 1000  # more than a day has rooms


@dataclass(frozen=True)
class JointWords:
    """A joint session as it is written down."""

    starts_at: datetime
    ends_at: datetime
    title: Text
    where: str = ""
    link: str = ""


@transaction.atomic
def add_day(
    *, actor: Any, competition: Competition, number: int, on: date, place: str, topic: Text, challenges: Sequence[Challenge],
    slots: Sequence[Span], is_online: bool = False, rooms: Sequence[RoomWords] = (),
) -> MentoringDay:
    """Add a mentoring day with its slots for the teams of the challenges.

    slots: (starts_at, ends_at), in order, not overlapping. rooms: (name, link), each name once; without any there is room for all.
    Raises Denied, Refused(WRONG_STATE) if the competition has a day of this number, ValueError on slots out of order.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    _check_order(slots)
    lock_desk(competition)
    try:
        with transaction.atomic():
            day = MentoringDay.objects.create(competition=competition, number=number, on=on, place=place, topic=topic, is_online=is_online)
    except IntegrityError:
        raise Refused(Reason.WRONG_STATE) from None
    day.challenges.set(challenges)
    Slot.objects.bulk_create(Slot(day=day, starts_at=start, ends_at=end) for start, end in slots)
    Room.objects.bulk_create(Room(day=day, number=place, name=name, link=link) for place, (name, link) in enumerate(rooms, 1))
    _record("added", actor, day, {"on": on.isoformat(), "slots": len(slots), "rooms": len(rooms)})
    return day


def _check_order(slots: Sequence[Span]) -> None:
    if any(start >= end for start, end in slots) or any(one[1] > other[0] for one, other in pairwise(slots)):
        raise ValueError("expected slots in order that do not overlap")


def _record(what: str, actor: Any, day: MentoringDay, body: dict[str, Any]) -> None:
    audit.record(f"mentoring_day.{what}", actor=actor, competition=day.chain, thing=f"mentoring_day/{day.number}", body=body)


@transaction.atomic
def change_day(
    *, actor: Any, day: MentoringDay, on: date, place: str, topic: Text, challenges: Sequence[Challenge], slots: Sequence[Span],
    is_online: bool, rooms: Sequence[RoomWords], seen: int | None = None,
) -> MentoringDay:
    """Change a day. Slots that stay keep who is free in them; whoever has a session on the day is told of another place or link, and so is the calendar.

    seen: the revision that its writer started from.
    Rooms are known by their name; one that is renamed keeps its sessions. What all do together goes along to another date.
    Raises Denied, Refused(DAY_IN_USE) if a slot, a challenge or a room would go that a session or a planned meeting has, Refused(PAGE_CHANGED) if the day
    was removed, Refused(TEXT_CHANGED) if somebody else has changed it since, ValueError as `add_day`.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, day)
    _check_order(slots)
    lock_desk(day.competition)
    _ensure_there(day)
    day.refresh_from_db(fields=["revision"])
    if seen not in (None, day.revision):
        raise Refused(Reason.TEXT_CHANGED)
    before = _where(day)
    if on != day.on:
        _move_joint_sessions(day, on)
    _change_slots(day, slots)
    _change_challenges(day, challenges)
    _change_rooms(day, rooms)
    day.on, day.place, day.topic, day.is_online, day.revision = on, place, topic, is_online, day.revision + 1
    day.save(update_fields=["on", "place", "topic", "is_online", "revision"])
    _record("changed", actor, day, {"on": on.isoformat(), "slots": len(slots), "rooms": len(rooms)})
    if _where(day) != before:
        _tell_where(day)
    return day


def _where(day: MentoringDay) -> tuple[Any, ...]:
    """Return what a calendar says of where the day's sessions are."""
    used = Room.objects.filter(day=day, sessions__state=SessionState.PLANNED).distinct().order_by("pk")
    return day.place, day.is_online, *used.values_list("pk", "name", "link")


def _in_use(**where: Any) -> bool:
    """Return whether sessions or planned meetings are there; those of discarded drafts are cleared away first."""
    PlannedMeeting.objects.filter(plan__state=PlanState.DISCARDED, **where).delete()
    return Session.objects.filter(**where).exists() or PlannedMeeting.objects.filter(**where).exists()


def _change_slots(day: MentoringDay, slots: Sequence[Span]) -> None:
    wanted, had = set(slots), {(slot.starts_at, slot.ends_at): slot.pk for slot in day.slots.order_by("pk")}
    gone = [key for span, key in had.items() if span not in wanted]
    if gone and _in_use(slot__in=gone):
        raise Refused(Reason.DAY_IN_USE)
    Slot.objects.filter(pk__in=gone).delete()
    Slot.objects.bulk_create(Slot(day=day, starts_at=start, ends_at=end) for start, end in slots if (start, end) not in had)


def _change_challenges(day: MentoringDay, challenges: Sequence[Challenge]) -> None:
    gone = day.challenges.exclude(pk__in=[challenge.pk for challenge in challenges])
    if gone and _in_use(slot__day=day, team__challenge__in=list(gone)):
        raise Refused(Reason.DAY_IN_USE)
    day.challenges.set(challenges)


def _change_rooms(day: MentoringDay, rooms: Sequence[RoomWords]) -> None:
    had = {room.name: room for room in day.rooms.all()}
    spare = [room for name, room in had.items() if name not in dict(rooms)]
    day.rooms.update(number=F("number") + APART)
    for number, (name, link) in enumerate(rooms, 1):
        room = had.get(name) or (spare.pop(0) if spare else Room(day=day))
        room.number, room.name, room.link = number, name, link
        room.save()
    gone = [room.pk for room in spare]
    if gone and _in_use(room__in=gone):
        raise Refused(Reason.DAY_IN_USE)
    Room.objects.filter(pk__in=gone).delete()


def _tell_where(day: MentoringDay) -> None:
    """Count the change in the day's planned sessions; tell the mentors and the teams' leaders who have them, and their calendars."""
    planned, now = Session.objects.filter(slot__day=day, state=SessionState.PLANNED), clock.now()
    planned.update(sequence=F("sequence") + 1, changed_at=now)
    for person, own in concerned(planned.select_related("slot__day__competition", "team", "mentor__person", "room")).items():
        queue(
            to=person.email, language=person.language, template="mentoring_day_changed", event=f"mentoring_day.changed/{day.pk}/{now.isoformat()}",
            context={"competition": day.competition, "day": day}, calendar=files_for(own, person),
        )


def _move_joint_sessions(day: MentoringDay, on: date) -> None:
    """Take what all do together along to another date, at the same hours."""
    for joint in day.joint_sessions.all():
        joint.starts_at, joint.ends_at = (
            datetime.combine(on, moment.astimezone(show.ZONE).time(), show.ZONE) for moment in (joint.starts_at, joint.ends_at)
        )
        joint.sequence, joint.changed_at = joint.sequence + 1, clock.now()
        joint.save(update_fields=["starts_at", "ends_at", "sequence", "changed_at"])


def _ensure_there(row: Model) -> None:
    """Raise Refused(PAGE_CHANGED) if somebody has removed the row; the desk is locked, so that nobody does from now on."""
    if not type(row)._base_manager.filter(pk=row.pk).exists():
        raise Refused(Reason.PAGE_CHANGED)


@transaction.atomic
def remove_day(*, actor: Any, day: MentoringDay) -> None:
    """Remove a day that nothing was ever planned on, with its rooms, joint sessions and the times told for it.

    Raises Denied, Refused(DAY_IN_USE), Refused(PAGE_CHANGED) if somebody else has removed it.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, day)
    lock_desk(day.competition)
    _ensure_there(day)
    if _in_use(slot__day=day) or day.leaves.exists():
        raise Refused(Reason.DAY_IN_USE)
    _record("removed", actor, day, {"on": day.on.isoformat()})
    day.delete()


@transaction.atomic
def add_joint_session(*, actor: Any, day: MentoringDay, words: JointWords) -> JointSession:
    """Add what all teams of the day do together. Raises Denied, Refused(DAY_IN_USE) if a session or a planned meeting stands at that time."""
    access.ensure(actor, Permission.PLAN_MENTORING, day)
    lock_desk(day.competition)
    return _save_joint(actor, JointSession(day=day), words, "joint_session_added")


@transaction.atomic
def change_joint_session(*, actor: Any, joint: JointSession, words: JointWords, seen: int | None = None) -> JointSession:
    """Change a joint session; calendars take it as a change. seen: the sequence that its writer started from.

    Raises as `add_joint_session`, Refused(PAGE_CHANGED) if it was removed, Refused(TEXT_CHANGED) if somebody else has changed it since.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, joint.day)
    lock_desk(joint.day.competition)
    _ensure_there(joint)
    joint.refresh_from_db(fields=["sequence"])
    if seen not in (None, joint.sequence):
        raise Refused(Reason.TEXT_CHANGED)
    joint.sequence += 1
    return _save_joint(actor, joint, words, "joint_session_changed")


def _save_joint(actor: Any, joint: JointSession, words: JointWords, what: str) -> JointSession:
    taken = Slot.objects.filter(day=joint.day, starts_at__lt=words.ends_at, ends_at__gt=words.starts_at)
    if Session.objects.filter(slot__in=taken, state=SessionState.PLANNED).exists() or _drafted(taken):
        raise Refused(Reason.DAY_IN_USE)
    joint.starts_at, joint.ends_at, joint.title, joint.where, joint.link = words.starts_at, words.ends_at, words.title, words.where, words.link
    joint.changed_at = clock.now()
    joint.save()
    _record(what, actor, joint.day, {"joint_session": joint.code, "starts_at": words.starts_at.isoformat()})
    return joint


def _drafted(slots: QuerySet[Slot]) -> bool:
    return PlannedMeeting.objects.filter(slot__in=slots, plan__state=PlanState.DRAFT).exists()


@transaction.atomic
def remove_joint_session(*, actor: Any, joint: JointSession) -> None:
    """Remove a joint session; its slots are free again. Raises Denied, Refused(PAGE_CHANGED) if somebody else has removed it."""
    access.ensure(actor, Permission.PLAN_MENTORING, joint.day)
    lock_desk(joint.day.competition)
    _ensure_there(joint)
    _record("joint_session_removed", actor, joint.day, {"joint_session": joint.code})
    joint.delete()
