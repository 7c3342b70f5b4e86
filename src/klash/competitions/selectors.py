"""Reads of a competition as a whole."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, CriteriaSet, Criterion, Partner, Stage, StageChange, StageKind
from klash.core import show


def current(person: Any) -> Competition | None:
    """Return the newest competition that the person may see. One query."""
    return Competition.objects.visible_to(person).select_related("organiser").first()


def find(person: Any, code: str) -> Competition | None:
    """Return a competition that the person may see. One query."""
    return Competition.objects.visible_to(person).select_related("organiser").filter(code=code).first()


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
        total = sum(row["weight"] for row in group)
        for line in group:
            line["share"] = (200 * line["weight"] + total) // (2 * total)
    return found


def as_announced(row: Criterion) -> dict[str, Any]:
    """Return a criterion in the form in which it is announced and hashed."""
    return {name: getattr(row, name) for name in ("code", "name", "meaning", "weight", "scale_min", "scale_max", "bands")}


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
    """A stage of the calendar page: its history, its criteria, and whether what was promised differs from what is in force."""

    stage: Stage
    status: str
    is_moved: bool
    changes: list[StageChange]
    criteria_set: CriteriaSet | None
    may_move: bool


def calendar(competition: Competition, now: datetime, *, is_staff: bool) -> list[Step]:
    """Return every stage in order with its history and criteria. Three queries, four if the stages were not read before."""
    changes: dict[int, list[StageChange]] = {}
    for change in StageChange.objects.filter(stage__competition=competition).order_by("changed_at", "pk"):
        changes.setdefault(change.stage_id, []).append(change)
    ordered = Prefetch("criteria", queryset=Criterion.objects.order_by("position"))
    sets = {row.stage_kind: row for row in competition.criteria_sets.prefetch_related(ordered)}
    return [
        Step(
            stage=stage, status=status_of(stage, now), changes=changes.get(stage.pk, []), criteria_set=sets.get(stage.kind),
            is_moved=bool(_slip(stage, "fi")), may_move=is_staff and stage.is_open(now),
        )
        for stage in competition.stages_by_kind().values()
    ]


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
