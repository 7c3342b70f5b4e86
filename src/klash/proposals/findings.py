"""What the identity check tells the team of a finding, and the registrar of a flagged spot, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from klash.core import show
from klash.proposals.bridge import Suspicion
from klash.reviewing.bridge import Flagged
from klash.reviewing.models import Entry

SURE, LIKELY = 0.9, 0.6
OWN: dict[str, Promise] = {
    "person": gettext_lazy("The name of a member of the team, or a part of it"),
    "organisation": gettext_lazy("The name of the team or of a firm behind it, or a part of it"),
    "domain": gettext_lazy("The domain of a member’s e-mail address"), "brand": gettext_lazy("The name of a brand of the team"),
    "product": gettext_lazy("The name of a product of the team"),
}
PATTERNS: dict[str, Promise] = {
    "email": gettext_lazy("An e-mail address"), "url": gettext_lazy("A web address"), "phone": gettext_lazy("A telephone number"),
    "business_id": gettext_lazy("A business ID"), "personal_id": gettext_lazy("A personal identity code"), "iban": gettext_lazy("An account number"),
    "handle": gettext_lazy("A user name"), "address": gettext_lazy("A street address"), "postcode": gettext_lazy("A postcode and a town"),
    "person": gettext_lazy("It looks like the name of a person"), "organisation": gettext_lazy("It looks like the name of an organisation"),
}


@dataclass(frozen=True)
class Told:
    """A finding as the page shows it. place: where a replacement would be made, empty in a file."""

    where: str
    before: str
    words: str
    after: str
    reason: str
    likelihood: str
    suggestion: str
    place: str
    mark: str


def told(found: Suspicion, parts: Mapping[str, str]) -> Told:
    """Return a finding in words of the active language. parts: what the title and each section are called."""
    reasons = OWN if found.layer == "own" else PATTERNS
    place = f"{found.part}:{found.start}" if found.part else ""
    reason, likelihood = str(reasons[found.kind]), _likelihood(found.p)
    return Told(_where(found, parts), found.before, found.words, found.after, reason, likelihood, found.suggestion, place, found.mark)


@dataclass(frozen=True)
class Spot:
    """A flagged spot as the registrar's page shows it. where: in a blind copy; empty in a question or an answer. number, page: of a file, else 0."""

    where: str
    before: str
    words: str
    after: str
    reason: str
    likelihood: str
    number: int
    page: int
    start: int
    end: int


def spot_of(found: Flagged, entry: Entry) -> Spot:
    """Return a flagged spot in words of the active language."""
    kind, _slash, place = found.part.partition("/")
    where = _("Title") if kind == "title" else ""
    if kind == "section":
        where = show.pick(entry.sections[int(place)]["heading"], (get_language() or "fi")[:2])
    elif kind == "file":
        where = _("File %(number)s, page %(page)s") % {"number": place, "page": found.page}
    return Spot(
        where, found.before, found.words, found.after, str(PATTERNS[found.kind]), _likelihood(found.p), int(place) if kind == "file" else 0, found.page,
        found.start, found.end,
    )


def _likelihood(p: float) -> str:
    return _("almost certain") if p >= SURE else _("likely") if p >= LIKELY else _("possible")


def _where(found: Suspicion, parts: Mapping[str, str]) -> str:
    if found.file is None:
        return parts[found.part]
    if found.page:
        return _("File %(name)s, page %(page)s") % {"name": found.file.name, "page": found.page}
    return _("The name of the file %(name)s, which the jury does not see") % {"name": found.file.name}
