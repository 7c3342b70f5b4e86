"""Reads of people, invitations and the register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Invitation, Municipality, ReviewerHandle, RoleGrant, User
from klash.core.fields import Text
from klash.core.models import AuditEvent
from klash.rules.roles import STAFF, Role, Side

ROLES: dict[Role, Promise] = {
    Role.OFFICER: _("municipal officer"),
    Role.PILOT_OFFICER: _("officer of the pilot municipality"),
    Role.TEAM_LEADER: _("team leader"),
    Role.TEAM_MEMBER: _("team member"),
    Role.PANELLIST: _("panellist"),
    Role.MENTOR: _("mentor"),
    Role.JUROR: _("juror"),
    Role.CHAIR: _("chair of the jury"),
    Role.DEPUTY: _("deputy juror"),
    Role.ORGANISER: _("organiser"),
    Role.REGISTRAR: _("registrar"),
    Role.BUYER: _("buyer"),
    Role.AUDITOR: _("auditor"),
}
SIDES: dict[Side, Promise] = {
    Side.NEUTRAL: _("no side yet"),
    Side.TEAM: _("teams"),
    Side.HELP: _("help"),
    Side.JUDGING: _("judging"),
    Side.RUNNING: _("running the competition"),
    Side.BUYING: _("buying"),
    Side.AUDITING: _("auditing"),
}


def handles_of(person: User) -> list[str]:
    """Return the reviewer handles of a person. One query."""
    return list(ReviewerHandle.objects.using(person._state.db).filter(person=person).values_list("handle", flat=True))


def staff_of(competition: str) -> list[User]:
    """Return who runs a competition, in the order of their codes. One query."""
    grants = RoleGrant.objects.filter(standing__competition=competition, role__in=STAFF, ended_at=None)
    return list(User.objects.filter(pk__in=grants.values("standing__person")).order_by("code"))


def municipalities_on(day: date) -> list[Municipality]:
    """Return the municipalities valid on a day, by Finnish name. One query."""
    return list(Municipality.objects.valid_on(day))


@dataclass(frozen=True)
class Offer:
    """What an invitation offers: a role, in which competition, concerning what (challenge, team or round), and from whom."""

    role: Role
    competition: Text
    matter: Text
    sender: str


Describer = Callable[[Invitation], Mapping[str, Text] | None]
_describers: list[Describer] = []


def describe_offers(describer: Describer) -> Describer:
    """Let a later app tell the names behind an invitation's codes: {competition, matter}, or None if it does not know."""
    if describer not in _describers:
        _describers.append(describer)
    return describer


def offer_of(invitation: Invitation) -> Offer:
    """Return what an invitation offers. Two queries and those of the describers."""
    found: Mapping[str, Text] = next((told for describer in _describers if (told := describer(invitation))), {})
    return Offer(
        role=Role(invitation.role), competition=found.get("competition", {"fi": invitation.competition}), matter=found.get("matter", {}),
        sender=_sender_of(invitation),
    )


def _sender_of(invitation: Invitation) -> str:
    using = invitation._state.db or "default"
    actor = AuditEvent.objects.using(using).filter(
        thing=f"invitation/{invitation.token_hash[:16]}", what="invitation.sent"
    ).values_list("actor", flat=True).first()
    return User.objects.using(using).filter(code=actor).values_list("name", flat=True).first() or ""
