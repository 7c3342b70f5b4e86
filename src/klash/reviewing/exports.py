"""The result as files: the same rows as on the page, never more."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from klash.core import sheets, show
from klash.reviewing import selectors
from klash.reviewing.hashes import announced
from klash.reviewing.models import Round, TieRule
from klash.reviewing.selectors import Ranked

MEDIA = {**sheets.MEDIA, "json": "application/json"}
Column = sheets.Column[Ranked]


def result_as(form: str, round_: Round, language: str) -> bytes:
    """Return the result of a complete round as a file of the form csv, xlsx or json. Four queries.

    Reviewers' points stand lowest first, so that no column belongs to anyone; in a round without names entries have their code names alone.
    """
    return WRITERS[form](round_, selectors.ranking(round_), language)


def name_of(round_: Round, form: str, language: str) -> str:
    """Return the name under which a round's result is saved."""
    return sheets.file_name(f"{_('Result')} {show.pick(round_.title, language)}", form)


def _columns(round_: Round, rows: Sequence[Ranked]) -> list[Column]:
    who = [] if round_.is_blind else [Column(_("Author"), lambda row: row.author, 30)]
    answers = [Column(_("Screening: yes"), lambda row: row.yes), Column(_("Screening: no"), lambda row: row.no)] if any(round_.screening.values()) else []
    return [
        Column(_("Rank"), lambda row: row.place, 8), Column(_("Code"), lambda row: row.entry_code), *who, Column(_("Title"), lambda row: row.title, 40),
        Column(_("Points"), lambda row: row.points), Column(_("As a fraction"), lambda row: selectors.as_text(row.points)),
        Column(_("Median"), lambda row: row.median), Column(_("Lowest"), lambda row: row.spread[0]), Column(_("Highest"), lambda row: row.spread[1]),
        *answers, *(_given(number) for number in range(max((len(row.seat_points) for row in rows), default=0))),
    ]


def _given(number: int) -> Column:
    heading = _("Points, lowest first: %(number)s") % {"number": number + 1}
    return Column(heading, lambda row: row.seat_points[number] if number < len(row.seat_points) else None)


def _csv(round_: Round, rows: Sequence[Ranked], language: str) -> bytes:
    return sheets.csv_text(_columns(round_, rows), rows, language)


def _xlsx(round_: Round, rows: Sequence[Ranked], language: str) -> bytes:
    return sheets.workbook(_columns(round_, rows), rows, title=_("Ranking"), language=language, created=round_.completed_at)


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
