"""What a table of problems says, checked cell by cell before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, Theme
from klash.competitions.selectors import register
from klash.core import audit
from klash.core.sheets import Line, Table
from klash.problems.models import SECTIONS, Problem
from klash.problems.texts import IMPORT_HEADINGS
from klash.rules.names import one_line

TEXT_COLUMNS = ("title", "summary", *SECTIONS)
LONGEST = {"title": 150, "summary": 1000, **dict.fromkeys(SECTIONS, 5000)}
REQUIRED = ("municipality", "language", "theme", *TEXT_COLUMNS)
COLUMNS = ("municipality", "group", "language", "theme", *TEXT_COLUMNS)
_LANGUAGES = {"fi": "fi", "suomi": "fi", "finska": "fi", "finnish": "fi", "sv": "sv", "svenska": "sv", "ruotsi": "sv", "swedish": "sv"}


class Flaw(StrEnum):
    NO_COLUMN = "no_column"
    NO_ROWS = "no_rows"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_MUNICIPALITY = "no_municipality"
    NO_LANGUAGE = "no_language"
    NO_THEME = "no_theme"
    TWICE = "twice"


@dataclass(frozen=True)
class Fault:
    """row: as the spreadsheet numbers it. column: its code. value: what stands there."""

    row: int
    column: str
    flaw: Flaw
    value: str = ""


@dataclass(frozen=True)
class Row:
    """A problem as a table tells it; municipalities and theme by their codes."""

    number: int
    municipality: str
    group: tuple[str, ...]
    language: str
    theme: str
    title: str
    summary: str
    answers: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    """known: rows whose municipality has reported a problem of that title already."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    known: tuple[Row, ...] = ()
    digest: str = field(default="")


def check_table(competition: Competition, table: Table) -> Checked:
    """Return the problems that a table tells of, with every fault in it at once. Three queries."""
    place = {heading.casefold(): number for number, heading in reversed(list(enumerate(table.headings)))}
    at = {code: next((place[name] for name in names if name in place), None) for code, names in _headings().items()}
    lacking = [Fault(1, code, Flaw.NO_COLUMN) for code in REQUIRED if at[code] is None]
    if lacking or not table.lines:
        return Checked(faults=tuple(lacking or [Fault(1, "", Flaw.NO_ROWS)]))
    reader = _Reader(competition)
    read = [reader.read(line, {code: line.cells[number] if number is not None else "" for code, number in at.items()}) for line in table.lines]
    rows = tuple(row for row, _ in read)
    faults = [fault for _, found in read for fault in found]
    faults += _twice(rows)
    return Checked(rows, tuple(sorted(faults, key=lambda fault: fault.row)), _known(competition, rows), digest_of_rows(rows))


def digest_of_rows(rows: Iterable[Row]) -> str:
    """Return the key by which the same content is known again, in whatever file and order of rows it comes."""
    told = sorted(audit.canonical({**row.as_json(), "number": 0}) for row in rows)
    return audit.sha256("klash/1/problem_import", *told)


def _headings() -> dict[str, set[str]]:
    """Return by what each column may be headed: its code, or its heading in any language."""
    return {code: {code, *(text.casefold() for text in IMPORT_HEADINGS[code].values())} for code in COLUMNS}


class _Reader:
    """Knows the municipalities and themes of a competition by all that they are called. Two queries."""

    def __init__(self, competition: Competition) -> None:
        self.places: dict[str, str] = {}
        for row in register(competition):
            self.places |= dict.fromkeys((row.code, row.name_fi.casefold(), row.name_sv.casefold()), row.code)
        self.themes: dict[str, str] = {}
        for theme in competition.themes.all():
            self.themes |= dict.fromkeys((theme.code, *(name.casefold() for name in theme.name.values())), theme.code)

    def read(self, line: Line, cells: Mapping[str, str]) -> tuple[Row, list[Fault]]:
        texts = {code: cells[code] for code in TEXT_COLUMNS}
        texts["title"] = one_line(texts["title"])
        group = [part.strip() for part in cells["group"].replace(";", ",").split(",") if part.strip()]
        found = {
            "municipality": self._place(cells["municipality"]), "language": _LANGUAGES.get(cells["language"].casefold(), ""),
            "theme": self.themes.get(cells["theme"].casefold(), ""),
        }
        row = Row(
            line.number, **found, group=tuple(self._place(name) for name in group), title=texts["title"], summary=texts["summary"],
            answers={code: texts[code] for code in SECTIONS},
        )
        return row, list(self._faults(line.number, cells, texts, found, group))

    def _place(self, name: str) -> str:
        code = name.zfill(3) if name.isascii() and name.isdecimal() else name  # a spreadsheet takes the zeros away
        return self.places.get(code.casefold(), "")

    def _faults(self, number: int, cells: Mapping[str, str], texts: Mapping[str, str], found: Mapping[str, str], group: Sequence[str]) -> Iterator[Fault]:
        flaws = {"municipality": Flaw.NO_MUNICIPALITY, "language": Flaw.NO_LANGUAGE, "theme": Flaw.NO_THEME}
        for code in REQUIRED:
            if not cells[code]:
                yield Fault(number, code, Flaw.EMPTY)
            elif code in flaws and not found[code]:
                yield Fault(number, code, flaws[code], cells[code][:80])
            elif len(texts.get(code, "")) > LONGEST.get(code, 0):
                yield Fault(number, code, Flaw.TOO_LONG, str(LONGEST[code]))
        for name in group:
            if not self._place(name):
                yield Fault(number, "group", Flaw.NO_MUNICIPALITY, name[:80])


def _twice(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.municipality, row.title.casefold())
        if row.title and row.municipality and first.setdefault(key, row.number) != row.number:
            yield Fault(row.number, "title", Flaw.TWICE, str(first[key]))


def _known(competition: Competition, rows: Sequence[Row]) -> tuple[Row, ...]:
    there = Problem.objects.public().filter(competition=competition).order_by().values_list("municipality__code", "title")
    told = {(place, title.casefold()) for place, title in there}
    return tuple(row for row in rows if (row.municipality, row.title.casefold()) in told)


def rows_of_import(kept: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows as they were checked."""
    return [Row(**{**row, "group": tuple(row["group"])}) for row in kept]


def by_code(competition: Competition) -> tuple[dict[str, Municipality], dict[str, Theme]]:
    """Return the municipalities and the themes of a competition by their codes. Two queries."""
    return {row.code: row for row in register(competition)}, {row.code: row for row in competition.themes.all()}
