"""Reads of rounds. Nothing derived from another's scores leaves here before the round is complete."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from klash.accounts.selectors import handles_of
from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.reviewing.hashes import CRITERION_FIELDS, criteria_hash, points_hash, report_hash
from klash.reviewing.models import Criterion, Entry, Report, Review, Round, Seat
from klash.rules.states import ReportState, ReviewState, RoundState


@dataclass(frozen=True)
class Ranked:
    """place 1 is best; points: weighted mean on the scale; seat_points: each reviewer's, lowest first, without whose."""

    place: int
    entry_code: str
    title: str
    author: str
    points: Fraction
    seat_points: tuple[Fraction, ...]
    spread: tuple[Fraction, Fraction]


class Counted(Protocol):
    """A line of the tally; by_reviewer: (handle, points), which never leaves this module with its handles."""

    @property
    def place(self) -> int: ...

    @property
    def entry(self) -> str: ...

    @property
    def points(self) -> Fraction: ...

    @property
    def by_reviewer(self) -> tuple[tuple[str, Fraction], ...]: ...

    @property
    def spread(self) -> tuple[Fraction, Fraction]: ...


Tally = Callable[[Round], Sequence[Counted]]
TallyT = TypeVar("TallyT", bound=Tally)
_tally: list[Tally] = []


def count_by(tally: TallyT) -> TallyT:
    """Let the bridge, which lies above, tell how a round is counted."""
    _tally[:] = [tally]
    return tally


@dataclass(frozen=True)
class OwnEntry:
    code: str
    title: str
    author: str
    is_invented: bool
    state: str  # "", draft or submitted
    saved_at: datetime | None


def seats_of(person: Any) -> list[Seat]:
    """Return the person's seats with their rounds, newest round first. Two queries."""
    if not person.is_authenticated:
        return []
    return list(_present(person).order_by("-round__opens_at", "round__code"))


def seat_in(person: Any, round_code: str) -> Seat | None:
    """Return the person's seat in a round, if any. Two queries."""
    if not person.is_authenticated:
        return None
    return _present(person).filter(round__code=round_code).first()


def _present(person: Any) -> QuerySet[Seat]:
    # Who was recorded absent reads nothing more.
    return Seat.objects.using(alias()).filter(handle__in=handles_of(person), is_absent=False).select_related("round")


def own_entries(seat: Seat) -> list[OwnEntry]:
    """Return the entries in an order of the seat's own, each with the seat's own state. Two queries."""
    reviews = {row.entry_id: row for row in Review.objects.using(alias()).filter(seat=seat)}
    entries = Entry.objects.using(alias()).filter(round=seat.round, is_excluded=False).only("code", "title", "author", "is_invented")
    rows = []
    for entry in sorted(entries, key=lambda entry: own_order(seat.handle, entry.code)):
        review = reviews.get(entry.pk)
        rows.append(OwnEntry(entry.code, entry.title, entry.author, entry.is_invented, review.state if review else "", review.saved_at if review else None))
    return rows


def own_order(handle: str, code: str) -> bytes:
    """Return the sort key of an entry for a reviewer: stable for one, different for each, telling nothing of arrival."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{handle}\n{code}".encode(), hashlib.sha256).digest()


def entry_for(seat: Seat, code: str) -> Entry | None:
    """Return an entry of the seat's round. One query."""
    return Entry.objects.using(alias()).filter(round=seat.round, code=code, is_excluded=False).first()


def review_of(seat: Seat, entry: Entry) -> Review | None:
    """Return the seat's own review of the entry. One query."""
    return Review.objects.using(alias()).filter(seat=seat, entry=entry).first()


def criteria_of(round_: Round) -> list[Criterion]:
    """Return the criteria in order. One query."""
    return list(round_.criteria.using(alias()).all())


def find_round(key: str) -> Round | None:
    """Return the round that a stage calls by this key. One query."""
    return Round.objects.using(alias()).filter(key=key).first()


def progress(round_: Round) -> tuple[int, int]:
    """Return how many reviews are submitted and how many are wanted; never whose, never scores. Three queries."""
    using = alias()
    seats = round_.seats.using(using).filter(is_absent=False).count()
    entries = round_.entries.using(using).filter(is_excluded=False).count()
    return counted_reviews(round_).count(), seats * entries


def counted_reviews(round_: Round) -> QuerySet[Review]:
    """Return the reviews that count: submitted, of a present seat, on an entry that was not excluded."""
    return Review.objects.using(round_._state.db).filter(
        entry__round=round_, entry__is_excluded=False, seat__is_absent=False, state=ReviewState.SUBMITTED
    )


def ranking(round_: Round) -> list[Ranked]:
    """Return the ranking of a complete round, best first; an empty list before that. Three queries."""
    if round_.state != RoundState.COMPLETE:
        return []
    texts = {code: (title, author) for code, title, author in Entry.objects.using(alias()).filter(round=round_).values_list("code", "title", "author")}
    return [
        Ranked(p.place, p.entry, *texts[p.entry], p.points, tuple(sorted(points for _, points in p.by_reviewer)), p.spread) for p in _tally[0](round_)
    ]


def comments_on(entry_code: str) -> list[str]:
    """Return the comments on an entry of a complete round, in an order that tells nothing of who wrote them. One query."""
    rows = Review.objects.using(alias()).filter(
        ~Q(comment=""), entry__code=entry_code, entry__round__state=RoundState.COMPLETE, state=ReviewState.SUBMITTED, seat__is_absent=False
    )
    return sorted(rows.values_list("comment", flat=True), key=lambda text: hashlib.sha256(f"{entry_code}\n{text}".encode()).digest())


def report_of(round_: Round) -> Report | None:
    """Return the round's report. One query."""
    return Report.objects.using(alias()).filter(round=round_).select_related("round").first()


def unsigned(report: Report) -> int:
    """Return how many seats have not signed the present version. Two queries."""
    seats = report.round.seats.using(report._state.db).filter(is_absent=False).count()
    return seats - report.signatures.using(report._state.db).filter(report_hash=report.hash, seat__is_absent=False).count()


def signed_line(place: Counted) -> dict[str, Any]:
    """Return a line of the tally in the form in which a report carries it."""
    return {"place": place.place, "entry": place.entry, "points": f"{place.points.numerator}/{place.points.denominator}"}


def verify_results(using: str | None = None) -> list[str]:
    """Recompute sums, complete rounds and signed reports from the reviews and the log; return what does not follow. Linear in reviews.

    using: the database to check; without it, the one that reviewers write.
    """
    using = using or alias()
    faults = _faults_of_reviews(using)
    for round_ in Round.objects.using(using).filter(state=RoundState.COMPLETE).order_by("code"):
        if missing := round_.missing_reviews():
            faults.append(f"round {round_.code}: complete, yet the number of missing reviews is {missing}")
        if criteria_hash([criterion_as_announced(row) for row in round_.criteria.using(using).all()]) != round_.criteria_hash:
            faults.append(f"round {round_.code}: the criteria are not those that were announced")
    for report in Report.objects.using(using).filter(state=ReportState.SIGNED).select_related("round").order_by("round__code"):
        if _counted_again(report.round) != report.ranking:
            faults.append(f"report {report.code}: the signed ranking does not follow from the reviews")
        if report.hash != report_hash(report):
            faults.append(f"report {report.code}: the text is not the one that was signed")
        if unsigned(report):
            faults.append(f"report {report.code}: a signature is missing")
    return faults


def _counted_again(round_: Round) -> list[dict[str, Any]] | None:
    try:
        return [signed_line(place) for place in _tally[0](round_)]
    except ValueError:  # a score is missing: nothing can be counted
        return None


def _faults_of_reviews(using: str) -> list[str]:
    faults: list[str] = []
    events = AuditEvent.objects.using(using).filter(what="review.submitted").exclude(body=None)
    logged = {event.thing: (event.body or {}).get("points_hash") for event in events.iterator(2000)}
    weights: dict[int, dict[str, int]] = {}
    for round_id, code, weight in Criterion.objects.using(using).values_list("round_id", "code", "weight"):
        weights.setdefault(round_id, {})[code] = weight
    sums: dict[int, tuple[int, int]] = {}
    for review in Review.objects.using(using).filter(state=ReviewState.SUBMITTED).select_related("entry", "seat").order_by("pk").iterator(2000):
        if logged.get(f"review/{review.code}") != points_hash(review.entry.code, review.seat.handle, review.scores):
            faults.append(f"review {review.code}: the scores are not those that the log knows")
        points = sum(weights.get(review.entry.round_id, {}).get(code, 0) * value for code, value in review.scores.items())
        if points != review.points:
            faults.append(f"review {review.code}: the points are not the sum of its scores")
        if not review.seat.is_absent:
            total, count = sums.get(review.entry_id, (0, 0))
            sums[review.entry_id] = (total + points, count + 1)
    for key, code, *kept in Entry.objects.using(using).order_by("code").values_list("pk", "code", "points", "review_count"):
        if tuple(kept) != sums.get(key, (0, 0)):
            faults.append(f"entry {code}: the sums of points and reviews do not follow from its reviews")
    return faults


def criterion_as_announced(row: Criterion) -> dict[str, Any]:
    """Return a criterion in the form in which it was announced."""
    return {name: getattr(row, name) for name in CRITERION_FIELDS}
