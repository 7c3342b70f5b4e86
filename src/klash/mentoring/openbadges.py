"""A badge as Open Badges 2.0 (hosted verification) writes it: issuer, class, assertion, and the picture with the assertion in it.

Nothing of it names a person: the receiver is a salted hash of the own address, so that only who is told the address can check whose the badge is.
"""

import hashlib
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from klash.competitions.models import Competition
from klash.core import show
from klash.mentoring.models import Badge

CONTEXT = "https://w3id.org/openbadges/v2"
LANGUAGE = "fi"  # one badge has one wording, whoever reads it


def address(name: str, competition: str, *more: str) -> str:
    """Return the whole public address of a part of a badge."""
    return f"{settings.KLASH_URL}{reverse(f'mentoring:badge_{name}', args=[competition, *more])}"


def issuer(competition: Competition) -> dict[str, Any]:
    """Return who gives the badge: the organiser of the competition, at the address from which the software writes."""
    return {
        "@context": CONTEXT, "type": "Issuer", "id": address("issuer", competition.code), "name": show.pick(competition.organiser.name, LANGUAGE),
        "url": f"{settings.KLASH_URL}{reverse('portal:competition', args=[competition.code])}", "email": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }


def badge_class(competition: Competition) -> dict[str, Any]:
    """Return what the badge is given for."""
    with override(LANGUAGE):
        return {
            "@context": CONTEXT, "type": "BadgeClass", "@language": LANGUAGE, "id": address("class", competition.code),
            "name": _("Mentored in the challenge competition %(name)s") % {"name": competition.name},
            "description": _("A member of a team that was admitted to the competition and developed its solution with mentors."),
            "criteria": {"narrative": _("The team was admitted to the competition and held at least one session with a mentor.")},
            "image": address("image", competition.code), "issuer": address("issuer", competition.code),
        }


def assertion(badge: Badge) -> dict[str, Any]:
    """Return that somebody has the badge."""
    competition = badge.offer.competition
    hashed = hashlib.sha256(f"{badge.person.email}{badge.salt}".encode()).hexdigest()
    return {
        "@context": CONTEXT, "type": "Assertion", "id": address("assertion", competition.code, badge.code),
        "recipient": {"type": "email", "hashed": True, "salt": badge.salt, "identity": f"sha256${hashed}"},
        "badge": address("class", competition.code), "image": address("picture", competition.code, badge.code),
        "verification": {"type": "HostedBadge"}, "issuedOn": badge.issued_at.isoformat(timespec="seconds"),
    }


def picture(competition: Competition, badge: Badge | None = None) -> str:
    """Return the badge as SVG; of somebody's badge with the address of its assertion baked in."""
    verify = address("assertion", competition.code, badge.code) if badge else ""
    size = min(26, 400 // max(len(competition.name), 1))  # a long name is written smaller, so that it stays inside
    return render_to_string("mentoring/badge.svg", {"competition": competition, "verify": verify, "font_size": size})
