"""How far each reviewer of a round is. Never scores, never a code name beside a name."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from klash.accounts.models import ReviewerHandle
from klash.core.databases import reviewing
from klash.proposals.selectors import names_of
from klash.reviewing.hashes import key_of
from klash.reviewing.models import Review, Round, Seat
from klash.rules.states import RoundState, SeatState

WAITING = ("invited", "terms", "idle", "begun")  # whoever a reminder may be aimed at


@dataclass(frozen=True)
class Follow:
    """A reviewer and where the work stands.

    standing: declined, absent, invited, terms (changed since), ready (has accepted, nothing to do
    yet), idle (nothing begun), begun or done. note: why the task was declined.
    """

    key: str
    name: str
    is_chair: bool
    standing: str
    submitted: int
    assigned: int
    is_late: bool
    note: str
    reminded_at: datetime | None
    seat: Seat = field(repr=False)

    @property
    def left(self) -> int:
        return self.assigned - self.submitted

    @property
    def is_waited_for(self) -> bool:
        return self.standing in WAITING


def following(round_: Round, now: datetime) -> list[Follow]:
    """Return the round's reviewers: those who are waited for first, then by name. Two to five queries."""
    begun = Review.objects.using(reviewing()).filter(seat=OuterRef("pk"), **{f"{'second__' if round_.is_scored_again else ''}saved_at__isnull": False})
    seats = list(Seat.objects.using(reviewing()).filter(round=round_).select_related("round").annotate(has_begun=Exists(begun)))
    names = names_of(seat.handle for seat in seats)
    rows = [_follow(seat, names.get(seat.handle, ""), now) for seat in seats]
    return sorted(rows, key=lambda row: (not row.is_waited_for, row.name, row.key))


def _follow(seat: Seat, name: str, now: datetime) -> Follow:
    standing = _standing(seat)
    is_late = standing in WAITING and seat.round.state == RoundState.OPEN and seat.round.closes_at < now
    return Follow(
        key_of(seat.handle), name, seat.is_chair, standing, seat.done_count, seat.assigned_count, is_late, seat.note, seat.reminded_at, seat
    )


def _standing(seat: Seat) -> str:
    if seat.state == SeatState.DECLINED:
        return "declined"
    if seat.is_absent:
        return "absent"
    if seat.state == SeatState.INVITED:
        return "invited"
    if not seat.is_ready:
        return "terms"
    if seat.round.state == RoundState.DRAFT or not seat.assigned_count:
        return "ready"
    if seat.done_count >= seat.assigned_count:
        return "done"
    return "begun" if seat.has_begun else "idle"  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Addressee:
    """Where a reviewer's mail goes, and in which database its outbox lies."""

    email: str
    language: str
    using: str


def addressees(handles: list[str]) -> dict[str, Addressee]:
    """Return by handle who has an account; an invitation that is still open has none. One or two queries."""
    found: dict[str, Addressee] = {}
    for using in ("default", reviewing()) if settings.KLASH_JURY_URL else ("default",):
        rows = ReviewerHandle.objects.using(using).filter(handle__in=handles).values_list("handle", "person__email", "person__language")
        found |= {handle: Addressee(email, language, using) for handle, email, language in rows}
    return found
