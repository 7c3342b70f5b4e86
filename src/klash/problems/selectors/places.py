from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum

from klash.accounts.drawing import Dot
from klash.accounts.models import Municipality
from klash.competitions.models import Competition
from klash.competitions.selectors import register
from klash.core.show import pick
from klash.problems.models import Problem, Tally

_ON_MAP = ("code", "region_code", "name_fi", "name_sv", "region_fi", "region_sv", "x", "y")
Kind = tuple[int, int | None, str, str]  # keys of municipality and theme, state, language: what problems are counted by


@dataclass(frozen=True)
class Reporter:
    """A municipality that reported, alone or in a group."""

    municipality: Municipality
    count: int


def counted(competition: Competition, municipalities: Iterable[int] | None = None) -> dict[Kind, list[int]]:
    """Count through the public problems, or those of some municipalities: (municipality, theme, state, language) -> led, shared. Two queries."""
    public = Problem.objects.public().filter(competition=competition).order_by()
    shared = Problem.group.through.objects.filter(problem__in=public).order_by()
    if municipalities is not None:
        wanted = list(municipalities)
        public, shared = public.filter(municipality__in=wanted), shared.filter(municipality__in=wanted)
    found: dict[Kind, list[int]] = defaultdict(lambda: [0, 0])
    kinds = "problem__theme", "problem__state", "problem__language"
    for place, theme, state, language, number in public.values_list("municipality", "theme", "state", "language").annotate(Count("pk")):
        found[place, theme, state, language][0] = number
    for place, theme, state, language, number in shared.values_list("municipality", *kinds).annotate(Count("pk")):
        found[place, theme, state, language][1] = number
    return dict(found)


def tallied(competition: Competition) -> dict[Kind, list[int]]:
    """Return the tallies as `counted` would. One query."""
    rows = Tally.objects.filter(competition=competition).values_list("municipality", "theme", "state", "language", "led", "shared")
    return {(place, theme, state, language): [led, shared] for place, theme, state, language, led, shared in rows}


def reporters(competition: Competition) -> list[Reporter]:
    """Return the municipalities that reported public problems, by Finnish name. Two queries."""
    return reporters_among(Tally.objects.filter(competition=competition))


def reporters_among(tallies: QuerySet[Tally]) -> list[Reporter]:
    """Return the municipalities of some tallies, by Finnish name. Two queries."""
    counts = dict(tallies.order_by().values_list("municipality").annotate(number=Sum(F("led") + F("shared"))))
    places = Municipality.objects.filter(pk__in=counts).only(*_ON_MAP).order_by("name_fi")
    return [Reporter(row, counts[row.pk]) for row in places]


def dots(competition: Competition, reported: Sequence[Reporter], language: str) -> list[Dot]:
    """Return a dot per municipality of the competition's time. One query."""
    large = [Dot(row.municipality.x, row.municipality.y, "in", pick(row.municipality.name, language)) for row in reported]
    others = register(competition).exclude(pk__in=[row.municipality.pk for row in reported])
    return [*large, *(Dot(x, y) for x, y in others.order_by().values_list("x", "y"))]
