"""What a table of problems says, checked cell by cell before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from klash.accounts.models import Municipality
from klash.competitions.models import Competition, FormKind, Question, Theme
from klash.competitions.selectors import register
from klash.core import audit
from klash.core.fields import Text
from klash.core.sheets import Line, Table
from klash.core.show import pick
from klash.problems.models import Problem
from klash.problems.texts import IMPORT_HEADINGS
from klash.rules.names import one_line
from klash.rules.questions import Kind

LONGEST = {"title": 150, "summary": 1000}
REQUIRED = ("municipality", "language", "theme", "title", "summary")
IN_A_CELL = (Kind.LINE, Kind.TEXT)  # the kinds of question that a cell can answer
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
    NOT_IN_A_TABLE = "not_in_a_table"


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


def columns(competition: Competition) -> dict[str, Text]:
    """Return what a table of problems has columns for: code -> heading. Two queries at most, kept with the competition."""
    return {**IMPORT_HEADINGS, **{row.code: row.heading for row in _questions(competition)}}


def _questions(competition: Competition) -> list[Question]:
    return [row for row in competition.form(FormKind.PROBLEM).asked if row.kind in IN_A_CELL]


def check_table(competition: Competition, table: Table) -> Checked:
    """Return the problems that a table tells of, with every fault in it at once. Five queries at most."""
    place = {heading.casefold(): number for number, heading in reversed(list(enumerate(table.headings)))}
    at = {code: next((place[name] for name in names if name in place), None) for code, names in _headings(competition).items()}
    reader = _Reader(competition)
    lacking = [Fault(1, code, Flaw.NO_COLUMN) for code in reader.required if at[code] is None]
    lacking += [Fault(1, "", Flaw.NOT_IN_A_TABLE, pick(row.heading)) for row in competition.form(FormKind.PROBLEM).asked if _needs_a_page(row)]
    if lacking or not table.lines:
        return Checked(faults=tuple(lacking or [Fault(1, "", Flaw.NO_ROWS)]))
    read = [reader.read(line, {code: line.cells[number] if number is not None else "" for code, number in at.items()}) for line in table.lines]
    rows = tuple(row for row, _ in read)
    faults = [fault for _, found in read for fault in found]
    faults += _twice(rows)
    return Checked(rows, tuple(sorted(faults, key=lambda fault: fault.row)), _known(competition, rows), digest_of_rows(rows))


def digest_of_rows(rows: Iterable[Row]) -> str:
    """Return the key by which the same content is known again, in whatever file and order of rows it comes."""
    told = sorted(audit.canonical({**row.as_json(), "number": 0}) for row in rows)
    return audit.sha256("klash/1/problem_import", *told)


def _needs_a_page(row: Question) -> bool:
    """Return whether a problem is incomplete without an answer that no cell can hold."""
    return row.kind not in IN_A_CELL and row.is_required and not row.depends_on


def _headings(competition: Competition) -> dict[str, set[str]]:
    """Return by what each column may be headed: its code, or its heading in any language."""
    return {code: {code, *(text.casefold() for text in heading.values())} for code, heading in columns(competition).items()}


class _Reader:
    """Knows the municipalities and themes of a competition by all that they are called, and what its form asks. Four queries at most."""

    def __init__(self, competition: Competition) -> None:
        asked = _questions(competition)
        self.questions = [row.code for row in asked]
        self.required = (*REQUIRED, *(row.code for row in asked if row.is_required and not row.depends_on))
        self.longest = {**LONGEST, **{row.code: row.asked.signs_max for row in asked}}
        self.places: dict[str, str] = {}
        for row in register(competition):
            self.places |= dict.fromkeys((row.code, row.name_fi.casefold(), row.name_sv.casefold()), row.code)
        self.themes: dict[str, str] = {}
        for theme in competition.themes.all():
            self.themes |= dict.fromkeys((theme.code, *(name.casefold() for name in theme.name.values())), theme.code)

    def read(self, line: Line, cells: Mapping[str, str]) -> tuple[Row, list[Fault]]:
        texts = {code: cells[code] for code in ("title", "summary", *self.questions)}
        texts["title"] = one_line(texts["title"])
        group = [part.strip() for part in cells["group"].replace(";", ",").split(",") if part.strip()]
        found = {
            "municipality": self._place(cells["municipality"]), "language": _LANGUAGES.get(cells["language"].casefold(), ""),
            "theme": self.themes.get(cells["theme"].casefold(), ""),
        }
        row = Row(
            line.number, **found, group=tuple(self._place(name) for name in group), title=texts["title"], summary=texts["summary"],
            answers={code: texts[code] for code in self.questions if texts[code]},
        )
        return row, list(self._faults(line.number, cells, texts, found, group))

    def _place(self, name: str) -> str:
        code = name.zfill(3) if name.isascii() and name.isdecimal() else name  # a spreadsheet takes the zeros away
        return self.places.get(code.casefold(), "")

    def _faults(self, number: int, cells: Mapping[str, str], texts: Mapping[str, str], found: Mapping[str, str], group: Sequence[str]) -> Iterator[Fault]:
        flaws = {"municipality": Flaw.NO_MUNICIPALITY, "language": Flaw.NO_LANGUAGE, "theme": Flaw.NO_THEME}
        for code in self.required:
            if not cells[code]:
                yield Fault(number, code, Flaw.EMPTY)
            elif code in flaws and not found[code]:
                yield Fault(number, code, flaws[code], cells[code][:80])
        for code, longest in self.longest.items():
            if len(texts[code]) > longest:
                yield Fault(number, code, Flaw.TOO_LONG, str(longest))
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
