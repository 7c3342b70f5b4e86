"""Who judges: the blind round of a challenge and the jurors' seats in it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, ReviewerHandle, User
from klash.challenges.models import Challenge
from klash.competitions.models import CriteriaSet, StageKind
from klash.competitions.selectors import criteria_for
from klash.core import access
from klash.core.databases import reviewing as jury_side
from klash.core.errors import Refused
from klash.proposals.selectors import round_key, round_of
from klash.proposals.services import letters
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round, Seat
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role, side_after

# The stage at which the criteria were announced; the judging's own come first.
CRITERIA_OF = (StageKind.JUDGING, StageKind.PROPOSALS)


def prepare_jury(*, actor: Any, challenge: Challenge, opens_at: datetime, closes_at: datetime) -> Round:
    """Make the blind round in which the challenge's jury will judge, with the criteria as announced. A second call finds the first.

    The round and its entries carry the competition's mark of invention alike: a mark of one team would tell entries apart.
    Raises Denied, or Refused(NOT_COMPLETE) while no criteria are announced.
    """
    competition = challenge.competition
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    kind = CriteriaSet.objects.filter(competition=competition, stage_kind__in=CRITERIA_OF).values_list("stage_kind", flat=True).order_by("stage_kind").first()
    if kind is None:
        raise Refused(Reason.NOT_COMPLETE, "no criteria for the proposals")
    criteria = criteria_for(competition, kind)
    return reviewing.make_round(
        actor=actor, key=round_key(challenge), chain=competition.code, kind="proposals", competition_name=competition.name, title=challenge.title,
        intro=challenge.lead, is_blind=True, is_invented=competition.is_invented, opens_at=opens_at, closes_at=closes_at, criteria=criteria,
    )


def seat_juror(*, actor: Any, challenge: Challenge, person: User, is_chair: bool = False) -> Seat:
    """Give a person the role and a seat under a random handle; a person who sits already keeps the seat.

    Raises Denied, Refused(OTHER_SIDE) for a person with another part in the competition, Refused(NOT_COMPLETE) without a round.
    """
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    round_ = _round(challenge)
    with transaction.atomic():
        accounts.grant_role(actor=actor, person=person, role=_role(is_chair), competition=challenge.competition.code, challenge=challenge.code)
        handles = list(ReviewerHandle.objects.filter(person=person).values_list("handle", flat=True))
        if (found := round_.seats.using(jury_side()).filter(handle__in=handles).first()) is not None:
            return found
        seat = reviewing.add_seat(actor=actor, round=round_, is_chair=is_chair)
        ReviewerHandle.objects.create(person=person, handle=seat.handle)
    return seat


def invite_juror(
    *, actor: Any, challenge: Challenge, email: str, is_chair: bool = False, name: str = "", language: str = "fi"
) -> tuple[Invitation, str]:
    """Invite a juror by a link; returns the invitation and its token. The seat waits for whoever accepts.

    Where the jury's face runs by itself (KLASH_JURY_URL), the invitation and its mail lie in the reviewing database; the
    person gets the role here at once, so that no other side can be taken in between. Raises as `seat_juror` does.
    """
    competition, role = challenge.competition, _role(is_chair)
    access.ensure(actor, Permission.GRANT_ROLE, competition)
    round_ = _round(challenge)
    person = User.objects.filter(email=email.strip().lower()).first()
    side = accounts.side_of(person, competition.code) if person else None
    if side is not None and side_after(side, role) is None:
        raise Refused(Reason.OTHER_SIDE)
    using = jury_side() if settings.KLASH_JURY_URL else "default"
    with transaction.atomic(), transaction.atomic(using=using):
        if settings.KLASH_JURY_URL:
            person = person or accounts.create_account(email=email, name=name or email, language=language)
            accounts.grant_role(actor=actor, person=person, role=role, competition=competition.code, challenge=challenge.code)
        seat = reviewing.add_seat(actor=actor, round=round_, is_chair=is_chair)
        invitation, token = accounts.invite(
            actor=actor, email=email, role=role, competition=competition.code, challenge=challenge.code, handle=seat.handle, using=using
        )
        letters.send_invitation(invitation, token, round_, is_chair=is_chair, name=name, language=language, using=using)
    return invitation, token


def _round(challenge: Challenge) -> Round:
    round_ = round_of(challenge)
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    return round_


def _role(is_chair: bool) -> Role:
    return Role.CHAIR if is_chair else Role.JUROR
