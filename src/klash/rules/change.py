"""How much a text changed, counted in words, and of whom such figures may be told.

A word counts as often as it stands in the text, whatever its place, its capitals and the marks beside it: a paragraph that moved has not changed.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from klash.rules.words import split_words

AT_LEAST = 3  # figures are told of no fewer teams than these


@dataclass(frozen=True)
class Change:
    """Words that two texts have in common, that only the later has, and that only the earlier has."""

    kept: int
    added: int
    removed: int

    @property
    def share(self) -> Fraction:
        """Return the share of the words of both texts that have no match in the other: 0 if they are equal, 1 if they have no word in common."""
        unmatched = self.added + self.removed
        return Fraction(unmatched, 2 * self.kept + unmatched) if unmatched else Fraction(0)


def change(before: str, after: str) -> Change:
    """Return what became of the words of a text. Linear in its length."""
    old, new = (Counter(map(_bare, split_words(text))) for text in (before, after))
    return Change((old & new).total(), (new - old).total(), (old - new).total())


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()


def tellable(groups: Mapping[str, int], at_least: int = AT_LEAST) -> set[str]:
    """Return the groups whose figures may stand beside those of all of them together.

    groups: name -> how many teams. What is not told makes `at_least` teams together, or it could be worked out from the rest: where it would
    be fewer, the smallest of the others is left out, too (of equal ones the last by name). Nothing is told where all together are too few.
    """
    if sum(groups.values()) < at_least:
        return set()
    told = {name for name, size in groups.items() if size >= at_least}
    while told and 0 < sum(size for name, size in groups.items() if name not in told) < at_least:
        told.remove(min(sorted(told, reverse=True), key=lambda name: groups[name]))
    return told
