"""Public problems near to one that is being written, or that stands; which of all say the same, and which form groups."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce

from klash.algo.themes import SAME, Index, clusters
from klash.competitions.answers import told
from klash.competitions.models import Competition, FormKind
from klash.problems.models import Apart, Problem, Tally
from klash.rules.states import ProblemState

SHOWN = 5
# Tried on the invented problems with title and summary alone: the same matter lies above 0.43 in its own language, the nearest of all other matters
# below 0.24 in 95 of 100 cases. Across languages only the subjects speak; there the same matter lies at 0.08 in the middle, the nearest other at 0.06.
LEAST, LEAST_ACROSS = 0.2, 0.07
PAIRS, PAIRS_KEPT, GROUPED, PAIRED = 100, 1000, 1000, 5000
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
    texts: list[str] = field(default_factory=list)
    pairs: list[tuple[int, int, float]] | None = None  # of the keys; None while nobody has asked
    groups: list[tuple[list[int], tuple[str, ...]]] | None = None


_shelves: dict[int, _Shelf] = {}
_lock = threading.Lock()
_working: set[tuple[int, str]] = set()  # what is being made beside, of which competition


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


def alike(competition: Competition) -> list[tuple[Problem, Problem, float]] | None:
    """Return the pairs of submitted problems that say much the same, nearest first, at most 100, those judged to be two left out. Five queries.

    Of more than 5,000 problems the newest are compared.

    None while this process compares them.
    """
    shelf = _shelf(competition)
    if shelf is None or not shelf.keys:
        return None if shelf is None else []
    if shelf.pairs is None:
        _now_or_beside(competition, shelf, "pairs", lambda: _pairs(shelf))
    if shelf.pairs is None:
        return None
    apart = set(Apart.objects.filter(one__competition=competition).values_list("one", "other"))
    rows = _submitted(competition, {key for pair in shelf.pairs for key in pair[:2]})
    found = [(rows[one], rows[other], near) for one, other, near in shelf.pairs if one in rows and other in rows and (one, other) not in apart]
    return found[:PAIRS]


@dataclass(frozen=True)
class Group:
    """Problems of one matter, the most typical first. words: those that tell it from the other groups."""

    problems: list[Problem]
    words: tuple[str, ...]


def groups(competition: Competition) -> list[Group] | None:
    """Return the submitted problems in groups of one matter, the largest group first; of more than 1,000 an even choice. Four queries.

    None while this process makes them.
    """
    shelf = _shelf(competition)
    if shelf is None or not shelf.keys:
        return None if shelf is None else []
    if shelf.groups is None:
        _now_or_beside(competition, shelf, "groups", lambda: _groups(shelf))
    if shelf.groups is None:
        return None
    rows = _submitted(competition, {key for keys, _words in shelf.groups for key in keys})
    found = [Group([rows[key] for key in keys if key in rows], words) for keys, words in shelf.groups]
    return [group for group in found if group.problems]


def _submitted(competition: Competition, keys: Iterable[int]) -> dict[int, Problem]:
    rows = Problem.objects.public().filter(competition=competition, pk__in=keys).exclude(state=ProblemState.MERGED)
    return rows.select_related("municipality", "theme", "competition").prefetch_related("group").in_bulk()


def _now_or_beside(competition: Competition, shelf: _Shelf, what: str, make: Callable[[], Any]) -> None:
    if len(shelf.keys) <= AT_ONCE:
        make()
    else:
        _beside(competition, what, make)


def _pairs(shelf: _Shelf) -> None:
    found = shelf.index.pairs(SAME, last=PAIRED) if shelf.index else []
    # The keys stand in their order, so that the earlier of two is the first.
    shelf.pairs = [(shelf.keys[one], shelf.keys[other], near) for one, other, near in found[:PAIRS_KEPT]]


def _groups(shelf: _Shelf) -> None:
    step = -(-len(shelf.texts) // GROUPED)
    keys, texts = shelf.keys[::step], shelf.texts[::step]
    shelf.groups = [([keys[text] for text in cluster.texts], cluster.words) for cluster in clusters(texts, seed=0)]


def _shelf(competition: Competition) -> _Shelf | None:
    """Return what is ready to be compared with, made anew if a public problem has changed since. One query where nothing has."""
    stamp, kept = _stamp(competition), _shelves.get(competition.pk)
    if kept is not None and kept.stamp == stamp:
        return kept
    if stamp.problems <= AT_ONCE:
        return _make(competition, stamp)
    _beside(competition, "shelf", lambda: _make(Competition.objects.get(pk=competition.pk), stamp))
    return kept


def _beside(competition: Competition, what: str, make: Callable[[], Any]) -> None:
    """Make something in a thread of its own, unless that is being done."""
    def work() -> None:
        try:
            make()
        finally:
            _working.discard((competition.pk, what))
            connection.close()

    with _lock:
        if (competition.pk, what) not in _working:
            _working.add((competition.pk, what))
            threading.Thread(target=work, daemon=True).start()


def _stamp(competition: Competition) -> _Stamp:
    """Return what differs whenever a public problem has changed: its tallies are written anew then, under keys that were never used before."""
    found = Tally.objects.filter(competition=competition).aggregate(problems=Coalesce(Sum("led"), 0), tallies=Count("pk"), last=Max("pk"))
    return _Stamp(**found)


def _make(competition: Competition, stamp: _Stamp) -> _Shelf:
    rows = list(Problem.objects.public().filter(competition=competition).order_by("pk"))
    form = competition.form(FormKind.PROBLEM)
    answers = [[one.text for one in told(form, row.answers, row.language, is_told=lambda question: question.is_public)] for row in rows]
    texts = ["\n".join([row.title, row.summary, *said]) for row, said in zip(rows, answers, strict=True)]
    shelf = _Shelf(stamp, [row.pk for row in rows], [row.language for row in rows], Index(texts) if texts else None, texts)
    _shelves[competition.pk] = shelf
    return shelf
