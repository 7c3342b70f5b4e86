"""Texts in groups, each with words by which people recognise it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2
from scipy.linalg import eigh

from ._subjects import subjects_of, subjects_of_word
from ._vectors import Floats, words_of

# Of what texts are about, subjects tell as much as words do: a group may hold both languages.
SUBJECTS = 0.5
MOST, STARTS, FEWEST, WORDS, LOOKED_AT, STEM = 20, 10, 3, 5, 15, 6
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True)
class Cluster:
    """texts: numbers, the one nearest to all others of the group first. words: three to five that tell it from the other groups, if it has so many."""

    texts: tuple[int, ...]
    words: tuple[str, ...]


def clusters(texts: Sequence[str], *, seed: int, count: int | None = None) -> list[Cluster]:
    """Group texts by what they are about, the largest group first; every text is in one group.

    count: how many groups, about the square root of the texts where it is not told; there may be fewer. seed: of the starts. Equal input and
    seed, equal output.
    Raises ValueError for a count below 1.
    Source: Ng, Jordan, Weiss, On Spectral Clustering (2001).
    """
    if count is not None and count < 1:
        raise ValueError(f"expected a count of at least 1, got {count}")
    if not texts:
        return []
    wanted = min(count or min(round(len(texts) ** 0.5), MOST), len(texts))
    near = _nearness(texts)
    label = _spectral(near, wanted, seed)
    groups = [np.flatnonzero(label == number) for number in np.unique(label)]
    words = _telling([[texts[text] for text in group.tolist()] for group in groups])
    found = [
        Cluster(tuple(int(text) for text in group[np.argsort(-near[np.ix_(group, group)].sum(1), kind="stable")]), told)
        for group, told in zip(groups, words, strict=True)
    ]
    return sorted(found, key=lambda cluster: (-len(cluster.texts), cluster.texts))


def _nearness(texts: Sequence[str]) -> Floats:
    words, matters = ((space.vectors @ space.vectors.T).toarray() for space in (words_of(texts), subjects_of(texts)))
    near = (1 - SUBJECTS) * words + SUBJECTS * matters
    np.fill_diagonal(near, 0)
    return np.asarray(np.clip(near, 0, None))


def _spectral(near: Floats, count: int, seed: int) -> NDArray[np.int64]:
    """Return the number of each text's group: k-means on the rows of the leading eigenvectors, the best of several starts."""
    degree = np.sqrt(np.maximum(near.sum(1), 1e-12))
    _, rows = eigh(near / np.outer(degree, degree), subset_by_index=[len(near) - count, len(near) - 1])
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)[:, None]
    tries = [kmeans2(rows, count, minit="++", seed=seed + start, missing="warn") for start in range(STARTS)] if count > 1 else []
    best = min(tries, key=lambda found: float(((rows - found[0][found[1]]) ** 2).sum()), default=(None, np.zeros(len(near), np.int64)))
    return np.asarray(best[1], np.int64)


def _telling(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return for each group the words that more of its texts have than of the others': those of municipal subjects, others where these are few.

    Forms of one word are told by their first letters; the shortest of the common ones stands for all.
    """
    forms = [[Counter(_WORD.findall(text.lower())) for text in group] for group in groups]
    having = [Counter(stem for words in group for stem in {word[:STEM] for word in words}) for group in forms]
    total, texts = sum(having, Counter[str]()), sum(len(group) for group in groups)
    told = []
    for group, count in zip(forms, having, strict=True):
        others = max(texts - len(group), 1)
        gain = {stem: times / len(group) - (total[stem] - times) / others for stem, times in count.items()}
        whole = sum(group, Counter[str]())
        best = sorted(gain, key=lambda stem: (-gain[stem], stem))[:LOOKED_AT]
        shown = [_form({word: times for word, times in whole.items() if word[:STEM] == stem}) for stem in best]
        named = _one_a_subject([word for word in shown if subjects_of_word(word)])
        told.append(tuple([*named, *(word for word in shown if not subjects_of_word(word))][: max(FEWEST, min(len(named), WORDS))]))
    return told


def _one_a_subject(words: Sequence[str]) -> list[str]:
    kept: dict[tuple[str, ...], str] = {}
    for word in words:
        kept.setdefault(tuple(subjects_of_word(word)), word)
    return list(kept.values())


def _form(words: Mapping[str, int]) -> str:
    """Return the shortest of the forms that are at least half as common as the commonest."""
    most = max(words.values())
    return min((word for word, times in words.items() if 2 * times >= most), key=lambda word: (len(word), word))
