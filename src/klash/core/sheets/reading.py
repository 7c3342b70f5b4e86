"""Rows of a CSV or XLSX file that somebody sends. Nothing in it is worked out, followed or believed."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

from klash.core.errors import Refused
from klash.core.sheets.cells import plain
from klash.rules.reasons import Reason

FILE_BYTES_MAX = 20 * 1024 * 1024
UNFOLDED_BYTES_MAX, PARTS_MAX = 100 * 1024 * 1024, 500  # of what an XLSX file holds compressed
ROWS_MAX, COLUMNS_MAX = 5_000, 100
_LAST_ROW = 1_048_576  # no spreadsheet has more
_SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True)
class Line:
    """number: the row's as a spreadsheet shows it, the headings being row 1. cells: as many as there are headings, trimmed."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read(content: bytes) -> Table:
    """Return the rows of a CSV or XLSX file: of a workbook its first sheet. Empty rows are left out, the others keep their numbers.

    CSV: the separator is found (semicolon, comma or tab), and the encoding: UTF-8, UTF-16 with its mark, else Windows-1252. XLSX: a formula gives
    the value that was saved with it, none is worked out; numbers and days come as 12, 1.5 and 2020-01-31.
    Raises Refused(SHEET_EMPTY, SHEET_TOO_LARGE, SHEET_BROKEN, SHEET_KIND).
    """
    if len(content) > FILE_BYTES_MAX:
        raise Refused(Reason.SHEET_TOO_LARGE)
    rows = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    numbered = list(_checked(_without_end(row) for row in rows))
    if not numbered or numbered[0][0] != 1:
        raise Refused(Reason.SHEET_EMPTY, "expected the headings in the first row")
    headings = numbered[0][1]
    return Table(headings, tuple(Line(number, _as_long_as(headings, row)) for number, row in numbered[1:]))


def _without_end(row: Sequence[str]) -> tuple[str, ...]:
    """Return the row without the empty cells at its end."""
    return tuple(row[: max((number for number, cell in enumerate(row, 1) if cell), default=0)])


def _checked(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(rows, 1):
        if row and (number > ROWS_MAX + 1 or len(row) > COLUMNS_MAX):
            raise Refused(Reason.SHEET_TOO_LARGE, f"expected at most {ROWS_MAX} rows and {COLUMNS_MAX} columns")
        if row:
            yield number, row


def _as_long_as(headings: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row, *("",) * (len(headings) - len(row)))[: len(headings)]


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Refused(Reason.SHEET_KIND)
    try:
        separator = max(_SEPARATORS, key=lambda sign: len(next(_records(text, sign), ())))
        for row in _records(text, separator, strict=True):
            yield [plain(cell).strip() for cell in row]
    except csv.Error as error:
        raise Refused(Reason.SHEET_BROKEN, str(error))


def _records(text: str, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _decoded(content: bytes) -> str:
    codings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for coding in codings:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Refused(Reason.SHEET_KIND)


def _xlsx(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # slow to load, and needed only when somebody sends a file

    _check_parts(content)
    try:
        # data_only: the values that were saved, no formulas. keep_links: what another file holds is not looked for.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet tells of its size is not believed
        for row in sheet.iter_rows(max_row=_LAST_ROW, max_col=COLUMNS_MAX + 1, values_only=True):
            yield [_as_text(cell) for cell in row]
    except Exception as error:  # whatever a library says of a file that is not what it seems
        raise Refused(Reason.SHEET_BROKEN, type(error).__name__)


def _check_parts(content: bytes) -> None:
    """Refuse what unfolds into more than can be read safely, and what declares names of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
            if len(listed) > PARTS_MAX or sum(part.file_size for part in listed) > UNFOLDED_BYTES_MAX:
                raise Refused(Reason.SHEET_TOO_LARGE)
            if "xl/workbook.xml" not in parts.namelist():
                raise Refused(Reason.SHEET_KIND)
            for part in listed:
                if part.filename.endswith((".xml", ".rels")):
                    _check_beginning(parts.read(part))
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused(Reason.SHEET_BROKEN, type(error).__name__)


class _Begun(Exception):
    """The root of a document was met, so nothing can be declared any more."""


def _check_beginning(content: bytes) -> None:
    def declared(*args: Any) -> None:
        raise Refused(Reason.SHEET_BROKEN, "a document type of its own")

    def begun(*args: Any) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    try:
        parser.Parse(content, True)
    except _Begun:
        return


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
