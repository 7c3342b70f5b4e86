"""Which reviewer judges which entry."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import bridge, selectors
from klash.reviewing.models import Review, Round, Seat, Suggestion
from klash.reviewing.services.staff import ensure_staff
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState, RoundState


def set_loads(*, actor: Any, round: Round, reviews_per_entry: int | None, load_min: int = 0, load_max: int | None = None) -> Round:
    """Say how many reviews each entry gets and how many entries a reviewer; None: everyone reviews everything.

    Raises Denied(NO_ROLE), Refused(FROZEN) once the round is open, Refused(INCOMPLETE) for numbers that contradict each other.
    """
    ensure_staff(actor, round.chain)
    if (reviews_per_entry is not None and reviews_per_entry < 1) or (load_max is not None and load_min > load_max):
        raise Refused(Reason.INCOMPLETE)
    with transaction.atomic(using=alias()):
        workflow.lock(round)
        if round.state != RoundState.DRAFT:
            raise Refused(Reason.FROZEN)
        columns = {"reviews_per_entry": reviews_per_entry, "load_min": load_min, "load_max": load_max}
        for name, value in columns.items():
            setattr(round, name, value)
        round.save(using=alias(), update_fields=[*columns])
        audit.record("round.loads", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=columns, using=alias())
    return round


def assign(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]]) -> int:
    """Assign entries to reviewers; what is assigned already stays as it is. Returns how many are new.

    pairs: (entry code, seat handle). All or nothing.
    Raises Denied (no role, round complete), Refused(INCOMPLETE) for a code or handle that is not of this round, or Refused(CONFLICT).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
        wanted = set(pairs)
        entries = {row.code: row for row in round.entries.using(using).only("pk", "code")}
        seats = {row.handle: row for row in round.seats.using(using).filter(is_absent=False)}
        if strange := sorted({code for code, _ in wanted} - set(entries)) + sorted({handle for _, handle in wanted} - set(seats)):
            raise Refused(Reason.INCOMPLETE, f"not of this round: {strange}")
        if wanted & selectors.barred(round):
            raise Refused(Reason.CONFLICT)
        known = set(Review.objects.using(using).filter(seat__round=round).values_list("entry__code", "seat__handle"))
        new = sorted(wanted - known)
        Review.objects.using(using).bulk_create([Review(entry=entries[code], seat=seats[handle]) for code, handle in new], batch_size=500)
        lay_orders([seats[handle] for handle in {handle for _, handle in new}])
        if new:
            audit.record("round.assigned", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"pairs": new}, using=using)
    return len(new)


def unassign(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]]) -> int:
    """Take entries from reviewers who have not begun with them. Returns how many. All or nothing.

    pairs: (entry code, seat handle). Raises Denied (no role, round complete) or Refused(HAS_BEGUN).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
        wanted = set(pairs)
        rows = Review.objects.using(using).filter(seat__round=round, place__isnull=False).select_related("entry", "seat").order_by("pk")
        gone = [row for row in rows if (row.entry.code, row.seat.handle) in wanted]
        seats = {row.seat.handle: row.seat for row in gone}
        workflow.lock_all(list(seats.values()))  # a reviewer who begins now waits, and then finds nothing
        if Review.objects.using(using).filter(pk__in=[row.pk for row in gone]).exclude(saved_at=None).exists():
            raise Refused(Reason.HAS_BEGUN)
        Review.objects.using(using).filter(pk__in=[row.pk for row in gone]).delete()
        lay_orders(list(seats.values()))
        if gone:
            told = sorted([row.entry.code, row.seat.handle] for row in gone)
            audit.record("round.unassigned", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"pairs": told}, using=using)
    return len(gone)


def take_back_beyond(seat: Seat, load: int) -> None:
    """Take from the seat what is assigned beyond its load and not begun, last in its own order first. The seat is locked."""
    using = alias()
    rows = Review.objects.using(using).filter(seat=seat, place__isnull=False, saved_at=None).select_related("entry").order_by("-place")
    gone = list(rows[: max(seat.assigned_count - load, 0)])
    if not gone:
        return
    Review.objects.using(using).filter(pk__in=[row.pk for row in gone]).delete()
    lay_orders([seat])
    told = sorted([row.entry.code, seat.handle] for row in gone)
    audit.record("round.unassigned", actor=seat, competition=seat.chain, thing=f"round/{seat.round.code}", body={"pairs": told}, using=using)


def suggest_assignment(*, actor: Any, round: Round) -> Suggestion:
    """Let the machine propose who reviews what; nothing is assigned until a person applies it. A new proposal replaces the last one.

    Raises Denied (no role, round complete).
    """
    access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
    defaults = {"content": bridge.suggest(round), "made_at": clock.now()}
    return Suggestion.objects.using(alias()).update_or_create(round=round, defaults=defaults)[0]


def apply_suggestion(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]] | None = None) -> int:
    """Assign what was proposed, or a part of it; the proposal is used up. Returns how many are new.

    pairs: (entry code, seat handle), those to keep; None keeps all. What was not proposed is left out.
    Raises as `assign` does, where a conflict was found since.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        kept = Suggestion.objects.using(using).filter(round=round).first()
        proposed = {(code, handle) for code, handle in kept.content["pairs"]} if kept else set()
        count = assign(actor=actor, round=round, pairs=proposed if pairs is None else proposed & set(pairs))
        Suggestion.objects.using(using).filter(round=round).delete()
    return count


def assign_all(actor: Any, round: Round, seats: Sequence[Seat]) -> None:
    codes = round.entries.using(alias()).values_list("code", flat=True)
    assign(actor=actor, round=round, pairs={(code, seat.handle) for code in codes for seat in seats} - selectors.barred(round))


def lay_orders(seats: Sequence[Seat]) -> None:
    """Lay each seat's own order over what it has to review, and count it. What is added later never moves the others against each other."""
    workflow.lock_all(seats)  # whoever steps aside meanwhile waits, so that neither count is lost
    rows = Review.objects.using(alias()).filter(seat__in=seats).exclude(state=ReviewState.RECUSED).select_related("entry")
    by_seat: dict[int, list[Review]] = {seat.pk: [] for seat in seats}
    for row in rows.only("seat", "place", "entry__code").order_by("entry__code"):
        by_seat[row.seat_id].append(row)
    for seat in seats:
        own = sorted(by_seat[seat.pk], key=lambda row: selectors.own_key(seat, row.entry.code))  # noqa: B023 (sorted at once)
        for place, row in enumerate(own, 1):
            row.place = place
        seat.assigned_count = len(own)
        seat.save(using=alias(), update_fields=["assigned_count"])
    Review.objects.using(alias()).bulk_update([row for own in by_seat.values() for row in own], ["place"], batch_size=500)
