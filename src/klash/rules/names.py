"""What a name or a title may hold: one line of composed letters, nothing that is not seen, and in the name of a person or a team no address.

A sign that turns the direction of writing makes a line read otherwise than it was typed, a sign without width makes two equal names different, and a
mail program makes a link of whatever looks like an address, as if the sender had set it there.
"""

import re
import unicodedata

MARKS_MAX = 2  # upon one letter; Vietnamese needs two, no language of ours more than one
# Categories of what is not seen: format (directions, no width, tags), control, surrogate, for private use, unassigned.
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})
_JOINER = "\u034f"  # joins letters in sorting and is never drawn
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that are drawn as nothing
_MARKS = ("Mn", "Me")
# A scheme, an at sign, a dot within a word as in a domain; "T.Virtanen" and "St. Olof" hold none.
_ADDRESS = re.compile(r":/|@|(?<=\w)[.。][a-zåäö]{2}|(?<=\w\w)[.。][^\W\d_]{2}|(?<=\d)\.\d{1,3}\.\d{1,3}\.\d")


def visible(text: str) -> str:
    """Return the text composed (NFC), without what is not seen and with at most MARKS_MAX marks upon a letter; lines stay lines."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFD", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        if category not in _UNSEEN and character != _JOINER and marks <= MARKS_MAX:
            kept.append(" " if character in _BLANK else character)
    return unicodedata.normalize("NFC", "".join(kept))


def one_line(text: str) -> str:
    """Return a name or a title as it is kept: visible, on one line, with single spaces."""
    spaced = "".join(" " if unicodedata.category(character) == "Cc" else character for character in text)
    return " ".join(visible(spaced).split())


def holds_address(name: str) -> bool:
    """Return whether a mail program would make a link of something in a name."""
    return _ADDRESS.search(unicodedata.normalize("NFKC", name)) is not None
