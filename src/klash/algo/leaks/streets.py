"""Street addresses in Finnish, Swedish and English, boxes, and postcodes with their towns."""

import re

_STREETS_FI = (
    "katu|kadun|kadulla|kadulle|kadulta|tie|tien|tiellä|tielle|tieltä|kuja|kujan|kujalla|kujalle|polku|polun|polulla|polulle|kaari|kaaren|kaarella|raitti|"
    "raitin|raitilla|väylä|väylän|väylällä|bulevardi|bulevardin|bulevardilla|aukio|aukion|aukiolla|tori|torin|torilla|puistikko|esplanadi|esplanadin|"
    "esplanadilla|ranta|rannan|rannassa|penger|penkereen|rinne|rinteen|laituri|portti|puisto|taival|tanhua|kulma|kulman"
)
_STREETS_SV = (
    "gatan|gata|vägen|väg|gränden|gränd|stigen|stig|stråket|torget|kajen|allén|backen|stranden|esplanaden|bulevarden|promenaden|leden|svängen|brinken|platsen"
)
_STREETS_EN = "Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Way|Court|Close|Boulevard|Blvd|Place|Terrace|Crescent|Grove|Park|Row|Walk|Hill|Gardens"
# Of these even a small initial is a street's.
_CLEAR = "katu|kadun|kadulla|kuja|kujalla|polku|polulla|gatan|vägen|gränden|stigen"
_ROADS = "valtatie|kantatie|seututie|yhdystie|moottoritie|maantie|päätie|riksväg|stamväg|motorväg|förbindelseväg|landsväg|huvudväg"  # numbered, not addresses
_NAME = r"[A-ZÅÄÖ][^\W\d_]{1,20}[ -]"
_DOOR = r"\d{1,4}(?:\s?-\s?\d{1,4})?(?:\s?[a-zA-Z](?!\w))?(?: (?:as\.|bst\.|lgh|lt)? ?\d{1,4}(?!\w|[.,]\d))?(?::[^\W\d_]{1,5}(?!\w))?"
_ANY = f"(?i:{_STREETS_FI}|{_STREETS_SV})"

STREET = re.compile(
    rf"(?<![\w-])(?!(?i:{_ROADS}))(?:"
    rf"(?:(?:{_NAME}){{0,2}}[A-ZÅÄÖ]\w{{1,30}}?{_ANY}|(?:{_NAME}){{1,2}}{_ANY}|[a-zåäö]\w{{2,30}}?(?:{_CLEAR})) {_DOOR}"
    rf"|\d{{1,5}}[A-Za-z]? (?:[A-Z][\w'’]{{1,20}} ){{1,3}}(?:{_STREETS_EN})(?!\w)"
    r"|(?:PL|PB|P\.? ?O\.? ?Box|Postilokero|Postbox) \d{1,5}(?!\w))"
)
POSTCODE = re.compile(r"(?<![\w.,-])(?:(?:FI-|AX-)?\d{5}|(?:SE-|S-)?\d{3} \d{2}),? [A-ZÅÄÖ][^\W\d_]{1,30}")
