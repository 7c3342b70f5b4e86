"""What `verify` recomputes, and the log that anyone can count again."""

from datetime import UTC
from typing import Any

from django.db.models import Count, F, Q

from klash.core import audit
from klash.core.databases import reviewing as alias
from klash.core.models import AuditChain, AuditEvent
from klash.reviewing.hashes import announced, announced_hash, comment_hash, criteria_hash, lot_commitment, report_hash, review_hash
from klash.reviewing.models import Criterion, Entry, Report, Review, Round, Seat
from klash.reviewing.selectors.results import _as_counted, as_text, divided, signed_line, tally, unsigned
from klash.rules.states import ReportState, ReviewState, RoundState


def verify_results(using: str | None = None) -> list[str]:
    """Recompute sums, complete rounds and signed reports from the reviews and the log; return what does not follow. Linear in reviews.

    using: the database to check; without it, the one that reviewers write.
    """
    using = using or alias()
    faults = _faults_of_reviews(using)
    for round_ in Round.objects.using(using).filter(state=RoundState.COMPLETE).order_by("code"):
        if missing := round_.missing_reviews():
            faults.append(f"round {round_.code}: complete, yet the number of missing reviews is {missing}")
        if _places_kept(round_) != _places_counted(round_):
            faults.append(f"round {round_.code}: the places of its entries do not follow from the reviews")
    faults += _faults_of_announcements(using)
    for report in Report.objects.using(using).filter(state=ReportState.SIGNED).select_related("round").order_by("round__code"):
        if _counted_again(report.round) != report.ranking:
            faults.append(f"report {report.code}: the signed ranking does not follow from the reviews")
        if report.hash != report_hash(report):
            faults.append(f"report {report.code}: the text is not the one that was signed")
        if unsigned(report):
            faults.append(f"report {report.code}: a signature is missing")
    return faults


def _faults_of_announcements(using: str) -> list[str]:
    """Return the rounds whose rules are not those that the log knows since they opened, or whose log tells another result."""
    opened = {event.thing: body for event, body in audit.told("round.open", using=using)}
    ended = {event.thing: body for event, body in audit.told("round.counted", using=using)}
    faults = []
    for round_ in Round.objects.using(using).exclude(state=RoundState.DRAFT).order_by("code"):
        thing, content = f"round/{round_.code}", announced(round_)
        known = opened.get(thing, {})
        if criteria_hash(content["criteria"]) != round_.criteria_hash:
            faults.append(f"round {round_.code}: the criteria are not those that were announced")
        elif not announced_hash(content) == round_.announced_hash == known.get("hash"):
            faults.append(f"round {round_.code}: the rules are not those under which it opened")
        if lot_commitment(round_.lot_seed) != known.get("lot"):
            faults.append(f"round {round_.code}: the seed of the lot is not the one that was drawn when it opened")
        if round_.state == RoundState.COMPLETE and ended.get(thing, {}).get("ranking") != _counted_again(round_):
            faults.append(f"round {round_.code}: the result in the log does not follow from the reviews")
    return faults


def exported_reviews(round_: Round, *, is_public: bool) -> dict[str, Any]:
    """Return what a complete round's result is counted from, as the log's verifier reads it. One query.

    is_public: with the hashes of the comments in their place.
    """
    reviews = Review.objects.using(round_._state.db).filter(
        entry__round=round_, entry__is_excluded=False, state__in=(ReviewState.SUBMITTED, ReviewState.RECUSED)
    )
    columns = ("entry__code", "seat__handle", "counted_scores", "counted_comment", "counted_passes")
    return {
        f"{code}/{handle}": {"scores": scores, "passes": passes, **({"comment_hash": comment_hash(comment)} if is_public else {"comment": comment})}
        for code, handle, scores, comment, passes in _as_counted(reviews).values_list(*columns)
    }


def exported_log(round_: Round) -> dict[str, Any]:
    """Return the whole log of a complete round's competition with the bodies that are about the round, and its reviews. Three queries.

    Other rounds' events stand there by their hashes alone. It holds handles and comments: for auditors.
    """
    using, reviews = round_._state.db, exported_reviews(round_, is_public=False)
    things = {f"round/{round_.code}"} | {f"{kind}/{thing}" for kind in ("review", "second_review") for thing in reviews}
    chain = AuditChain.objects.using(using).get(competition=round_.chain)
    events = AuditEvent.objects.using(using).filter(chain=chain, number__lte=chain.length).order_by("number")
    told = [exported_event(event, is_told=event.thing in things) for event in events.iterator(2000)]
    return {"format": "klash-round/1", "root": chain.head, "round": {"round": round_.code, "reviews": reviews}, "events": told}


def exported_event(event: AuditEvent, *, is_told: bool) -> dict[str, Any]:
    """Return an event as an exported log carries it; is_told: with the body and the salt that opens it."""
    columns = {name: getattr(event, name) for name in ("number", "actor", "what", "thing", "body_hash")}
    told = {"body": event.body, "salt": event.salt} if is_told and event.body is not None else {}
    return {**columns, "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"), **told}


def _places_kept(round_: Round) -> dict[str, tuple[int | None, str, bool]]:
    rows = round_.entries.using(round_._state.db).filter(is_excluded=False).values_list("code", "place", "value", "is_divided")
    return {code: (place, value, is_divided) for code, place, value, is_divided in rows}


def _places_counted(round_: Round) -> dict[str, tuple[int | None, str, bool]] | None:
    try:
        places = tally(round_)
        most = divided(places)
        return {place.entry: (place.place, as_text(place.points), place.entry in most) for place in places}
    except ValueError:
        return None


def _counted_again(round_: Round) -> list[dict[str, Any]] | None:
    try:
        return [signed_line(place) for place in tally(round_)]
    except ValueError:  # a score is missing: nothing can be counted
        return None


def _faults_of_reviews(using: str) -> list[str]:
    faults: list[str] = []
    events = AuditEvent.objects.using(using).filter(what__in=["review.submitted", "second_review.submitted"]).exclude(body=None)
    logged = {event.thing: (event.body or {}).get("hash") for event in events.iterator(2000)}
    weights: dict[int, dict[str, int]] = {}
    for round_id, code, weight in Criterion.objects.using(using).values_list("round_id", "code", "weight"):
        weights.setdefault(round_id, {})[code] = weight
    sums: dict[int, tuple[int, int]] = {}
    for review in Review.objects.using(using).filter(state=ReviewState.SUBMITTED).select_related("entry", "seat", "second").order_by("pk").iterator(2000):
        of_round = weights.get(review.entry.round_id, {})
        points = _points_checked(review, f"review/{review.code}", review, of_round, logged, faults)
        if (second := getattr(review, "second", None)) is not None and second.state == ReviewState.SUBMITTED:
            points = _points_checked(second, f"second_review/{review.code}", review, of_round, logged, faults)
        if not review.seat.is_absent:
            total, count = sums.get(review.entry_id, (0, 0))
            sums[review.entry_id] = (total + points, count + 1)
    for key, code, *kept in Entry.objects.using(using).order_by("code").values_list("pk", "code", "points", "review_count"):
        if tuple(kept) != sums.get(key, (0, 0)):
            faults.append(f"entry {code}: the sums of points and reviews do not follow from its reviews")
    judged = Q(reviews__entry__is_excluded=False)
    submitted = Count("reviews", filter=judged & Q(reviews__state=ReviewState.SUBMITTED))
    assigned = Count("reviews", filter=judged & ~Q(reviews__state=ReviewState.RECUSED))
    again = Count("reviews", filter=judged & Q(reviews__state=ReviewState.SUBMITTED, reviews__second__state=ReviewState.SUBMITTED))
    seats = Seat.objects.using(using).annotate(submitted=submitted, assigned=assigned, again=again)
    for seat in seats.exclude(submitted=F("submitted_count"), assigned=F("assigned_count"), again=F("second_count")).order_by("handle"):
        faults.append(f"seat {seat.handle}: the count of its reviews does not follow from them")
    return faults


def _points_checked(row: Any, thing: str, review: Review, weights: dict[str, int], logged: dict[str, Any], faults: list[str]) -> int:
    """Return the points that follow from the scores of a first or second scoring; add what does not follow to the faults."""
    if logged.get(thing) != review_hash(review.entry.code, review.seat.handle, row.scores, row.comment, getattr(row, "passes", None)):
        faults.append(f"{thing.replace('/', ' ', 1)}: scores or comment are not those that the log knows")
    points: int = sum(weights.get(code, 0) * value for code, value in row.scores.items())
    if points != row.points:
        faults.append(f"{thing.replace('/', ' ', 1)}: the points are not the sum of its scores")
    if sum(weights.get(code, 0) for code in row.scores) != row.weight:
        faults.append(f"{thing.replace('/', ' ', 1)}: the weight is not that of the criteria that it scored")
    return points
