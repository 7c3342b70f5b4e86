"""The team's own names in a text: whole, in parts, in any case form, disguised, abbreviated."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from klash.algo.leaks.findings import Finding, Kind, Layer
from klash.algo.leaks.fold import Folded, fold_word
from klash.algo.leaks.initials import initials
from klash.algo.leaks.lexicon import GENERIC, LEGAL_FORMS, PARTICLES
from klash.algo.leaks.own import OwnNames
from klash.algo.leaks.trie import Hit, Words

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_GLUED, _GLUED_PERSON = 5, 6
_TELLING = 5
_SHORT = 2  # such words count with a capital only
_NEAR = 12  # code points that an initial or a legal form may take beside a name
_LEGAL = "|".join(sorted(LEGAL_FORMS, key=len, reverse=True))
_LEGAL_AFTER = re.compile(rf"[\s,]{{1,2}}(?:{_LEGAL})(?: (?:{_LEGAL}))?\b(?:[:’']\w{{1,4}}\b)?", re.IGNORECASE)
_LEGAL_BEFORE = re.compile(rf"(?<!\w)(?:{_LEGAL})\s\Z", re.IGNORECASE)
_INITIALS_BEFORE = re.compile(r"(?<!\w)(?:[^\W\d_]\.[ \u00a0-]?){1,2}\Z")
_INITIAL_AFTER = re.compile(r"[ \u00a0][^\W\d_]\.")
_BESIDE = {Kind.PERSON: (_INITIALS_BEFORE, _INITIAL_AFTER), Kind.ORGANISATION: (_LEGAL_BEFORE, _LEGAL_AFTER)}
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "å": "aa", "ü": "ue"})
_SURE, _UNSURE_PART, _UNSURE_SMALL = 0.98, 0.5, 0.6


@dataclass(frozen=True)
class _Name:
    """words: folded. parts: those of them that point at the name when they stand alone. small: whether it is written without a capital."""

    kind: Kind
    neutral: str
    words: tuple[str, ...]
    parts: frozenset[str]
    small: bool

    @property
    def whole(self) -> str:
        return "".join(self.words)


class Own:
    """A team's names, made ready for searching."""

    def __init__(self, own: OwnNames, language: str) -> None:
        given = list(own.named(language))
        self._names = [name for name in (_name(*one) for one in given) if name.words]
        self._initials = initials(given)
        self._spelled = {alias: word for name, *_ in given for word, alias in _digraphs(name)}
        glued: dict[str, int] = {}
        for name in self._names:
            glued |= dict.fromkeys({name.whole, *name.words}, 0)
        for name in self._names:
            least = _GLUED_PERSON if name.kind == Kind.PERSON else _GLUED
            glued |= dict.fromkeys({name.whole, *(name.parts if name.kind == Kind.PERSON else ())}, least)
        self._words = Words(glued | dict.fromkeys(self._spelled, _GLUED_PERSON))

    def find(self, folded: Folded, allow: frozenset[str]) -> Iterator[Finding]:
        """Yield where the names stand; the findings may overlap. allow: folded words that are ordinary in this text."""
        hits: dict[str, list[Hit]] = defaultdict(list)
        for hit in self._words.find(folded):
            hits[self._spelled.get(hit.word, hit.word)].append(hit)
        for name in self._names:
            for begin, end, p in _places(name, hits):
                start, stop = folded.span(begin, end)
                surface = folded.text[start:stop]
                if (end - begin <= _SHORT or p == _UNSURE_PART) and not surface[0].isupper():
                    continue
                p *= _SURE if name.small or surface[0].isupper() else _SURE * _UNSURE_SMALL
                p *= 0.5 if name.whole in allow else 1
                yield Finding(*_extended(folded.text, start, stop, name.kind), name.kind, Layer.OWN, round(p, 3), name.neutral)
        yield from self._abbreviated(folded.text)

    def _abbreviated(self, text: str) -> Iterator[Finding]:
        for pattern, kind, neutral, p in self._initials:
            for found in pattern.finditer(text):
                yield Finding(*found.span(), kind, Layer.OWN, p, neutral)


def _name(text: str, kind: Kind, neutral: str) -> _Name:
    spoken = [word for word in _WORD.findall(text) if kind == Kind.PERSON or word.lower() not in LEGAL_FORMS] or _WORD.findall(text)
    if kind == Kind.DOMAIN:
        spoken = [word for word in spoken if word.lower() not in ("www", "https", "http")]
    words = tuple(folded for word in spoken if (folded := fold_word(word)))
    if kind == Kind.PERSON:
        parts = {word for word in words if word not in PARTICLES}
    elif kind == Kind.DOMAIN:
        parts = set(words[-2:-1]) - GENERIC
    else:
        parts = {word for word in words if len(word) >= _TELLING and word not in GENERIC}
    return _Name(kind, neutral, words, frozenset(parts), not any(character.isupper() for character in text))


def _digraphs(name: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a name that are also written with two letters for one, and how: Mäkinen as Maekinen."""
    for word in _WORD.findall(name.lower()):
        if (spelled := word.translate(_DIGRAPHS)) != word:
            yield fold_word(word), fold_word(spelled)


def _places(name: _Name, hits: Mapping[str, list[Hit]]) -> Iterator[tuple[int, int, float]]:
    """Yield where a name stands and how sure that is: as a whole, word for word each in a form of its own, or in part."""
    for hit in hits.get(name.whole, ()):
        yield hit.begin, hit.end, hit.sure
    if len(name.words) > 1:
        reached = {hit.end: hit for hit in hits.get(name.words[0], ())}
        for word in name.words[1:]:
            reached = {
                hit.end: Hit(reached[hit.begin].begin, hit.end, word, min(reached[hit.begin].sure, hit.sure))
                for hit in hits.get(word, ())
                if hit.begin in reached
            }
        for hit in reached.values():
            yield hit.begin, hit.end, hit.sure
        for part in name.parts:
            for hit in hits.get(part, ()):
                yield hit.begin, hit.end, hit.sure if name.kind in (Kind.PERSON, Kind.DOMAIN) else _UNSURE_PART


def _extended(text: str, start: int, stop: int, kind: Kind) -> tuple[int, int]:
    """Return the span with the initials beside a person's name and the legal form beside an organisation's."""
    if kind not in _BESIDE:
        return start, stop
    before, after = _BESIDE[kind]
    first, last = before.search(text[max(0, start - _NEAR) : start]), after.match(text, stop, stop + 2 * _NEAR)
    return start - (len(first[0]) if first else 0), last.end() if last else stop
