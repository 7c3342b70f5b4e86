"""Text for patterns: without unseen characters, wide and fancy digits and letters as ordinary ones, each dash a hyphen; one code point for one."""

import unicodedata
from dataclasses import dataclass

_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_DASHES = frozenset("‐‑‒–—−﹣－")


@dataclass(frozen=True)
class Plain:
    """at: of each character of `text` its place in the original."""

    text: str
    at: range | list[int]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        return self.at[begin], self.at[end - 1] + 1


def plain(text: str) -> Plain:
    """Return the text made plain. Linear in its length."""
    table = {character: _plain(character) for character in set(text)}
    if all(character == seen for character, seen in table.items()):
        return Plain(text, range(len(text)))
    kept = [(place, seen) for place, character in enumerate(text) if (seen := table[character])]
    return Plain("".join(seen for _, seen in kept), [place for place, _ in kept])


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in _DASHES:
        return "-"
    if unicodedata.category(character) in _UNSEEN:
        return ""
    if character.isspace():
        return "\n" if character in "\u2028\u2029\x85" else " "
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character
