"""Reads of what was promised in public and of what became of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from klash.competitions.models import NUMBERS, Competition, Promise, PromiseChange, PromiseKind, Stage, StageChange
from klash.core import show
from klash.post.models import Message
from klash.rules.promises import Done, Verdict, of_day, verdict

Counting = Callable[[Competition], Done]
_counters: dict[str, Counting] = {}


def counts(kind: str) -> Callable[[Counting], Counting]:
    """Let a later stage count what has been done of the promises of a kind."""

    def register(counter: Counting) -> Counting:
        _counters[kind] = counter
        return counter

    return register


@dataclass(frozen=True)
class Standing:
    """A promise with what became of it. told: by change, how many people got a mail about it."""

    promise: Promise
    verdict: Verdict
    done: Done
    changes: tuple[tuple[PromiseChange, int], ...] = ()

    @property
    def is_number(self) -> bool:
        return self.promise.kind in NUMBERS


@dataclass(frozen=True)
class Day:
    """The promise of one end of a stage: the day that was planned, the one in force, and by how many days it came later."""

    planned_at: datetime
    at: datetime
    verdict: Verdict
    is_opening: bool

    @property
    def late_days(self) -> int:
        return (_day(self.at) - _day(self.planned_at)).days


def promise_of(competition: Competition, code: str) -> Promise | None:
    """Return a promise of the competition. One query."""
    found = Promise.objects.filter(competition=competition, code=code).first()
    if found is not None:
        found.competition = competition
    return found


def standings(competition: Competition, now: datetime) -> list[Standing]:
    """Return what was promised beside the days of stages, by due day, with every change. Three queries and those of the counters."""
    rows = list(Promise.objects.filter(competition=competition).prefetch_related("changes"))
    changes = [change for row in rows for change in row.changes.all()]
    told = told_of(change.event for change in changes) if changes else {}
    done = _done(competition, rows)
    return [_standing(row, done, now, tuple((change, told.get(change.event, 0)) for change in row.changes.all())) for row in rows]


def numbers(competition: Competition, now: datetime) -> list[Standing]:
    """Return the promised numbers, without their history. One query and those of the counters."""
    rows = list(Promise.objects.filter(competition=competition, kind__in=NUMBERS))
    done = _done(competition, rows)
    return [_standing(row, done, now) for row in rows]


def overdue(competition: Competition, now: datetime) -> list[Promise]:
    """Return the promises whose day has passed and that wait to be kept, oldest first. One query and those of the counters; none where none stands open."""
    if not getattr(competition, "has_promises", True):  # where `find` read the competition
        return []
    rows = list(Promise.objects.filter(competition=competition, is_kept=None, due_on__lt=_day(now)))
    done = _done(competition, rows)
    return [row for row in rows if _standing(row, done, now).verdict == Verdict.OVERDUE]


def _standing(row: Promise, done: Mapping[str, Done], now: datetime, changes: tuple[tuple[PromiseChange, int], ...] = ()) -> Standing:
    found = Done(on=_day(row.marked_at)) if row.kind == PromiseKind.OTHER and row.marked_at else done.get(row.kind, Done())
    told = verdict(due_on=row.due_on, today=_day(now), done=found, low=row.low, high=row.high, marked=row.is_kept)
    return Standing(row, told, found, changes)


def _done(competition: Competition, rows: Iterable[Promise]) -> dict[str, Done]:
    return {kind: _counters[kind](competition) for kind in sorted({row.kind for row in rows}) if kind in _counters}


def told_of(events: Iterable[str]) -> dict[str, int]:
    """Return how many mails each of the events brought. One query."""
    rows = Message.objects.filter(event__in=list(events)).order_by().values_list("event").annotate(Count("pk"))
    return Counter(dict(rows))


def told_of_moves(changes: Iterable[StageChange]) -> dict[int, int]:
    """Return how many people were told of each moved deadline, by its key. One query, none without a change."""
    by_event = {f"stage.moved/{change.pk}": change.pk for change in changes}
    told = told_of(by_event) if by_event else {}
    return {key: told.get(event, 0) for event, key in by_event.items()}


def days_of(stage: Stage, now: datetime) -> list[Day]:
    """Return how the promised opening and the promised closing of a stage stand, as far as they were planned. No query."""
    ends = ((stage.planned_opens_at, stage.opens_at, True), (stage.planned_closes_at, stage.closes_at, False))
    return [
        Day(planned, at, of_day(promised=_day(planned), in_force=_day(at), today=_day(now)), is_opening) for planned, at, is_opening in ends if planned
    ]


def _day(moment: Any) -> date:
    local: datetime = moment.astimezone(show.ZONE)
    return local.date()
