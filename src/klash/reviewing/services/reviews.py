"""What a reviewer does: accept the task, save, submit, step aside."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Denied, Refused
from klash.reviewing import selectors
from klash.reviewing.hashes import review_hash
from klash.reviewing.models import Conflict, ConflictKind, Entry, Review, Round, Seat
from klash.reviewing.services.assignment import lay_orders, take_back_beyond
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState, RoundState, SeatState

# Sent after commit, with round, when a reviewer has stepped aside from the whole of it; a stage that has deputies calls one.
left = Signal()


def take_seat(
    *, actor: Seat, terms_hash: str, load_max: int | None = None, expertise: str = "", sector: str = "", topics: Sequence[str] = ()
) -> Seat:
    """Accept the task and its terms of secrecy as they stand now; once more where the terms changed since.

    load_max: a smaller load than the round asks for; what is assigned beyond it and not begun is taken back.
    expertise, sector, topics: in the reviewer's own words, what the reviewer comes from, and the codes of the round's topics that are known.
    Raises Refused(PAGE_CHANGED) for other terms than the round's, Refused(FROZEN) once the round is complete,
    Refused(INCOMPLETE) for a load or a topic that the round does not know,
    Denied (not the actor's) or IllegalMove (declined).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(actor)
        if actor.round.state == RoundState.COMPLETE:
            raise Refused(Reason.FROZEN)
        if terms_hash != actor.round.terms_hash:
            raise Refused(Reason.PAGE_CHANGED)
        _check_load(actor.round, load_max)
        if not set(topics) <= {row["code"] for row in actor.round.topics}:
            raise Refused(Reason.INCOMPLETE, "a topic is not the round's")
        said = {"terms_hash": terms_hash, "load_max": load_max, "expertise": expertise, "sector": sector, "topics": sorted(topics)}
        if actor.state == SeatState.ACCEPTED:
            access.ensure(actor, Permission.TAKE_SEAT, actor)
            for column, value in said.items():
                setattr(actor, column, value)
            actor.save(using=using, update_fields=[*said])
            audit.record("seat.terms", actor=actor, competition=actor.chain, thing=f"seat/{actor.handle}", body={"terms": terms_hash}, using=using)
        else:
            workflow.move(actor, to=SeatState.ACCEPTED, actor=actor, body={"terms": terms_hash}, save={"accepted_at": clock.now(), **said})
        if load_max is not None:
            take_back_beyond(actor, load_max)
    return actor


def _check_load(round: Round, load_max: int | None) -> None:
    if load_max is not None and (round.reviews_per_entry is None or not max(round.load_min, 1) <= load_max <= (round.load_max or load_max)):
        raise Refused(Reason.INCOMPLETE, "the load is not within the round's")


def decline_seat(*, actor: Seat, reason: str) -> Seat:
    """Decline the task, or give it back before any review is submitted. The seat counts as absent from then on.

    Raises Refused(NO_REASON_GIVEN, HAS_BEGUN once a review is submitted) or IllegalMove (declined already).
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    with transaction.atomic(using=alias()):
        workflow.lock(actor)
        if actor.submitted_count:
            raise Refused(Reason.HAS_BEGUN)
        workflow.move(actor, to=SeatState.DECLINED, actor=actor, save={"note": reason, "is_absent": True})
    return actor


def save_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str, passes: bool | None = None) -> Review:
    """Save a draft; scores may still be missing.

    scores: criterion code -> whole points on the round's scale. passes: the answer to the screening question.
    Raises Denied (not the actor's round, closed, already submitted) or Refused(INCOMPLETE) for points outside the scale.
    """
    with transaction.atomic(using=alias()):
        review = own_review(actor, entry)
        access.ensure(actor, Permission.SAVE_REVIEW, review)
        review.scores, review.comment, review.passes, review.saved_at = check_scores(actor.round, scores), comment, passes, clock.now()
        review.save(using=alias(), update_fields=["scores", "comment", "passes", "saved_at"])
    return review


def submit_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str, passes: bool | None = None) -> Review:
    """Close the review with its scores; they never change afterwards.

    scores: every criterion present but optional ones. Raises Denied (not the actor's, round closed, incomplete) or IllegalMove (already
    submitted). The audit entry never holds scores, only a hash that the log can later be checked against.
    """
    using = alias()
    with transaction.atomic(using=using):
        review = own_review(actor, entry)
        given = check_scores(actor.round, scores)
        (points, weight), now = weigh_scores(actor.round, given), clock.now()
        workflow.move(
            review, to=ReviewState.SUBMITTED, actor=actor, body={"hash": review_hash(entry.code, actor.handle, given, comment, passes)},
            save={"scores": given, "comment": comment, "passes": passes, "points": points, "weight": weight, "submitted_at": now, "saved_at": now},
        )
        locked = workflow.lock(entry)
        locked.points, locked.review_count = locked.points + points, locked.review_count + 1
        locked.save(using=using, update_fields=["points", "review_count"])
        actor.submitted_count += 1  # the seat is locked since its review was fetched
        actor.save(using=using, update_fields=["submitted_count"])
    return review


def submit_drafts(*, actor: Seat, codes: Collection[str]) -> int:
    """Submit those of the seat's drafts that are complete and were named; the others stay drafts. Returns how many were submitted.

    codes: of the entries that the reviewer saw listed. Raises Denied as `submit_review` does.
    """
    with transaction.atomic(using=alias()):
        workflow.lock(actor)
        named = [row for row in selectors.own_drafts(actor).whole if row.entry.code in codes]
        for row in named:
            submit_review(actor=actor, entry=row.entry, scores=row.scores, comment=row.comment, passes=row.passes)
    return len(named)


def recuse(*, actor: Seat, entry: Entry, kind: str, reason: str) -> Seat:
    """Step aside from an entry. Scores already given leave the tally and stay in the record.

    In a blind round a conflict takes the reviewer out of the whole round, so that what is missing tells nobody whose entry it was; what was
    said stays with the seat. Lack of competence tells nothing of anyone and takes away the one entry.
    Raises Denied (not the actor's, closed) or Refused(NO_REASON_GIVEN, INCOMPLETE for an unknown kind).
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if kind not in ConflictKind.values:
        raise Refused(Reason.INCOMPLETE, f"unknown kind {kind!r}")
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(actor.round)  # a close that comes meanwhile waits, or is waited for
        review = own_review(actor, entry)
        access.ensure(actor, Permission.RECUSE, review)
        known = {"kind": kind, "reason": reason, "is_declared": True, "made_at": clock.now()}
        Conflict.objects.using(using).update_or_create(entry=entry, seat=actor, defaults=known)
        if actor.round.is_blind and kind != ConflictKind.COMPETENCE:
            leave_round(actor, actor, "seat.recused")
            transaction.on_commit(lambda: left.send(Round, round=actor.round), using=using, robust=True)  # what was said stands, whatever comes after
        else:
            take_away(actor, review)
            lay_orders([actor])
    return actor


def check_scores(round_: Round, scores: Mapping[str, int]) -> dict[str, int]:
    """Return the scores in the criteria's order. Raises Refused(INCOMPLETE) for an unknown criterion or points off the scale."""
    criteria = {criterion.code: criterion for criterion in round_.criteria.all()}
    if set(scores) - set(criteria):
        raise Refused(Reason.INCOMPLETE, f"unknown criteria {sorted(set(scores) - set(criteria))}")
    for code, value in scores.items():
        if not criteria[code].scale_min <= value <= criteria[code].scale_max:
            raise Refused(Reason.INCOMPLETE, f"{code}: {value} is off the scale")
    return {code: int(scores[code]) for code in criteria if code in scores}


def weigh_scores(round: Round, scores: Mapping[str, int]) -> tuple[int, int]:
    """Return the sum of weight times score and the sum of the weights, over what was scored."""
    weights = {criterion.code: criterion.weight for criterion in round.criteria.all()}
    return sum(weights[code] * value for code, value in scores.items()), sum(weights[code] for code in scores)


def own_review(seat: Seat, entry: Entry) -> Review:
    # The seat is locked, so that a reviewer recorded absent meanwhile adds nothing. What is not assigned to it has no row.
    workflow.lock(seat)
    review = Review.objects.using(alias()).select_for_update().filter(entry=entry, seat=seat, place__isnull=False).first()
    if review is None or not seat.is_ready:
        raise Denied(Reason.NOT_YOURS)
    review.seat, review.entry = seat, entry
    return review


def leave_round(actor: Any, seat: Seat, what: str, body: dict[str, Any] | None = None) -> None:
    """Take the seat, which is locked, out of its round for good: nothing that it gave counts. what, body: of the event that says so."""
    seat.is_absent = True
    seat.save(using=alias(), update_fields=["is_absent"])
    # The log is locked before the entries, as in submit_review: crosswise, one of the two would be broken off.
    audit.record(what, actor=actor, competition=seat.chain, thing=f"seat/{seat.handle}", body=body, using=alias())
    _subtract(seat)


def _subtract(seat: Seat) -> None:
    """Take all that the seat gave out of the entries' sums; its reviews stay in the record."""
    # The entries are locked in the order of their keys, each before its sum is read.
    rows = Review.objects.using(alias()).filter(seat=seat, state=ReviewState.SUBMITTED).select_related("second")
    given = {row.entry_id: points_that_count(row) for row in rows}
    for entry in workflow.lock_all(list(Entry.objects.using(alias()).filter(pk__in=given))):
        entry.points, entry.review_count = entry.points - given[entry.pk], entry.review_count - 1
        entry.save(using=alias(), update_fields=["points", "review_count"])


def points_that_count(review: Review) -> int:
    """Return the points of the second scoring where it is submitted, else of the first."""
    return review.second.points if is_scored_again(review) else review.points


def is_scored_again(review: Review) -> bool:
    """Tell whether the seat has submitted its second scoring of the entry."""
    second = getattr(review, "second", None)
    return second is not None and second.state == ReviewState.SUBMITTED


def take_away(actor: Any, review: Review) -> None:
    """Take a review out of the tally; its scores stay in the record. The seat is locked by the caller, which lays its order anew.

    Raises Denied as the permission to step aside does.
    """
    using, seat, entry = alias(), review.seat, review.entry
    was_submitted = review.state == ReviewState.SUBMITTED
    workflow.move(review, to=ReviewState.RECUSED, actor=actor, save={"place": None})
    review.seat, review.entry = seat, entry
    if was_submitted:
        locked = workflow.lock(entry)
        locked.points, locked.review_count = locked.points - points_that_count(review), locked.review_count - 1
        locked.save(using=using, update_fields=["points", "review_count"])
        seat.submitted_count -= 1
        seat.second_count -= is_scored_again(review)
        seat.save(using=using, update_fields=["submitted_count", "second_count"])
