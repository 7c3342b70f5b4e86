"""The map: every municipality of the day, and which of them reported a problem or pilots a solution."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

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
    def text_x(self) -> float:
        return self.x + 12 if self.x < 200 else self.x - 12

    @property
    def anchor(self) -> str:
        return "start" if self.x < 200 else "end"


@lru_cache(maxsize=1)
def outline() -> dict[str, str]:
    """Return viewbox and path of the country's outline."""
    found: dict[str, str] = json.loads(resources.files("klash.accounts").joinpath("data/finland.json").read_text())
    return found


def places(competition: Competition, pilots: Collection[str]) -> list[Place]:
    """Return the municipalities valid when problems were called, pilots last so that they are drawn on top. One query."""
    stages = competition.stages_by_kind()
    start = stages.get(StageKind.PROBLEM_CALL) or next(iter(stages.values()), None)
    rows = Municipality.objects.all()
    if start is not None:
        rows = rows.valid_on(timezone.localtime(start.opens_at).date())
    is_reporter = Case(When(front.has_reported(competition), then=Value(True)), default=Value(False))
    found = [_place(row, pilots) for row in rows.annotate(is_reporter=is_reporter).order_by("name_fi")]
    return sorted(found, key=lambda place: (place.is_pilot, place.is_reporter))


def _place(row: Municipality, pilots: Collection[str]) -> Place:
    region = {"fi": row.region_fi, "sv": row.region_sv, "en": row.region_fi}
    return Place(
        row.code, row.name, region, round(row.x, 1), round(row.y, 1), bool(getattr(row, "is_reporter", False)), row.code in pilots
    )
