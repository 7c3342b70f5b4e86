"""The result as files: the same rows as on the page, never more."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from klash.core import show
from klash.reviewing import selectors
from klash.reviewing.hashes import announced
from klash.reviewing.models import Round, TieRule
from klash.reviewing.selectors import Ranked

MEDIA = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json",
}

NAME = 80  # letters of a file's name


def result_as(form: str, round_: Round, language: str) -> bytes:
    """Return the result of a complete round as a file of the form csv, xlsx or json. Four queries.

    Reviewers' points stand lowest first, so that no column belongs to anyone; in a round without names entries have their code names alone.
    """
    return WRITERS[form](round_, selectors.ranking(round_), language)


def name_of(round_: Round, form: str, language: str) -> str:
    """Return the name under which a round's result is saved."""
    return file_name(f"{_('Result')} {show.pick(round_.title, language)}", form)


def file_name(words: str, form: str) -> str:
    return f"{slugify(words)[:NAME].rstrip('-')}.{form}"


def _headings(round_: Round, most: int) -> list[str]:
    who = [] if round_.is_blind else [_("Author")]
    given = [_("Points, lowest first: %(number)s") % {"number": number} for number in range(1, most + 1)]
    answers = [_("Screening: yes"), _("Screening: no")] if any(round_.screening.values()) else []
    return [_("Rank"), _("Code"), *who, _("Title"), _("Points"), _("As a fraction"), _("Median"), _("Lowest"), _("Highest"), *answers, *given]


def _cells(round_: Round, row: Ranked) -> list[int | str | Fraction]:
    who = [] if round_.is_blind else [row.author]
    answers = [row.yes, row.no] if any(round_.screening.values()) else []
    return [row.place, row.entry_code, *who, row.title, row.points, selectors.as_text(row.points), row.median, *row.spread, *answers, *row.seat_points]


def _most(rows: Sequence[Ranked]) -> int:
    return max((len(row.seat_points) for row in rows), default=0)


def _csv(round_: Round, rows: Sequence[Ranked], language: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)  # the separator of Finnish spreadsheets
    writer.writerow(_headings(round_, _most(rows)))
    for row in rows:
        writer.writerow([show.fraction(cell, language, 4) if isinstance(cell, Fraction) else safe(str(cell)) for cell in _cells(round_, row)])
    return f"\ufeff{out.getvalue()}".encode()  # the mark tells a spreadsheet that the file is UTF-8


def safe(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") or cell[:1] in ("\t", "\r", "\n") else cell


def _xlsx(round_: Round, rows: Sequence[Ranked], language: str) -> bytes:
    import xlsxwriter  # only this file needs it, and only when somebody asks for one

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": show.pick(round_.title, language), "created": round_.completed_at})
        sheet, bold, decimals = book.add_worksheet(_("Ranking")[:31]), book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        for column, heading in enumerate(_headings(round_, _most(rows))):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(_cells(round_, row)):
                if isinstance(cell, str):
                    sheet.write_string(line, column, safe(cell))
                else:
                    sheet.write_number(line, column, float(cell), *([decimals] if isinstance(cell, Fraction) else []))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def _json(round_: Round, rows: Sequence[Ranked], language: str) -> bytes:
    told: list[dict[str, Any]] = [{
        "place": row.place, "code": row.entry_code, **({} if round_.is_blind else {"author": row.author}), "title": row.title,
        "points": selectors.as_text(row.points), "median": selectors.as_text(row.median),
        **({"screening": {"yes": row.yes, "no": row.no}} if any(round_.screening.values()) else {}),
        "reviewers": [selectors.as_text(points) for points in row.seat_points],
    } for row in rows]
    whole = {
        "round": round_.code, "title": round_.title, "announced": announced(round_), "announced_hash": round_.announced_hash,
        **({"lot_seed": round_.lot_seed} if round_.tie_rule == TieRule.LOT else {}), "ranking": told,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


WRITERS: dict[str, Callable[[Round, Sequence[Ranked], str], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}
