"""Words in all their case forms, found in folded text in one pass: at every letter a walk no longer than the longest stem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from klash.algo.leaks.fold import GAP, INSIDE, LOOKS, SOFT, WALL, Folded
from klash.algo.leaks.inflection import AFTER_COLON, BLURRED_ENDING, ENDING, Stem, stems

_PREFIX = 3
_ANYWHERE = 6  # letters of a stem that is found within other words too
_SPELLED, _SPLIT = 3, 5  # letters of a stem that is found with every letter apart, and in two or three pieces
_SPLIT_SURE = 0.6
_SPLIT_FORM = 6  # letters of a form of the latter
_TAIL, _WORD = 24, 48  # letters of an ending, and of what may have grown to a name
_COLONS = frozenset(":'’´`ʼ:")
_HYPHEN = re.compile(r"[-‐‑¬](?:\s*\n\s*)?")
_AS_LETTERS = str.maketrans({sign: "i" if "i" in looks else looks[-1] for sign, looks in LOOKS.items()})
_BLURRED = _AS_LETTERS | {ord("l"): "i"}
_STANDS_FOR: dict[str, str] = {}
for _sign, _letters in LOOKS.items():
    for _letter in _letters:
        _STANDS_FOR[_letter] = _STANDS_FOR.get(_letter, "") + _sign


class Hit(NamedTuple):
    """A form of a word. begin, end: letters of the folded text. sure: 1 for an ordinary form, less for one spelled apart or within a word."""

    begin: int
    end: int
    word: str
    sure: float


@dataclass(slots=True)
class _Node:
    next: "dict[str, _Node]" = field(default_factory=dict)
    stems: list[tuple[str, Stem]] = field(default_factory=list)


class Words:
    """A set of folded words, made once and searched often.

    words: each with the least length of a stem of it that is also found grown together with another word; 0 for never.
    apart: whether words spelled apart are found.
    """

    def __init__(self, words: Mapping[str, int], *, apart: bool = True) -> None:
        self._glued, self._apart, self._root = dict(words), apart, _Node()
        for word in words:
            for stem, kind in stems(word).items():
                node = self._root
                for letter in stem:
                    node = node.next.setdefault(letter, _Node())
                node.stems.append((word, kind))

    def find(self, folded: Folded) -> Iterator[Hit]:
        """Yield the hits in order of their beginnings; they may overlap."""
        covered = 0
        for start in self._starts.finditer(folded.letters):
            begin = start.start()
            if begin < covered and (folded.before[begin] == INSIDE or folded.before[begin + 1] != INSIDE):
                continue  # within a word, or a letter by itself, that another hit covers
            for hit in self._from(folded, begin):
                covered = max(covered, hit.end)
                yield hit

    @cached_property
    def _starts(self) -> re.Pattern[str]:
        """The places where it pays to walk: what the first letters of a stem look like."""
        prefixes = sorted({stem[:_PREFIX] for word in self._glued for stem in stems(word)})
        return re.compile(f"(?={'|'.join(''.join(map(_any_of, prefix)) for prefix in prefixes) or '(?!)'})")

    def knows(self, folded: Folded, begin: int, end: int) -> bool:
        """Return whether the letters begin..end are a form of one of the words."""
        return any(hit.end >= end and hit.sure == 1 for hit in self._from(folded, begin))

    def _from(self, folded: Folded, begin: int) -> Iterator[Hit]:
        within = folded.before[begin] == INSIDE
        best: dict[str, Hit] = {}
        for stop, word, kind in self._walk(folded, begin):
            glued = self._glued[word]
            if within and not (glued and stop - begin >= _ANYWHERE):
                continue
            sure = _pieces(folded, begin, stop)
            tail = _tail(folded, stop, kind) if sure else None
            if sure and tail is None and glued and stop - begin >= glued and kind in (Stem.ANY, Stem.STRONG):
                tail, sure = _piece_end(folded, stop), sure * 0.7
            if tail is not None and (sure >= _SPLIT_SURE or tail - begin >= _SPLIT_FORM):
                hit = Hit(begin, tail, word, sure * (0.7 if within else 1))
                best[word] = max(best.get(word, hit), hit, key=lambda one: (one.sure, one.end))  # "Virtanen i Esbo" is no "Virtaneni"
        yield from best.values()

    def _walk(self, folded: Folded, begin: int) -> Iterator[tuple[int, str, Stem]]:
        nodes, letters, before = [self._root], folded.letters, folded.before
        for k in range(begin, len(letters)):
            if k > begin and (before[k] == WALL or (before[k] == GAP and not self._apart)):
                return
            letter = letters[k]
            nodes = [node.next[look] for node in nodes for look in LOOKS.get(letter, letter) if look in node.next]
            if not nodes:
                return
            for node in nodes:
                for word, kind in node.stems:
                    yield k + 1, word, kind


def _pieces(folded: Folded, begin: int, stop: int) -> float:
    """Return how sure it is that letters with gaps between them are one word; 0 where they are several."""
    gaps = [k for k in range(begin + 1, stop) if folded.before[k] == GAP]
    if not gaps:
        return 1
    length, last = stop - begin, stop - gaps[-1]
    if all(_HYPHEN.fullmatch(folded.between(k)) for k in gaps):
        return 0.9
    if len(gaps) >= length - last and length >= _SPELLED and (last == 1 or len(gaps) > 1):
        return 0.8
    return _SPLIT_SURE - len(gaps) / 100 if length >= _SPLIT and len(gaps) <= length // 2 else 0


def _any_of(letter: str) -> str:
    return f"[{re.escape(letter + _STANDS_FOR.get(letter, ''))}]"


def _piece_end(folded: Folded, k: int) -> int:
    """Return where the run of letters with nothing between them ends that letter k-1 belongs to, at most a long word away."""
    return _run(folded, k, (INSIDE, SOFT), _WORD)


def _tail(folded: Folded, stop: int, kind: Stem) -> int | None:
    """Return where the form ends whose stem ends at `stop`; None where no ending of the stem's kind follows."""
    if spelled := _spelled(folded, stop, kind):
        return spelled
    for end in _tail_ends(folded, stop):
        if _is_ending(folded.letters[stop:end], kind):
            return _colon(folded, end)
    return None


def _tail_ends(folded: Folded, stop: int) -> Iterator[int]:
    """Yield where an ending may end, the farthest first: with what follows a hyphen at a line's end, with the word, at a change within it."""
    hard = _run(folded, stop, (INSIDE, SOFT))
    if folded.before[hard] == GAP and "\n" in (gap := folded.between(hard)) and _HYPHEN.fullmatch(gap):
        yield _run(folded, hard + 1, (INSIDE, SOFT))
    yield hard
    yield _run(folded, stop, (INSIDE,))


def _run(folded: Folded, k: int, edges: tuple[int, ...], most: int = _TAIL) -> int:
    limit = k + most
    while folded.before[k] in edges and k < limit:
        k += 1
    return k


def _is_ending(tail: str, kind: Stem) -> bool:
    if tail.translate(_AS_LETTERS) == tail:
        return bool(ENDING[kind].fullmatch(tail))
    return bool(BLURRED_ENDING[kind].fullmatch(tail.translate(_BLURRED)))


def _colon(folded: Folded, end: int) -> int:
    """Return the end of an ending behind a colon or an apostrophe, else the end as it is."""
    if folded.before[end] != GAP or folded.between(end) not in _COLONS:
        return end
    stop = _run(folded, end + 1, (INSIDE,))
    return stop if AFTER_COLON.fullmatch(folded.letters[end:stop]) else end


def _spelled(folded: Folded, stop: int, kind: Stem) -> int:
    """Return the end of an ending of which every letter stands apart, as the stem's last letter does; 0 where none does."""
    if folded.before[stop - 1] != GAP or folded.before[stop] != GAP:
        return 0
    end = stop
    while folded.before[end] == GAP and folded.before[end + 1] != INSIDE and end - stop < _TAIL:
        end += 1
    return next((to for to in range(end, stop, -1) if _is_ending(folded.letters[stop:to], kind)), 0)
