"""What in a blind copy could tell whose it is, and how it is made black."""

from collections.abc import Sequence
from dataclasses import dataclass

from klash.algo import leaks
from klash.algo.language import language_of_text
from klash.reviewing import sheets
from klash.reviewing.models import Entry, EntryFile, Round


@dataclass(frozen=True)
class Flagged:
    """Words of a blind copy that could tell whose it is. part: "title", "section/0" or "file/1"; page: of a file; start, end: signs of that text."""

    part: str
    page: int
    start: int
    end: int
    before: str
    words: str
    after: str
    kind: str
    p: float


def spots(entry: Entry, files: Sequence[EntryFile]) -> list[Flagged]:
    """Return what in a blind copy could tell whose it is, by patterns and guesses alone: the team's own names are not known here. One read of each file.

    It only suggests: the registrar decides.
    """
    texts = [("title", 0, entry.title), *((f"section/{number}", 0, section["text"]) for number, section in enumerate(entry.sections))]
    for file in files:
        texts += [(f"file/{file.number}", page, text) for page, text in enumerate(_pages(file), 1)]
    return [one for part, page, text in texts for one in _flagged(entry.round, part, page, text, entry.language)]


def spots_in(round_: Round, text: str) -> list[Flagged]:
    """Return what in a question or an answer could tell who wrote an entry, as `spots` does in a copy."""
    return _flagged(round_, "", 0, text, language_of_text(text))


def _flagged(round_: Round, part: str, page: int, text: str, language: str) -> list[Flagged]:
    allow = frozenset([*round_.title.values(), *round_.intro.values()])
    return [
        Flagged(part, page, one.start, one.end, before, text[one.start : one.end], after, one.kind, one.p)
        for one in leaks.scan(text, language=language, own=leaks.OwnNames(), allow=allow)
        for before, after in [leaks.around(text, one)]
    ]


def blackened(file: EntryFile, page: int, regions: Sequence[leaks.Share], signs: tuple[int, int] | None = None) -> bytes:
    """Return the file with regions of a page black, or the signs of its words from one place to another. Raises ValueError for a place that is not there."""
    content = bytes(file.content)
    with sheets.PDFIUM:
        chosen = list(regions) if signs is None else leaks.boxes(content, page=page, start=signs[0], end=signs[1])
        if not chosen or any(not (0 <= left < right <= 1 and 0 <= top < bottom <= 1) for left, top, right, bottom in chosen):
            raise ValueError(f"expected regions within the page, got {chosen}")
        return leaks.blacken(content, mime=file.media_type, page=page, regions=chosen)


def _pages(file: EntryFile) -> list[str]:
    if file.media_type != sheets.PDF:
        return []
    with sheets.PDFIUM:
        return leaks.pages(bytes(file.content))
