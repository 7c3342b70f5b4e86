"""Public problems near to one that is being written, or that stands."""

import threading
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce

from klash.algo.themes import Index
from klash.competitions.answers import told
from klash.competitions.models import Competition, FormKind
from klash.problems.models import Problem, Tally

SHOWN = 5
# Tried on the invented problems with title and summary alone: the same matter lies above 0.43 in its own language, the nearest of all other matters
# below 0.24 in 95 of 100 cases. Across languages only the subjects speak; there the same matter lies at 0.08 in the middle, the nearest other at 0.06.
LEAST, LEAST_ACROSS = 0.2, 0.07
AT_ONCE = 300  # so many texts are made ready while the writer waits; more of them beside, and what was ready before goes on answering


class _Stamp(NamedTuple):
    problems: int
    tallies: int
    last: int | None


@dataclass(frozen=True)
class Near:
    """A public problem and how near it is: 1.0 just enough to be shown, without an upper bound."""

    problem: Problem
    nearness: float


@dataclass
class _Shelf:
    """The public problems of a competition as this process last read them; the index is None where there are none."""

    stamp: _Stamp
    keys: list[int] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    index: Index | None = None


_shelves: dict[int, _Shelf] = {}
_lock = threading.Lock()
_working: set[int] = set()  # the competitions of which a shelf is being made beside


def nearest(problem: Problem, *, shown: int = SHOWN) -> list[Near] | None:
    """Return the public problems nearest to what a problem says now, nearest first, itself left out. At most three queries.

    None while this process makes ready what it compares with. Drafts of others are never compared with.
    """
    query = f"{problem.title}\n{problem.summary}".strip()
    if not query:
        return []
    shelf = _shelf(problem.competition)
    if shelf is None or shelf.index is None:
        return None if shelf is None else []
    least = np.where(np.array(shelf.languages) == problem.language, LEAST, LEAST_ACROSS)
    nearness = shelf.index.nearness(query) / least
    found = {shelf.keys[place]: float(nearness[place]) for place in np.argsort(-nearness, kind="stable")[: shown + 1] if nearness[place] >= 1}
    found.pop(problem.pk, None)
    # Asked anew: what is no longer public is not shown, however old the shelf.
    rows = Problem.objects.public().filter(pk__in=found).select_related("municipality", "theme").prefetch_related("group").in_bulk()
    return [Near(rows[key], value) for key, value in found.items() if key in rows][:shown]


def _shelf(competition: Competition) -> _Shelf | None:
    """Return what is ready to be compared with, made anew if a public problem has changed since. One query where nothing has."""
    stamp, kept = _stamp(competition), _shelves.get(competition.pk)
    if kept is not None and kept.stamp == stamp:
        return kept
    if stamp.problems <= AT_ONCE:
        return _make(competition, stamp)
    with _lock:
        if competition.pk not in _working:
            _working.add(competition.pk)
            threading.Thread(target=_make_beside, args=(competition.pk, stamp), daemon=True).start()
    return kept


def _stamp(competition: Competition) -> _Stamp:
    """Return what differs whenever a public problem has changed: its tallies are written anew then, under keys that were never used before."""
    found = Tally.objects.filter(competition=competition).aggregate(problems=Coalesce(Sum("led"), 0), tallies=Count("pk"), last=Max("pk"))
    return _Stamp(**found)


def _make_beside(competition: int, stamp: _Stamp) -> None:
    try:
        _make(Competition.objects.get(pk=competition), stamp)
    finally:
        _working.discard(competition)
        connection.close()


def _make(competition: Competition, stamp: _Stamp) -> _Shelf:
    rows = list(Problem.objects.public().filter(competition=competition).order_by("pk"))
    form = competition.form(FormKind.PROBLEM)
    answers = [[one.text for one in told(form, row.answers, row.language, is_told=lambda question: question.is_public)] for row in rows]
    texts = ["\n".join([row.title, row.summary, *said]) for row, said in zip(rows, answers, strict=True)]
    shelf = _Shelf(stamp, [row.pk for row in rows], [row.language for row in rows], Index(texts) if texts else None)
    _shelves[competition.pk] = shelf
    return shelf
