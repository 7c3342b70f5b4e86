"""Invented people, places and texts, drawn from a seed. All are marked as invented where they are shown."""

import random
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from klash.accounts.models import Municipality, User
from klash.accounts.services import create_account


@cache
def texts(name: str) -> Any:
    """Return a file of invented texts."""
    return yaml.safe_load(resources.files("klash.replay").joinpath(f"texts/{name}.yaml").read_text(encoding="utf-8"))


class Material:
    """Draws from one seed; equal seeds draw equal things in equal order."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def pick(self, rows: Any) -> Any:
        """Return one of the rows."""
        return self.random.choice(list(rows))

    def deal(self, rows: Any, turn: int) -> Any:
        """Return the row of a turn, counted from 0: of equal draws all rows come in turn before any comes again."""
        order = self.random.sample(list(rows), len(rows))
        return order[turn % len(order)]

    def person(self, address: str, language: str = "fi") -> User:
        """Return the invented person with this address, made on first use."""
        found = User.objects.filter(email=f"{address}@klash.invalid").first()
        if found:
            return found
        people = texts("people")
        kind = "swedish" if language == "sv" else "finnish"
        name = f"{self.pick(people['first_names'][kind])} {self.pick(people['last_names'][kind])}"
        return create_account(email=f"{address}@klash.invalid", name=name, language=language, is_invented=True)

    def municipalities(self, rows: list[Municipality], count: int) -> list[Municipality]:
        """Return municipalities drawn so that large ones report more often."""
        weighted = sorted(rows, key=lambda row: -(self.random.random() ** (1 / (row.population**0.35))))
        return weighted[:count]

    def problem(self, municipality: Municipality, used: set[str]) -> dict[str, Any]:
        """Return a problem text that suits the municipality; each is used once before any is used again."""
        fitting = [row for row in texts("problems")["problems"] if _suits(row, municipality)]
        fresh = [row for row in fitting if row["id"] not in used] or fitting
        row: dict[str, Any] = self.pick(fresh)
        used.add(row["id"])
        return row

    def scores(self, criteria: list[str], quality: float, *, spread: float = 1.3) -> dict[str, int]:
        """Return invented points from 0 to 10 around a quality."""
        return {code: max(0, min(10, round(self.random.gauss(quality, spread)))) for code in criteria}


def level_of(points: float) -> str:
    """Return which words suit points from 0 to 10."""
    return "low" if points < 4 else "high" if points >= 7 else "middle"


def _suits(row: Mapping[str, Any], municipality: Municipality) -> bool:
    """Tell whether a problem can be that of a municipality of this size and at this place."""
    size = "small" if municipality.population < 10_000 else "large" if municipality.population > 50_000 else "medium"
    return size in row["sizes"] and ("only_in" not in row or municipality.code in texts("problems")["places"][row["only_in"]])


def words(row: Mapping[str, str], language: str) -> str:
    """Return the text in the language."""
    return row.get(language) or row["fi"]
