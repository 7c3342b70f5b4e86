"""What texts are about: which are near to one another, which form groups, which say the same twice, and how well experts suit entries.

Words are compared by character n-grams weighed by how rare they are: alike in Finnish, Swedish and English, inflected or not. A small list of
municipal subjects lets texts in different languages meet.
"""

from collections.abc import Collection, Sequence

import numpy as np

from ._groups import Cluster, clusters
from ._near import SAME, Index, duplicates, similar
from ._vectors import Floats, grams, words_of

__all__ = ["Cluster", "Index", "SAME", "affinity", "blend", "clusters", "duplicates", "grams", "shared", "similar"]


def affinity(entries: Sequence[str], experts: Sequence[str]) -> Floats:
    """Return how near each entry's text is to each expert's own words, float [entries, experts] in 0..1; 0 where a text is empty.

    The cosine of TF-IDF vectors of 3- to 5-grams within words, idf over all texts given, 1 + log(tf).
    Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), 6.2-6.4.
    """
    if not entries or not experts:
        return np.zeros((len(entries), len(experts)))
    vectors = words_of([*entries, *experts]).vectors
    near = (vectors[: len(entries)] @ vectors[len(entries) :].T).toarray()
    return np.asarray(np.clip(near, 0.0, 1.0))


def shared(entries: Sequence[Collection[str]], experts: Sequence[Collection[str]]) -> Floats:
    """Return the share of each entry's topics that each expert knows, float [entries, experts] in 0..1; nan where either names none."""
    found = np.full((len(entries), len(experts)), np.nan)
    for row, topics in enumerate(entries):
        for column, known in enumerate(experts):
            if topics and known:
                found[row, column] = len(set(topics) & set(known)) / len(set(topics))
    return found


def blend(parts: Sequence[tuple[Floats, float]]) -> Floats:
    """Return the weighted mean of several views of who suits what, float [entries, experts] in 0..1.

    parts: (values, weight) of one shape each, 0..1, nan where nothing is known: such a pair gets the mean of what is known, so that silence
    neither helps nor harms. A view that knows nothing or weighs nothing is left out; where none is left all are 0.
    Raises ValueError for no part, shapes that differ, a weight below 0, values outside 0..1.
    """
    if not parts or len({values.shape for values, _ in parts}) > 1:
        raise ValueError(f"expected parts of one shape, got {[values.shape for values, _ in parts]}")
    total, weight_of_all = np.zeros(parts[0][0].shape), 0.0
    for values, weight in parts:
        known = ~np.isnan(values)
        if not weight >= 0 or (values[known] < 0).any() or (values[known] > 1).any():
            raise ValueError(f"expected a weight of at least 0 and values from 0 to 1, got {weight} and {values[known].tolist()}")
        if weight and known.any():
            total, weight_of_all = total + weight * np.where(known, values, values[known].mean()), weight_of_all + weight
    return total / weight_of_all if weight_of_all else total
