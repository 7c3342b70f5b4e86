"""A juror with a conflict leaves the whole challenge, and a deputy steps in. Nobody learns for which proposal (S44).

Everything here happens to a seat: no row, event, mail or page names a team or an entry. What a juror is asked to leave for is told to
nobody; the organiser who wants to seat a person with a conflict learns its kind.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, RoleGrant, User
from klash.challenges.models import Challenge
from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as jury_side
from klash.core.errors import Refused
from klash.interests import selectors as interests
from klash.proposals import selectors
from klash.proposals.models import Substitution
from klash.proposals.services import letters
from klash.proposals.services.seats import give_seat, offer_seat, role_of
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round, Seat
from klash.rules.conflicts import Kind, Party, conflict
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import RoundState


def refuse_conflict(challenge: Challenge, email: str, name: str = "") -> None:
    """Raise Refused(IN_CONFLICT) with the kind, never the team, if whoever has this address may not judge the challenge."""
    if (kind := strongest(interests.party_at(email, name), selectors.sides(challenge))) is not None:
        raise Refused(Reason.IN_CONFLICT, kind.value)


def strongest(reviewer: Party, sides: Iterable[Party]) -> Kind | None:
    """Return the strongest kind of conflict with any of the sides, or None."""
    found = {conflict(reviewer, side) for side in sides}
    return next((kind for kind in Kind if kind in found), None)


@transaction.atomic
def find_conflicts(*, challenge: Challenge) -> int:
    """Take each juror for whom a conflict with a team of the challenge is found out of its jury, and let deputies step in.

    The software itself does it, whenever one of the two sides changes and before the jury reads. Returns how many left now.
    """
    workflow.lock(challenge)  # two findings never call a deputy for one seat
    round_ = selectors.round_of(challenge)
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    seats = {seat.handle: seat for seat in reading.present(round_)}
    addresses, sides = selectors.addresses_of(seats), selectors.sides(challenge)
    known = interests.parties_at(addresses.values())
    gone = [seats[handle] for handle, email in sorted(addresses.items()) if strongest(known[email], sides) is not None]
    count = sum(_leave(challenge, round_, seat, addresses[seat.handle]) for seat in gone)
    fill_seats(challenge=challenge)
    return count


def _leave(challenge: Challenge, round_: Round, seat: Seat, email: str) -> bool:
    if not reviewing.stand_down(actor=audit.System(), seat=seat):
        return False
    for using in dict.fromkeys(["default", jury_side()]):
        Invitation.objects.using(using).filter(handle=seat.handle, accepted_at=None).update(expires_at=clock.now() - timedelta(milliseconds=1))
    if (person := User.objects.filter(email=email).first()) is not None:
        role = Role.CHAIR if seat.is_chair else Role.JUROR
        accounts.end_role(actor=audit.System(), person=person, role=role, competition=challenge.competition.code, challenge=challenge.code)
    letters.tell_replaced(round_, email, person.language if person else "fi")
    return True


@transaction.atomic
def name_deputy(*, actor: Any, challenge: Challenge, person: User) -> None:
    """Let a person wait as a deputy of the challenge's jury; the first one without a conflict steps in when a seat is left.

    Raises Denied, Refused(OTHER_SIDE), or Refused(IN_CONFLICT) with the kind of conflict.
    """
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    refuse_conflict(challenge, person.email)
    accounts.grant_role(actor=actor, person=person, role=Role.DEPUTY, competition=challenge.competition.code, challenge=challenge.code)
    fill_seats(challenge=challenge)


@transaction.atomic
def invite_deputy(*, actor: Any, challenge: Challenge, email: str, name: str = "", language: str = "fi") -> tuple[Invitation, str]:
    """Invite a deputy of the challenge's jury by a link; returns the invitation and its token. Raises as `name_deputy`."""
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    name = accounts.own_name(name)
    refuse_conflict(challenge, email, name)
    round_ = selectors.round_of(challenge)
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    invitation, token = accounts.invite(actor=actor, email=email, role=Role.DEPUTY, competition=challenge.competition.code, challenge=challenge.code)
    letters.send_deputy_invitation(invitation, token, round_, name=name, language=language)
    return invitation, token


@transaction.atomic
def fill_seats(*, challenge: Challenge) -> int:
    """Let deputies, the longest named first, take the seats that jurors left for a conflict. Returns how many stepped in now.

    Where nobody is free and without a conflict, the seat waits for the next deputy.
    """
    workflow.lock(challenge)
    round_ = selectors.round_of(challenge)
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    known = set(Substitution.objects.filter(challenge=challenge).values_list("handle", flat=True))
    Substitution.objects.bulk_create([
        Substitution(challenge=challenge, handle=seat.handle, is_chair=seat.is_chair, left_at=clock.now())
        for seat in reading.recused(round_) if seat.handle not in known
    ])
    count = 0
    for row in Substitution.objects.filter(challenge=challenge, deputy_handle=None):
        if (person := _free_deputy(challenge, round_)) is not None:
            _step_in(challenge, round_, row, person)
            count += 1
    return count


def _free_deputy(challenge: Challenge, round_: Round) -> User | None:
    grants = RoleGrant.objects.filter(role=Role.DEPUTY, standing__competition=challenge.competition.code, challenge=challenge.code, ended_at=None)
    sitting = set(_sitting(round_))
    sides = selectors.sides(challenge)
    for grant in grants.select_related("standing__person").order_by("pk"):
        person = grant.standing.person
        if person.email in sitting and not _judges(person, challenge):
            return person  # was given the seat, but the run broke off before it was written here
        if person.email not in sitting and strongest(interests.party_at(person.email), sides) is None:
            return person
    return None


def _sitting(round_: Round) -> dict[str, Seat]:
    seats = {seat.handle: seat for seat in reading.present(round_)}
    return {email: seats[handle] for handle, email in selectors.addresses_of(seats).items()}


def _judges(person: User, challenge: Challenge) -> bool:
    held = RoleGrant.objects.filter(standing__person=person, standing__competition=challenge.competition.code, challenge=challenge.code, ended_at=None)
    return held.filter(role__in=[Role.JUROR, Role.CHAIR]).exists()


def _step_in(challenge: Challenge, round_: Round, left: Substitution, person: User) -> None:
    system, code = audit.System(), challenge.competition.code
    is_chair = left.is_chair and not any(seat.is_chair for seat in reading.present(round_))
    with transaction.atomic(using=jury_side()):
        if (begun := _sitting(round_).get(person.email)) is not None:
            seat = begun
            accounts.grant_role(actor=system, person=person, role=role_of(seat.is_chair), competition=code, challenge=challenge.code)
        elif settings.KLASH_JURY_URL:
            seat = offer_seat(system, challenge, round_, person.email, is_chair=is_chair, name=person.name, language=person.language)[2]
        else:
            seat = give_seat(system, challenge, round_, person, is_chair=is_chair)
            letters.tell_deputy(round_, person)
        accounts.end_role(actor=system, person=person, role=Role.DEPUTY, competition=code, challenge=challenge.code)
        left.deputy_handle, left.taken_at = seat.handle, clock.now()
        left.save(update_fields=["deputy_handle", "taken_at"])
