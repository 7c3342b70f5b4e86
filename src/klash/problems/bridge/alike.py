"""Problems of a table that say much the same as another of it, or as one that was reported before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klash.algo.themes import duplicates
from klash.competitions.models import Competition
from klash.problems.models import Problem
from klash.problems.selectors import ImportRow

SHOWN = 100


@dataclass(frozen=True)
class Twin:
    """row: number in the table. other: the title of what it is like; other_row: its number in the table, 0 where it was reported before."""

    row: int
    title: str
    other: str
    other_row: int


def twins(competition: Competition, rows: Sequence[ImportRow]) -> list[Twin]:
    """Return the rows that are near-duplicates, nearest first, at most 100. One query; 1,000 texts take seconds."""
    before = list(Problem.objects.public().filter(competition=competition).order_by("pk").only("title", "summary", "answers"))
    texts = [_text(row.title, row.summary, row.answers) for row in before] + [_text(row.title, row.summary, row.answers) for row in rows]
    found = []
    for one, other, _nearness in duplicates(texts):  # the later of the two stands second
        if other >= len(before):
            row = rows[other - len(before)]
            known = rows[one - len(before)] if one >= len(before) else before[one]
            found.append(Twin(row.number, row.title, known.title, known.number if isinstance(known, ImportRow) else 0))
    return found[:SHOWN]


def _text(title: str, summary: str, answers: Mapping[str, Any]) -> str:
    return "\n".join([title, summary, *(value for value in answers.values() if isinstance(value, str))])
