"""What looks like anybody's name: a capital within a sentence, a known given name, a surname's ending, a title before, a legal form behind."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from klash.algo.leaks.findings import Finding, Kind, Layer
from klash.algo.leaks.fold import Folded, fold_word
from klash.algo.leaks.lexicon import ALSO_WORDS, GIVEN, ORDINARY, ORGANISATION_ENDS, PARTICLES, SURNAME_ENDS, TITLES
from klash.algo.leaks.neutral import neutral
from klash.algo.leaks.trie import Words

_TOKEN = re.compile(r"[^\W\d_]++")
_SURNAME = re.compile(SURNAME_ENDS)
_SPACES = frozenset((" ", "\u00a0", "-"))
_JOINS = _SPACES | {". ", "."}  # behind an initial
_OPENS = re.compile(r"(?:^|[.!?:;…•·*#>\"”“»«'’(\[/|\n\t]|(?:^|\s)[–—-]|\d[.)])\s*\Z")
_BEFORE = 6
_LONGEST = 6  # words of one name

_COMPANY, _FULL_NAME, _TITLED, _SURNAME_ALONE, _GIVEN_ALONE, _INNER_CAPITAL, _SEVERAL, _ONE = 0.85, 0.9, 0.8, 0.6, 0.5, 0.4, 0.35, 0.2


@dataclass(frozen=True)
class _Token:
    """begin, end: in the text. opens: whether a sentence, a line or a quotation begins with it, so that its capital says nothing."""

    begin: int
    end: int
    word: str
    opens: bool
    folded: str
    ordinary: bool
    given: bool

    @property
    def initial(self) -> bool:
        return len(self.word) == 1


def guesses(folded: Folded, language: str, allow: frozenset[str]) -> Iterator[Finding]:
    """Yield what may be names of people and organisations. allow: folded words that are none here in any case form."""
    for before, run, after in _runs(folded, _ordinary(allow)):
        if run[0].word.lower() in TITLES and len(run) > 1:
            before, run = run[0].word, run[1:]
        name = _stripped(run)
        if not name:
            continue
        titled = before.lower() in TITLES and name[0] is run[0]
        behind = name[-1] is run[-1] and after.lower() in ORGANISATION_ENDS
        company = behind or (len(name) > 1 and not ORGANISATION_ENDS.isdisjoint({name[0].word.lower(), name[-1].word.lower()}))
        if p := _COMPANY if company else _likelihood(name, titled):
            kind = Kind.ORGANISATION if company else Kind.PERSON
            end = name[-1].end + (len(after) + 1 if behind else 0)
            yield Finding(name[0].begin, end, kind, Layer.GUESS, p, neutral(kind, language))


def _likelihood(name: list[_Token], titled: bool) -> float:
    """Return how likely words with capitals are a person's name; 0 where nothing speaks for it."""
    first, last = name[0], name[-1]
    surname = next((token for token in name if _SURNAME.fullmatch(token.folded) and not (token.opens and len(name) == 1)), None)
    if len(name) > 1 and (first.given or first.initial or (last.given and surname)):
        return _FULL_NAME
    if titled:
        return _TITLED
    if surname:
        return _SURNAME_ALONE
    if any(token.given for token in name):
        return _GIVEN_ALONE
    if first.opens and len(name) == 1:
        return 0
    if len(name) > 1:
        return _SEVERAL
    if not first.word[1:].islower():
        return 0 if first.word.isupper() else _INNER_CAPITAL
    return _ONE


def _stripped(run: list[_Token]) -> list[_Token]:
    """Return the part of a run of capitals that may be a name: without ordinary words at its ends and without the word that opens a sentence."""
    while run and (run[-1].ordinary or run[-1].initial):
        run = run[:-1]
    while run and (run[0].ordinary or _is_opening(run)):
        run = run[1:]
    return run


def _is_opening(run: list[_Token]) -> bool:
    """Return whether the capital of the first word comes from the sentence alone."""
    first = run[0]
    if not first.opens or first.initial:
        return first.initial and len(run) == 1
    if first.given:
        return len(run) == 1 and (first.folded in ALSO_WORDS or first.folded not in GIVEN)
    return len(run) > 1 or first.word[1:].islower()


def _runs(folded: Folded, ordinary: Words) -> Iterator[tuple[str, list[_Token], str]]:
    """Yield words with capitals that follow each other, with the word before and the word behind. A particle may stand between ("af")."""
    before, last, end, run = "", "", 0, list[_Token]()
    for found in _TOKEN.finditer(folded.text):
        word, gap = found[0], folded.text[end : found.start()]
        joined = bool(run) and len(run) < _LONGEST and gap in (_JOINS if run[-1].initial else _SPACES)
        if joined and word in PARTICLES:
            end = found.end()
            continue
        if run and not (joined and word[0].isupper()):
            yield before, run, word if gap == " " and end == run[-1].end else ""
            run = []
        if word[0].isupper():
            before = before if run else last
            run.append(_token(folded, found, ordinary))
        last, end = word, found.end()
    if run:
        yield before, run, ""


def _token(folded: Folded, found: re.Match[str], ordinary: Words) -> _Token:
    begin, end = found.span()
    first, stop = bisect_left(folded.at, begin), bisect_left(folded.at, end)
    opens = bool(_OPENS.search(folded.text[max(0, begin - _BEFORE) : begin])) if begin else True
    letters = folded.letters[first:stop].lower()
    if first == stop:
        return _Token(begin, end, found[0], opens, letters, True, False)
    return _Token(begin, end, found[0], opens, letters, ordinary.knows(folded, first, stop), _given().knows(folded, first, stop))


@lru_cache
def _given() -> Words:
    return Words(dict.fromkeys(GIVEN, 0), apart=False)


@lru_cache(maxsize=16)
def _ordinary(allow: frozenset[str]) -> Words:
    return Words(dict.fromkeys(allow | {fold_word(part) for word in ORDINARY for part in word.split("-")}, 0), apart=False)
