"""Rows of a competition's mentoring to the arrays of `algo.timetable`, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast
from numpy.typing import NDArray

from klash.algo.themes import affinity
from klash.algo.timetable import Rules
from klash.competitions.models import Competition
from klash.core import clock
from klash.mentoring.models import (
    JointSession,
    MentoringDay,
    MentorProfile,
    MentorTime,
    MentorWish,
    PairRule,
    PlannedMeeting,
    PlanRules,
    Room,
    Session,
    Slot,
    TeamAbsence,
)
from klash.rules.states import SessionState
from klash.teams.models import Team

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Links: TypeAlias = dict[str, list[tuple[Any, ...]]]  # by kind, what ties two rows to each other and three words of it
Cell = tuple[int, int, int, int, int]  # team, mentor, day, column, place (-1 for none), all from 0
ATTRIBUTES = ("sector", "organisation_kind", "organisation_size", "region")
UNKNOWN = ("", "unknown")


@dataclass(frozen=True)
class Instance:
    """What a timetable of a competition is planned on, at one moment.

    grid: the days' columns, [days, columns]: slots in order; None where a day has fewer, and for a break as long as a slot, which is free time
    to everyone. mentor_free: [M, days, columns]; team_free: [T, days, columns]; places: [days, columns]. allowed: [T, M]. wishes: [T, M], 0..1.
    is_open: [days, columns], slots that lie ahead with nothing joint at that time; in the others nobody is free and there is no place.
    comes: [T, days], whose days they are.
    fixed: sessions that have begun, were held or missed; no plan changes them. beside: second sessions of a pair, which stand beside every plan.
    standing: the other sessions, which a plan moves, keeps or cancels. cancelled: what was called off. elsewhere: the mentors' sessions in other competitions.
    """

    competition: Competition
    rules: PlanRules
    now: datetime
    teams: tuple[Team, ...]
    mentors: tuple[MentorProfile, ...]
    days: tuple[MentoringDay, ...]
    grid: tuple[tuple[Slot | None, ...], ...]
    rooms: tuple[tuple[Room, ...], ...]
    joint: tuple[JointSession, ...]
    is_open: Bools
    comes: Bools
    mentor_free: Bools
    team_free: Bools
    places: Ints
    allowed: Bools
    must: frozenset[tuple[int, int]]
    wishes: Floats
    online: frozenset[tuple[int, int]]
    fixed: tuple[Session, ...]
    beside: tuple[Session, ...]
    standing: tuple[Session, ...]
    cancelled: tuple[Session, ...]
    elsewhere: tuple[Session, ...]

    @cached_property
    def team_at(self) -> dict[int, int]:
        return {row.pk: at for at, row in enumerate(self.teams)}

    @cached_property
    def mentor_at(self) -> dict[int, int]:
        return {row.pk: at for at, row in enumerate(self.mentors)}

    @cached_property
    def slot_at(self) -> dict[int, tuple[int, int]]:
        return {slot.pk: (day, column) for day, row in enumerate(self.grid) for column, slot in enumerate(row) if slot}

    @cached_property
    def room_at(self) -> dict[int | None, int]:
        return {room.pk: at for row in self.rooms for at, room in enumerate(row)}

    @cached_property
    def room_of(self) -> dict[int | None, Room]:
        return {room.pk: room for row in self.rooms for room in row}

    @cached_property
    def need(self) -> Ints:
        return np.full(len(self.teams), self.rules.sessions_per_team, np.int64)

    @cached_property
    def limits(self) -> Rules:
        """The rules of the timetable; a mentor's own limits count where they are tighter."""
        rules = self.rules

        def own(name: str, most: int) -> Ints:
            told = [getattr(mentor, name) for mentor in self.mentors]
            return np.array([most if value is None else min(value, most) for value in told], np.int64)

        return Rules(
            rules.team_per_day, own("per_day", rules.mentor_per_day), own("in_total", rules.mentor_total), own("in_a_row", rules.mentor_run), rules.team_gap
        )

    @cached_property
    def weights(self) -> tuple[float, float, float]:
        return self.rules.weight_diversity / 100, self.rules.weight_expertise / 100, self.rules.weight_wishes / 100

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of a background that are known of anybody; what nobody told tells nothing apart."""
        return tuple(name for name in ATTRIBUTES if any(getattr(mentor, name) not in UNKNOWN for mentor in self.mentors))

    @cached_property
    def background(self) -> Ints:
        """Codes of the mentors' categories, [M, attributes]; unknown is a category like the others."""
        codes = np.zeros((len(self.mentors), len(self.attributes)), np.int64)
        for column, name in enumerate(self.attributes):
            values = [getattr(mentor, name) for mentor in self.mentors]
            number = {value: at for at, value in enumerate(sorted(set(values)))}
            codes[:, column] = [number[value] for value in values]
        return codes

    @cached_property
    def expertise(self) -> Floats:
        """How well mentors suit what teams need, [T, M] in 0..1, the best pair 1; some tenths of a second.

        The first need counts once, the second half, the third a third; what a team wants to avoid counts against a mentor. A team that has told
        nothing is known by its public summary.
        """
        texts, weights, owners = [], [], []
        for at, team in enumerate(self.teams):
            for weight, text in _wanted(team):
                texts.append(text)
                weights.append(weight)
                owners.append(at)
        near = affinity(texts, [" ".join([*mentor.field.values(), *mentor.text.values()]) for mentor in self.mentors])
        found = np.zeros((len(self.teams), len(self.mentors)))
        np.add.at(found, np.array(owners, np.int64), near * np.array(weights).reshape(-1, 1))
        found = np.clip(found, 0, None)
        return found / (found.max(initial=0.0) or 1.0)

    def cell(self, row: PlannedMeeting | Session) -> Cell | None:
        """Return where a meeting or session stands, or None if its team, mentor or slot is no longer one of the mentoring's."""
        team, mentor, slot = self.team_at.get(row.team_id), self.mentor_at.get(row.mentor_id), self.slot_at.get(row.slot_id)
        if team is None or mentor is None or slot is None:
            return None
        return (team, mentor, *slot, self.room_at.get(row.room_id, -1) if self.is_open[slot] else -1)

    def cells(self, rows: Iterable[PlannedMeeting | Session]) -> list[Cell]:
        """Return where rows stand, those left out that are nowhere."""
        return [cell for row in rows if (cell := self.cell(row))]

    def stands(self) -> dict[str, list[int | None]]:
        """Return what a draft stands on: code -> slot and room of every session of the competition that was not called off."""
        return {row.code: [row.slot_id, row.room_id] for row in (*self.fixed, *self.beside, *self.standing)}

    def slot(self, day: int, column: int) -> Slot:
        slot = self.grid[day][column]
        if slot is None:
            raise ValueError(f"expected a slot, got a gap at {(day, column)}")
        return slot

    def room(self, day: int, place: int) -> Room | None:
        return self.rooms[day][place] if 0 <= place < len(self.rooms[day]) else None

    def is_online(self, mentor_id: int, slot: Slot) -> bool:
        """Return whether a mentor takes part from afar then."""
        return slot.day.is_online or (mentor_id, slot.pk) in self.online

    def has_begun(self, slot: Slot) -> bool:
        return slot.starts_at <= self.now


def _wanted(team: Team) -> list[tuple[float, str]]:
    """Return what a team needs, with weights that sum up to 1, and what it avoids, with half of that against it."""
    told = getattr(team, "mentoring_needs", None)
    needs = [text for text in (told.needs if told else []) if text.strip()] or [team.summary]
    total = sum(1 / rank for rank in range(1, len(needs) + 1))
    wanted = [(1 / rank / total, text) for rank, text in enumerate(needs, 1)]
    return [*wanted, (-0.5, told.avoid)] if told and told.avoid.strip() else wanted


def instance_of(competition: Competition) -> Instance:
    """Read what a timetable of the competition is planned on now. Seven queries: six where the competition has brought its rules, as it has from the desk."""
    now, links = clock.now(), _links(competition)
    rules = getattr(competition, "mentoring_rules", None) or PlanRules(competition=competition)
    slots = list(Slot.objects.filter(day__competition=competition).select_related("day").order_by("day__on", "day__number", "starts_at"))
    days = {slot.day_id: slot.day for slot in slots}
    for slot in slots:
        slot.day = days[slot.day_id]
        slot.day.competition = competition
    rows = tuple(tuple(_columns([slot for slot in slots if slot.day_id == day])) for day in days)
    width = max(map(len, rows), default=0)
    grid = tuple((*row, *[None] * (width - len(row))) for row in rows)
    rooms, joint = _by_day(_rooms(links), days), _by_day(JointSession.objects.filter(day__competition=competition), days)
    admitted = Team.objects.told().filter(challenge__competition=competition).select_related("challenge", "mentoring_needs")
    teams = tuple(admitted.order_by("challenge__number", "name", "pk"))
    mentors = tuple(competition.mentors.select_related("person").order_by("person__name", "pk"))
    own = {row[:2] for row in links["day"]}
    comes = np.array([[(day, team.challenge_id) in own for day in days] for team in teams], np.bool_).reshape(len(teams), len(days))
    is_open = _open(grid, joint, now)
    plenty = max(len(teams), len(mentors))
    places = np.array([len(of_day) or plenty for of_day in rooms], np.int64).reshape(-1, 1) * is_open
    pairs = {row[:2]: row[2] for row in links["pair"]}
    kinds = np.array([[pairs.get((team.pk, mentor.pk), "") for mentor in mentors] for team in teams], dtype="U8").reshape(len(teams), len(mentors))
    instance = Instance(
        competition=competition, rules=rules, now=now, teams=teams, mentors=mentors, days=tuple(days.values()), grid=grid,
        rooms=rooms, joint=tuple(one for of_day in joint for one in of_day),
        is_open=is_open, comes=comes, mentor_free=_free_mentors(mentors, grid, links) & is_open,
        team_free=_free_teams(teams, comes, grid, links) & is_open, places=places, allowed=kinds != PairRule.Kind.MUST_NOT,
        must=frozenset((team, mentor) for team, mentor in np.argwhere(kinds == PairRule.Kind.MUST).tolist()),
        wishes=_wishes(teams, mentors, links), online=frozenset(row[:2] for row in links["afar"]),
        **_sessions(competition, now, slots),
    )
    _close(instance)
    return instance


def _columns(slots: Sequence[Slot]) -> list[Slot | None]:
    """Return the slots of a day with a None for each break that is as long as the slot before it."""
    found: list[Slot | None] = list(slots[:1])
    for before, slot in pairwise(slots):
        if slot.starts_at - before.ends_at >= before.ends_at - before.starts_at:
            found.append(None)
        found.append(slot)
    return found


def _by_day(rows: Iterable[Any], days: Iterable[int]) -> tuple[tuple[Any, ...], ...]:
    found: dict[int, list[Any]] = {day: [] for day in days}
    for row in rows:
        if row.day_id in found:
            found[row.day_id].append(row)
    return tuple(tuple(of_day) for of_day in found.values())


def _links(competition: Competition) -> Links:
    """Return by kind what ties two rows to each other: a mentor or a team to a slot, a team to a mentor, a day to a challenge or a room. One query."""
    of_slots, of_days = {"slot__day__competition": competition}, {"day__competition": competition}
    days = MentoringDay.challenges.through.objects.filter(mentoringday__competition=competition)
    first, *rest = (
        _pair("time", MentorTime.objects.filter(**of_slots, is_online=False), "mentor_id", "slot_id"),
        _pair("afar", MentorTime.objects.filter(**of_slots, is_online=True), "mentor_id", "slot_id"),
        _pair("absence", TeamAbsence.objects.filter(**of_slots), "team_id", "slot_id"),
        _pair("wish", MentorWish.objects.filter(mentor__competition=competition), "team_id", "mentor_id", F("rank")),
        _pair("pair", PairRule.objects.filter(competition=competition), "team_id", "mentor_id", F("kind")),
        _pair("day", days, "mentoringday_id", "challenge_id"),
        _pair("room", Room.objects.filter(**of_days), "day_id", "id", F("number"), F("name"), F("link")),
    )
    found: Links = {name: [] for name in ("time", "afar", "absence", "wish", "pair", "day", "room")}
    for kind, *row in first.union(*rest, all=True):
        found[kind].append(tuple(row))
    return found


def _pair(kind: str, rows: Any, left: str, right: str, *more: Any) -> Any:
    words = [Cast(one, CharField()) for one in (*more, *[Value("")] * (3 - len(more)))]
    return rows.order_by().values_list(Value(kind, CharField()), left, right, *words)


def _rooms(links: Links) -> list[Room]:
    rows = [Room.from_db(None, ["id", "day_id", "number", "name", "link"], (pk, day, int(number), name, link)) for day, pk, number, name, link in links["room"]]
    return sorted(rows, key=lambda room: room.number)


def _open(grid: Sequence[Sequence[Slot | None]], joint: Sequence[Sequence[JointSession]], now: datetime) -> Bools:
    """Return which columns are slots that lie ahead, with nothing joint at that time: [days, columns]."""

    def is_open(slot: Slot | None, together: Sequence[JointSession]) -> bool:
        return slot is not None and slot.starts_at > now and not any(_overlap(slot, one) for one in together)

    rows = [[is_open(slot, together) for slot in row] for row, together in zip(grid, joint, strict=True)]
    return np.array(rows, np.bool_).reshape(len(grid), len(grid[0]) if grid else 0)


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.starts_at < other.ends_at and one.ends_at > other.starts_at)


def _places(grid: Sequence[Sequence[Slot | None]]) -> dict[int, tuple[int, int]]:
    return {slot.pk: (day, column) for day, row in enumerate(grid) for column, slot in enumerate(row) if slot}


def _shape(grid: Sequence[Sequence[Slot | None]]) -> tuple[int, int]:
    return len(grid), len(grid[0]) if grid else 0


def _free_mentors(mentors: Sequence[MentorProfile], grid: Sequence[Sequence[Slot | None]], links: Links) -> Bools:
    free, number, slot_at = np.zeros((len(mentors), *_shape(grid)), np.bool_), {row.pk: at for at, row in enumerate(mentors)}, _places(grid)
    for mentor, slot, *_ in (*links["time"], *links["afar"]):
        free[(number[mentor], *slot_at[slot])] = True
    return free


def _free_teams(teams: Sequence[Team], comes: Bools, grid: Sequence[Sequence[Slot | None]], links: Links) -> Bools:
    free, number, slot_at = np.repeat(comes[:, :, None], _shape(grid)[1], 2), {row.pk: at for at, row in enumerate(teams)}, _places(grid)
    for team, slot, *_ in links["absence"]:
        if team in number:
            free[(number[team], *slot_at[slot])] = False
    return free


def _wishes(teams: Sequence[Team], mentors: Sequence[MentorProfile], links: Links) -> Floats:
    """Return what teams wish, [T, M]: 1, 2/3 or 1/3 for the first to the third wish."""
    team_at, mentor_at = {row.pk: at for at, row in enumerate(teams)}, {row.pk: at for at, row in enumerate(mentors)}
    found = np.zeros((len(teams), len(mentors)))
    for team, mentor, rank, *_ in links["wish"]:
        if team in team_at and mentor in mentor_at:
            found[team_at[team], mentor_at[mentor]] = (4 - int(rank)) / 3
    return found


def _sessions(competition: Competition, now: datetime, slots: Sequence[Slot]) -> dict[str, tuple[Session, ...]]:
    """Read the sessions of the competition and its mentors' sessions in others, sorted into what `Instance` names. One query."""
    rows = Session.objects.filter(Q(slot__day__competition=competition) | Q(mentor__person__in=competition.mentors.values("person")))
    found: dict[str, list[Session]] = {name: [] for name in ("fixed", "beside", "standing", "cancelled", "elsewhere")}
    known, pairs = {slot.pk: slot for slot in slots}, set[tuple[int, int]]()
    for row in rows.select_related("slot", "mentor").defer("note", "wish").order_by("slot__starts_at", "pk"):
        row.slot = known.get(row.slot_id, row.slot)
        found[_kind_of(row, now, known, pairs)].append(row)
    return {name: tuple(of_kind) for name, of_kind in found.items()}


def _kind_of(row: Session, now: datetime, known: Collection[int], pairs: set[tuple[int, int]]) -> str:
    if row.state == SessionState.CANCELLED:
        return "cancelled"
    if row.slot_id not in known:
        return "elsewhere"
    is_second = (row.team_id, row.mentor_id) in pairs
    pairs.add((row.team_id, row.mentor_id))
    if row.state != SessionState.PLANNED or row.slot.starts_at <= now:
        return "fixed"
    return "beside" if is_second else "standing"


def _close(instance: Instance) -> None:
    """Take out of the arrays the times of what stands whatever is planned, and leave what has begun open to those who meet then."""
    for row in instance.fixed:
        if cell := instance.cell(row):
            team, mentor, day, column, _ = cell
            instance.team_free[team, day, column] = instance.mentor_free[mentor, day, column] = instance.allowed[team, mentor] = True
            instance.places[day, column] += 1
    for row in instance.beside:
        if cell := instance.cell(row):
            team, mentor, day, column, _ = cell
            instance.team_free[team, day, column] = instance.mentor_free[mentor, day, column] = False
            instance.places[day, column] = max(instance.places[day, column] - 1, 0)
    for row in instance.elsewhere:
        for mentor in (at for at, one in enumerate(instance.mentors) if one.person_id == row.mentor.person_id):
            for day, column in (at for slot, at in ((s, instance.slot_at[s.pk]) for d in instance.grid for s in d if s) if _overlap(slot, row.slot)):
                instance.mentor_free[mentor, day, column] = False
