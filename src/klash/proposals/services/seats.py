"""How a seat in a jury comes to a person: given at once, or offered by a link. Whoever calls has asked for the right to it."""

from typing import Any

from django.conf import settings
from django.db import transaction

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, ReviewerHandle, User
from klash.challenges.models import Challenge
from klash.core import workflow
from klash.core.databases import reviewing as jury_side
from klash.proposals.services import letters
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round, Seat
from klash.rules.roles import Role


def give_seat(actor: Any, challenge: Challenge, round_: Round, person: User, *, is_chair: bool) -> Seat:
    """Give a person the role and a seat under a random handle; a person who sits there already keeps the seat.

    A run that breaks off between the two databases leaves an empty seat, and the next one fills it: no other looks for one
    before the challenge is let go.
    """
    workflow.lock(challenge)
    accounts.grant_role(actor=actor, person=person, role=role_of(is_chair), competition=challenge.competition.code, challenge=challenge.code)
    handles = list(ReviewerHandle.objects.filter(person=person).values_list("handle", flat=True))
    if (found := round_.seats.using(jury_side()).filter(handle__in=handles).first()) is not None:
        return found
    seat = reviewing.provide_seat(actor=actor, round=round_, is_chair=is_chair)
    ReviewerHandle.objects.create(person=person, handle=seat.handle)
    return seat


def offer_seat(
    actor: Any, challenge: Challenge, round_: Round, email: str, *, is_chair: bool, name: str, language: str
) -> tuple[Invitation, str, Seat]:
    """Invite a juror by a link; returns the invitation, its token and the seat that waits.

    Where the jury's face runs by itself (KLASH_JURY_URL), the invitation and its mail lie in the reviewing database; the
    person gets the role here at once, so that no other side can be taken in between, and first, so that nobody reads without it.
    """
    code, role, using = challenge.competition.code, role_of(is_chair), jury_side() if settings.KLASH_JURY_URL else "default"
    with transaction.atomic(using=using), transaction.atomic():  # the inner one is kept first
        workflow.lock(challenge)
        if settings.KLASH_JURY_URL:
            known = User.objects.filter(email=email.strip().lower()).first()
            person = known or accounts.create_account(email=email, name=name or email, language=language)
            accounts.grant_role(actor=actor, person=person, role=role, competition=code, challenge=challenge.code)
        seat = reviewing.provide_seat(actor=actor, round=round_, is_chair=is_chair)
        invitation, token = accounts.invite(actor=actor, email=email, role=role, competition=code, challenge=challenge.code, handle=seat.handle, using=using)
        letters.send_invitation(invitation, token, round_, is_chair=is_chair, name=name, language=language, using=using)
    return invitation, token, seat


def role_of(is_chair: bool) -> Role:
    return Role.CHAIR if is_chair else Role.JUROR
