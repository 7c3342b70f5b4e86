"""What a reviewer does: accept the task, save, submit, step aside."""

from collections.abc import Mapping

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Denied, Refused
from klash.reviewing.hashes import review_hash
from klash.reviewing.models import Conflict, ConflictKind, Entry, Review, Round, Seat
from klash.reviewing.services.assignment import lay_orders
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState, SeatState


def take_seat(*, actor: Seat) -> Seat:
    """Accept the task and its terms of secrecy."""
    return workflow.move(actor, to=SeatState.ACCEPTED, actor=actor, save={"accepted_at": clock.now()})


def save_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> Review:
    """Save a draft; scores may still be missing.

    scores: criterion code -> whole points on the round's scale. Raises Denied (not the actor's round, closed, already
    submitted) or Refused(INCOMPLETE) for points outside the scale.
    """
    with transaction.atomic(using=alias()):
        review = _own_review(actor, entry)
        access.ensure(actor, Permission.SAVE_REVIEW, review)
        review.scores, review.comment, review.saved_at = check_scores(actor.round, scores), comment, clock.now()
        review.save(using=alias(), update_fields=["scores", "comment", "saved_at"])
    return review


def submit_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> Review:
    """Close the review with its scores; they never change afterwards.

    scores: every criterion present. Raises Denied (not the actor's, round closed, incomplete) or IllegalMove (already
    submitted). The audit entry never holds scores, only a hash that the log can later be checked against.
    """
    using = alias()
    with transaction.atomic(using=using):
        review = _own_review(actor, entry)
        given = check_scores(actor.round, scores)
        weights = {criterion.code: criterion.weight for criterion in actor.round.criteria.all()}
        points, now = sum(weights[code] * value for code, value in given.items()), clock.now()
        workflow.move(
            review, to=ReviewState.SUBMITTED, actor=actor, body={"hash": review_hash(entry.code, actor.handle, given, comment)},
            save={"scores": given, "comment": comment, "points": points, "submitted_at": now, "saved_at": now},
        )
        locked = workflow.lock(entry)
        locked.points, locked.review_count = locked.points + points, locked.review_count + 1
        locked.save(using=using, update_fields=["points", "review_count"])
        actor.submitted_count += 1  # the seat is locked since its review was fetched
        actor.save(using=using, update_fields=["submitted_count"])
    return review


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
        review = _own_review(actor, entry)
        access.ensure(actor, Permission.RECUSE, review)
        known = {"kind": kind, "reason": reason, "is_declared": True, "made_at": clock.now()}
        Conflict.objects.using(using).update_or_create(entry=entry, seat=actor, defaults=known)
        if actor.round.is_blind and kind != ConflictKind.COMPETENCE:
            actor.is_absent = True
            actor.save(using=using, update_fields=["is_absent"])
            audit.record("seat.recused", actor=actor, competition=actor.chain, thing=f"seat/{actor.handle}", using=using)
            subtract(actor)
        else:
            was_submitted = review.state == ReviewState.SUBMITTED
            workflow.move(review, to=ReviewState.RECUSED, actor=actor, save={"place": None})
            if was_submitted:
                locked = workflow.lock(entry)
                locked.points, locked.review_count = locked.points - review.points, locked.review_count - 1
                locked.save(using=using, update_fields=["points", "review_count"])
                actor.submitted_count -= 1
                actor.save(using=using, update_fields=["submitted_count"])
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


def _own_review(seat: Seat, entry: Entry) -> Review:
    # The seat is locked, so that a reviewer recorded absent meanwhile adds nothing. What is not assigned to it has no row.
    workflow.lock(seat)
    review = Review.objects.using(alias()).select_for_update().filter(entry=entry, seat=seat, place__isnull=False).first()
    if review is None or seat.state != SeatState.ACCEPTED or seat.is_absent:
        raise Denied(Reason.NOT_YOURS)
    review.seat, review.entry = seat, entry
    return review


def subtract(seat: Seat) -> None:
    # The entries are locked in the order of their keys, each before its sum is read.
    given = dict(Review.objects.using(alias()).filter(seat=seat, state=ReviewState.SUBMITTED).values_list("entry_id", "points"))
    for entry in workflow.lock_all(list(Entry.objects.using(alias()).filter(pk__in=given))):
        entry.points, entry.review_count = entry.points - given[entry.pk], entry.review_count - 1
        entry.save(using=alias(), update_fields=["points", "review_count"])
