"""What a body does after all have submitted and before the result: talk under letters, and score a second time."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from klash.core import access, audit, chance, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Denied, Refused
from klash.reviewing.hashes import review_hash
from klash.reviewing.models import Entry, Remark, Round, Seat, SecondReview
from klash.reviewing.services.reviews import check_scores, own_review, weigh_scores
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState, RoundState

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def open_discussion(*, actor: Any, round: Round) -> Round:
    """Open the discussion that the round announced, once every review is in. Each reviewer gets a letter by lot.

    Raises Denied(NOT_ALL_SUBMITTED, WRONG_STATE where none was announced) or IllegalMove.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.move(round, to=RoundState.DISCUSSING, actor=actor)
        seats = chance.shuffled(list(round.seats.using(using).filter(is_absent=False)))
        for number, seat in enumerate(seats):
            seat.letter = LETTERS[number] if number < len(LETTERS) else str(number + 1)
        Seat.objects.using(using).bulk_update(seats, ["letter"])
    return round


def write_remark(*, actor: Seat, entry: Entry, text: str) -> Remark:
    """Say something about an entry in the discussion. Raises Refused(INCOMPLETE) for an empty text or Denied (not the actor's, no discussion)."""
    if not text.strip():
        raise Refused(Reason.INCOMPLETE)
    using = alias()
    with transaction.atomic(using=using):
        own_review(actor, entry)
        if actor.round.state != RoundState.DISCUSSING:
            raise Denied(Reason.NOT_OPEN_YET)
        remark = Remark(entry=entry, seat=actor, text=text.strip(), made_at=clock.now())
        remark.save(using=using)
        body = {"hash": audit.sha256("klash/1/remark", entry.code, actor.handle, remark.text)}
        audit.record("remark.written", actor=actor, competition=actor.chain, thing=f"seat/{actor.handle}", body=body, using=using)
    return remark


def save_second(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> SecondReview:
    """Save a draft of the second scoring; the first one stays as it is. Raises as `save_review` does."""
    using = alias()
    with transaction.atomic(using=using):
        second = _second(actor, entry)
        access.ensure(actor, Permission.SAVE_REVIEW, second)
        second.scores, second.comment, second.saved_at = check_scores(actor.round, scores), comment, clock.now()
        second.save(using=using)
    return second


def submit_second(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> SecondReview:
    """Close the second scoring of an entry: from now on its points count, and the first ones stay in the record.

    Raises as `submit_review` does.
    """
    using = alias()
    with transaction.atomic(using=using):
        second = _second(actor, entry)
        given = check_scores(actor.round, scores)
        (points, weight), now = weigh_scores(actor.round, given), clock.now()
        if second.pk is None:
            second.save(using=using)
        workflow.move(
            second, to=ReviewState.SUBMITTED, actor=actor, body={"hash": review_hash(entry.code, actor.handle, given, comment)},
            save={"scores": given, "comment": comment, "points": points, "weight": weight, "submitted_at": now, "saved_at": now},
        )
        locked = workflow.lock(entry)
        locked.points += points - second.review.points
        locked.save(using=using, update_fields=["points"])
        actor.second_count += 1  # the seat is locked since its review was fetched
        actor.save(using=using, update_fields=["second_count"])
    return second


def _second(seat: Seat, entry: Entry) -> SecondReview:
    review = own_review(seat, entry)
    if review.state != ReviewState.SUBMITTED:
        raise Denied(Reason.NOT_YOURS)
    second = SecondReview.objects.using(alias()).filter(review=review).first() or SecondReview(review=review)
    second._state.db = alias()
    second.review = review
    return second
