"""A plan as it lies on the table: what it breaks, where a meeting could go, what teams get of it, what it changes. One read, then no query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from klash.accounts.models import User
from klash.algo.timetable import SHORT, Rule, check, diversity
from klash.mentoring.bridge.instance import Cell, Instance, instance_of
from klash.mentoring.models import JointSession, MentoringDay, MentorProfile, Plan, PlannedMeeting, Room, Session, Slot
from klash.mentoring.selectors import leaders_of
from klash.rules.reasons import Reason
from klash.rules.states import PlanState
from klash.teams.models import Team

# No plan that breaks one of these is saved by hand or published. The others are told, and may be accepted.
HARD = {
    Rule.TEAM_ONCE: Reason.DOUBLE_BOOKED, Rule.MENTOR_ONCE: Reason.DOUBLE_BOOKED, Rule.PAIR_ONCE: Reason.MEETS_ALREADY, Rule.ALLOWED: Reason.MUST_NOT_MEET,
    Rule.TEAM_FREE: Reason.NOT_FREE, Rule.MENTOR_FREE: Reason.NOT_FREE,
}
Row = PlannedMeeting | Session


@dataclass(frozen=True)
class Board:
    """A plan with its meetings and everything that it is planned on, at one moment."""

    plan: Plan
    instance: Instance
    meetings: tuple[PlannedMeeting, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What stands if this plan does: what is fixed, and the meetings, but those that have begun as they were planned."""
        begun = {(row.team_id, row.mentor_id, row.slot_id) for row in self.instance.fixed}
        return (*self.instance.fixed, *(row for row in self.meetings if (row.team_id, row.mentor_id, row.slot_id) not in begun))


@dataclass(frozen=True)
class Found:
    """A rule that is broken, whose it is, where, and by which meetings or sessions together. rule: as `algo.timetable.Rule` names it.

    team, mentor, day, slot: what the rule is about, None where it is about several or none. is_hard: it cannot be accepted.
    """

    rule: Rule
    team: Team | None
    mentor: MentorProfile | None
    day: MentoringDay | None
    slot: Slot | None
    rows: tuple[Row, ...]

    @property
    def is_hard(self) -> bool:
        return self.rule in HARD


@dataclass(frozen=True)
class Card:
    """One meeting on the page. row: a planned meeting, or a session that stands whatever the plan says: then it cannot be moved."""

    row: Row
    breaches: tuple[Found, ...]

    @property
    def is_fixed(self) -> bool:
        return isinstance(self.row, Session)


@dataclass(frozen=True)
class Line:
    """One slot of a day. is_past: it has begun."""

    slot: Slot
    joint: tuple[JointSession, ...]
    cards: tuple[Card, ...]
    is_past: bool


@dataclass(frozen=True)
class Column:
    """One day. rooms: none where the day has room for all."""

    day: MentoringDay
    rooms: tuple[Room, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Move:
    """A slot to which a meeting could go: the room it would get, why it cannot, and what it would break there."""

    slot: Slot
    room: Room | None
    refusal: Reason | None
    breaches: tuple[Found, ...]


@dataclass(frozen=True)
class Unmet:
    """A pair that must meet and does not, or that was pinned and could not stand."""

    team: Team
    mentor: MentorProfile
    slot: Slot | None = None


@dataclass(frozen=True)
class Addition:
    """One more of what a rule limits, as `algo.timetable.Addition`; what the rule is not about is None, a mentor who is None is somebody new."""

    rule: Rule
    team: Team | None
    mentor: MentorProfile | None
    day: MentoringDay | None
    slot: Slot | None


@dataclass(frozen=True)
class Cure:
    """What a team lacks, which rules bar it, the commonest first, and what would fill it: all teams' additions together."""

    team: Team
    missing: int
    why: tuple[Rule, ...]
    additions: tuple[Addition, ...]


@dataclass(frozen=True)
class TeamFigures:
    """What a team gets. mix: attribute of the background -> category -> meetings. diversity: 0..1. wishes: (mentor, rank, met), by rank."""

    team: Team
    meetings: int
    need: int
    diversity: float
    mix: dict[str, dict[str, int]]
    wishes: tuple[tuple[MentorProfile, int, bool], ...]

    @property
    def short(self) -> int:
        return max(self.need - self.meetings, 0)


@dataclass(frozen=True)
class Figures:
    """What a plan gives. share: of the proven best, 0..1, None for a plan that the planner has had no hand in. is_proved: none is better.

    is_by_hand: it was changed since the planner made it; cures and let_go are as the planner told them.
    """

    teams: tuple[TeamFigures, ...]
    short: int
    diversity: float
    wishes: int
    wishes_met: int
    share: float | None
    is_proved: bool
    is_by_hand: bool
    cures: tuple[Cure, ...]
    musts_left: tuple[Unmet, ...]
    let_go: tuple[Unmet, ...]


@dataclass(frozen=True)
class Change:
    """What a plan does to one pair. kind: "stays", "moved", "new" or "gone".

    slot, room, is_online: as they will be, or as they were if it is gone. slot_before, room_before: of what moved. session: None while it is new.
    why: as the plan says it.
    """

    kind: str
    team: Team
    mentor: MentorProfile
    slot: Slot
    room: Room | None
    is_online: bool
    session: Session | None
    slot_before: Slot | None = None
    room_before: Room | None = None
    why: dict[str, Any] = field(default_factory=dict)


def board_of(plan: Plan) -> Board:
    """Read a plan and what it is planned on. Eight queries: seven where the competition has brought its rules, as from `selectors.draft_of`."""
    return board_on(instance_of(plan.competition), plan)


def board_on(instance: Instance, plan: Plan) -> Board:
    """Read a plan onto an instance that was read just now. One query."""
    meetings = tuple(plan.meetings.order_by("pk"))
    rows: list[Row] = [*meetings, *instance.fixed, *instance.beside, *instance.standing]
    for row in rows:
        _known(instance, row)
    return Board(plan, instance, tuple(sorted(meetings, key=lambda row: (row.slot.starts_at, row.team.name, row.pk))))


def _known(instance: Instance, row: Row) -> None:
    """Give a row the rows that the instance has read already."""
    if (at := instance.slot_at.get(row.slot_id)) is not None:
        row.slot = instance.slot(*at)
    if (team := instance.team_at.get(row.team_id)) is not None:
        row.team = instance.teams[team]
    if (mentor := instance.mentor_at.get(row.mentor_id)) is not None:
        row.mentor = instance.mentors[mentor]
    if row.room_id in instance.room_of:
        row.room = instance.room_of[row.room_id]


def breaches_of(board: Board) -> tuple[Found, ...]:
    """Return every breach of a rule if this plan stands, by rule."""
    return _breaches(board.instance, board.rows)


def _breaches(instance: Instance, rows: Iterable[Row]) -> tuple[Found, ...]:
    at, lost = dict[tuple[int, ...], Row](), list[Row]()
    cells: list[Cell] = []
    for row in rows:
        if (cell := instance.cell(row)) is None:
            lost.append(row)
        else:
            at[cell[:4]] = row
            cells.append(cell)
    found = [_told(breach.rule, [at[one[:4]] for one in breach.meetings]) for breach in check(cells, **limits_of(instance))]
    clashes = [_told(rule, pair) for rule, pair in _in_two_places(at.values())]
    return tuple(sorted([*(_told(Rule.ALLOWED, [row]) for row in lost), *found, *clashes], key=lambda one: list(Rule).index(one.rule)))


def limits_of(instance: Instance) -> dict[str, Any]:
    """Return what `check` holds meetings against."""
    return {
        "mentor_free": instance.mentor_free, "team_free": instance.team_free, "places": instance.places, "allowed": instance.allowed,
        "rules": instance.limits,
    }


def _told(rule: Rule, rows: Sequence[Row]) -> Found:
    """Tell a breach; what all its meetings share is what it is about, so far as the rule is about it."""
    first, is_ones = rows[0], set(rule.split("_"))
    about_team, about_mentor = bool(is_ones & {"team", "pair", "allowed"}), bool(is_ones & {"mentor", "pair", "allowed"})
    same_day = len({row.slot.day_id for row in rows}) == 1 and rule != Rule.MENTOR_TOTAL
    return Found(
        rule, first.team if about_team else None, first.mentor if about_mentor else None, first.slot.day if same_day else None,
        first.slot if same_day and len({row.slot_id for row in rows}) == 1 else None, tuple(rows),
    )


def _in_two_places(rows: Iterable[Row]) -> Iterator[tuple[Rule, list[Row]]]:
    """Find those who would be at one time in two days' places; within a day the slots tell it."""
    by_date: dict[Any, list[Row]] = {}
    for row in rows:
        by_date.setdefault(row.slot.day.on, []).append(row)
    for of_date in by_date.values():
        if len({row.slot.day_id for row in of_date}) == 1:
            continue
        for one, other in combinations(of_date, 2):
            if one.slot.day_id != other.slot.day_id and one.slot.starts_at < other.slot.ends_at and one.slot.ends_at > other.slot.starts_at:
                if one.team_id == other.team_id:
                    yield Rule.TEAM_ONCE, [one, other]
                if one.mentor_id == other.mentor_id:
                    yield Rule.MENTOR_ONCE, [one, other]


def reason_against(board: Board, meeting: PlannedMeeting) -> Reason | None:
    """Return why a meeting of the board cannot stand where it is, or None."""
    return _refusal(breaches_around(board, meeting))


def _refusal(breaches: Iterable[Found]) -> Reason | None:
    return next((HARD[one.rule] for one in breaches if one.is_hard), None)


def breaches_around(board: Board, meeting: PlannedMeeting) -> tuple[Found, ...]:
    """Return the breaches that a meeting, where it is now, takes part in; those are looked at whom it can trouble."""
    near = [
        row for row in board.rows
        if row.code != meeting.code and (row.team_id == meeting.team_id or row.mentor_id == meeting.mentor_id or row.slot_id == meeting.slot_id)
    ]
    return tuple(one for one in _breaches(board.instance, [*near, meeting]) if meeting in one.rows)


def moves_for(board: Board, meeting: PlannedMeeting) -> tuple[Move, ...]:
    """Return for every slot of the month, in order, whether the meeting could be there, and what it would break. Where it is now is among them."""
    return tuple(_moved(board, meeting, slot) for row in board.instance.grid for slot in row if slot)


def _moved(board: Board, meeting: PlannedMeeting, slot: Slot) -> Move:
    there = copy(meeting)
    there.room = meeting.room if slot.pk == meeting.slot_id else room_for(board, meeting, slot)
    there.slot = slot
    breaches = breaches_around(board, there)
    return Move(slot, there.room, _refusal(breaches), breaches)


def room_for(board: Board, meeting: PlannedMeeting, slot: Slot) -> Room | None:
    """Return the room that a meeting would get in a slot: its own, the one where its mentor sits that day, or the first; None where none is free."""
    instance = board.instance
    others = [row for row in (*board.rows, *instance.beside) if row.code != meeting.code]
    taken = {row.room_id for row in others if row.slot_id == slot.pk}
    free = [room for room in instance.rooms[instance.slot_at[slot.pk][0]] if room.pk not in taken]
    usual = [meeting.room_id, *(row.room_id for row in others if row.mentor_id == meeting.mentor_id and row.slot.day_id == slot.day_id)]
    return next((room for key in usual for room in free if room.pk == key), free[0] if free else None)


def page_of(board: Board) -> tuple[Column, ...]:
    """Return the days with their slots and everything in them; a draft shows what is fixed too."""
    instance, by_row = board.instance, dict[int, list[Found]]()
    for one in breaches_of(board) if board.plan.state == PlanState.DRAFT else ():
        for row in one.rows:
            by_row.setdefault(id(row), []).append(one)
    rows: list[Row] = [*board.rows, *instance.beside] if board.plan.state == PlanState.DRAFT else list(board.meetings)
    by_slot: dict[int, list[Card]] = {}
    for row in rows:
        by_slot.setdefault(row.slot_id, []).append(Card(row, tuple(by_row.get(id(row), ()))))

    def line(slot: Slot) -> Line:
        joint = tuple(one for one in instance.joint if one.day_id == slot.day_id and one.starts_at < slot.ends_at and one.ends_at > slot.starts_at)
        cards = sorted(by_slot.get(slot.pk, ()), key=lambda card: (card.row.team.name, card.row.pk))
        return Line(slot, joint, tuple(cards), instance.has_begun(slot))

    return tuple(
        Column(day, rooms, tuple(line(slot) for slot in row if slot)) for day, rooms, row in zip(instance.days, instance.rooms, instance.grid, strict=True)
    )


def figures_of(board: Board) -> Figures:
    """Return what teams get of the plan and how near it is to the best."""
    instance, told = board.instance, board.plan.told
    pairs = _pairs(board)
    diverse = diversity(instance.need, instance.background, pairs)
    teams = tuple(_of_team(instance, at, pairs[pairs[:, 0] == at, 1].tolist(), float(diverse[at])) for at in range(len(instance.teams)))
    short, wishes = sum(row.short for row in teams), [is_met for row in teams for *_, is_met in row.wishes]
    met = set(map(tuple, pairs.tolist()))
    return Figures(
        teams=teams, short=short, diversity=float(diverse.mean()) if len(diverse) else 0.0, wishes=len(wishes), wishes_met=sum(wishes),
        share=_share(instance, told, pairs, diverse, short), is_proved=bool(told.get("is_proved")) and told.get("revision") == board.plan.revision,
        is_by_hand=told.get("revision") != board.plan.revision, cures=tuple(_cures(instance, told)),
        musts_left=tuple(Unmet(instance.teams[team], instance.mentors[mentor]) for team, mentor in sorted(instance.must - met)),
        let_go=tuple(_let_go(instance, told)),
    )


def _pairs(board: Board) -> Any:
    cells = [cell[:2] for row in board.rows if (cell := board.instance.cell(row))]
    return np.array(cells, np.int64).reshape(-1, 2)


def _of_team(instance: Instance, at: int, mentors: list[int], diverse: float) -> TeamFigures:
    mix = {name: dict(Counter(getattr(instance.mentors[mentor], name) for mentor in mentors)) for name in instance.attributes}
    wished = sorted((round(4 - 3 * float(instance.wishes[at, mentor])), mentor) for mentor in np.flatnonzero(instance.wishes[at]).tolist())
    return TeamFigures(
        instance.teams[at], len(mentors), int(instance.need[at]), diverse, mix,
        tuple((instance.mentors[mentor], rank, mentor in mentors) for rank, mentor in wished),
    )


def _share(instance: Instance, told: dict[str, Any], pairs: Any, diverse: Any, short: int) -> float | None:
    """Return how much of the proven best the plan is worth, what is short left out of both."""
    if "bound" not in told or not len(instance.teams):
        return None
    first, second, third = instance.weights
    worth = (second * instance.expertise + third * instance.wishes) / np.maximum(instance.need, 1)[:, None]
    quality = first * float(diverse.sum()) + float(worth[pairs[:, 0], pairs[:, 1]].sum())
    gap = max(told["bound"] - (quality - SHORT * short), 0.0)
    return quality / (quality + gap) if quality + gap else 1.0


def _cures(instance: Instance, told: dict[str, Any]) -> Iterator[Cure]:
    team_of, mentor_of = {row.code: row for row in instance.teams}, {row.code: row for row in instance.mentors}
    for row in told.get("cures", ()):
        if row["team"] not in team_of:
            continue
        additions = []
        for one in row["additions"]:
            at = instance.slot_at.get(one["slot"])
            slot = instance.slot(*at) if at else None
            additions.append(Addition(Rule(one["rule"]), team_of.get(one["team"]), mentor_of.get(one["mentor"]), slot.day if slot else None, slot))
        yield Cure(team_of[row["team"]], row["missing"], tuple(Rule(rule) for rule in row["why"]), tuple(additions))


def _let_go(instance: Instance, told: dict[str, Any]) -> Iterator[Unmet]:
    team_of, mentor_of = {row.code: row for row in instance.teams}, {row.code: row for row in instance.mentors}
    for row in told.get("let_go", ()):
        if row["team"] in team_of and row["mentor"] in mentor_of:
            at = instance.slot_at.get(row["slot"])
            yield Unmet(team_of[row["team"]], mentor_of[row["mentor"]], instance.slot(*at) if at else None)


def difference_of(board: Board) -> tuple[Change, ...]:
    """Return what publishing the draft would do to the sessions, by time; what is fixed or beside it is left out."""
    before = {(row.team_id, row.mentor_id): row for row in board.instance.standing}
    meetings = [row for row in board.rows if isinstance(row, PlannedMeeting)]
    changes = [_change(board.instance, row, before.pop((row.team_id, row.mentor_id), None)) for row in meetings]
    changes += [Change("gone", row.team, row.mentor, row.slot, row.room, row.is_online, row) for row in before.values()]
    return tuple(sorted(changes, key=lambda one: (one.slot.starts_at, one.team.name, one.mentor.pk)))


def _change(instance: Instance, row: PlannedMeeting, session: Session | None) -> Change:
    is_online = instance.is_online(row.mentor_id, row.slot)
    there = row.team, row.mentor, row.slot, row.room, is_online, session
    if session is None:
        return Change("new", *there, why=row.why)
    if (session.slot_id, session.room_id, session.is_online) == (row.slot_id, row.room_id, is_online):
        return Change("stays", *there, why=row.why)
    return Change("moved", *there, session.slot, session.room, row.why)


def concerned(changes: Iterable[Change]) -> dict[User, list[Change]]:
    """Return whom changes concern, the mentor and the team's leader, each with the own ones. What stays concerns nobody. One query."""
    found: dict[User, list[Change]] = {}
    changed = [one for one in changes if one.kind != "stays"]
    leaders = leaders_of(one.team.pk for one in changed)
    for one in changed:
        for person in (one.mentor.person, leaders.get(one.team.pk)):
            if person is not None:
                found.setdefault(person, []).append(one)
    return found
