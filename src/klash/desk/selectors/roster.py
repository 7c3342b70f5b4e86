"""Who reviews what as a file says it, checked row by row before anything is written."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from klash.problems.models import Problem
from klash.proposals.selectors import addresses_of
from klash.reviewing import selectors as reading
from klash.reviewing.models import Round
from klash.teams.models import Application

ROWS = 20_000
HEADS = ("reviewer", "arvioija", "bedömare", "sähköposti", "osoite", "e-post", "email", "e-mail", "address")  # how a first row that names the columns begins


class Fault(StrEnum):
    COLUMNS = "columns"
    REVIEWER = "reviewer"
    ENTRY = "entry"
    SEVERAL = "several"
    CONFLICT = "conflict"
    DOUBLED = "doubled"
    LOAD = "load"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Line:
    """One row of the file as it was written, and its fault or "". kind: of the conflict. pair: what it means, never shown."""

    number: int
    reviewer: str
    entry: str
    fault: str = ""
    kind: str = ""
    is_there: bool = False
    pair: tuple[str, str] | None = field(default=None, repr=False)


def decode(content: bytes) -> str:
    """Return the text of a file as spreadsheets write it: UTF-8 with or without its mark, else Windows' own."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def roster(round_: Round, text: str) -> list[Line]:
    """Return the rows of a file with their faults; a head row is left out. Columns: reviewer's address, entry's title or public code.

    Seven queries, however many rows.
    """
    seats = {seat.handle: seat for seat in reading.present(round_)}
    by_address = {email.casefold(): handle for handle, email in addresses_of(seats).items()}
    by_word = _words(round_)
    barred = {(code, handle): kind for code, handle, kind in reading.found_conflicts(round_)}
    given = {(row.code, handle) for row in reading.dealt(round_) for handle, _ in row.given}
    load, seen, lines = Counter(handle for _, handle in given), set[tuple[str, str]](), list[Line]()
    for number, cells in _rows(text):
        line = _line(number, cells, by_address, by_word)
        if line.pair is not None:
            handle = line.pair[1]
            most = seats[handle].load_max if seats[handle].load_max is not None else round_.load_max
            is_there = line.pair in given
            is_new = line.pair not in seen and not is_there
            load[handle] += is_new
            fault: str = (
                Fault.DOUBLED if line.pair in seen else Fault.CONFLICT if line.pair in barred
                else Fault.LOAD if is_new and most is not None and load[handle] > most else ""
            )
            seen.add(line.pair)
            line = Line(number, line.reviewer, line.entry, fault, barred.get(line.pair, ""), is_there, line.pair)
        lines.append(line)
    return lines


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    head = text.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
            if number > ROWS:
                break
    except csv.Error:  # a cell without end
        rows.append((len(rows) + 1, [""]))
    return rows[1:] if rows and _is_head(rows[0][1][0].strip().casefold()) else rows


def _is_head(cell: str) -> bool:
    return "@" not in cell and cell.startswith(HEADS)


def _line(number: int, cells: list[str], by_address: dict[str, str], by_word: dict[str, list[str]]) -> Line:
    if number > ROWS:
        return Line(number, "", "", Fault.TOO_MANY)
    if len(cells) < 2 or not cells[0].strip() or not cells[1].strip():
        return Line(number, cells[0].strip(), cells[1].strip() if len(cells) > 1 else "", Fault.COLUMNS)
    reviewer, entry = cells[0].strip(), cells[1].strip()
    handle, codes = by_address.get(reviewer.casefold()), by_word.get(_word(entry), [])
    if handle is None:
        return Line(number, reviewer, entry, Fault.REVIEWER)
    if len(codes) != 1:
        return Line(number, reviewer, entry, Fault.SEVERAL if codes else Fault.ENTRY)
    return Line(number, reviewer, entry, pair=(codes[0], handle))


def _words(round_: Round) -> dict[str, list[str]]:
    """Return the codes of the entries under every word that means them: their title, and the code by which the site knows them."""
    found: dict[str, list[str]] = {}
    titles = {row.code: row.title for row in reading.dealt(round_)}
    for code, title in titles.items():
        found.setdefault(_word(title), []).append(code)
    public: list[tuple[str, str | None]] = [
        *Problem.objects.filter(entry_code__in=titles).values_list("code", "entry_code"),
        *Application.objects.filter(entry_code__in=titles).values_list("team__code", "entry_code"),
    ]
    for word, entry in public:
        if entry is not None:
            found[_word(word)] = [entry]
    return found


def _word(text: str) -> str:
    return " ".join(text.casefold().split())
