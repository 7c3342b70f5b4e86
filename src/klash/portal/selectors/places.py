"""The map: every municipality of the day, and which of them reported a problem or pilots a solution."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Value, When
from django.utils import timezone

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, StageKind
from klash.core.fields import Text
from klash.portal.selectors import front


@dataclass(frozen=True)
class Place:
    code: str
    name: Text
    region: Text
    x: float
    y: float
    is_reporter: bool
    is_pilot: bool

    @property
    def kind(self) -> str:
        """What the map calls it."""
        return "pilot" if self.is_pilot else "in" if self.is_reporter else ""


def places(competition: Competition, pilots: Collection[str]) -> list[Place]:
    """Return the municipalities valid when problems were called, by Finnish name. One query."""
    stages = competition.stages_by_kind()
    start = stages.get(StageKind.PROBLEM_CALL) or next(iter(stages.values()), None)
    rows = Municipality.objects.all()
    if start is not None:
        rows = rows.valid_on(timezone.localtime(start.opens_at).date())
    is_reporter = Case(When(front.has_reported(competition), then=Value(True)), default=Value(False))
    return [_place(row, pilots) for row in rows.annotate(is_reporter=is_reporter).order_by("name_fi")]


def _place(row: Municipality, pilots: Collection[str]) -> Place:
    region = {"fi": row.region_fi, "sv": row.region_sv, "en": row.region_fi}
    return Place(
        row.code, row.name, region, round(row.x, 1), round(row.y, 1), bool(getattr(row, "is_reporter", False)), row.code in pilots
    )
