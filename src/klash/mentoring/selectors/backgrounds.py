"""Where mentors come from, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from klash.accounts.selectors import municipalities_on
from klash.core import clock
from klash.mentoring.models import MentorProfile, OrganisationKind, OrganisationSize

KINDS: list[tuple[str, Any]] = [
    (OrganisationKind.MUNICIPALITY, gettext_lazy("municipality or joint authority")), (OrganisationKind.STATE, gettext_lazy("state authority")),
    (OrganisationKind.WELFARE, gettext_lazy("wellbeing services county")), (OrganisationKind.COMPANY, gettext_lazy("company")),
    (OrganisationKind.ASSOCIATION, gettext_lazy("association or foundation")), (OrganisationKind.SCHOOL, gettext_lazy("university or research institute")),
    (OrganisationKind.SELF, gettext_lazy("own business, alone")), (OrganisationKind.UNKNOWN, gettext_lazy("other or not told")),
]
SIZES: list[tuple[str, Any]] = [
    (OrganisationSize.ONE, gettext_lazy("1 person")), (OrganisationSize.SMALL, gettext_lazy("2–49 persons")),
    (OrganisationSize.MIDDLE, gettext_lazy("50–249 persons")), (OrganisationSize.LARGE, gettext_lazy("250 persons or more")),
    (OrganisationSize.UNKNOWN, gettext_lazy("not given")),
]
LANGUAGES: dict[str, Any] = {"fi": gettext_lazy("Finnish"), "sv": gettext_lazy("Swedish"), "en": gettext_lazy("English")}


def regions(language: str) -> dict[str, str]:
    """Return the regions of the register: the Finnish name, which is what is stored, and the name in the language. One query."""
    today = timezone.localdate(clock.now())
    names = {row.region_fi: row.region_sv if language == "sv" else row.region_fi for row in municipalities_on(today)}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def background_of(mentor: MentorProfile, names: Mapping[str, str]) -> str:
    """Return the mentor's organisation, region and languages in one line, what is not told left out. names: as `regions` gives them. No query."""
    kind = str(dict(KINDS)[mentor.organisation_kind]) if mentor.organisation_kind != OrganisationKind.UNKNOWN else ""
    size = str(dict(SIZES)[mentor.organisation_size]) if mentor.organisation_size != OrganisationSize.UNKNOWN else ""
    spoken = ", ".join(str(LANGUAGES[code]) for code in LANGUAGES if code in mentor.languages)
    told = [kind, size, names.get(mentor.region, mentor.region), _("languages: %(languages)s") % {"languages": spoken} if spoken else ""]
    return " · ".join(filter(None, told))
