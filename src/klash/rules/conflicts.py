"""Conflicts of interest: from two plain descriptions to the kind of conflict, or None. No database, no clock.

A description holds what each side is known to be: its people, its firms and organisations, its municipalities, and the ties that they declared.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The strongest first: where several apply, the first is told."""

    OWNERSHIP = "ownership"
    EMPLOYMENT = "employment"
    FAMILY = "family"
    CONTRACT = "contract"  # an earlier one
    COOPERATION = "cooperation"  # within three years
    MENTOR = "mentor"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"  # the same one, found and not declared
    OTHER = "other"


# What a person may declare; a mentor and a shared organisation are found.
DECLARABLE = tuple(kind for kind in Kind if kind not in (Kind.MENTOR, Kind.ORGANISATION))
# Ties by which an organisation counts as the person's own.
OWN = (Kind.OWNERSHIP, Kind.EMPLOYMENT)

# Anybody may have an address here, so that sharing one of these says nothing of sharing an employer.
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "msn.com", "aol.com", "mail.com", "pm.me", "proton.me", "zoho.com", "fastmail.com",
    "web.de", "tutanota.com", "kolumbus.fi", "luukku.com", "elisanet.fi", "elisa.fi", "saunalahti.fi", "pp.inet.fi", "inet.fi", "suomi24.fi", "netti.fi",
    "dnainternet.net", "phnet.fi", "welho.com", "sci.fi", "nic.fi", "surffi.net", "jippii.fi", "mbnet.fi", "telia.com", "bredband.net", "spray.se",
    "iki.fi", "kapsi.fi", "netikka.fi", "aland.net", "wippies.com", "kotinet.com", "kaisanet.fi", "htv.fi", "dlc.fi", "comhem.se", "tele2.se",
    "mailbox.org", "posteo.de", "posteo.net", "t-online.de", "freenet.de", "tuta.com", "tuta.io", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru",
    "hey.com", "duck.com", "rocketmail.com", "runbox.com", "disroot.org", "riseup.net",
})
# The same providers under every country's ending; some countries have one of two labels, as in co.uk.
FREE_PROVIDERS = frozenset({"yahoo", "ymail", "hotmail", "outlook", "live", "gmx", "yandex", "protonmail"})
SECOND_LEVELS = frozenset({"co", "com"})
# Reserved names, which belong to nobody (RFC 2606).
NOBODYS = frozenset({"invalid", "test", "example", "localhost"})
NOBODYS_DOMAINS = frozenset({"example.com", "example.net", "example.org"})

LEGAL_FORMS = frozenset({"oy", "oyj", "ab", "abp", "oyab", "aboy", "ry", "rf", "ky", "kb", "tmi", "osk", "ltd", "inc", "gmbh", "as", "plc", "llc"})
_FACTORS = (7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Person:
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Firm:
    """A firm or another organisation. business_id: in any spelling, or empty."""

    name: str = ""
    business_id: str = ""


@dataclass(frozen=True)
class Tie:
    """What somebody declared: to a person, a firm or a municipality (its code), one of the three."""

    kind: Kind
    person: Person | None = None
    firm: Firm | None = None
    municipality: str = ""


@dataclass(frozen=True)
class Party:
    """A reviewer, or the side of an entry. municipalities: codes as they are today (`today`); mentors: who mentored the side."""

    people: tuple[Person, ...] = ()
    firms: tuple[Firm, ...] = ()
    municipalities: frozenset[str] = field(default_factory=frozenset)
    ties: tuple[Tie, ...] = ()
    mentors: tuple[Person, ...] = ()


def conflict(reviewer: Party, side: Party) -> Kind | None:
    """Return the strongest kind of conflict between a reviewer and the side of an entry, or None."""
    found = {tie.kind for tie in reviewer.ties if _reaches(tie, side)} | {tie.kind for tie in side.ties if _reaches(tie, reviewer)}
    if _meet(reviewer.people, side.mentors):
        found.add(Kind.MENTOR)
    if reviewer.municipalities & side.municipalities:
        found.add(Kind.MUNICIPALITY)
    if any(is_same_firm(one, other) for one in reviewer.firms for other in side.firms) or _share_domain(reviewer.people, side.people):
        found.add(Kind.ORGANISATION)
    if _meet(reviewer.people, side.people):
        found.add(Kind.OTHER)
    return next((kind for kind in Kind if kind in found), None)


def conflicts(reviewers: Mapping[str, Party], sides: Mapping[str, Party]) -> list[tuple[str, str, str]]:
    """Return (entry, reviewer, kind) of every pair that a conflict bars, sorted."""
    pairs = ((entry, who, conflict(party, side)) for entry, side in sides.items() for who, party in reviewers.items())
    return sorted((entry, who, kind.value) for entry, who, kind in pairs if kind)


def is_same_firm(one: Firm, other: Firm) -> bool:
    """Return whether two descriptions mean one firm: by business ID where both have one, else by name without its legal form."""
    ids = business_id(one.business_id), business_id(other.business_id)
    if all(ids):
        return ids[0] == ids[1]
    return bool(plain_firm(one.name)) and plain_firm(one.name) == plain_firm(other.name)


def is_same_person(one: Person, other: Person) -> bool:
    """Return whether two descriptions mean one person: by address, else by name. A person may have several addresses."""
    by_address = bool(one.email) and one.email.casefold() == other.email.casefold()
    return by_address or bool(_plain(one.name)) and _plain(one.name) == _plain(other.name)


def business_id(text: str) -> str:
    """Return a Finnish business ID as 1234567-8, from that, a VAT number or an older six-digit one; empty if its check digit is wrong."""
    found = re.fullmatch(r"(?:FI)?(\d{6,7})-?(\d)", re.sub(r"\s", "", text).upper())
    if not found:
        return ""
    digits = found[1].zfill(7)
    rest = sum(factor * int(digit) for factor, digit in zip(_FACTORS, digits, strict=True)) % 11
    return f"{digits}-{found[2]}" if rest != 1 and (11 - rest) % 11 == int(found[2]) else ""


def plain_firm(name: str) -> str:
    """Return a firm's name without capitals, punctuation and legal form; a name that is nothing else stays."""
    words = _plain(re.sub(r"\b([ro])\.\s?([yf])\.?(?!\w)", r"\1\2", name.casefold())).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def employer_domain(email: str) -> str:
    """Return the domain of an address if it tells of an employer, else an empty string."""
    domain = email.rpartition("@")[2].casefold().strip(".")
    labels = domain.split(".")
    is_nobodys = labels[-1] in NOBODYS or ".".join(labels[-2:]) in NOBODYS_DOMAINS
    return "" if not domain or is_nobodys or _is_free(labels) else domain


def today(code: str, successors: Mapping[str, str]) -> str:
    """Return the code of the municipality that a municipality has become by mergers; its own if it still stands."""
    seen = set[str]()
    while code in successors and code not in seen:
        seen.add(code)
        code = successors[code]
    return code


def _is_free(labels: Sequence[str]) -> bool:
    # The provider owns the domain; an organisation may well have a host of the same name, as in live.helsinki.fi.
    at = -3 if labels[-2:-1] and labels[-2] in SECOND_LEVELS else -2
    is_listed = any(".".join(labels[start:]) in FREE_MAIL for start in range(len(labels)))
    return is_listed or bool(FREE_PROVIDERS & set(labels[at:][:1]))


def _reaches(tie: Tie, party: Party) -> bool:
    if (named := tie.person) is not None:
        return any(is_same_person(named, person) for person in (*party.people, *party.mentors))
    if tie.firm is not None:
        return any(is_same_firm(tie.firm, firm) for firm in party.firms)
    return tie.municipality in party.municipalities


def _meet(some: Iterable[Person], others: Sequence[Person]) -> bool:
    # Two accounts of one name are two people: only an address that is missing lets the name decide.
    pairs = [(one, other) for one in some for other in others]
    return any(
        one.email.casefold() == other.email.casefold() if one.email and other.email else is_same_person(one, other) for one, other in pairs
    )


def _share_domain(some: Iterable[Person], others: Iterable[Person]) -> bool:
    one, other = ({domain for person in group if (domain := employer_domain(person.email))} for group in (some, others))
    return any(first == second or first.endswith(f".{second}") or second.endswith(f".{first}") for first in one for second in other)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold()))
