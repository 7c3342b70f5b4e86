"""What the identity check tells the team of a finding, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from klash.proposals.bridge import Suspicion

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
    likelihood = _("almost certain") if found.p >= SURE else _("likely") if found.p >= LIKELY else _("possible")
    place = f"{found.part}:{found.start}" if found.part else ""
    return Told(_where(found, parts), found.before, found.words, found.after, str(reasons[found.kind]), likelihood, found.suggestion, place, found.mark)


def _where(found: Suspicion, parts: Mapping[str, str]) -> str:
    if found.file is None:
        return parts[found.part]
    if found.page:
        return _("File %(name)s, page %(page)s") % {"name": found.file.name, "page": found.page}
    return _("The name of the file %(name)s, which the jury does not see") % {"name": found.file.name}
