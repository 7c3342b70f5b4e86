"""What a scan gives: findings that do not overlap, and the text with each replaced by its neutral word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from enum import StrEnum

SURROUNDING = 60  # signs on each side of a finding that its reader sees


class Layer(StrEnum):
    OWN = "own"  # a name that the team gave of itself
    PATTERN = "pattern"  # has the form of an address, a number, an account
    GUESS = "guess"  # looks like somebody's name


class Kind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    DOMAIN = "domain"
    BRAND = "brand"
    PRODUCT = "product"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    BUSINESS_ID = "business_id"
    PERSONAL_ID = "personal_id"
    IBAN = "iban"
    HANDLE = "handle"
    ADDRESS = "address"
    POSTCODE = "postcode"


@dataclass(frozen=True, order=True)
class Finding:
    """A place that could tell who wrote the text.

    start, end: code points, end exclusive. p: how likely it identifies somebody, 0..1. suggestion: the neutral word to stand there.
    """

    start: int
    end: int
    kind: Kind
    layer: Layer
    p: float
    suggestion: str


def resolve(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order of place, those that overlap made one.

    One covers all that the overlapping ones cover and is called after the strongest: what is known before what is guessed (a town behind a
    number is), then the longest, then the team's own name. It has the highest p.
    """
    resolved: list[Finding] = []
    strongest: list[Finding] = []
    for finding in sorted(found):
        if not resolved or finding.start >= resolved[-1].end:
            resolved.append(finding)
            strongest.append(finding)
            continue
        last = resolved[-1]
        strongest[-1] = max(strongest[-1], finding, key=_strength)
        resolved[-1] = changed(strongest[-1], start=last.start, end=max(last.end, finding.end), p=max(last.p, finding.p))
    return resolved


def _strength(finding: Finding) -> tuple[bool, int, bool]:
    return finding.layer != Layer.GUESS and finding.kind != Kind.POSTCODE, finding.end - finding.start, finding.layer == Layer.OWN


def replace(text: str, findings: Sequence[Finding]) -> str:
    """Return the text with each finding's neutral word in its place. findings: of this text and not overlapping, as `scan` gives them."""
    parts, at = [], 0
    for finding in sorted(findings):
        parts += [text[at : finding.start], finding.suggestion]
        at = finding.end
    return "".join([*parts, text[at:]])


def around(text: str, found: Finding) -> tuple[str, str]:
    """Return what stands before and after a finding, at most SURROUNDING signs of each, with an ellipsis where more was left out."""
    before, after = text[: found.start], text[found.end :]
    return ("…" if len(before) > SURROUNDING else "") + before[-SURROUNDING:], after[:SURROUNDING] + ("…" if len(after) > SURROUNDING else "")
