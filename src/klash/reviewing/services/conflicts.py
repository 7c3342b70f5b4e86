"""What the stages found: who may not judge what, and what becomes of what was assigned already."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from klash.core import audit, clock, workflow
from klash.core.audit import System
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import selectors
from klash.reviewing.models import Conflict, Review, Round, Seat
from klash.reviewing.services.assignment import lay_orders
from klash.reviewing.services.reviews import leave_round, take_away
from klash.reviewing.services.staff import ensure_staff
from klash.rules.reasons import Reason
from klash.rules.states import RoundState


def record_conflicts(*, actor: Any, round: Round, found: Iterable[tuple[str, str, str]]) -> int:
    """Record conflicts that the stage found, as (entry code, seat handle, kind), and free what they bar.

    What was assigned and not begun is taken back: the place is open again. What was begun leaves the tally and stays in the record.
    Returns how many are new, 0 once the round is complete; codes and handles that are not of the round are left out.
    Raises Denied(NO_ROLE), Refused(WRONG_STATE) in a blind round: there a conflict takes the whole seat (`stand_down`) and names no entry.
    """
    ensure_staff(actor, round.chain)
    using, now = alias(), clock.now()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.is_blind:
            raise Refused(Reason.WRONG_STATE, "a conflict in a blind round names no entry")
        if round.state == RoundState.COMPLETE:
            return 0
        entries = dict(round.entries.using(using).values_list("code", "pk"))
        seats = dict(round.seats.using(using).values_list("handle", "pk"))
        known = selectors.barred(round)
        new = {(code, handle): kind for code, handle, kind in found if code in entries and handle in seats and (code, handle) not in known}
        Conflict.objects.using(using).bulk_create([
            Conflict(entry_id=entries[code], seat_id=seats[handle], kind=kind, is_declared=False, made_at=now) for (code, handle), kind in new.items()
        ], batch_size=500)
        if new:
            _free(round, set(new))
            audit.record("round.conflicts", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"count": len(new)}, using=using)
    return len(new)


def _free(round_: Round, barred: set[tuple[str, str]]) -> None:
    using = alias()
    rows = Review.objects.using(using).filter(seat__round=round_, place__isnull=False).select_related("entry", "seat").order_by("pk")
    hit = {row.pk: row for row in rows if (row.entry.code, row.seat.handle) in barred}
    seats = {row.seat_id: row.seat for row in hit.values()}
    workflow.lock_all(list(seats.values()))  # whoever saves or submits now waits, and then finds nothing
    rows = Review.objects.using(using).filter(pk__in=hit, place__isnull=False).select_related("entry").order_by("pk")
    fresh = [row for row in rows if row.saved_at is None]
    for row in rows:
        if row.saved_at is not None:
            row.seat = seats[row.seat_id]
            row.seat.round = round_
            take_away(System(), row)
    if fresh:
        told = sorted([row.entry.code, seats[row.seat_id].handle] for row in fresh)
        audit.record("round.unassigned", actor=System(), competition=round_.chain, thing=f"round/{round_.code}", body={"pairs": told}, using=using)
        Review.objects.using(using).filter(pk__in=[row.pk for row in fresh]).delete()
    lay_orders(list(seats.values()))


def stand_down(*, actor: Any, seat: Seat) -> bool:
    """Take a reviewer for whom a conflict was found out of a blind round as a whole; return whether the seat was taken until now.

    The event names no entry and no kind: it is the one that a reviewer's own stepping aside leaves. Scores already given leave the tally and
    stay in the record. Does nothing once the round is complete. Raises Denied(NO_ROLE).
    """
    ensure_staff(actor, seat.chain)
    with transaction.atomic(using=alias()):
        round_ = workflow.lock(seat.round)
        workflow.lock(seat)
        if seat.is_absent or round_.state == RoundState.COMPLETE:
            return False
        leave_round(actor, seat, "seat.recused")
    return True
