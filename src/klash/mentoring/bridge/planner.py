"""The timetable that `algo.timetable` finds for an instance, as a suggestion that becomes a draft. No query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from klash.algo.timetable import Addition, Plan, Reason, Rule, check, plan
from klash.mentoring.bridge.board import HARD, limits_of
from klash.mentoring.bridge.instance import UNKNOWN, Bools, Cell, Instance, Ints
from klash.mentoring.models import MentorProfile, Room, Slot
from klash.teams.models import Team

TIME_LIMIT_S = 120.0  # the emergency brake
SECONDS, SECONDS_OF_A_PAIR = 2.0, 0.01  # what a run takes, roughly


@dataclass(frozen=True)
class Suggested:
    """One meeting of a suggestion. why: as `PlannedMeeting.why` keeps it."""

    team: Team
    mentor: MentorProfile
    slot: Slot
    room: Room | None
    is_pinned: bool
    why: dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """meetings: of the draft, pinned ones among them, what is fixed not. told: as `Plan.told` keeps it."""

    meetings: tuple[Suggested, ...]
    told: dict[str, Any]


def seconds_expected(instance: Instance) -> float:
    """Return how long `suggest` is likely to take."""
    return SECONDS + SECONDS_OF_A_PAIR * len(instance.teams) * len(instance.mentors)


def suggest(instance: Instance, *, pinned: Iterable[Cell] = (), previous: Iterable[Cell] | None = None, barred: Iterable[Cell] = ()) -> Suggestion:
    """Plan the sessions of the instance around what is fixed and pinned; seconds to two minutes of arithmetic, no query.

    pinned: stand wherever they break no hard rule, even if they break a softer one; the others are told as `let_go`.
    previous: what stood, of which as much as can be is kept. barred: must not be as they were.
    Pairs that must meet are planned before all others.
    """
    fixed = instance.cells(instance.fixed)
    given = sorted(set(pinned))
    held, loose, let_go = _sorted(instance, fixed, given)
    arrays = _around(instance, held, loose)
    shared: dict[str, Any] = {"rules": instance.limits, "weights": instance.weights, "wishes": instance.wishes, "time_limit_s": TIME_LIMIT_S, **arrays}
    stood, gone = None if previous is None else sorted(set(previous)), sorted(set(barred))
    held += _musts(instance, shared, held, stood, gone)
    found = plan(**shared, need=_need(instance, loose), expertise=instance.expertise, pinned=held, previous=stood, cancelled=gone)
    pins = {cell[:4] for cell in given}
    meetings = [
        Suggested(instance.teams[team], instance.mentors[mentor], instance.slot(day, column), room, (team, mentor, day, column) in pins, why)
        for team, mentor, day, column, room, why in [*_planned(instance, found, loose), *_left(instance, set(fixed), loose)]
        if not instance.has_begun(instance.slot(day, column))
    ]
    return Suggestion(tuple(meetings), _told(instance, found, let_go))


def _sorted(instance: Instance, fixed: Sequence[Cell], pinned: Sequence[Cell]) -> tuple[list[Cell], list[Cell], list[Cell]]:
    """Sort what stands into what holds every rule beside what comes before it, what breaks one and stands all the same, and pins that cannot be."""
    held, loose, let_go = list[Cell](), list[Cell](), list[Cell]()
    if not _broken(instance, [*fixed, *pinned], None):
        return [*fixed, *pinned], loose, let_go
    for cell in (*fixed, *pinned):
        broken = _broken(instance, [*held, *loose, cell], cell)
        if not broken:
            held.append(cell)
        elif broken & set(HARD) and cell not in fixed:
            let_go.append(cell)
        else:
            loose.append(cell)
    return held, loose, let_go


def _broken(instance: Instance, cells: Sequence[Cell], cell: Cell | None) -> set[Rule]:
    """Return the rules that the cells break, those in which one of them takes part where it is given."""
    return {breach.rule for breach in check(cells, **limits_of(instance)) if cell is None or cell[:4] in {one[:4] for one in breach.meetings}}


def _around(instance: Instance, held: Sequence[Cell], loose: Sequence[Cell]) -> dict[str, Any]:
    """Return who is free for whom around what stands although it breaks a rule, and nobody in two places on one date."""
    mentor_free, team_free, allowed = (array.copy() for array in (instance.mentor_free, instance.team_free, instance.allowed))
    places = instance.places.copy()
    gap = instance.rules.team_gap
    for team, mentor, day, column, _ in loose:
        team_free[team, day, max(column - gap, 0) : column + gap + 1] = mentor_free[mentor, day, column] = allowed[team, mentor] = False
        places[day, column] = max(places[day, column] - 1, 0)
    for team, mentor, day, column, _ in held:
        team_free[team, day, column] = mentor_free[mentor, day, column] = allowed[team, mentor] = True
        places[day, column] = max(places[day, column], 1)
    for days in _same_dates(instance):
        _stay_in_one_place(team_free, mentor_free, days, [(cell[0], cell[2]) for cell in (*held, *loose)])
        _stay_in_one_place(mentor_free, team_free, days, [(cell[1], cell[2]) for cell in (*held, *loose)])
    return {
        "mentor_free": mentor_free, "team_free": team_free, "places": places, "allowed": allowed, "background": instance.background,
    }


def _same_dates(instance: Instance) -> list[list[int]]:
    dates: dict[Any, list[int]] = {}
    for at, day in enumerate(instance.days):
        dates.setdefault(day.on, []).append(at)
    return [days for days in dates.values() if len(days) > 1]


def _stay_in_one_place(free: Bools, others: Bools, days: list[int], standing: Sequence[tuple[int, int]]) -> None:
    """Leave everybody free on one of the days: where something stands for them, else where most others are free with them."""
    stands = set(standing)
    common = (free[:, days] * others.sum(0)[days]).sum(2)
    for one in range(len(free)):
        best = max(range(len(days)), key=lambda at: ((one, days[at]) in stands, common[one, at], -at))  # noqa: B023
        for at, day in enumerate(days):
            if at != best and (one, day) not in stands:
                free[one, day] = False


def _need(instance: Instance, loose: Sequence[Cell]) -> Ints:
    need = instance.need.copy()
    np.subtract.at(need, [cell[0] for cell in loose], 1)
    return np.clip(need, 0, None)


def _musts(
    instance: Instance, shared: dict[str, Any], held: Sequence[Cell], stood: Sequence[Cell] | None, gone: Sequence[Cell]
) -> list[Cell]:
    """Plan the pairs that must meet and do not yet, before all others."""
    allowed = np.zeros_like(instance.allowed)
    for team, mentor in instance.must:
        allowed[team, mentor] = shared["allowed"][team, mentor]
    waiting = allowed.copy()
    for team, mentor, *_ in held:
        waiting[team, mentor], allowed[team, mentor] = False, True
    if not waiting.any():
        return []
    need = waiting.sum(1).astype(np.int64)
    np.add.at(need, [cell[0] for cell in held], 1)
    found = plan(
        **{**shared, "allowed": allowed, "wishes": None}, need=need, expertise=np.zeros(allowed.shape), pinned=held, previous=stood, cancelled=gone,
    )
    return [(*one[:5],) for one in found.meetings if waiting[one.team, one.mentor]]


Planned = tuple[int, int, int, int, Room | None, dict[str, Any]]


def _planned(instance: Instance, found: Plan, loose: Sequence[Cell]) -> list[Planned]:
    """Return what was found, in rooms that nothing else is in."""
    rows: list[Planned] = []
    taken = {(cell[2], cell[3], cell[4]) for cell in loose} | {
        cell[2:] for row in instance.beside if (cell := instance.cell(row))
    }
    wished = {one[2:] for one in found.meetings}
    for one, reason in zip(found.meetings, found.reasons, strict=True):
        place = one.place
        if (one.day, one.slot, place) in taken:
            rooms = range(len(instance.rooms[one.day]))
            place = next((at for at in rooms if (one.day, one.slot, at) not in taken | wished), place)
        taken.add((one.day, one.slot, place))
        rows.append((one.team, one.mentor, one.day, one.slot, instance.room(one.day, place), _why(instance, one.mentor, reason)))
    return rows


def _left(instance: Instance, fixed: set[Cell], loose: Sequence[Cell]) -> list[Planned]:
    return [(*cell[:4], instance.room(cell[2], cell[4]), {}) for cell in loose if cell not in fixed]


def _why(instance: Instance, mentor: int, reason: Reason) -> dict[str, Any]:
    """Tell why a team meets a mentor, as a session keeps it; to be of an unknown kind brings nothing."""
    names = [instance.attributes[at] for at in reason.brings]
    known = [name for name in names if getattr(instance.mentors[mentor], name) not in UNKNOWN]
    return {"brings": known, "expertise": round(reason.expertise, 3), "rank": reason.rank, "wish": round(4 - 3 * reason.wish) if reason.wish else 0}


def _told(instance: Instance, found: Plan, let_go: Sequence[Cell]) -> dict[str, Any]:
    cures = [
        {
            "team": instance.teams[cure.team].code, "missing": cure.missing, "why": [str(rule) for rule in cure.why],
            "additions": _additions(instance, cure.additions),
        }
        for cure in found.cures
    ]
    return {
        "objective": found.objective, "bound": found.bound, "is_proved": found.proved, "seconds": round(found.seconds, 1), "short": int(found.short.sum()),
        "changed": found.changed, "cures": cures,
        "let_go": [
            {"team": instance.teams[cell[0]].code, "mentor": instance.mentors[cell[1]].code, "slot": instance.slot(cell[2], cell[3]).pk} for cell in let_go
        ],
    }


def _additions(instance: Instance, additions: Sequence[Addition]) -> list[dict[str, Any]]:
    """Return additions as a plan keeps them; none where only further slots or days would help."""
    if any(_is_vain(instance, one) for one in additions):
        return []
    return [
        {
            "rule": str(one.rule), "team": None if one.team is None else instance.teams[one.team].code,
            "mentor": None if one.mentor is None else instance.mentors[one.mentor].code,
            "slot": None if one.slot is None or one.day is None else instance.slot(one.day, one.slot).pk,
        }
        for one in additions if one.rule != Rule.PLACES or (one.day is not None and instance.rooms[one.day])
    ]


def _is_vain(instance: Instance, one: Addition) -> bool:
    """Return whether an addition is at a time that is no slot, has begun or is joint, or asks a team to a day of others."""
    if one.day is None or one.slot is None:
        return False
    return not instance.is_open[one.day, one.slot] or (one.team is not None and not instance.comes[one.team, one.day])
