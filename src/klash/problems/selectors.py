"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, Theme
from klash.competitions.selectors import register
from klash.core import search
from klash.core.fields import Text
from klash.problems.models import PUBLIC_STATES, Problem
from klash.reviewing import selectors as reviewing
from klash.reviewing.models import Round
from klash.rules.states import ProblemState

PAGE = 50
LANGUAGES = ("fi", "sv")  # those that a report may be written in
FACETS = ("theme", "region", "size", "state")
# By what the list can be sorted, a name in the reader's language where there is one; the code breaks every tie.
SORTS = {
    "": ("title",), "newest": ("-submitted_at",), "municipality": ("municipality__name_{language}", "title"),
    "population": ("-municipality__population", "municipality__name_{language}", "title"),
}
_SHOWN = ("code", "title", "summary", "language", "is_invented", "state", "municipality__name_fi", "municipality__name_sv", "theme__name")
_ON_MAP = ("code", "name_fi", "name_sv", "region_fi", "region_sv", "x", "y")
_LONG = ("situation", "affected", "tried", "goal", "search", "feedback")


@dataclass(frozen=True)
class Filters:
    """What a reader narrows the list by; empty means all. place: code of a municipality, alone or in a group."""

    words: str = ""
    theme: str = ""
    region: str = ""
    size: str = ""
    state: str = ""
    place: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by: value -> how many problems it would leave, the other filters kept."""

    name: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Page:
    rows: list[Problem]
    next: str  # code of the last row if more follow, else ""
    total: int
    facets: dict[str, Facet]
    regions: dict[str, Text] = field(default_factory=dict)


def _searched(competition: Competition, filters: Filters) -> QuerySet[Problem]:
    rows = Problem.objects.public().filter(competition=competition)
    for word in search.query_words(filters.words):
        rows = rows.filter(_any_language(word))
    if filters.place:
        in_group = Problem.group.through.objects.filter(problem=OuterRef("pk"), municipality__code=filters.place)
        rows = rows.filter(Q(municipality__code=filters.place) | Exists(in_group))
    return rows


def _any_language(word: str) -> Q:
    match = Q()
    for language in LANGUAGES:
        found = Q()
        for pattern in search.patterns(word, language):
            found |= Q(search__contains=pattern)
        match |= Q(language=language) & found
    return match


def _order(sort: str, language: str) -> list[str]:
    named = "sv" if language == "sv" else "fi"
    return [*(column.format(language=named) for column in SORTS[sort]), "code"]


def matching(competition: Competition, filters: Filters, sort: str = "", language: str = "fi") -> QuerySet[Problem]:
    """Return the public problems that match, sorted as one of SORTS. Words match in any inflected form, all of them must occur."""
    rows = _searched(competition, filters)
    if filters.theme:  # by key, so that an index has the order within the theme
        rows = rows.filter(theme=Subquery(Theme.objects.filter(competition=competition, code=filters.theme).values("pk")))
    columns = {"region": "municipality__region_code", "size": "municipality__grouping", "state": "state"}
    for name, column in columns.items():
        if value := getattr(filters, name):
            rows = rows.filter(**{column: value})
    return rows.select_related("municipality", "theme").prefetch_related("group").defer(*_LONG).order_by(*_order(sort, language))


def page(competition: Competition, filters: Filters, after: str = "", sort: str = "", language: str = "fi") -> Page:
    """Return 50 matching problems behind the one with the code `after`, with total and facets. At most six queries."""
    facets, regions, total = _facets(competition, filters)
    rows = matching(competition, filters, sort, language)
    if after:
        order = _order(sort, language)
        anchor = Problem.objects.public().filter(competition=competition, code=after).values_list(*(column.lstrip("-") for column in order)).first()
        rows = rows.filter(_behind(order, anchor)) if anchor else rows
    found = list(rows.only(*_SHOWN)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else "", total, facets, regions)


def _behind(order: Sequence[str], anchor: Sequence[Any]) -> Q:
    """Return what comes after a row in an order: later in one column, equal in those before it."""
    later, equal = Q(), dict[str, Any]()
    for column, value in zip(order, anchor, strict=True):
        name, way = column.lstrip("-"), "lt" if column.startswith("-") else "gt"
        later |= Q(**equal, **{f"{name}__{way}": value})
        if not equal:
            bound = Q(**{f"{name}__{way}e": value})  # says nothing new, but lets an index begin here
        equal[name] = value
    return bound & later


def _facets(competition: Competition, filters: Filters) -> tuple[dict[str, Facet], dict[str, Text], int]:
    """Return the facets, the regions' names and the total, from one grouped count. Three queries.

    The count stays within one index: what it groups by are keys, whose codes are looked up here.
    """
    themes = dict(competition.themes.values_list("pk", "code"))
    places = {pk: rest for pk, *rest in Municipality.objects.order_by().values_list("pk", "region_code", "grouping", "region_fi", "region_sv")}
    cells: dict[tuple[str, ...], int] = {}
    for theme, place, state, number in _searched(competition, filters).order_by().values_list("theme", "municipality", "state").annotate(count=Count("pk")):
        region, size, *_names = places[place]
        cell = (themes.get(theme, ""), region, size, state)
        cells[cell] = cells.get(cell, 0) + number
    wanted = [getattr(filters, name) for name in FACETS]
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    total = 0
    for values, number in cells.items():
        misfits = [name for name, want, value in zip(FACETS, wanted, values, strict=True) if want not in ("", value)]
        total += 0 if misfits else number
        for name, value in zip(FACETS, values, strict=True):
            if value and misfits in ([], [name]):
                counts[name][value] = counts[name].get(value, 0) + number
    names = {region: {"fi": fi, "sv": sv, "en": fi} for region, _size, fi, sv in places.values()}
    return {name: Facet(name, counts[name]) for name in FACETS}, names, total


def own(person: Any, competition: Competition) -> list[Problem]:
    """Return the person's own problems of the competition, drafts included, oldest first. One query, none for a visitor."""
    if not person.is_authenticated:
        return []
    return list(Problem.objects.own(person).filter(competition=competition).select_related("municipality").order_by("pk"))


def visible(person: Any, competition: str, code: str) -> Problem | None:
    """Return a problem that the person may see: a public one, or an own one in any state. Two queries."""
    rows = Problem.objects.visible_to(person).filter(competition__in=Competition.objects.visible_to(person), competition__code=competition, code=code)
    return rows.select_related("competition", "municipality", "theme").prefetch_related("group").first()


def own_one(person: Any, competition: str, code: str) -> Problem | None:
    """Return a problem of the person's own in any state. Two queries."""
    rows = Problem.objects.own(person).filter(competition__code=competition, code=code)
    return rows.select_related("competition", "municipality", "theme").prefetch_related("group").first()


@dataclass(frozen=True)
class Outcome:
    """A step of what came of a problem, told by a later stage."""

    label: Any
    url: str = ""


Teller = Callable[[Problem], Iterable[Outcome]]
_tellers: list[Teller] = []


def tell_outcomes(teller: Teller) -> Teller:
    """Let a later stage tell what came of a problem."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def outcomes(problem: Problem) -> list[Outcome]:
    """Return what came of the problem, in the order of the stages. The queries of the tellers."""
    return [outcome for teller in _tellers for outcome in teller(problem)]


@cache
def finland() -> dict[str, str]:
    """Return the outline of the map: viewbox and path."""
    return dict(json.loads(resources.files("klash.accounts").joinpath("data/finland.json").read_text()))


@dataclass(frozen=True)
class Reporter:
    """A municipality that reported, alone or in a group. kind: what the map calls it."""

    municipality: Municipality
    count: int


def reporters(competition: Competition) -> list[Reporter]:
    """Return the municipalities that reported public problems, by Finnish name. Three queries."""
    public = Problem.objects.public().filter(competition=competition).order_by()
    counts = dict(public.values_list("municipality").annotate(Count("pk")))
    for pk, number in Problem.group.through.objects.filter(problem__in=public).values_list("municipality").annotate(Count("pk")):
        counts[pk] = counts.get(pk, 0) + number
    rows = Municipality.objects.filter(pk__in=counts).only(*_ON_MAP).order_by("name_fi")
    return [Reporter(row, counts[row.pk]) for row in rows]


def dots(competition: Competition, reported: Sequence[Reporter]) -> list[dict[str, Any]]:
    """Return a dot per municipality of the competition's time, those that reported last so that they are on top. One query."""
    keys = {row.municipality.pk for row in reported}
    places = {row.pk: row for row in register(competition).only(*_ON_MAP)}
    places.update({row.municipality.pk: row.municipality for row in reported})
    found = [{"x": round(row.x, 1), "y": round(row.y, 1), "kind": "in" if row.pk in keys else "", "label": row.name_fi} for row in places.values()]
    return sorted(found, key=lambda dot: (dot["kind"], dot["label"]))


@dataclass(frozen=True)
class Judged:
    """A problem beside what the panel thought of it. x: place of a score on the drawing of the scale, 0 to 200."""

    place: int
    problem: Problem
    points: Fraction
    spread: tuple[Fraction, Fraction]
    scores_x: tuple[float, ...]
    mean_x: float


def judged(competition: Competition, round_: Round) -> list[Judged]:
    """Return the problems of a complete round, best first; an empty list before that. Six queries."""
    ranked = reviewing.ranking(round_)
    if not ranked:
        return []
    low, high = _scale(round_)
    rows = Problem.objects.filter(competition=competition, entry_code__isnull=False).select_related("municipality").prefetch_related("group")
    problems = {row.entry_code: row for row in rows}

    def x(points: Fraction) -> float:
        return round(float((points - low) / (high - low) * 200), 1)

    return [
        Judged(row.place, problems[row.entry_code], row.points, row.spread, tuple(x(points) for points in row.seat_points), x(row.points))
        for row in ranked if row.entry_code in problems
    ]


def _scale(round_: Round) -> tuple[Fraction, Fraction]:
    rows = reviewing.criteria_of(round_)
    return Fraction(min(row.scale_min for row in rows)), Fraction(max(row.scale_max for row in rows))


def to_answer(competition: Competition) -> QuerySet[Problem]:
    """Return the problems that get feedback, those without one first."""
    rows = Problem.objects.public().filter(competition=competition).select_related("municipality", "competition")
    return rows.order_by("feedback_released_at", "title", "code")


def is_decided(problems: Iterable[Problem]) -> bool:
    """Return whether the panel's choice has been made on all of them. No query."""
    return all(problem.state != ProblemState.SUBMITTED for problem in problems)


def is_public(problem: Problem) -> bool:
    """Return whether anybody may read the problem. No query."""
    return problem.state in PUBLIC_STATES
