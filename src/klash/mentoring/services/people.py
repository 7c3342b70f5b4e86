"""Mentors: invited, added, and what they bring."""

from typing import Any

from django.db import transaction

from klash.accounts.models import Invitation, User
from klash.accounts.services import grant_role, invite
from klash.competitions.models import Competition
from klash.core import access, audit
from klash.core.fields import Text
from klash.mentoring.models import MentorOffer, MentorProfile
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.roles import Role


@transaction.atomic
def add_mentor(*, actor: Any, competition: Competition, person: User, sector: str, field: Text, text: Text) -> MentorProfile:
    """Make a person a mentor of the competition, with the background that teams read. A second call changes nothing.

    Raises Denied, or Refused(OTHER_SIDE) if the person stands on another side.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    return _make_mentor(actor, competition, person, sector, field, text)


def _make_mentor(actor: Any, competition: Competition, person: User, sector: str, field: Text, text: Text) -> MentorProfile:
    grant_role(actor=actor, person=person, role=Role.MENTOR, competition=competition.code)
    profile, is_new = MentorProfile.objects.get_or_create(
        competition=competition, person=person, defaults={"sector": sector, "field": field, "text": text}
    )
    if is_new:
        audit.record("mentor.added", actor=actor, competition=competition.code, thing=f"mentor/{profile.code}", body={"sector": sector})
    return profile


@transaction.atomic
def invite_mentor(
    *, actor: Any, competition: Competition, email: str, language: str, sector: str, field: Text, text: Text
) -> tuple[MentorOffer, str]:
    """Invite an address to be a mentor; returns the offer and the token of the link, which goes out by mail.

    Raises Denied, or Refused(OTHER_SIDE) if the address belongs to a person who stands on another side.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    invitation, token = invite(actor=actor, email=email, role=Role.MENTOR, competition=competition.code)
    offer = MentorOffer.objects.create(competition=competition, invitation=invitation, sector=sector, field=field, text=text)
    queue(
        to=invitation.email, language=language, template="mentoring_invitation", event=f"mentor.invited/{invitation.token_hash[:32]}",
        context={"competition": competition.name, "token": token, "until": invitation.expires_at},
    )
    return offer, token


@transaction.atomic
def take_offer(*, actor: User, invitation: Invitation) -> MentorProfile | None:
    """Turn the offer behind an accepted invitation into the mentor's profile; None if it offered no mentoring."""
    offer = MentorOffer.objects.select_related("competition").filter(invitation=invitation, invitation__accepted_by=actor).first()
    return _make_mentor(actor, offer.competition, actor, offer.sector, offer.field, offer.text) if offer else None
