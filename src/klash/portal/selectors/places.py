"""The map: every municipality of the day, and which of them reported a problem or pilots a solution."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from klash.competitions.models import Competition
from klash.competitions.selectors import register
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
    """Return the municipalities of the competition's time, by Finnish name. One query."""
    return [_place(row, pilots) for row in register(competition).annotate(is_reporter=front.has_reported(competition))]


def _place(row: Any, pilots: Collection[str]) -> Place:
    region = {"fi": row.region_fi, "sv": row.region_sv, "en": row.region_fi}
    return Place(row.code, row.name, region, round(row.x, 1), round(row.y, 1), row.is_reporter, row.code in pilots)
