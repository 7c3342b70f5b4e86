"""The stems on which a name's case forms are built, and the endings that may follow: Finnish, Swedish, English.

Everything is folded (ä as a, ö as o), so there is no vowel harmony. A name may get a stem that grammar does not know: too many stems
find a form too many, too few miss one.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

VOWELS = "aeiouy"


class Stem(IntEnum):
    """Which endings a stem takes."""

    ANY = 0
    STRONG = 1  # Virta-na, Virta-an
    WEAK = 2  # Virra-n, Virra-ssa
    CONSONANT = 3  # Virtas-ta, Virtas-ten, Virtas-i-a


_POSSESSIVE = "(?:ni|si|nsa|mme|nne|[aeo]n)"
_CLITIC = "(?:kin|kaan|han|kos?|kohan|pas?|pahan)"
_AFTER = f"{_POSSESSIVE}?{_CLITIC}?{_CLITIC}?"
_STRONG = "(?:a|t?ta|na|ne|en|ine|[aeiouy]n?|h[aeiouy]n?|seen?|i?siin?|h?iin?|j?a|i?ta|ia|i?d?en|i?tte?n|ihin?|jen|in|ina)?"
_WEAK = "i?(?:n|t|s?sa|sta|lla|lta|lle|ksi|kse|tta)"
_CONSONANT = "(?:ta|ten|na|i(?:a|en|in|na|ne|ssa|sta|lla|lta|lle|ksi|kse|tta|hin|siin)?)"
_FOREIGN = "(?:s|ns|ens|ets|rs|ers|en|et|n|t|erna|arna|ernas|arnas|er|ar|or|es)"
_ENDINGS = {
    Stem.STRONG: f"{_STRONG}{_AFTER}",
    Stem.WEAK: f"{_WEAK}{_AFTER}",
    Stem.CONSONANT: f"{_CONSONANT}{_AFTER}",
    Stem.ANY: f"(?:{_STRONG}|{_WEAK}){_AFTER}|{_FOREIGN}",
}
ENDING = {kind: re.compile(pattern) for kind, pattern in _ENDINGS.items()}
# Where 1 may stand for i and for l, one letter for both.
BLURRED_ENDING = {kind: re.compile(pattern.replace("l", "i")) for kind, pattern in _ENDINGS.items()}
# After a colon or an apostrophe: ABC:n, ABC:hen, ABC:ssäkin, Lindroos'.
AFTER_COLON = re.compile(f"(?:{_STRONG}|{_WEAK}|h[aeiouy]n|[aeiouy]{{0,2}}n|s|i(?:n|a|lla|lta|lle|ssa|sta|ksi)){_AFTER}")

_Grades = dict[str, tuple[str, ...]]
# Consonant gradation at the last syllable, strong to weak; the longest first.
_WEAKER: _Grades = {
    "kk": ("k",), "pp": ("p",), "tt": ("t",), "nk": ("ng",), "nt": ("nn",), "mp": ("mm",), "lt": ("ll",), "rt": ("rr",), "lk": ("l", "lj"), "rk": ("r", "rj"),
    "hk": ("h", "hj"), "ht": ("hd",), "ik": ("i", "j"), "p": ("v",), "t": ("d",), "k": ("", "v"),
}  # fmt: skip
_STRONGER: _Grades = {
    "ng": ("nk",), "nn": ("nt",), "mm": ("mp",), "ll": ("lt",), "rr": ("rt",), "lj": ("lk",), "rj": ("rk",), "hj": ("hk",), "hd": ("ht",),
    "k": ("kk",), "p": ("pp",), "t": ("tt",), "l": ("lk",), "r": ("rk",), "h": ("hk",), "v": ("p",), "d": ("t",), "": ("k",),
}  # fmt: skip
_UNCHANGING = ("sk", "st", "tk", "sp", "tt", "kk", "pp")  # as clusters whose last consonant does not weaken alone


def stems(word: str) -> dict[str, Stem]:
    """Return the stems of a folded word, each with the endings it takes; the word itself takes any."""
    found: dict[str, Stem] = {}
    for stem, kind in _stems(word):
        if len(stem) >= 3 and found.get(stem, kind) != kind:
            found[stem] = Stem.ANY
        elif len(stem) >= 3:
            found[stem] = kind
    found[word] = Stem.ANY
    return found


def _stems(word: str) -> Iterator[tuple[str, Stem]]:
    if word[-1:] in VOWELS:
        yield from _of_vowel(word)
    else:
        yield from _of_consonant(word)
    if word.endswith("nen"):
        yield word[:-3] + "se", Stem.ANY
        yield word[:-3] + "s", Stem.CONSONANT


def _of_vowel(word: str) -> Iterator[tuple[str, Stem]]:
    body, last = word[:-1], word[-1]
    endings = {last}
    if last == "i":
        endings |= {"e"}  # Koski, Koske-n; Matti, Matte-ja
        yield from _of_si(word)
        if body[-1:] in ("l", "n", "r", "h", "m", "s"):
            yield re.sub("m$", "n", body), Stem.CONSONANT  # Saari, Saar-ta; Niemi, Nien-ta; Kuusi, Kuus-ta
    if last == "a":
        endings |= {"o", "i"}  # Virta, Virto-ja; Metsa, Metsi-a
    if last == "e":
        endings |= {"i"}
        for stronger in _graded(body, _STRONGER):
            yield stronger + "ee", Stem.ANY  # Rinne, Rintee-n
            yield stronger + "ei", Stem.ANY
        yield body + "ee", Stem.ANY
    if body[-1:] in VOWELS and body:
        yield from _of_two_vowels(body, last)
    for ending in endings:
        yield body + ending, Stem.ANY if ending != last else Stem.STRONG
        for weaker in _graded(body, _WEAKER):
            yield weaker + ending, Stem.WEAK


def _of_si(word: str) -> Iterator[tuple[str, Stem]]:
    """Vesi, Vede-n, Vete-na, Vet-ta; Virsi, Virre-n."""
    if word.endswith("si") and len(word) > 3:
        before = word[:-2]
        weak = before + before[-1] if before[-1] in "lnr" else before + "d"
        yield weak + "e", Stem.WEAK
        yield before + "te", Stem.STRONG
        yield before + "t", Stem.CONSONANT


def _of_two_vowels(body: str, last: str) -> Iterator[tuple[str, Stem]]:
    """Maa, Ma-i-ta; Suo, So-i-ta; Tie, Te-i-ta."""
    if body[-1] == last:
        yield body + "i", Stem.ANY
    if body[-1] + last in ("uo", "yo", "ie"):
        yield body[:-1] + last + "i", Stem.ANY
    yield body + "i", Stem.ANY


def _of_consonant(word: str) -> Iterator[tuple[str, Stem]]:
    yield word + "i", Stem.ANY  # Smith, Smithi-n
    yield word + "e", Stem.ANY  # Siemen, Siemene-n
    yield word, Stem.CONSONANT
    if len(word) < 3:
        return
    body, vowel, last = word[:-2], word[-2], word[-1]
    if last == "s":
        yield word[:-1] + "kse", Stem.ANY  # Markus, Markukse-n
        yield word[:-1] + "ks", Stem.CONSONANT
        if vowel in VOWELS:
            for stronger in (body, *_graded(body, _STRONGER)):
                yield stronger + vowel * 2, Stem.ANY  # Kangas, Kankaa-n
                yield stronger + vowel + "i", Stem.ANY
        if vowel in "uy":
            yield word[:-1] + "de", Stem.WEAK  # Vapaus, Vapaude-n
            yield word[:-1] + "te", Stem.STRONG
            yield word[:-1] + "t", Stem.CONSONANT
    if last == "n" and vowel == "i":
        for stronger in (body, *_graded(body, _STRONGER)):
            yield stronger + "ime", Stem.ANY  # Puhelin, Puhelime-n
            yield stronger + "imi", Stem.ANY
    if last == "n" and vowel == "o":
        yield body + "toma", Stem.ANY  # Huoleton, Huolettoma-n
        yield body + "tomi", Stem.ANY
    if last == "t":
        yield word[:-1] + "e", Stem.ANY  # Kevyt, Kevye-n
        yield word[:-1] + "i", Stem.ANY
    for stronger in _graded(body, _STRONGER):
        yield stronger + vowel + last + "e", Stem.ANY  # Tytar, Tyttare-n
        yield stronger + vowel + last + "ee", Stem.ANY  # Manner, Manteree-n
        yield stronger + vowel + last + "i", Stem.ANY


def _graded(body: str, table: _Grades) -> Iterator[str]:
    """Yield the body of a word with its last consonants one grade weaker or stronger, where they have one."""
    if body.endswith(_UNCHANGING) and (table is _STRONGER or body[-1] != body[-2]):
        return
    for length in (2, 1, 0):
        cluster = body[len(body) - length :]
        if len(cluster) == length and cluster in table:
            for graded in table[cluster]:
                yield body[: len(body) - length] + graded
            if length == 2:
                return
