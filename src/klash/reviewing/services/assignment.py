"""Which reviewer judges which entry."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import bridge, selectors
from klash.reviewing.models import MATCH_WEIGHTS, Preference, Review, Round, Seat, Suggestion, Wish
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState


def assign(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]], weights: Mapping[str, int] | None = None) -> int:
    """Assign entries to reviewers; what is assigned already stays as it is. Returns how many are new.

    pairs: (entry code, seat handle). All or nothing. weights: those of the proposal that is applied, for the log.
    Raises Denied (no role, round complete), Refused(INCOMPLETE) for a code or handle that is not of this round, Refused(CONFLICT), or
    Refused(LOAD_FULL) where somebody would get more than the load that was accepted or announced.
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
        _check_loads(round, seats, Counter(handle for _, handle in new))
        Review.objects.using(using).bulk_create([Review(entry=entries[code], seat=seats[handle]) for code, handle in new], batch_size=500)
        lay_orders([seats[handle] for handle in {handle for _, handle in new}])
        if new:
            body = {"pairs": new, **({"weights": dict(weights)} if weights else {})}
            audit.record("round.assigned", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=body, using=using)
    return len(new)


def _check_loads(round: Round, seats: Mapping[str, Seat], more: Mapping[str, int]) -> None:
    """Raise Refused(LOAD_FULL) if a seat would get more than its load; where everyone reviews everything there is none."""
    if round.reviews_per_entry is None:
        return
    for handle, count in more.items():
        seat = seats[handle]
        most = seat.load_max if seat.load_max is not None else round.load_max
        if most is not None and seat.assigned_count + count > most:
            raise Refused(Reason.LOAD_FULL)


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


def suggest_assignment(*, actor: Any, round: Round, weights: Mapping[str, int] | None = None) -> Suggestion:
    """Let the machine propose who reviews what; nothing is assigned until a person applies it. A new proposal replaces the last one.

    weights: of words, topics and preferences, as MATCH_WEIGHTS, from 0 to 100 and not all 0; kept for the next proposal. None: as they are.
    Raises Denied (no role, round complete), Refused(INCOMPLETE) for other weights.
    """
    access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
    if weights is not None:
        if set(weights) != set(MATCH_WEIGHTS) or not any(weights.values()) or not all(0 <= weight <= 100 for weight in weights.values()):
            raise Refused(Reason.INCOMPLETE)
        round.match_weights = dict(weights)
        round.save(using=alias(), update_fields=["match_weights"])
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
        weights = kept.content.get("weights") if kept else None
        count = assign(actor=actor, round=round, pairs=proposed if pairs is None else proposed & set(pairs), weights=weights)
        Suggestion.objects.using(using).filter(round=round).delete()
    return count


def state_preferences(*, actor: Seat, wishes: Mapping[str, str]) -> int:
    """Say which entries one would like to review; returns how many now have a wish of the reviewer.

    wishes: entry code -> want, can, reluctant, or "" to take back what was said; entries that are not among them stay as they are.
    Raises Denied (not the actor's, the terms are not accepted, the round is open, blind or not dealt out), Refused(INCOMPLETE) for an unknown
    wish or entry, Refused(CONFLICT) for an entry that a conflict bars.
    """
    using = alias()
    with transaction.atomic(using=using):
        actor.round = workflow.lock(actor.round)
        round_ = actor.round
        access.ensure(actor, Permission.STATE_PREFERENCES, actor)
        entries = {row.code: row for row in round_.entries.using(using).filter(code__in=list(wishes), is_excluded=False).only("pk", "code")}
        if set(wishes) - set(entries) or not set(wishes.values()) <= {"", *Wish.values}:
            raise Refused(Reason.INCOMPLETE)
        if {(code, actor.handle) for code in wishes} & selectors.barred(round_):
            raise Refused(Reason.CONFLICT)
        Preference.objects.using(using).bulk_create(
            [Preference(entry=entries[code], seat=actor, wish=wish) for code, wish in wishes.items() if wish],
            update_conflicts=True, unique_fields=["entry", "seat"], update_fields=["wish"],
        )
        Preference.objects.using(using).filter(seat=actor, entry__code__in=[code for code, wish in wishes.items() if not wish]).delete()
        audit.record("seat.preferences", actor=actor, competition=actor.chain, thing=f"seat/{actor.handle}", body={"wishes": dict(wishes)}, using=using)
        return Preference.objects.using(using).filter(seat=actor).count()


def assign_all(actor: Any, round: Round, seats: Sequence[Seat]) -> None:
    codes = round.entries.using(alias()).filter(is_excluded=False).values_list("code", flat=True)
    assign(actor=actor, round=round, pairs={(code, seat.handle) for code in codes for seat in seats} - selectors.barred(round))


def lay_orders(seats: Sequence[Seat]) -> None:
    """Lay each seat's own order over what it has to review, and count it. What is added later never moves the others against each other."""
    workflow.lock_all(seats)  # whoever steps aside meanwhile waits, so that neither count is lost
    rows = Review.objects.using(alias()).filter(seat__in=seats, entry__is_excluded=False).exclude(state=ReviewState.RECUSED).select_related("entry")
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
