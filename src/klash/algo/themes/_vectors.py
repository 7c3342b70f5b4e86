"""Texts as vectors of unit length, so that the product of two is their cosine."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHORTEST, LONGEST = 3, 5
_GAP = re.compile(r"[\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return _GAP.sub(" ", text.lower()).split()


def grams_of(word: str) -> list[str]:
    """Return the n-grams of a word; a blank stands before and after it."""
    padded = f" {word} "
    return [padded[start : start + length] for length in range(SHORTEST, LONGEST + 1) for start in range(len(padded) - length + 1)]


def grams(text: str) -> Counter[str]:
    """Count the n-grams of a text; none spans two words."""
    return Counter(gram for word in words(text) for gram in grams_of(word))


class Space:
    """The features of a body of texts, each with its number and its inverse document frequency, and the texts' vectors.

    parts: of a text. features: of a part, looked up once for each part that is met.
    The weight of a feature is (1 + log of its count) x inverse document frequency.
    Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), 6.2-6.4.
    """

    def __init__(self, texts: Sequence[str], parts: Callable[[str], Iterable[str]], features: Callable[[str], Iterable[str]]) -> None:
        self._parts, self._features = parts, features
        self._number: dict[str, int] = {}
        self._of: dict[str, Ints] = {}
        rows = [self._row(text, grows=True) for text in texts]
        seen = np.bincount(np.concatenate([np.empty(0, np.int64), *(columns for columns, _ in rows)]), minlength=max(len(self._number), 1))
        self._rarity = np.log((1 + len(texts)) / (1 + seen)) + 1
        self.vectors = self._unit(rows)

    def place(self, text: str) -> csr_array:
        """Return the vector of another text, [1, features]; what the body of texts lacks is left out."""
        return self._unit([self._row(text, grows=False)])

    def _row(self, text: str, *, grows: bool) -> tuple[Ints, Ints]:
        found = [self._numbers(part, grows) for part in self._parts(text)]
        columns, times = np.unique(np.concatenate([np.empty(0, np.int64), *found]), return_counts=True)
        return columns.astype(np.int64), times.astype(np.int64)

    def _numbers(self, part: str, grows: bool) -> Ints:
        if (known := self._of.get(part)) is not None:
            return known
        if grows:
            return self._of.setdefault(part, np.array([self._number.setdefault(name, len(self._number)) for name in self._features(part)], np.int64))
        return np.array([self._number[name] for name in self._features(part) if name in self._number], np.int64)

    def _unit(self, rows: Sequence[tuple[Ints, Ints]]) -> csr_array:
        columns, times = (np.concatenate([np.empty(0, np.int64), *side]) for side in zip(*rows, strict=True)) if rows else (np.empty(0, np.int64),) * 2
        sizes = np.array([len(row) for row, _ in rows], np.int64)
        values = (1 + np.log(times)) * self._rarity[columns]
        length = np.sqrt(np.bincount(np.repeat(np.arange(len(rows)), sizes), values**2, minlength=len(rows)))  # of a text without features 0
        return csr_array((values / np.repeat(length, sizes), columns, np.concatenate(([0], np.cumsum(sizes)))), shape=(len(rows), len(self._rarity)))


def words_of(texts: Sequence[str]) -> Space:
    """Return the space of the n-grams of texts."""
    return Space(texts, words, grams_of)
