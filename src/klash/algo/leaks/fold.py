"""Text made comparable: one case, no marks, look-alike letters as the letters they look like, nothing between letters; and the way back."""

import unicodedata
from dataclasses import dataclass

# What stands before a letter: nothing, a change within a word (kaikki|Kyytiin, matti|@), something between words, more than a name spans.
INSIDE, SOFT, GAP, WALL = range(4)
WIDEST_GAP = 4

# Characters that may stand for letters. All but I also part words ("matti@virtanen.fi", "Virtanen!"), so the search decides which they do.
LOOKS = {
    "0": "0o", "1": "1il", "2": "2z", "3": "3e", "4": "4a", "5": "5s", "6": "6g", "7": "7t", "8": "8b", "9": "9g", "@": "a", "$": "s", "€": "e", "!": "il",
    "|": "il", "I": "il",
}  # fmt: skip
_PARTING = frozenset(LOOKS) - {"I"}
_SIGNS = frozenset("@$€!|")
_ALIKE = {
    like: letter
    for letter, alike in {
        "a": "аАαΑᴀɑæÆ", "b": "вВьβΒʙ", "c": "сСϲᴄ", "d": "ԁᴅđĐðÐ", "e": "еЕεΕᴇ", "f": "ꜰƒ", "g": "ɢɡցԳ", "h": "нНΗհʜħĦ", "i": "іІιΙıɩɪ", "j": "јЈᴊ",
        "k": "кКκΚᴋ", "l": "łŁʟԼӀ", "m": "мМΜᴍ", "n": "пиηΝոɴŋ", "o": "оОοΟσςօᴏøØœŒ", "p": "рРρΡᴘþÞ", "q": "ԛ", "r": "гʀ", "s": "ѕЅꜱՏ", "t": "тТτΤᴛ",
        "u": "υսμᴜ", "v": "νʋᴠ", "w": "ԝωᴡ", "x": "хХχΧ", "y": "уУγΥʏ", "z": "ζΖᴢ",
    }.items()
    for like in alike
}  # fmt: skip
_BLANK_LETTERS = frozenset("\u3164\u115f\u1160\uffa0")
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc"})
_SPACE = " "


@dataclass(frozen=True)
class Folded:
    """A text folded.

    letters: small but for I. at: of each letter its place in the text. before: what stands before each letter and before the end.
    """

    text: str
    letters: str
    at: list[int]
    before: bytearray

    def between(self, k: int) -> str:
        """Return what stands in the text between letter k-1 and letter k."""
        return self.text[self.at[k - 1] + 1 : self.at[k]]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Return where the letters begin..end stand in the text, with the marks upon the last of them."""
        stop = self.at[end - 1] + 1
        while stop < len(self.text) and unicodedata.category(self.text[stop]) in ("Mn", "Me"):
            stop += 1
        return self.at[begin], stop


def fold(text: str) -> Folded:
    """Return the text folded. Linear in its length."""
    table = {character: fold_character(character) for character in set(text)}
    letters: list[str] = []
    at: list[int] = []
    before = bytearray()
    gap, last = WIDEST_GAP + 1, _SPACE
    for place, character in enumerate(text):
        folded = table[character]
        if folded == _SPACE:
            gap += 1
        elif folded:
            edge = WALL if gap > WIDEST_GAP else GAP if gap else _inside(last, character)
            for letter in folded:
                letters.append(letter)
                at.append(place)
                before.append(edge)
                edge = INSIDE
            gap, last = 0, character
    before.append(WALL)
    return Folded(text, "".join(letters), at, before)


def _inside(last: str, character: str) -> int:
    """Return SOFT where a word changes: from a small letter to a capital, at a digit or a sign."""
    changes = (last in _PARTING) != (character in _PARTING) or last in _SIGNS or (last.islower() and character.isupper())
    return SOFT if changes else INSIDE


def fold_character(character: str) -> str:
    """Return the small Latin letters (or I, a digit, a sign of LOOKS) that a character looks like, a space for what parts words, nothing for what is unseen."""
    if character in _ALIKE:
        return _ALIKE[character]
    if character in LOOKS:
        return character
    if character.isspace():
        return _SPACE
    if character in _BLANK_LETTERS or unicodedata.category(character) in _UNSEEN:
        return ""
    plain = (c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum())
    return "".join(_ALIKE.get(c, c) for c in plain) or _SPACE


def fold_word(word: str) -> str:
    """Return a name folded, what parts it left out: "Åkerlund-Öhman" as "akerlundohman"."""
    return "".join(fold_character(character).strip() for character in word).lower()


_DRAWN_AS = str.maketrans({**{sign: letters[-1] for sign, letters in LOOKS.items()}, "i": "l"})
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(name: str) -> str:
    """Return what two names that an eye takes for one have in common: look-alike letters and signs are one, letters that touch are what they look like."""
    drawn = fold_word(name).translate(_DRAWN_AS)
    for letters, letter in _TOGETHER:
        drawn = drawn.replace(letters, letter)
    return drawn
