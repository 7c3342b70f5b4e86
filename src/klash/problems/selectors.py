"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from klash.accounts.drawing import Dot
from klash.accounts.models import Municipality
from klash.competitions.models import Competition, Theme
from klash.competitions.selectors import Decided, Sheet, register
from klash.core import search
from klash.core.fields import Text
from klash.core.show import pick
from klash.problems.models import PUBLIC_STATES, Problem

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
    names: dict[str, dict[str, Text]] = field(default_factory=dict)  # of themes and regions, by code


def _searched(competition: Competition, filters: Filters) -> QuerySet[Problem]:
    rows = Problem.objects.public().filter(competition=competition)
    for word in search.query_words(filters.words):
        rows = rows.filter(search__holds=sorted({pattern for language in LANGUAGES for pattern in search.patterns(word, language)}))
    if filters.place:
        in_group = Problem.group.through.objects.filter(problem=OuterRef("pk"), municipality__code=filters.place)
        rows = rows.filter(Q(municipality__code=filters.place) | Exists(in_group))
    return rows


def _order(sort: str, language: str) -> list[str]:
    named = "sv" if language == "sv" else "fi"
    return [*(column.format(language=named) for column in SORTS[sort]), "code"]


def matching(competition: Competition, filters: Filters, sort: str = "", language: str = "fi") -> QuerySet[Problem]:
    """Return the public problems that match, sorted as one of SORTS. Words match in any inflected form, all of them must occur."""
    rows = _of_kind(_at_places(_searched(competition, filters), filters), competition, filters)
    return rows.select_related("municipality", "theme").prefetch_related("group").defer(*_LONG).order_by(*_order(sort, language))


def _at_places(rows: QuerySet[Problem], filters: Filters) -> QuerySet[Problem]:
    wanted = {"region_code": filters.region, "grouping": filters.size}
    columns = {column: value for column, value in wanted.items() if value}
    return rows.filter(municipality__in=Municipality.objects.filter(**columns).order_by()) if columns else rows


def _of_kind(rows: QuerySet[Problem], competition: Competition, filters: Filters) -> QuerySet[Problem]:
    if filters.theme:  # by key, so that an index has the order within the theme
        rows = rows.filter(theme=Subquery(Theme.objects.filter(competition=competition, code=filters.theme).values("pk")))
    return rows.filter(state=filters.state) if filters.state else rows


def page(competition: Competition, filters: Filters, after: str = "", sort: str = "", language: str = "fi") -> Page:
    """Return 50 matching problems behind the one with the code `after`, with total and facets. At most seven queries."""
    facets, names, total = _facets(competition, filters)
    rows = matching(competition, filters, sort, language)
    if after:
        order = _order(sort, language)
        anchor = Problem.objects.public().filter(competition=competition, code=after).values_list(*(column.lstrip("-") for column in order)).first()
        rows = rows.filter(_behind(order, anchor)) if anchor else rows
    found = list(rows.only(*_SHOWN)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else "", total, facets, names)


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


def _facets(competition: Competition, filters: Filters) -> tuple[dict[str, Facet], dict[str, dict[str, Text]], int]:
    """Return the facets, the names of themes and regions, and the total. Four queries.

    Two counts say it all: of themes and states at the wanted places, and of places among the wanted themes and states. Both stay
    within one index: what they group by are keys, whose codes are looked up here.
    """
    rows = _searched(competition, filters).order_by()
    themes = {theme.pk: theme for theme in competition.themes.all()}
    places = {pk: rest for pk, *rest in Municipality.objects.order_by().values_list("pk", "region_code", "grouping", "region_fi", "region_sv")}
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    total = 0

    def count(number: int, **values: str) -> bool:
        """Add to each facet whose rival among the two is as wanted; return whether both are."""
        misfits = [name for name, value in values.items() if getattr(filters, name) not in ("", value)]
        for name, value in values.items():
            if value and misfits in ([], [name]):
                counts[name][value] += number
        return not misfits

    for theme, state, number in _at_places(rows, filters).values_list("theme", "state").annotate(Count("pk")):
        total += number if count(number, theme=themes[theme].code if theme else "", state=state) else 0
    for place, number in _of_kind(rows, competition, filters).values_list("municipality").annotate(Count("pk")):
        count(number, region=places[place][0], size=places[place][1])
    regions = {region: {"fi": fi, "sv": sv, "en": fi} for region, _size, fi, sv in places.values()}
    names = {"theme": {theme.code: theme.name for theme in themes.values()}, "region": regions}
    return {name: Facet(name, dict(counts[name])) for name in FACETS}, names, total


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


@dataclass(frozen=True)
class Reporter:
    """A municipality that reported, alone or in a group."""

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


def dots(competition: Competition, reported: Sequence[Reporter], language: str) -> list[Dot]:
    """Return a dot per municipality of the competition's time. One query."""
    large = [Dot(row.municipality.x, row.municipality.y, "in", pick(row.municipality.name, language)) for row in reported]
    others = register(competition).exclude(pk__in=[row.municipality.pk for row in reported])
    return [*large, *(Dot(x, y) for x, y in others.order_by().values_list("x", "y"))]


def verdicts(competition: Competition, sheet: Sheet) -> list[tuple[Problem, Decided]]:
    """Return the problems before the panel with what is decided on each, by code. One query."""
    rows = {row.place.entry_code: row for row in sheet.rows}
    problems = Problem.objects.filter(competition=competition, entry_code__in=rows).select_related("officer", "municipality", "competition")
    return [(problem, rows[str(problem.entry_code)]) for problem in problems.order_by("code")]


def before_panel(competition: Competition) -> dict[str, Problem]:
    """Return the problems before the panel by the code of their entry. One query."""
    rows = Problem.objects.filter(competition=competition, entry_code__isnull=False).select_related("municipality")
    return {str(row.entry_code): row for row in rows}


def is_public(problem: Problem) -> bool:
    """Return whether anybody may read the problem. No query."""
    return problem.state in PUBLIC_STATES
