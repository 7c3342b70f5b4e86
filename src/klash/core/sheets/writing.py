"""CSV and XLSX from one description of columns."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Generic, TypeVar, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.text import slugify

from klash.core import clock, show
from klash.core.downloads import attachment
from klash.core.sheets.cells import safe

Row = TypeVar("Row")
Cell = str | int | Fraction | date | None  # a datetime, too: it is shown in Helsinki's time
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
NAME_LETTERS_MAX = 80
BATCH = 200  # rows written under one language before others get their turn
CELL_MAX, TAB_MAX = 32_767, 31  # letters that Excel takes
_FORMATS = {"text": {"quote_prefix": True}, "fraction": {"num_format": "0.00"}, "day": {"num_format": "d.m.yyyy"}, "moment": {"num_format": "d.m.yyyy h:mm"}}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """width: in letters, of the column in a spreadsheet."""

    heading: str
    cell: Callable[[Row], Cell]
    width: int = 14


def answer(form: str, name: str, columns: Sequence[Column[Row]], rows: Iterable[Row], language: str) -> HttpResponse:
    """Return the rows as a file `form` (csv, xlsx) to be saved, named by the words `name`. CSV leaves as it is written; rows are read once."""
    media, saved_as = MEDIA[form], file_name(name, form)
    if form == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{saved_as}"', "X-Content-Type-Options": "nosniff"}
        streamed = StreamingHttpResponse(csv_lines(columns, rows, language), content_type=media, headers=headers)
        return cast(HttpResponse, streamed)  # what a view may answer with, by its name
    return attachment(workbook(columns, rows, title=name, language=language), media, saved_as)


def asked(request: HttpRequest, name: str, columns: Sequence[Column[Row]], rows: Callable[[], Iterable[Row]]) -> HttpResponse | None:
    """Return a page's list as the file that its address asks for by `as`, all of it and not a page; None where it asks for the page.

    rows: called only where a file is asked for; what they hide from the reader, they hide in the file.
    """
    form = request.GET.get("as", "")
    if request.method != "GET" or form not in MEDIA:
        return None
    return answer(form, name, columns, rows(), (translation.get_language() or "fi")[:2])


def file_name(words: str, form: str) -> str:
    return f"{slugify(words)[:NAME_LETTERS_MAX].rstrip('-')}.{form}"


def csv_lines(columns: Sequence[Column[Row]], rows: Iterable[Row], language: str) -> Iterator[bytes]:
    """Yield the file in pieces: UTF-8 with its mark, semicolons as in Finnish spreadsheets, no cell that begins a formula."""
    records = chain([[safe(column.heading) for column in columns]], ([written(column.cell(row), language) for column in columns] for row in rows))
    mark = "\ufeff"  # tells a spreadsheet that the file is UTF-8
    while True:
        out = io.StringIO()
        with translation.override(language):  # closed before another is served
            csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(islice(records, BATCH))
        if not out.tell():
            return
        yield f"{mark}{out.getvalue()}".encode()
        mark = ""


def csv_text(columns: Sequence[Column[Row]], rows: Iterable[Row], language: str) -> bytes:
    """Return the same file in one piece."""
    return b"".join(csv_lines(columns, rows, language))


def written(cell: Cell, language: str) -> str:
    """Return a cell of a CSV file: numbers and days as the language writes them."""
    if isinstance(cell, Fraction):
        return show.fraction(cell, language, 4)
    if isinstance(cell, datetime):
        return show.moment(cell, language)
    if isinstance(cell, date):
        return show.day(cell, language)
    return safe(str("" if cell is None else cell))


def workbook(columns: Sequence[Column[Row]], rows: Iterable[Row], *, title: str, language: str, created: datetime | None = None) -> bytes:
    """Return an XLSX file: every cell has a type, and none is a formula or a link.

    created: what the file tells of its making, now where it is None.
    """
    import xlsxwriter  # slow to load, and needed only when somebody asks for a file

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book, translation.override(language):
        book.set_properties({"title": title, "created": created or clock.now()})
        sheet = book.add_worksheet(_tab(title))
        formats = {name: book.add_format(kind) for name, kind in _FORMATS.items()}
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.heading, bold)
        for line, row in enumerate(rows, 1):
            for number, column in enumerate(columns):
                _write(sheet, line, number, column.cell(row), formats)
    return out.getvalue()


def _tab(title: str) -> str:
    """Return the title as the name of a sheet, which lacks some signs and is short."""
    return title.translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " "))[:TAB_MAX].strip() or "1"


def _write(sheet: Any, line: int, number: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, Fraction):
        sheet.write_number(line, number, float(cell), formats["fraction"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, number, cell.astimezone(show.ZONE), formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, number, cell, formats["day"])
    elif isinstance(cell, int):
        sheet.write_number(line, number, cell)
    elif cell:
        # The text stays as it is; the format tells a spreadsheet that it was typed as text.
        sheet.write_string(line, number, cell[:CELL_MAX], *([formats["text"]] if safe(cell) != cell else []))
