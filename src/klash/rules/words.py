"""What counts as a word, and how many a section may have. The page's script counts by the same rule (`static/js/klash.js`).

A word is what stands between blanks and holds a letter or a digit. So a compound with hyphens, a number, a web address and an abbreviation are one
word each; a dash by itself, the marks of a list and a pictograph are none. A no-break space is a blank like any other ("1 000" is two words); what has
no width (a soft hyphen, a zero-width space, a joiner) divides nothing.
"""

import re
from dataclasses import dataclass

# Spaces of every width, ends of lines, and signs that are drawn like a space. Written out, for `\s` is one thing here and another in a browser.
BLANKS = r"[\t-\r\x1c-\x20\x85\xa0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]+"
_BLANKS = re.compile(BLANKS)


def split_words(text: str) -> list[str]:
    """Return the words of the text in order, with the marks that touch them."""
    return [piece for piece in _BLANKS.split(text) if any(map(str.isalnum, piece))]


def count_words(text: str) -> int:
    """Return how many words the text has."""
    return len(split_words(text))


@dataclass(frozen=True)
class Limits:
    """hard: more words than these cannot be submitted. soft: so many are enough, and more are taken; None where nothing is recommended."""

    hard: int
    soft: int | None = None

    def excess(self, words: int) -> int:
        """Return how many of the words are too many."""
        return max(0, words - self.hard)

    def is_long(self, words: int) -> bool:
        """Return whether there are more words than recommended."""
        return self.soft is not None and words > self.soft
