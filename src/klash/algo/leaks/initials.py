"""Names shortened to their first letters: M. V., MV, KKY ry."""

import re
from collections.abc import Iterable, Iterator

from klash.algo.leaks.findings import Kind
from klash.algo.leaks.lexicon import ABBREVIATIONS, LEGAL_FORMS, PARTICLES

_WORD = re.compile(r"[^\W\d_]+")
_ENDING = r"(?=$|[^\w.]|\.(?!\w))(?:[:’']\w{1,6}\b)?"
_SURE, _PLAUSIBLE = 0.7, 0.4
Shortened = tuple[re.Pattern[str], Kind, str, float]


def initials(named: Iterable[tuple[str, Kind, str]]) -> list[Shortened]:
    """Return what to look for, with the name's kind and neutral word and how sure it is. Capitals only; no word of two letters that is known as another."""
    return [found for name, kind, neutral in named for found in _of_name(name, kind, neutral)]


def _of_name(name: str, kind: Kind, neutral: str) -> Iterator[Shortened]:
    words = [word for word in _WORD.findall(name) if word.lower() not in (PARTICLES if kind == Kind.PERSON else LEGAL_FORMS)]
    letters = [word[0].upper() for word in words]
    if kind == Kind.DOMAIN or len(words) < (2 if kind == Kind.PERSON else 3):
        return
    if kind == Kind.PERSON:
        for few in {tuple(letters), (letters[0], letters[-1])}:
            yield re.compile(r"(?<![\w.])" + r"\. ?-?".join(map(re.escape, few)) + r"\.(?!\w)(?:[:’']\w{1,6}\b)?"), kind, neutral, _SURE
    if (short := "".join(letters)) not in ABBREVIATIONS:
        yield re.compile(rf"(?<![\w.-]){re.escape(short)}{_ENDING}"), kind, neutral, _PLAUSIBLE if len(short) < 3 else _SURE
