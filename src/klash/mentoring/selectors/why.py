"""Why the timetable brings a team and a mentor together, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from klash.mentoring.models import MentorProfile, OrganisationKind, OrganisationSize, Sector

_SECTORS: dict[str, Any] = {
    Sector.BUSINESS: gettext_lazy("experience of business"), Sector.PUBLIC: gettext_lazy("experience of the public sector"),
    Sector.THIRD_SECTOR: gettext_lazy("experience of the third sector"), Sector.RESEARCH: gettext_lazy("experience of research"),
}
_KINDS: dict[str, Any] = {
    OrganisationKind.MUNICIPALITY: gettext_lazy("experience of municipalities"), OrganisationKind.STATE: gettext_lazy("experience of state administration"),
    OrganisationKind.WELFARE: gettext_lazy("experience of a wellbeing services county"), OrganisationKind.COMPANY: gettext_lazy("experience of a company"),
    OrganisationKind.ASSOCIATION: gettext_lazy("experience of an association or a foundation"),
    OrganisationKind.SCHOOL: gettext_lazy("experience of a university or a research institute"),
    OrganisationKind.SELF: gettext_lazy("experience of an own business"),
}
_SIZES: dict[str, Any] = {
    OrganisationSize.ONE: gettext_lazy("experience of working alone"), OrganisationSize.SMALL: gettext_lazy("experience of a small organisation"),
    OrganisationSize.MIDDLE: gettext_lazy("experience of a middle-sized organisation"),
    OrganisationSize.LARGE: gettext_lazy("experience of a large organisation"),
}


def why_sentences(why: Mapping[str, Any], mentor: MentorProfile, language: str) -> list[str]:
    """Return what speaks for the meeting, the team's own wish first; nothing for one that a person planned by hand.

    why: as a session keeps it: `brings` (attributes of the mentor that nobody else whom the team meets has), `expertise` 0..1, `rank` of the
    expertise from 1, `wish` 1..3 or 0.
    """
    with translation.override(language):
        return [sentence[:1].upper() + sentence[1:] for sentence in _sentences(why, mentor)]


def _sentences(why: Mapping[str, Any], mentor: MentorProfile) -> Iterator[str]:
    if rank := why.get("wish"):
        yield _("your team wished for this mentor (wish %(rank)s)") % {"rank": rank}
    if brought := [what for name in why.get("brings", ()) if (what := _brought(name, mentor))]:
        yield _("%(what)s, which none of your other mentors has") % {"what": ", ".join(brought)}
    if why.get("expertise") and why.get("rank") == 1:
        yield _("of all the mentors this one’s expertise is closest to what you asked help with")
    elif why.get("expertise") and why.get("rank", 4) <= 3:
        yield _("this mentor’s expertise is among the closest to what you asked help with")


def _brought(name: str, mentor: MentorProfile) -> str:
    """Return what the mentor brings by an attribute, "" where the mentor has not told it."""
    if name == "region":
        return _("knowledge of a region (%(region)s)") % {"region": mentor.region} if mentor.region else ""
    words = {"sector": _SECTORS, "organisation_kind": _KINDS, "organisation_size": _SIZES}
    return str(words[name].get(getattr(mentor, name), "")) if name in words else ""
