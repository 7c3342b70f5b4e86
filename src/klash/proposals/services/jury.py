"""Who judges: the blind round of a challenge and the jurors' seats in it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, User
from klash.challenges.models import Challenge
from klash.competitions.models import CriteriaSet, StageKind
from klash.competitions.selectors import criteria_for
from klash.core import access
from klash.core.errors import Refused
from klash.proposals.selectors import round_key, round_of
from klash.proposals.services.conflicts import refuse_conflict
from klash.proposals.services.seats import give_seat, offer_seat, role_of
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round, Seat
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import side_after

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
        takes_questions=competition.takes_questions,
    )


def seat_juror(*, actor: Any, challenge: Challenge, person: User, is_chair: bool = False) -> Seat:
    """Give a person the role and a seat under a random handle; a person who sits already keeps the seat.

    Raises Denied, Refused(OTHER_SIDE) for a person with another part in the competition, Refused(NOT_COMPLETE) without a round,
    Refused(IN_CONFLICT) with the kind of conflict, which names no team.
    """
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    round_ = _round(challenge)
    refuse_conflict(challenge, person.email)
    with transaction.atomic():
        seat = give_seat(actor, challenge, round_, person, is_chair=is_chair)
        reviewing.tell_latecomer(handle=seat.handle, person=person)
    return seat


def invite_juror(
    *, actor: Any, challenge: Challenge, email: str, is_chair: bool = False, name: str = "", language: str = "fi"
) -> tuple[Invitation, str]:
    """Invite a juror by a link; returns the invitation and its token. The seat waits for whoever accepts. Raises as `seat_juror`."""
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    round_ = _round(challenge)
    person = User.objects.filter(email=email.strip().lower()).first()
    side = accounts.side_of(person, challenge.competition.code) if person else None
    if side is not None and side_after(side, role_of(is_chair)) is None:
        raise Refused(Reason.OTHER_SIDE)
    name = accounts.own_name(name)
    refuse_conflict(challenge, email, name)
    invitation, token, _ = offer_seat(actor, challenge, round_, email, is_chair=is_chair, name=name, language=language)
    return invitation, token


def _round(challenge: Challenge) -> Round:
    round_ = round_of(challenge)
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    return round_
