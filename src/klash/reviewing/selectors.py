"""Reads of rounds. Nothing derived from another's scores leaves here before the round is complete."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from klash.accounts.selectors import handles_of
from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.core.paging import PAGE
from klash.reviewing.hashes import CRITERION_FIELDS, criteria_hash, report_hash, review_hash
from klash.reviewing.models import Conflict, Criterion, Entry, Firmness, Report, Review, Round, Seat, Suggestion
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


def own_entries(seat: Seat, start: int = 0) -> list[OwnEntry]:
    """Return at most 50 of the seat's entries from the place `start` (0 is first) in its own order, each with its own state. One query."""
    rows = _own_reviews(seat).filter(place__gt=start, place__lte=start + PAGE)
    columns = ("code", "title", "author", "is_invented")
    return [
        OwnEntry(**{name: getattr(row.entry, name) for name in columns}, state=row.state if row.saved_at else "")
        for row in rows.select_related("entry").only("state", "saved_at", "place", *(f"entry__{name}" for name in columns))
    ]


def own_key(seat: Seat, entry_code: str) -> bytes:
    """Return what a seat's own order sorts by: stable for one, different for each, telling nothing of arrival."""
    return hmac.new(settings.SECRET_KEY.encode(), f"order\n{seat.handle}\n{entry_code}".encode(), hashlib.sha256).digest()


def _own_reviews(seat: Seat) -> QuerySet[Review]:
    return Review.objects.using(alias()).filter(seat=seat, place__isnull=False).order_by("place")


@dataclass(frozen=True)
class Neighbours:
    """The codes of the entries before and after one in a seat's own order, empty at the ends."""

    before: str
    after: str


def neighbours(seat: Seat, review: Review) -> Neighbours:
    """Return what stands beside an entry in the seat's own order. One query."""
    at = review.place or 0
    codes = dict(_own_reviews(seat).filter(place__in=(at - 1, at + 1)).values_list("place", "entry__code"))
    return Neighbours(codes.get(at - 1, ""), codes.get(at + 1, ""))


def next_to_review(seat: Seat, review: Review) -> str:
    """Return the code of the entry after this one, in the seat's own order and round its end, that the seat has not submitted; "" if none is left.

    Two queries at most.
    """
    waiting = _own_reviews(seat).filter(state=ReviewState.DRAFT).values_list("entry__code", flat=True)
    return waiting.filter(place__gt=review.place or 0).first() or waiting.exclude(pk=review.pk).first() or ""


def own_review(seat: Seat, entry_code: str) -> Review | None:
    """Return the seat's own review of an entry that is assigned to it, with the entry. One query."""
    return _own_reviews(seat).filter(entry__code=entry_code).select_related("entry").first()


def scale_of(criteria: Sequence[Criterion]) -> tuple[int, int]:
    """Return the lowest and the highest score that can be given; 0 to 10 where there are no criteria. No query."""
    return min((row.scale_min for row in criteria), default=0), max((row.scale_max for row in criteria), default=10)


def criteria_of(round_: Round) -> list[Criterion]:
    """Return the criteria in order. One query."""
    return list(round_.criteria.using(alias()).all())


def find_round(key: str) -> Round | None:
    """Return the round that a stage calls by this key. One query."""
    return Round.objects.using(alias()).filter(key=key).first()


def progress(round_: Round) -> tuple[int, int]:
    """Return how many reviews are submitted and how many are assigned; never whose, never scores. One query."""
    sums = {"submitted": Coalesce(Sum("submitted_count"), 0), "assigned": Coalesce(Sum("assigned_count"), 0)}
    found = round_.seats.using(alias()).filter(is_absent=False).aggregate(**sums)
    return found["submitted"], found["assigned"]


@dataclass(frozen=True)
class Dealt:
    """An entry and who is to review it: handles, which never reach a page, each with whether the reviewer has begun."""

    code: str
    title: str
    given: tuple[tuple[str, bool], ...]
    proposed: tuple[str, ...]
    unmet: int


def dealt(round_: Round) -> list[Dealt]:
    """Return each entry with its reviewers, those proposed for it and how many the proposal could not find, by title. Three queries."""
    kept = Suggestion.objects.using(alias()).filter(round=round_).first()
    content: dict[str, Any] = kept.content if kept else {"pairs": [], "unmet": {}}
    given: dict[str, list[tuple[str, bool]]] = {}
    rows = Review.objects.using(alias()).filter(seat__round=round_, seat__is_absent=False, place__isnull=False)
    for code, handle, saved_at in rows.order_by("seat__handle").values_list("entry__code", "seat__handle", "saved_at"):
        given.setdefault(code, []).append((handle, saved_at is not None))
    proposed: dict[str, list[str]] = {}
    for code, handle in content["pairs"]:
        proposed.setdefault(code, []).append(handle)
    entries = round_.entries.using(alias()).filter(is_excluded=False).order_by("title", "code").values_list("code", "title")
    return [Dealt(code, title, tuple(given.get(code, [])), tuple(proposed.get(code, [])), content["unmet"].get(code, 0)) for code, title in entries]


def codes_of(round_: Round) -> list[str]:
    """Return the codes of a round's entries, sorted. One query."""
    return list(round_.entries.using(alias()).order_by("code").values_list("code", flat=True))


def suggestion_of(round_: Round) -> dict[str, Any] | None:
    """Return the figures of the machine's proposal, if there is one. One query."""
    kept = Suggestion.objects.using(alias()).filter(round=round_).first()
    return kept.content if kept else None


def barred(round_: Round) -> set[tuple[str, str]]:
    """Return the pairs of (entry code, seat handle) that a conflict or a lack of competence keeps apart. One query."""
    return set(Conflict.objects.using(alias()).filter(seat__round=round_).values_list("entry__code", "seat__handle"))


def present(round_: Round) -> list[Seat]:
    """Return the seats that are not absent, with their round, by handle. One query."""
    return list(round_.seats.using(alias()).filter(is_absent=False).select_related("round").order_by("handle"))


def recused(round_: Round) -> list[Seat]:
    """Return the seats of a blind round that a conflict, said or found, has left, by handle; an absence that was recorded is none. Two queries."""
    if not round_.is_blind:
        return []
    gone = {f"seat/{seat.handle}": seat for seat in round_.seats.using(alias()).filter(is_absent=True).order_by("handle")}
    events = AuditEvent.objects.using(alias()).filter(what="seat.recused", chain__competition=round_.chain, thing__in=list(gone))
    left = set(events.values_list("thing", flat=True))
    return [seat for thing, seat in gone.items() if thing in left]


def found_conflicts(round_: Round) -> list[tuple[str, str, str]]:
    """Return (entry code, seat handle, kind) of what bars a present seat from an entry of an open round. One query."""
    if round_.is_blind:
        return []
    rows = Conflict.objects.using(alias()).filter(seat__round=round_, seat__is_absent=False).order_by("entry__title", "entry__code", "seat__handle")
    return list(rows.values_list("entry__code", "seat__handle", "kind"))


def without_reviewer(round_: Round) -> set[str]:
    """Return the codes of the entries that nobody present is to review. One query."""
    taken = Review.objects.using(alias()).filter(entry=OuterRef("pk"), place__isnull=False, seat__is_absent=False)
    return set(round_.entries.using(alias()).exclude(Exists(taken)).values_list("code", flat=True))


def counted_reviews(round_: Round) -> QuerySet[Review]:
    """Return the reviews that count: submitted, of a present seat, on an entry that was not excluded."""
    return Review.objects.using(round_._state.db).filter(
        entry__round=round_, entry__is_excluded=False, seat__is_absent=False, state=ReviewState.SUBMITTED
    )


def ranking(round_: Round, *, start: int = 0, limit: int | None = None) -> list[Ranked]:
    """Return the ranking of a complete round, best first, from the kept sums and places; an empty list before that. Three queries.

    start, limit: from which row on and how many; equal points share a place and stand in the order of their codes.
    """
    return _ranked(round_, Entry.objects.using(alias()).order_by("place", "code"), slice(start, None if limit is None else start + limit))


def rank_of(round_: Round, entry_code: str) -> Ranked | None:
    """Return the place of one entry of a complete round, or None. Three queries."""
    return next(iter(_ranked(round_, Entry.objects.using(alias()).filter(code=entry_code), slice(1))), None)


def _ranked(round_: Round, entries: QuerySet[Entry], part: slice) -> list[Ranked]:
    if round_.state != RoundState.COMPLETE:
        return []
    total = sum(row.weight for row in criteria_of(round_))
    rows = list(entries.filter(round=round_, place__isnull=False).only("code", "title", "author", "points", "review_count", "place")[part])
    reviews = counted_reviews(round_) if part.stop is None else counted_reviews(round_).filter(entry__in=[row.pk for row in rows])
    given: dict[int, list[int]] = {}
    for entry, points in reviews.values_list("entry", "points"):
        given.setdefault(entry, []).append(points)
    return [_rank(row, sorted(given[row.pk]), total) for row in rows]


def _rank(row: Entry, given: list[int], total: int) -> Ranked:
    seat_points = tuple(Fraction(points, total) for points in given)
    place = row.place or 0  # only entries with one are asked for
    return Ranked(place, row.code, row.title, row.author, Fraction(row.points, total * row.review_count), seat_points, (seat_points[0], seat_points[-1]))

@dataclass(frozen=True)
class FirmRow:
    """One entry with the reviewers' habits taken out. p_*: whole per cent."""

    code: str
    rank: int
    rank_low: int
    rank_high: int
    low: Fraction
    high: Fraction
    p_first: int
    p_top: int
    is_close_call: bool


@dataclass(frozen=True)
class Firm:
    """How firm a result is, in words' reach: shares in whole per cent, points as fractions."""

    winners: list[str]
    second: str | None
    gap: Fraction | None
    is_close: bool
    reviewers: int
    hangs_on: int
    by_median: list[str]
    by_borda: list[str]
    weight_move: float | None
    criteria: list[dict[str, Any]]
    rows: list[FirmRow]
    quota: int
    parts: int

    @property
    def stands_by_median(self) -> bool:
        return set(self.by_median) == set(self.winners)

    @property
    def stands_by_borda(self) -> bool:
        return set(self.by_borda) == set(self.winners)

    @property
    def weight_move_percent(self) -> int:
        return _percent(self.weight_move or 0)


def firmness(round_: Round) -> Firm | None:
    """Return what was worked out about a complete round's firmness, if anything. One query."""
    kept = Firmness.objects.using(alias()).filter(round=round_).first()
    if kept is None or kept.content is None:
        return None
    told = kept.content
    names = ("winners", "second", "is_close", "reviewers", "hangs_on", "by_median", "by_borda", "weight_move", "quota", "parts")
    shares = [{"name": row["name"], **{end: _percent(row[end]) for end in ("share", "low", "high")}} for row in told["criteria"]]
    rows = sorted((_firm_row(code, row) for code, row in told["calibrated"].items()), key=lambda row: row.rank)
    return Firm(**{name: told[name] for name in names}, gap=None if told["gap"] is None else Fraction(told["gap"]), criteria=shares, rows=rows)


def _firm_row(code: str, row: dict[str, Any]) -> FirmRow:
    return FirmRow(
        code, row["rank"], row["rank_low"], row["rank_high"], Fraction(row["low"]), Fraction(row["high"]), _percent(row["p_first"]), _percent(row["p_top"]),
        0.1 <= row["p_top"] <= 0.9,
    )


def _percent(share: float) -> int:
    return round(share * 100)


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
        if _places_kept(round_) != _places_counted(round_):
            faults.append(f"round {round_.code}: the places of its entries do not follow from the reviews")
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


def _places_kept(round_: Round) -> dict[str, int | None]:
    return dict(round_.entries.using(round_._state.db).filter(is_excluded=False).values_list("code", "place"))


def _places_counted(round_: Round) -> dict[str, int | None] | None:
    try:
        return {place.entry: place.place for place in _tally[0](round_)}
    except ValueError:
        return None


def _counted_again(round_: Round) -> list[dict[str, Any]] | None:
    try:
        return [signed_line(place) for place in _tally[0](round_)]
    except ValueError:  # a score is missing: nothing can be counted
        return None


def _faults_of_reviews(using: str) -> list[str]:
    faults: list[str] = []
    events = AuditEvent.objects.using(using).filter(what="review.submitted").exclude(body=None)
    logged = {event.thing: (event.body or {}).get("hash") for event in events.iterator(2000)}
    weights: dict[int, dict[str, int]] = {}
    for round_id, code, weight in Criterion.objects.using(using).values_list("round_id", "code", "weight"):
        weights.setdefault(round_id, {})[code] = weight
    sums: dict[int, tuple[int, int]] = {}
    for review in Review.objects.using(using).filter(state=ReviewState.SUBMITTED).select_related("entry", "seat").order_by("pk").iterator(2000):
        if logged.get(f"review/{review.code}") != review_hash(review.entry.code, review.seat.handle, review.scores, review.comment):
            faults.append(f"review {review.code}: scores or comment are not those that the log knows")
        points = sum(weights.get(review.entry.round_id, {}).get(code, 0) * value for code, value in review.scores.items())
        if points != review.points:
            faults.append(f"review {review.code}: the points are not the sum of its scores")
        if not review.seat.is_absent:
            total, count = sums.get(review.entry_id, (0, 0))
            sums[review.entry_id] = (total + points, count + 1)
    for key, code, *kept in Entry.objects.using(using).order_by("code").values_list("pk", "code", "points", "review_count"):
        if tuple(kept) != sums.get(key, (0, 0)):
            faults.append(f"entry {code}: the sums of points and reviews do not follow from its reviews")
    submitted = Count("reviews", filter=Q(reviews__state=ReviewState.SUBMITTED))
    assigned = Count("reviews", filter=~Q(reviews__state=ReviewState.RECUSED))
    seats = Seat.objects.using(using).annotate(submitted=submitted, assigned=assigned)
    for seat in seats.exclude(submitted=F("submitted_count"), assigned=F("assigned_count")).order_by("handle"):
        faults.append(f"seat {seat.handle}: the count of its reviews does not follow from them")
    return faults


def criterion_as_announced(row: Criterion) -> dict[str, Any]:
    """Return a criterion in the form in which it was announced."""
    return {name: getattr(row, name) for name in CRITERION_FIELDS}
