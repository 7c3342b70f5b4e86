"""Words to what is looked for in a row's search column, so that "kunta" finds "kunnissa" on both databases.

A row keeps its words and their stems, each with the mark of the row's language before it, blanks between and around them. A query
word becomes patterns, those of one language with its mark; any of them in the column is a match, so that one question serves
all languages. The Finnish stemmer knows no consonant gradation, so the grades of the base form are looked for too.
"""

import re
from functools import cache

import snowballstemmer

from klash.rules.names import visible

_WORD = re.compile(r"[^\W_]{2,40}")
_LANGUAGES = {"fi": "finnish", "sv": "swedish", "en": "english"}
MARKS = {"fi": "1", "sv": "2", "en": "3"}
_VOWELS = "aeiouyåäö"
# Strong and weak grade of the consonants before the last vowel.
_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("nk", "ng"), ("mp", "mm"), ("lt", "ll"), ("rt", "rr"), ("ht", "hd"), ("t", "d"), ("p", "v"),
)
# What a final vowel may turn into: katu, katuja; koti, kodeissa; nuori, nuorten.
_TURNS = {"a": "ai", "ä": "äi", "e": "e", "i": "iet", "o": "o", "u": "u", "y": "y", "ö": "ö", "å": "å"}
_SHORTEST, _INSIDE = 4, 6
# Words that say nothing and whose stems are those of others ("kun", "kunta").
_STOP = frozenset(_WORD.findall("""
    ja on ei ole oli ovat olla se ne että mutta tai jos kun kuin niin myös joka jotka mikä mitä vaan sekä eli nyt jo vain hän he me te
    och att det den som en ett är i på av för med till inte om har kan de vi så men eller från vid när där här nu var man the and of to in is it
"""))


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_LANGUAGES[language])


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(visible(text).lower()) if word not in _STOP]


def index(text: str, language: str) -> str:
    """Return the words of the text and their stems as the search column keeps them; the text is cut at 30,000 characters."""
    words = _words(text[:30_000])
    kept = dict.fromkeys([*words, *_stemmer(language).stemWords(words)])
    return f" {' '.join(MARKS[language] + word for word in kept)} "


def query_words(text: str) -> list[str]:
    """Return the words of a query, at most eight."""
    return (_words(text) or _WORD.findall(visible(text).lower()))[:8]


def patterns(word: str, language: str) -> list[str]:
    """Return the strings of which one must occur in the search column of a row in this language; sorted, never empty."""
    stem = _stemmer(language).stemWord(word)
    beginnings = {word}
    if language == "fi":
        # The word as a base form, and its stem as one: who asks may inflect too.
        beginnings |= _finnish(word) | (_finnish(stem) | _other_grades(stem) if len(stem) > _SHORTEST else set())
    if len(stem) >= (_SHORTEST if language == "fi" else 3):
        beginnings.add(stem)
    # A long beginning may stand inside a compound: "liikenne" finds "joukkoliikenteen".
    mark = MARKS[language]
    found = {start if len(start) >= _INSIDE else f" {mark}{start}" for start in beginnings}
    return sorted({*found, f" {mark}{stem} "})


def _finnish(word: str) -> set[str]:
    """Return the beginnings that inflected forms of a Finnish base form have."""
    if word.endswith("nen"):
        return {f"{word[:-3]}s"}
    if word.endswith(("us", "ys")):
        return {f"{word[:-1]}{ending}" for ending in ("ks", "d", "t")}
    base, last = word[:-1], word[-1]
    if last not in _VOWELS or base[-1:] in _VOWELS:
        return set()
    turns = _TURNS[last]
    if last == "a" and next((letter for letter in word if letter in _VOWELS), "") in "aei":
        turns += "o"  # kirja, kirjoja; but kunta, kuntia
    return {f"{start}{turn}" for start in (base, *_other_grades(base)) for turn in turns if len(start) > 1} | _old_stems(word)


def _other_grades(base: str) -> set[str]:
    weak = {base[: -len(long)] + short for long, short in _GRADES if base.endswith(long)}
    strong = {base[: -len(short)] + long for long, short in _GRADES if base.endswith(short)}
    return weak | strong


def _old_stems(word: str) -> set[str]:
    """Return the beginnings of words in -si and -psi: vesi, veden, vettä; lapsi, lasten."""
    if word.endswith("psi"):
        return {f"{word[:-3]}ste"}
    return {f"{word[:-2]}{ending}" for ending in ("de", "te", "tt")} if word.endswith("si") else set()
