"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, Q, QuerySet, Subquery, Sum

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, Theme
from klash.core import search
from klash.core.fields import Text
from klash.core.trigrams import by_key
from klash.problems.models import PUBLIC_STATES, Problem, Tally

PAGE, MANY = 50, 200  # a search that finds more than MANY is counted no further
LANGUAGES = ("fi", "sv")  # those that a report may be written in
FACETS = ("theme", "region", "size", "language", "state")
# By what the list can be sorted, a name in the reader's language where there is one; the code breaks every tie.
SORTS = {
    "": ("title",), "newest": ("-submitted_at",), "municipality": ("municipality__name_{language}", "title"),
    "population": ("-municipality__population", "municipality__name_{language}", "title"),
}
_SHOWN = ("code", "title", "summary", "language", "is_invented", "state", "municipality__name_fi", "municipality__name_sv", "theme__name")
_OfKind = tuple[int | None, str, str, int]  # theme, state, language, how many
_AtPlace = tuple[int, int]  # municipality, how many
Row = TypeVar("Row", Problem, Tally)
_LONG = ("answers", "search", "feedback")


@dataclass(frozen=True)
class Filters:
    """What a reader narrows the list by; empty means all. place: code of a municipality, alone or in a group."""

    words: str = ""
    theme: str = ""
    region: str = ""
    size: str = ""
    language: str = ""
    state: str = ""
    place: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by: value -> how many problems it would leave, the other filters kept; None where that was not counted."""

    name: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True)
class Page:
    """is_many: more than `total` match; they were neither counted further nor sorted, but stand as they were begun."""

    rows: list[Problem]
    next: str  # code of the last row if more follow, else ""
    total: int
    facets: dict[str, Facet]
    names: dict[str, dict[str, Text]] = field(default_factory=dict)  # of themes and regions, by code
    is_many: bool = False


def _public(competition: Competition, filters: Filters) -> QuerySet[Problem]:
    rows = Problem.objects.public().filter(competition=competition)
    if not filters.place:
        return rows
    shared = Problem.group.through.objects.filter(municipality__code=filters.place)
    return rows.filter(Q(municipality__in=Municipality.objects.filter(code=filters.place).order_by()) | Q(pk__in=shared.values("problem")))


def _patterns(filters: Filters) -> list[list[str]]:
    words = search.query_words(filters.words)
    return [sorted({pattern for language in LANGUAGES for pattern in search.patterns(word, language)}) for word in words]


def _order(sort: str, language: str) -> list[str]:
    named = "sv" if language == "sv" else "fi"
    return [*(column.format(language=named) for column in SORTS[sort]), "code"]


def matching(competition: Competition, filters: Filters, sort: str = "", language: str = "fi") -> QuerySet[Problem]:
    """Return the public problems that match, sorted as one of SORTS. Words match in any inflected form, all of them must occur."""
    rows = _narrow(_public(competition, filters), competition, filters)
    for patterns in _patterns(filters):
        rows = rows.filter(search__holds=patterns)
    return _sorted(rows, sort, language)


def _by_key(rows: QuerySet[Problem], filters: Filters) -> QuerySet[Problem]:
    """Return those that hold the words, in the order in which they were begun."""
    patterns = _patterns(filters)
    # "+ 0" sorts the few of a place instead of walking all problems in order until enough are found.
    return by_key(rows, "search", patterns) if patterns else rows.alias(key=F("pk") + 0).order_by("key")


def _sorted(rows: QuerySet[Problem], sort: str, language: str) -> QuerySet[Problem]:
    return _shown(rows).order_by(*_order(sort, language))


def _shown(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.select_related("municipality", "theme").prefetch_related("group").defer(*_LONG)


def _narrow(rows: QuerySet[Row], competition: Competition, filters: Filters) -> QuerySet[Row]:
    return _of_kind(_at_places(rows, filters), competition, filters)


def _at_places(rows: QuerySet[Row], filters: Filters) -> QuerySet[Row]:
    wanted = {"region_code": filters.region, "grouping": filters.size}
    columns = {column: value for column, value in wanted.items() if value}
    return rows.filter(municipality__in=Municipality.objects.filter(**columns).order_by()) if columns else rows


def _of_kind(rows: QuerySet[Row], competition: Competition, filters: Filters) -> QuerySet[Row]:
    if filters.theme:  # by key, so that an index has the order within the theme
        rows = rows.filter(theme=Subquery(Theme.objects.filter(competition=competition, code=filters.theme).values("pk")))
    wanted = {name: getattr(filters, name) for name in ("language", "state") if getattr(filters, name)}
    return rows.filter(**wanted) if wanted else rows


class _Hit(NamedTuple):
    pk: int
    theme: int | None
    state: str
    language: str
    place: int


def _hits(rows: QuerySet[Problem]) -> list[_Hit]:
    """Return the first ones, one more than MANY if there are as many. One query."""
    return [_Hit(*row) for row in rows.values_list("pk", "theme", "state", "language", "municipality")[: MANY + 1]]


def page(competition: Competition, filters: Filters, after: str = "", sort: str = "", language: str = "fi") -> Page:
    """Return 50 matching problems behind the one with the code `after`, with total and facets. At most seven queries.

    Numbers come from the tallies. Of a search the first problems are read instead and counted here; where there are more than MANY,
    neither are counts told nor rows sorted, so that what a search costs does not grow with the number of problems.
    """
    kinds, is_many = _Kinds(competition, filters), False
    if not filters.words and not filters.place:
        rows = matching(competition, filters, sort, language)
        facets, total = kinds.facets(*kinds.tallied())
    else:
        found = _by_key(_public(competition, filters), filters)
        hits = _hits(found)
        if len(hits) <= MANY:
            facets, total = kinds.facets(*kinds.among(hits))
            hits = [hit for hit in hits if kinds.fits(hit)]
        else:
            found, facets = _narrow(found, competition, filters), kinds.uncounted()
            hits = _hits(found) if any(getattr(filters, name) for name in FACETS) else hits
            is_many, total = len(hits) > MANY, min(len(hits), MANY)
        rows = _shown(found) if is_many else _sorted(Problem.objects.filter(pk__in=[hit.pk for hit in hits]), sort, language)
    order = ["pk"] if is_many else _order(sort, language)
    if after:
        anchor = Problem.objects.public().filter(competition=competition, code=after).values_list(*(column.lstrip("-") for column in order)).first()
        rows = rows.filter(_behind(order, anchor)) if anchor else rows
    found_rows = list(rows.only(*_SHOWN)[: PAGE + 1])
    return Page(found_rows[:PAGE], found_rows[PAGE - 1].code if len(found_rows) > PAGE else "", total, facets, kinds.names, is_many)


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


class _Kinds:
    """The themes and places that problems are told apart by, and what of them the filters want. Two queries."""

    def __init__(self, competition: Competition, filters: Filters) -> None:
        self.competition, self.filters = competition, filters
        self.themes = {theme.pk: theme for theme in competition.themes.all()}
        self.places = {pk: rest for pk, *rest in Municipality.objects.order_by().values_list("pk", "region_code", "grouping", "region_fi", "region_sv")}
        regions: dict[str, Text] = {region: {"fi": fi, "sv": sv, "en": fi} for region, _size, fi, sv in self.places.values()}
        self.names = {"theme": {theme.code: theme.name for theme in self.themes.values()}, "region": regions}

    def tallied(self) -> tuple[Iterable[_OfKind], Iterable[_AtPlace]]:
        """Return the numbers of each theme, state and language at the wanted places, and of each place in those wanted. Two queries."""
        rows = Tally.objects.filter(competition=self.competition, led__gt=0).order_by()
        kinds = _at_places(rows, self.filters).values_list("theme", "state", "language").annotate(Sum("led"))
        return kinds, _of_kind(rows, self.competition, self.filters).values_list("municipality").annotate(Sum("led"))

    def among(self, hits: Iterable[_Hit]) -> tuple[Iterable[_OfKind], Iterable[_AtPlace]]:
        """Return the same, counted among some problems."""
        kinds = Counter((hit.theme, hit.state, hit.language) for hit in hits if self._is_at(hit))
        places = Counter(hit.place for hit in hits if self._is_of(hit))
        return [(*kind, number) for kind, number in kinds.items()], places.items()

    def fits(self, hit: _Hit) -> bool:
        return self._is_at(hit) and self._is_of(hit)

    def _is_at(self, hit: _Hit) -> bool:
        return not self._misfits(region=self.places[hit.place][0], size=self.places[hit.place][1])

    def _is_of(self, hit: _Hit) -> bool:
        return not self._misfits(theme=self._code(hit.theme), state=hit.state, language=hit.language)

    def _code(self, theme: int | None) -> str:
        return self.themes[theme].code if theme else ""

    def _misfits(self, **values: str) -> list[str]:
        return [name for name, value in values.items() if getattr(self.filters, name) not in ("", value)]

    def facets(self, kinds: Iterable[_OfKind], places: Iterable[_AtPlace]) -> tuple[dict[str, Facet], int]:
        """Return each value's number, its own facet's filter left out, and the number of all that match."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        total = 0

        def count(number: int, **values: str) -> bool:
            """Add to each facet whose rivals are all as wanted; return whether it is itself, too."""
            misfits = self._misfits(**values)
            for name, value in values.items():
                if value and misfits in ([], [name]):
                    counts[name][value] += number
            return not misfits

        for theme, state, language, number in kinds:
            total += number if count(number, theme=self._code(theme), state=state, language=language) else 0
        for place, number in places:
            count(number, region=self.places[place][0], size=self.places[place][1])
        return {name: Facet(name, dict(counts[name])) for name in FACETS}, total

    def uncounted(self) -> dict[str, Facet]:
        """Return every value there is, without a number."""
        sizes = {size for _region, size, *_names in self.places.values()}
        values: dict[str, Iterable[str]] = {**self.names, "size": sizes, "language": LANGUAGES, "state": PUBLIC_STATES}
        return {name: Facet(name, dict.fromkeys(sorted(values[name]))) for name in FACETS}
