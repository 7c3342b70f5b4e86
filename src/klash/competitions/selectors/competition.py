"""Reads of a competition as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klash.accounts.models import Municipality
from klash.competitions.models import (
    Competition,
    CriteriaSet,
    Criterion,
    Partner,
    Postponement,
    Promise,
    Ruling,
    RulingLine,
    Stage,
    StageChange,
    StageKind,
)
from klash.competitions.selectors.promises import Day, Standing, days_of, numbers, told_of_moves
from klash.core import audit, clock, show
from klash.reviewing import selectors as reviewing
from klash.reviewing.hashes import criterion_as_announced
from klash.reviewing.models import Round
from klash.reviewing.selectors import Ranked
from klash.rules.states import PostponementState, RulingState


def current(person: Any) -> Competition | None:
    """Return the newest competition that the person may see. One query."""
    return Competition.objects.visible_to(person).select_related("organiser").first()


def find(person: Any, code: str) -> Competition | None:
    """Return a competition that the person may see; `has_promises` tells whether any stands open. One query."""
    rows = Competition.objects.visible_to(person).select_related("organiser").filter(code=code)
    return rows.annotate(has_promises=Exists(Promise.objects.filter(competition=OuterRef("pk"), is_kept=None))).first()


def criteria_for(competition: Competition, stage_kind: str) -> list[dict[str, Any]]:
    """Return the announced criteria of a stage, as `reviewing.services.make_round` takes them. One query."""
    rows = Criterion.objects.filter(criteria_set__competition=competition, criteria_set__stage_kind=stage_kind).order_by("position")
    return [as_announced(row) for row in rows]


def criteria_by_stage(competition: Competition) -> dict[str, list[dict[str, Any]]]:
    """Return each stage's criteria with `share`, the weight's part of the whole in per cent. One query."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Criterion.objects.filter(criteria_set__competition=competition).select_related("criteria_set").order_by("criteria_set", "position")
    for row in rows:
        found.setdefault(row.criteria_set.stage_kind, []).append(as_announced(row))
    for group in found.values():
        for line, share in zip(group, _shares([row["weight"] for row in group]), strict=True):
            line["share"] = share
    return found


def _shares(weights: Sequence[int]) -> list[int]:
    """Return each weight's part of the whole in whole per cent, rounded half up."""
    total = sum(weights)
    return [(200 * weight + total) // (2 * total) for weight in weights]


def as_announced(row: Criterion) -> dict[str, Any]:
    """Return a criterion in the form in which it is announced and hashed."""
    return criterion_as_announced(row)


def day_of_register(competition: Competition) -> date | None:
    """Return the day whose municipality register holds: the first day on which problems can be reported. One query, kept."""
    stage = competition.stages_by_kind().get(StageKind.PROBLEM_CALL)
    return stage.opens_at.astimezone(show.ZONE).date() if stage else None


def register(competition: Competition) -> Any:
    """Return the municipalities of the competition's time, by Finnish name, as a queryset."""
    day = day_of_register(competition)
    rows = Municipality.objects.valid_on(day) if day else Municipality.objects.filter(valid_to=None)
    return rows.order_by("name_fi")


def ribbon(competition: Competition, now: datetime) -> list[dict[str, Any]]:
    """Return the stages as the ribbon draws them: title, when, status (done, on, coming) and how far it slipped. One query, kept."""
    language = _language()
    return [
        {
            "title": show.pick(stage.title, language), "when": show.day_range(stage.opens_at, stage.closes_at, language),
            "status": status_of(stage, now), "slip": _slip(stage, language),
        }
        for stage in competition.stages_by_kind().values()
    ]


def status_of(stage: Stage, now: datetime) -> str:
    """Return done, on or coming; the closing instant still belongs to the stage."""
    return "done" if now > stage.closes_at else "on" if now >= stage.opens_at else "coming"


def _slip(stage: Stage, language: str) -> str:
    if stage.planned_opens_at is None or stage.planned_closes_at is None:
        return ""
    planned = show.day_range(stage.planned_opens_at, stage.planned_closes_at, language)
    return "" if planned == show.day_range(stage.opens_at, stage.closes_at, language) else _("promised %(days)s") % {"days": planned}


@dataclass(frozen=True)
class Step:
    """A stage of the calendar page: its criteria, what was promised of it, and how that differs from what is in force.

    changes: each with how many people were told of it. promises: the promised numbers.
    """

    stage: Stage
    status: str
    is_moved: bool
    days: list[Day]
    changes: list[tuple[StageChange, int]]
    promises: list[Standing]
    criteria_set: CriteriaSet | None
    may_move: bool
    asked: Postponement | None

    @property
    def criteria(self) -> list[tuple[Criterion, int]]:
        """Return the stage's criteria with each one's share of the weights in whole per cent. No query."""
        rows = list(self.criteria_set.criteria.all()) if self.criteria_set else []
        return list(zip(rows, _shares([row.weight for row in rows]), strict=True))


def calendar(competition: Competition, now: datetime, *, is_staff: bool) -> list[Step]:
    """Return every stage in order with its history and criteria.

    Four queries and those that count what was promised; one more for the staff, after a change, and if the stages were not read before.
    """
    rows = list(StageChange.objects.filter(stage__competition=competition).order_by("changed_at", "pk"))
    told, promised = told_of_moves(rows), numbers(competition, now)
    changes: dict[int, list[tuple[StageChange, int]]] = {}
    for change in rows:
        changes.setdefault(change.stage_id, []).append((change, told[change.pk]))
    asked = {row.stage_id: row for row in waiting_postponements(competition)} if is_staff else {}
    ordered = Prefetch("criteria", queryset=Criterion.objects.order_by("position"))
    sets = {row.stage_kind: row for row in competition.criteria_sets.prefetch_related(ordered)}
    return [
        Step(
            stage=stage, status=status_of(stage, now), changes=changes.get(stage.pk, []), criteria_set=sets.get(stage.kind),
            is_moved=bool(_slip(stage, "fi")), days=days_of(stage, now), promises=[row for row in promised if row.promise.stage_kind == stage.kind],
            may_move=is_staff and stage.is_open(now), asked=asked.get(stage.pk),
        )
        for stage in competition.stages_by_kind().values()
    ]


def waiting_postponements(competition: Competition) -> list[Postponement]:
    """Return the requests to move a deadline that another person may still confirm. One query."""
    rows = Postponement.objects.filter(stage__competition=competition, state=PostponementState.REQUESTED, stage__closes_at__gte=clock.now())
    return list(rows.select_related("requested_by", "stage__competition").order_by("pk"))


def postponement_of(stage: Stage) -> Postponement | None:
    """Return the request that waits to move a stage's deadline, if any. One query."""
    return Postponement.objects.filter(stage=stage, state=PostponementState.REQUESTED).select_related("requested_by", "stage__competition").first()


def partners(competition: Competition) -> list[Partner]:
    """Return the partners but the organiser itself, in the order in which they were named. One query."""
    rows = Partner.objects.filter(competition=competition).exclude(organisation=competition.organiser_id)
    return list(rows.select_related("organisation").order_by("pk"))


def next_stage(stage: Stage) -> Stage | None:
    """Return the stage that follows in the calendar, if any. One query, kept with the competition."""
    later = [row for row in stage.competition.stages_by_kind().values() if row.position > stage.position]
    return later[0] if later else None


def _language() -> str:
    return (get_language() or "fi")[:2]


@dataclass(frozen=True)
class Decided:
    """An entry in the body's ranking beside what is decided on it. feedback: as it goes out, the body's comments where nobody wrote anything else."""

    place: Ranked
    line: RulingLine

    @property
    def feedback(self) -> str:
        return self.line.feedback or "\n\n".join(self.place.comments)


@dataclass(frozen=True)
class Part:
    """A part of what a body decides, best entry first. entries, taken, undecided: of the whole; promised: how many go on, unless there are fewer entries."""

    ruling: Ruling
    round_code: str
    rows: tuple[Decided, ...]
    entries: int
    taken: int
    undecided: int

    @property
    def promised(self) -> int:
        return min(self.ruling.quota, self.entries)

    @property
    def is_fewer(self) -> bool:
        return not self.undecided and self.taken < self.promised

    @property
    def is_released(self) -> bool:
        return self.ruling.state == RulingState.RELEASED


@dataclass(frozen=True)
class Sheet(Part):
    """All that a body decides."""

    @property
    def reserve(self) -> list[int]:
        """Return the places on the reserve list that were given."""
        return [row.line.reserve_place for row in self.rows if row.line.reserve_place is not None]

    @property
    def without_reason(self) -> int:
        return sum(row.line.is_taken is not None and not row.line.reason for row in self.rows)

    @property
    def without_feedback(self) -> int:
        return sum(not row.feedback for row in self.rows)

    @property
    def is_ready(self) -> bool:
        lacks = self.undecided or self.without_reason or self.without_feedback
        return bool(self.rows) and not lacks and not (self.is_fewer and not self.ruling.fewer_reason)


def ruling_of(competition: Competition, round_: Round) -> Ruling:
    """Return what is decided on a round's entries, or what will be saved with the first decision; `taken` and `decided` count its lines. One query."""
    counts = {"taken": Count("lines", filter=Q(lines__is_taken=True)), "decided": Count("lines__is_taken")}
    found = Ruling.objects.annotate(**counts).filter(key=round_.key).first() or Ruling(key=round_.key, competition=competition, quota=round_.quota)
    found.competition, found.round_state = competition, round_.state
    return found


def sheet(competition: Competition, round_: Round) -> Sheet:
    """Return what is decided on a complete round's entries, none before that. Four queries."""
    ruling = ruling_of(competition, round_)
    rows = _decided(ruling, reviewing.ranking(round_, with_comments=True), RulingLine.objects.filter(ruling=ruling.pk))
    taken, undecided = (sum(row.line.is_taken is value for row in rows) for value in (True, None))
    return Sheet(ruling, round_.code, rows, len(rows), taken, undecided)


def part_of_sheet(competition: Competition, round_: Round, *, start: int, limit: int) -> Part:
    """Return what is decided on some of a complete round's entries. Four queries."""
    ruling = ruling_of(competition, round_)
    places = reviewing.ranking(round_, start=start, limit=limit, with_comments=True)
    lines = RulingLine.objects.filter(ruling=ruling.pk, entry_code__in=[place.entry_code for place in places])
    return Part(ruling, round_.code, _decided(ruling, places, lines), round_.entry_count, ruling.taken, round_.entry_count - ruling.decided)


def _decided(ruling: Ruling, places: Iterable[Ranked], written: Iterable[RulingLine]) -> tuple[Decided, ...]:
    lines = {line.entry_code: line for line in written}
    return tuple(Decided(place, lines.get(place.entry_code) or RulingLine(ruling=ruling, entry_code=place.entry_code)) for place in places)


def hash_of(ruling: Ruling) -> str:
    """Return the hash under which decisions are released: each entry's with its reason and feedback, and why they are fewer. One query."""
    lines = [
        [line.entry_code, line.is_taken, line.reason, line.feedback, *([line.reserve_place] if line.reserve_place else [])]
        for line in ruling.lines.order_by("entry_code")
    ]
    return audit.sha256("klash/1/ruling", audit.canonical([ruling.key, ruling.quota, ruling.fewer_reason, lines]))
