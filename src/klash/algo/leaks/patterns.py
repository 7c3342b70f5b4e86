"""What has the form of an address, a number or an account, whoever's it is.

No pattern repeats a repetition whose turns can be told apart in two ways, and each begins where no longer match could have begun; so the time
is linear in the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from klash.algo.leaks.checks import IBAN_LENGTHS, is_business_id, is_iban, is_luhn, is_personal_id
from klash.algo.leaks.findings import Finding, Kind, Layer
from klash.algo.leaks.neutral import neutral
from klash.algo.leaks.plain import Plain
from klash.algo.leaks.streets import POSTCODE, STREET

# Ends of domains that are no words of the three languages; those that are count behind www. and https:// only.
_TOP = (
    "fi|com|net|org|eu|se|info|io|app|ai|dev|ax|ee|dk|de|uk|lv|lt|pl|fr|nl|es|ch|tech|cloud|online|site|shop|biz|tv|nu|page|xyz|blog|gov|edu|coop|"
    "link|club|works|studio|agency|digital|design|social|wiki|city|world|ngo|ly|gg|cc"
)
_DOT = r"(?:\.|\s?[\[({]\s?(?:\.|dot|piste|punkt)\s?[\])}]\s?|\s(?:dot|piste|punkt)\s)"
_AT = r"(?:@|\s?[\[({<]\s?(?:@|at|ät|ät-merkki|miuku|snabel-a|snabela)\s?[\])}>]\s?|\s(?:at|ät|miuku|snabel-a)\s)"
_LABELS = 8
_EMAIL = re.compile(rf"(?<![\w.+%-])[\w+%-]++(?:\.[\w+%-]++)*+{_AT}[\w-]++(?:{_DOT}[\w-]++){{0,{_LABELS}}}{_DOT}[a-z]{{2,12}}\b", re.IGNORECASE)
_URL = re.compile(r"(?<!\w)(?:(?:https?|ftp|hxxps?)://|www\d?\.)[^\s<>\"”»)\]]++", re.IGNORECASE)
_DOMAIN = re.compile(rf"(?<![\w.@-])(?:[\w-]++{_DOT}){{1,{_LABELS}}}(?:{_TOP})\b(?::\d{{2,5}})?(?:/[^\s<>\"”»)\]]*+)?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@./+-])@[\w.]{2,40}(?:@[\w-]+(?:\.[\w-]+)+)?")
_ACCOUNT = re.compile(
    r"(?<!\w)(?:instagram|insta|ig|twitter|facebook|fb|tiktok|linkedin|mastodon|telegram|discord|github|gitlab|youtube|snapchat|bluesky|threads)"
    r"(?:\s?[:=]\s?@?|\s@)[\w./-]{3,60}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,+/:-])\(?(?:\+ ?|0)\d(?:[\d ()\t-]|\.(?=\d)){5,22}\d(?!\w|[.,-]\d)")
_COUNTRY_PHONE = re.compile(r"(?<![\w.,+/:-])(?:358|46)[ -]?\d{1,3}(?:[ -]?\d{2,4}){2,4}(?!\w)")
_CALLED = re.compile(r"(?<!\w)(?:puh|puhelin|p|gsm|tel|tfn|telefon|mob|mobil|phone|call)(?:\. ?:?|:) ?(\d[\d -]{3,14}\d)(?!\w)", re.IGNORECASE)
_AMERICAN = re.compile(r"(?<![\w.,+/-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])")
_BUSINESS = re.compile(r"(?<![\w-])(?:FI\s?-?)?(\d{6,7})\s?-\s?(\d)(?![\w-])", re.IGNORECASE)
_VAT = re.compile(r"(?<!\w)FI[\s-]?(\d{8})(?!\w)", re.IGNORECASE)
_BARE_BUSINESS = re.compile(r"(?<!\w)(?:y-tunnus|fo-nummer|business id)\W{1,3}(\d{8})(?!\w)", re.IGNORECASE)
_SWEDISH = re.compile(r"(?<![\w-])(?:19|20|16)?(\d{6})[ ]?[-+][ ]?(\d{4})(?![\w-])")
_PERSONAL = re.compile(r"(?<!\w)(\d{6})\s?([-+A-FU-Y])\s?(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,34}", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_NO_PHONE = re.compile(r"\(?\d{1,2}(?:[.-]\d{1,2}[.-]|\.\d\d ?- ?\d)|\d{7}-\d(?!\d)")  # dates, hours of a day, business IDs
_THOUSANDS = re.compile(r"\d{3}(?: \d{3})+")
_MOST_DIGITS = 15
_TRAILING = ".,;:!?'’*_"

Match = re.Match[str]


@dataclass(frozen=True)
class _Pattern:
    """p: how likely what fits tells of somebody. accept: returns the end of what fits in a match, 0 for nothing. needs: one of these must be in the text."""

    kind: Kind
    pattern: re.Pattern[str]
    p: float
    accept: Callable[[Match], int] = re.Match.end
    needs: tuple[str, ...] = ()


def patterns(text: Plain, language: str) -> Iterator[Finding]:
    """Yield what fits a pattern; the findings may overlap."""
    for one in _PATTERNS:
        if one.needs and not any(sign in text.text for sign in one.needs):
            continue
        for found in one.pattern.finditer(text.text):
            if end := one.accept(found):
                yield Finding(*text.span(found.start(), end), one.kind, Layer.PATTERN, one.p, neutral(one.kind, language))


def _trimmed(found: Match) -> int:
    """Leave out what ends the sentence around an address."""
    return found.start() + len(found[0].rstrip(_TRAILING))


def _phone(found: Match) -> int:
    """Take seven to fifteen digits that are no date, hours or thousands; of several numbers in a row the first."""
    end = found.end()
    while len(_DIGITS.findall(found.string, found.start(), end)) > _MOST_DIGITS:
        end = max(found.string.rfind(sign, found.start(), end - 1) for sign in " -)\t")
        if end < 0:
            return 0
    digits = len(_DIGITS.findall(found.string, found.start(), end))
    thousands = _THOUSANDS.fullmatch(found[0]) and found.string[max(0, found.start() - 2) : found.start()][:1].isdigit()
    return end if digits >= 7 and not thousands and not _NO_PHONE.match(found[0]) else 0


def _short_phone(found: Match) -> int:
    return found.end() if 5 <= len(_DIGITS.findall(found[1])) <= 12 else 0


def _business(found: Match) -> int:
    return found.end() if is_business_id((found[1] + found[2]).zfill(8)) else 0


def _vat(found: Match) -> int:
    return found.end() if is_business_id(found[1]) else 0


def _swedish(found: Match) -> int:
    return found.end() if is_luhn(found[1] + found[2]) else 0


def _personal(found: Match) -> int:
    return found.end() if is_personal_id(found[1], found[2].upper(), found[3], found[4].upper()) else 0


def _iban(found: Match) -> int:
    """Take as many characters as the country's account numbers have."""
    length = IBAN_LENGTHS.get(found[0][:2].upper(), 0)
    compact = ""
    for place, character in enumerate(found[0]):
        compact += character.upper() if character.isalnum() else ""
        if len(compact) == length:
            return found.start() + place + 1 if compact.isascii() and is_iban(compact) else 0
    return 0


_PATTERNS = (
    _Pattern(Kind.EMAIL, _EMAIL, 0.98),
    _Pattern(Kind.URL, _URL, 0.95, _trimmed, ("://", "www", "WWW", "Www")),
    _Pattern(Kind.URL, _DOMAIN, 0.9, _trimmed),
    _Pattern(Kind.HANDLE, _HANDLE, 0.9, _trimmed, ("@",)),
    _Pattern(Kind.HANDLE, _ACCOUNT, 0.6, _trimmed),
    _Pattern(Kind.PHONE, _PHONE, 0.9, _phone),
    _Pattern(Kind.PHONE, _COUNTRY_PHONE, 0.8, _phone),
    _Pattern(Kind.PHONE, _CALLED, 0.9, _short_phone),
    _Pattern(Kind.PHONE, _AMERICAN, 0.8),
    _Pattern(Kind.BUSINESS_ID, _BUSINESS, 0.97, _business, ("-",)),
    _Pattern(Kind.BUSINESS_ID, _VAT, 0.97, _vat),
    _Pattern(Kind.BUSINESS_ID, _BARE_BUSINESS, 0.97, _vat),
    _Pattern(Kind.BUSINESS_ID, _SWEDISH, 0.8, _swedish, ("-", "+")),
    _Pattern(Kind.PERSONAL_ID, _PERSONAL, 0.99, _personal),
    _Pattern(Kind.IBAN, _IBAN, 0.98, _iban),
    _Pattern(Kind.ADDRESS, STREET, 0.8),
    _Pattern(Kind.POSTCODE, POSTCODE, 0.5),
)
