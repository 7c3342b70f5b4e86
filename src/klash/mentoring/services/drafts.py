"""A draft of the timetable, changed by hand. Each change names the revision that the actor has seen."""

from typing import Any

from django.db import transaction

from klash.competitions.models import Competition
from klash.core import access, workflow
from klash.core.errors import Refused
from klash.mentoring import bridge, selectors
from klash.mentoring.bridge import Board, Found
from klash.mentoring.models import MentorProfile, Plan, PlannedMeeting, Room, Slot
from klash.mentoring.services.planning import new_draft
from klash.mentoring.services.planning_desk import lock_desk
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import PlanState
from klash.teams.models import Team

Breaches = tuple[Found, ...]


@transaction.atomic
def start_draft(*, actor: Any, competition: Competition, is_empty: bool = False) -> Plan:
    """Start a draft by hand: a copy of what stands, sessions that teams booked pinned, or an empty one.

    Raises Denied, Refused(WRONG_STATE) if there is a draft.
    """
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    if selectors.draft_of(competition) is not None:
        raise Refused(Reason.WRONG_STATE)
    instance = bridge.instance_of(competition)
    draft = new_draft(actor, instance)
    if not is_empty:
        PlannedMeeting.objects.bulk_create(
            PlannedMeeting(plan=draft, slot=row.slot, team_id=row.team_id, mentor=row.mentor, room_id=row.room_id, is_pinned=row.is_booked, why=row.why)
            for row in instance.standing
        )
    return draft


@transaction.atomic
def place_meeting(*, actor: Any, meeting: PlannedMeeting, slot: Slot, room: Room | None = None, revision: int) -> Breaches:
    """Move a meeting to a slot, and to a room or the one that suits; return what it breaks there of the rules that may be broken.

    Raises Denied, Refused(PAGE_CHANGED) for another revision, Refused(WRONG_STATE) for a plan that is no draft or a meeting that has begun,
    and Refused(DOUBLE_BOOKED, MEETS_ALREADY, MUST_NOT_MEET or NOT_FREE) for what cannot be.
    """
    board = _open(actor, meeting.plan, revision)
    row = _own(board, meeting)
    row.room = room if room is not None else bridge.room_for(board, row, slot)
    row.slot = slot
    return _saved(board, [row])


@transaction.atomic
def swap_meetings(*, actor: Any, one: PlannedMeeting, other: PlannedMeeting, revision: int) -> Breaches:
    """Let two meetings of a draft change slots and rooms. Returns and raises as `place_meeting`."""
    board = _open(actor, one.plan, revision)
    first, second = _own(board, one), _own(board, other)
    (first.slot, first.room), (second.slot, second.room) = (second.slot, second.room), (first.slot, first.room)
    PlannedMeeting.objects.filter(pk=second.pk).delete()  # a team's two meetings cannot pass through one slot
    second.pk = None
    return _saved(board, [first, second])


@transaction.atomic
def add_meeting(
    *, actor: Any, plan: Plan, team: Team, mentor: MentorProfile, slot: Slot, room: Room | None = None, revision: int
) -> tuple[PlannedMeeting, Breaches]:
    """Add a meeting to a draft; return it and what it breaks. Raises as `place_meeting`."""
    board = _open(actor, plan, revision)
    row = PlannedMeeting(plan=board.plan, team=team, mentor=mentor, slot=slot)
    row.room = room if room is not None else bridge.room_for(board, row, slot)
    return row, _saved(board, [row])


@transaction.atomic
def remove_meeting(*, actor: Any, meeting: PlannedMeeting, revision: int) -> Plan:
    """Take a meeting out of a draft. Raises Denied, Refused(PAGE_CHANGED), Refused(WRONG_STATE) for one that has begun."""
    board = _open(actor, meeting.plan, revision)
    _own(board, meeting).delete()
    return _counted(board.plan)


@transaction.atomic
def pin_meeting(*, actor: Any, meeting: PlannedMeeting, is_pinned: bool, revision: int) -> Plan:
    """Pin a meeting of a draft, so that the planner leaves it where it is, or let it go. Raises as `remove_meeting`."""
    board = _open(actor, meeting.plan, revision)
    row = _own(board, meeting)
    row.is_pinned = is_pinned
    row.save(update_fields=["is_pinned"])
    if board.plan.told.get("revision") == revision:  # it is still as the planner made it
        board.plan.told["revision"] = revision + 1
    return _counted(board.plan)


@transaction.atomic
def renew_draft(*, actor: Any, plan: Plan, revision: int) -> Plan:
    """Take into a draft what has changed of the sessions since: meetings of those called off go, new ones come and are pinned where they fit.

    What is no longer possible (somebody's times, a day) goes too. Raises Denied, Refused(PAGE_CHANGED), Refused(WRONG_STATE).
    """
    board = _open(actor, plan, revision)
    seen, now = board.plan.told.get("stands", {}), board.instance.stands()
    off = {(row.team_id, row.mentor_id, row.slot_id) for row in board.instance.cancelled if row.code in seen}
    lost = {row.pk for one in bridge.breaches_of(board) if one.is_hard for row in one.rows if isinstance(row, PlannedMeeting)}
    board.plan.meetings.filter(pk__in=lost | {row.pk for row in board.meetings if (row.team_id, row.mentor_id, row.slot_id) in off}).delete()
    board = bridge.board_on(board.instance, board.plan)
    pairs = {(row.team_id, row.mentor_id) for row in board.rows}
    for session in board.instance.standing:
        if seen.get(session.code) == now[session.code] or (session.team_id, session.mentor_id) in pairs:
            continue
        row = PlannedMeeting(plan=board.plan, slot=session.slot, team_id=session.team_id, mentor=session.mentor, room_id=session.room_id, is_pinned=True)
        if bridge.reason_against(board, row) is None:
            row.save()
            board = bridge.board_on(board.instance, board.plan)
    board.plan.told = {**board.plan.told, "stands": now}
    return _counted(board.plan)


@transaction.atomic
def discard_plan(*, actor: Any, plan: Plan, revision: int) -> Plan:
    """Throw a draft away; the sessions stay as they are. Raises Denied, IllegalMove, Refused(PAGE_CHANGED)."""
    competition = plan.competition
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    workflow.lock(plan)
    if plan.state == PlanState.DRAFT and plan.revision != revision:
        raise Refused(Reason.PAGE_CHANGED)
    return workflow.move(plan, to=PlanState.DISCARDED, actor=actor)


def _open(actor: Any, plan: Plan, revision: int) -> Board:
    """Lock the desk and read the draft as it is now."""
    competition = plan.competition
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    workflow.lock(plan)
    plan.competition = competition
    if plan.state != PlanState.DRAFT:
        raise Refused(Reason.WRONG_STATE)
    if plan.revision != revision:
        raise Refused(Reason.PAGE_CHANGED)
    return bridge.board_of(plan)


def _own(board: Board, meeting: PlannedMeeting) -> PlannedMeeting:
    """Return the meeting as the board has it."""
    row = next((row for row in board.meetings if row.code == meeting.code), None)
    if row is None:
        raise Refused(Reason.PAGE_CHANGED)
    if row not in board.rows:  # it has begun as it was planned
        raise Refused(Reason.WRONG_STATE)
    return row


def _saved(board: Board, rows: list[PlannedMeeting]) -> Breaches:
    found: Breaches = ()
    for row in rows:
        if (reason := bridge.reason_against(board, row)) is not None:
            raise Refused(reason)
    for row in rows:
        row.save()
    _counted(board.plan)
    for row in rows:
        found += bridge.breaches_around(board, row)
    return found


def _counted(plan: Plan) -> Plan:
    plan.revision += 1
    plan.save(update_fields=["revision", "told"])
    return plan
