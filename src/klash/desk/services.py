"""What the desk does that belongs to no single stage."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, User
from klash.accounts.selectors import ROLES
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import access, audit, clock
from klash.core.errors import Refused
from klash.desk.selectors import Follow, addressees
from klash.post.services import Letter, digest_of, queue, queue_letter, write_letter
from klash.problems import services as problems
from klash.reviewing import services as reviews
from klash.reviewing.models import Round, Seat
from klash.reviewing.selectors import seats_of
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import JUDGES, Role
from klash.rules.states import RoundState, SeatState
from klash.teams import services as teams

# Leaders and members come through their team, jurors through their challenge's seats, mentors with their profile.
INVITED_HERE = (Role.PANELLIST, Role.PILOT_OFFICER, Role.REGISTRAR, Role.ORGANISER, Role.AUDITOR)
OF_A_CHALLENGE = (Role.PILOT_OFFICER,)


@transaction.atomic
def invite_person(*, actor: Any, competition: Competition, email: str, role: Role, challenge: str = "", language: str = "fi") -> Invitation:
    """Invite an address to a role and send the link. Raises Denied, or Refused(OTHER_SIDE) for a person on another side."""
    access.ensure(actor, Permission.GRANT_ROLE, competition)
    invitation, token = accounts.invite(actor=actor, email=email, role=role, competition=competition.code, challenge=challenge)
    known = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    queue(
        to=invitation.email, language=known or language, template="desk_invitation", event=f"invitation.sent/{invitation.token_hash[:16]}",
        context={"role": ROLES[role], "competition": competition.name, "sender": actor.name, "token": token, "until": invitation.expires_at},
    )
    return invitation


@transaction.atomic
def end_role(*, actor: Any, competition: Competition, person: User, role: Role, challenge: str = "") -> None:
    """End a person's role; the side stays. A reviewer loses the access to what was reviewed too.

    Raises Denied, or Refused(STILL_SEATED, SIGNATURE_AWAITED) where the person's part in a round comes first.
    """
    access.ensure(actor, Permission.GRANT_ROLE, competition)
    if role == Role.PANELLIST or role in JUDGES:
        mine = [seat for seat in seats_of(person) if seat.chain == competition.code]
        ended = [seat for seat in mine if seat.round.key == f"proposals/{challenge}"] if role in JUDGES else [seat for seat in mine if not seat.round.is_blind]
        reviews.end_seats(actor=actor, seats=ended)
    accounts.end_role(actor=actor, person=person, role=role, competition=competition.code, challenge=challenge)


def fill_panel(*, actor: Any, competition: Competition, round: Round, people: Sequence[User], chair: User | None = None) -> None:
    """Give each of the people a seat in a panel's round and tell them; the chair, one of them, writes its report.

    Raises Refused as the stage's own service does.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    for person in people:
        with transaction.atomic():
            seat = _seat_panellist(actor, competition, round, person, is_chair=person == chair)
            if seat.state == SeatState.INVITED and seat.round.state == RoundState.DRAFT:
                reviews.tell_task(round=seat.round, person=person)


def _seat_panellist(actor: Any, competition: Competition, round: Round, person: User, is_chair: bool) -> Seat:
    stage, _, code = round.key.partition("/")
    if stage == "problems":
        return problems.seat_panellist(actor=actor, competition=competition, person=person, is_chair=is_chair)
    challenge = Challenge.objects.get(competition=competition, code=code)
    return teams.seat_panellist(actor=actor, challenge=challenge, person=person, is_chair=is_chair)


def open_panel(*, actor: Any, competition: Competition, round: Round) -> None:
    """Open a panel's round and tell its reviewers, those left out who have declined.

    Raises Refused(NOT_COMPLETE) without seats, Denied(INCOMPLETE) without entries.
    """
    seats = round.seats.using(round._state.db).filter(is_absent=False)
    if not seats.exists():
        raise Refused(Reason.NOT_COMPLETE)
    reviews.open_round(actor=actor, round=round)
    handles = list(seats.values_list("handle", flat=True))
    for person in User.objects.filter(handles__handle__in=handles).distinct().order_by("pk"):
        reviews.tell_open(round=round, person=person)


def reminders(*, competition: Competition, round: Round, chosen: Iterable[Follow]) -> list[tuple[Follow, Letter]]:
    """Return the reminders exactly as `remind` would queue them; who has no account yet gets none. Nothing is queued."""
    rows = [row for row in chosen if row.is_waited_for]
    where = addressees([row.seat.handle for row in rows])
    event = f"round.reminder/{round.code}/{clock.now():%Y-%m-%d}"  # once a day
    return [
        (row, write_letter(to=found.email, language=found.language, template="desk_reminder", context=_reminder(competition, round, row), event=event))
        for row in rows if (found := where.get(row.seat.handle)) is not None
    ]


def remind(*, actor: Any, competition: Competition, round: Round, chosen: Sequence[Follow], seen: str) -> int:
    """Queue a reminder to each of the chosen who is waited for, once a day. Returns how many.

    seen: the digest of the letters that the actor saw. Raises Denied(NO_ROLE) or Refused(PREVIEW_CHANGED) where they would be others now.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    told = reminders(competition=competition, round=round, chosen=chosen)
    if digest_of([letter for _, letter in told]) != seen:
        raise Refused(Reason.PREVIEW_CHANGED)
    where, using = addressees([row.seat.handle for row, _ in told]), round._state.db
    with transaction.atomic(), transaction.atomic(using=using):
        for row, letter in told:
            queue_letter(letter, using=where[row.seat.handle].using)
            Seat.objects.using(using).filter(pk=row.seat.pk).update(reminded_at=clock.now())
        audit.record("round.reminded", actor=actor, competition=competition.code, thing=f"round/{round.code}", body={"count": len(told)})
    return len(told)


def _reminder(competition: Competition, round: Round, row: Follow) -> dict[str, Any]:
    base = settings.KLASH_JURY_URL or settings.KLASH_URL if round.is_blind else settings.KLASH_URL
    return {
        "title": round.title, "competition": competition.name, "closes_at": round.closes_at, "standing": row.standing, "left": row.left,
        "is_late": row.is_late, "review_url": base,
    }
