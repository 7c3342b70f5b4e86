"""The data sets of a competition: what is public of it, one thing a row. Nothing here is read that its public pages do not show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.awards.models import Placing
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, Stage
from klash.competitions.selectors import register
from klash.core.fields import LANGUAGES
from klash.problems.models import Problem, Tally
from klash.problems.selectors import themes
from klash.rules.states import AwardState

BATCH = 2000


@dataclass(frozen=True)
class Field:
    """A column: its name, the same in every language and version; what it means; and how it is read from a row.

    in_languages: the value maps fi, sv and en to texts; a table has a column for each.
    """

    name: str
    meaning: Promise
    value: Callable[[Any], Any]
    in_languages: bool = False


@dataclass(frozen=True)
class Dataset:
    """rows: reads them in a constant number of queries for every BATCH of them."""

    name: str
    title: Promise
    definition: Promise
    fields: tuple[Field, ...]
    rows: Callable[[Competition], Iterable[Any]]


def records(dataset: Dataset, competition: Competition) -> Iterator[dict[str, Any]]:
    """Yield the rows as {name of a field: value}."""
    for row in dataset.rows(competition):
        yield {field.name: field.value(row) for field in dataset.fields}


def _problems(competition: Competition) -> Iterable[Problem]:
    rows = Problem.objects.public().filter(competition=competition).select_related("municipality", "theme", "competition").prefetch_related("group")
    return rows.defer("search").order_by("code").iterator(BATCH)


@dataclass(frozen=True)
class Place:
    municipality: Any
    led: int
    shared: int


def _municipalities(competition: Competition) -> Iterable[Place]:
    counts = {
        row["municipality"]: row
        for row in Tally.objects.filter(competition=competition).order_by().values("municipality").annotate(led=Sum("led"), shared=Sum("shared"))
    }
    none = {"led": 0, "shared": 0}
    return [Place(row, *(counts.get(row.pk, none)[name] for name in ("led", "shared"))) for row in register(competition).order_by("code")]


@dataclass(frozen=True)
class Published:
    challenge: Challenge
    winners: tuple[str, ...]


def _challenges(competition: Competition) -> Iterable[Published]:
    won: dict[int, list[str]] = {}
    placings = Placing.objects.filter(is_winner=True, award__state=AwardState.PUBLISHED, award__challenge__competition=competition)
    for challenge, name in placings.order_by("team__name").values_list("award__challenge", "team__name"):
        won.setdefault(challenge, []).append(name)
    rows = Challenge.objects.published().filter(competition=competition).select_related("pilot_municipality", "problem").order_by("number")
    return [Published(row, tuple(won.get(row.pk, ()))) for row in rows]


def _stages(competition: Competition) -> Iterable[Stage]:
    return competition.stages_by_kind().values()


PROBLEMS = Dataset(
    "problems", _("Problems"), _("Problems that were submitted and not withdrawn. A joint report of several municipalities is one problem."), (
        Field("code", _("The problem’s own code"), lambda row: row.code),
        Field("page", _("Address of its page on this site"), lambda row: reverse("problems:problem", args=[row.competition.code, row.code])),
        Field("title", _("Title, as it was written"), lambda row: row.title),
        Field("summary", _("The problem in brief, as it was written"), lambda row: row.summary),
        Field("language", _("Language of the texts"), lambda row: row.language),
        Field("municipality", _("Code of the municipality that leads, in the register of municipalities"), lambda row: row.municipality.code),
        Field("together_with", _("Codes of the municipalities that report with it"), lambda row: sorted(one.code for one in row.group.all())),
        Field("theme", _("Code of the theme"), lambda row: row.theme.code if row.theme else None),
        Field("state", _("submitted, chosen or not_chosen"), lambda row: row.state),
        Field("submitted_at", _("When it was submitted (ISO 8601)"), lambda row: row.submitted_at.isoformat()),
        Field("reason", _("Why it was chosen or not, once that was told"), lambda row: row.reason if row.feedback_released_at else None),
        Field("feedback", _("The panel’s feedback, once it was told"), lambda row: row.feedback if row.feedback_released_at else None),
        Field("is_invented", _("Whether the text is invented"), lambda row: row.is_invented),
    ), _problems,
)
MUNICIPALITIES = Dataset(
    "municipalities", _("Municipalities"), _("The municipalities of the register when the call opened, and in how many problems each takes part."), (
        Field("code", _("Code in the register of municipalities"), lambda row: row.municipality.code),
        Field("name", _("Name"), lambda row: row.municipality.name, in_languages=True),
        Field("region", _("Code of the region"), lambda row: row.municipality.region_code),
        Field("population", _("Inhabitants"), lambda row: row.municipality.population),
        Field("latitude", _("Latitude of its centre (WGS 84)"), lambda row: row.municipality.lat),
        Field("longitude", _("Longitude of its centre (WGS 84)"), lambda row: row.municipality.lon),
        Field("problems_led", _("Problems that it leads"), lambda row: row.led),
        Field("problems_shared", _("Problems of others in which it takes part"), lambda row: row.shared),
    ), _municipalities,
)
THEMES = Dataset(
    "themes", _("Themes"), _("The themes of the problems. Each problem has one."), (
        Field("code", _("Code of the theme"), lambda row: row.theme.code),
        Field("name", _("Name"), lambda row: row.theme.name, in_languages=True),
        Field("problems", _("Submitted problems of the theme"), lambda row: row.problems),
        Field("chosen", _("Those of them that were chosen as challenges"), lambda row: row.chosen),
    ), themes,
)
CHALLENGES = Dataset(
    "challenges", _("Challenges"), _("Published challenges. A challenge is one design contest."), (
        Field("code", _("The challenge’s own code"), lambda row: row.challenge.code),
        Field("number", _("Its number in the competition"), lambda row: row.challenge.number),
        Field("title", _("Title"), lambda row: row.challenge.title, in_languages=True),
        Field("lead", _("The challenge in brief"), lambda row: row.challenge.lead, in_languages=True),
        Field("pilot_municipality", _("Code of the pilot municipality"), lambda row: row.challenge.pilot_municipality.code),
        Field("problem", _("Code of the problem that it came from"), lambda row: row.challenge.problem.code),
        Field("notice", _("Contest notice"), lambda row: row.challenge.notice_reference),
        Field("published_at", _("When it was published (ISO 8601)"), lambda row: row.challenge.published_at.isoformat()),
        Field("teams", _("Admitted teams, once they were told"), lambda row: row.challenge.admitted_teams or None),
        Field("persons", _("Members of the admitted teams, once they were told"), lambda row: row.challenge.admitted_persons or None),
        Field("winners", _("Winners, once they were published"), lambda row: list(row.winners)),
    ), _challenges,
)
STAGES = Dataset(
    "stages", _("Calendar"), _("The stages of the competition: as they were first promised, and as they are."), (
        Field("kind", _("Kind of the stage"), lambda row: row.kind),
        Field("title", _("Title"), lambda row: row.title, in_languages=True),
        Field("planned_opens_at", _("Opening as it was first promised (ISO 8601)"), lambda row: row.planned_opens_at and row.planned_opens_at.isoformat()),
        Field("planned_closes_at", _("Closing as it was first promised (ISO 8601)"), lambda row: row.planned_closes_at and row.planned_closes_at.isoformat()),
        Field("opens_at", _("Opening (ISO 8601)"), lambda row: row.opens_at.isoformat()),
        Field("closes_at", _("Closing (ISO 8601)"), lambda row: row.closes_at.isoformat()),
    ), _stages,
)
DATASETS = {dataset.name: dataset for dataset in (PROBLEMS, MUNICIPALITIES, THEMES, CHALLENGES, STAGES)}


def columns(dataset: Dataset) -> list[tuple[str, Callable[[dict[str, Any]], Any]]]:
    """Return heading and cell of each column of a table: a text in three languages has three, a list is joined by blanks."""
    found: list[tuple[str, Callable[[dict[str, Any]], Any]]] = []
    for field in dataset.fields:
        if field.in_languages:
            found += [(f"{field.name}_{code}", _of(field.name, code)) for code in LANGUAGES]
        else:
            found.append((field.name, _plain(field.name)))
    return found


def _of(name: str, language: str) -> Callable[[dict[str, Any]], Any]:
    return lambda record: record[name].get(language, "")


def _plain(name: str) -> Callable[[dict[str, Any]], Any]:
    def cell(record: dict[str, Any]) -> Any:
        value = record[name]
        if isinstance(value, list):
            return " ".join(map(str, value))
        return str(value) if isinstance(value, bool | float) else value

    return cell
