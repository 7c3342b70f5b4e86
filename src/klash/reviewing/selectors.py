"""Reads of rounds. Nothing derived from another's scores leaves here before the round is complete."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, JSONField, OuterRef, Q, QuerySet, Subquery, Sum, TextField, When
from django.db.models.functions import Coalesce

from klash.accounts.selectors import handles_of
from klash.core import audit
from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.core.paging import PAGE
from klash.reviewing import words
from klash.reviewing.hashes import announced, announced_hash, counted_hash, criteria_hash, lot_commitment, report_hash, review_hash
from klash.reviewing.models import Conflict, Criterion, Entry, Firmness, Remark, Report, Review, Round, Seat, SecondReview, Signature, Suggestion
from klash.rules.states import ReportState, ReviewState, RoundState


@dataclass(frozen=True)
class Ranked:
    """place 1 is best; points: the announced method's value; seat_points: each reviewer's on the scale, lowest first, without whose.

    is_level: another entry of the list has the same value, so that the tie rule, not the value, tells them apart.
    comments: the reviewers', where they were asked for, in an order that tells nothing of who wrote them.
    """

    place: int
    entry_code: str
    title: str
    author: str
    points: Fraction
    seat_points: tuple[Fraction, ...]
    spread: tuple[Fraction, Fraction]
    is_level: bool = False
    comments: tuple[str, ...] = ()

    @property
    def mean(self) -> Fraction:
        return sum(self.seat_points, Fraction(0)) / len(self.seat_points)

    @property
    def median(self) -> Fraction:
        return median(self.seat_points)

    @property
    def disagreement(self) -> Fraction:
        """Return the variance of the reviewers' points; with one reviewer nobody disagrees."""
        return sum(((points - self.mean) ** 2 for points in self.seat_points), Fraction(0)) / len(self.seat_points)


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


def next_to_review(seat: Seat, review: Review, *, is_second: bool = False) -> str:
    """Return the code of the entry after this one, in the seat's own order and round its end, that the seat has not submitted; "" if none is left.

    is_second: in the second scoring. Two queries at most.
    """
    own = _own_reviews(seat)
    left = own.exclude(second__state=ReviewState.SUBMITTED) if is_second else own.filter(state=ReviewState.DRAFT)
    waiting = left.values_list("entry__code", flat=True)
    return waiting.filter(place__gt=review.place or 0).first() or waiting.exclude(pk=review.pk).first() or ""


@dataclass(frozen=True)
class Opinion:
    """What one reviewer gave an entry, under the letter drawn for the discussion. scores: as (first, second where it differs or None), in order."""

    letter: str
    is_own: bool
    scores: tuple[tuple[Any, Any], ...]
    comment: str
    second_comment: str
    passes: bool | None


@dataclass(frozen=True)
class Said:
    letter: str
    is_own: bool
    text: str
    at: datetime


@dataclass(frozen=True)
class Discussion:
    """An entry as its reviewers see it together; second: the reader's own second scoring, if begun."""

    opinions: list[Opinion]
    remarks: list[Said]
    second: SecondReview | None


def discussion(seat: Seat, review: Review) -> Discussion | None:
    """Return what the entry's reviewers gave and say, or None before the discussion opens or where none was announced. Three queries.

    Another's second scoring is shown when the round is complete, not before: it too is given alone.
    """
    round_ = seat.round
    if not round_.has_discussion or round_.state not in (RoundState.DISCUSSING, RoundState.COMPLETE):
        return None
    rows = counted_reviews(round_).filter(entry=review.entry).select_related("seat", "second").order_by("seat__letter")
    codes = [criterion.code for criterion in criteria_of(round_)]
    opinions = [_opinion(row, seat, codes, round_.state == RoundState.COMPLETE) for row in rows]
    said = Remark.objects.using(alias()).filter(entry=review.entry, seat__is_absent=False).select_related("seat")
    remarks = [Said(row.seat.letter, row.seat_id == seat.pk, row.text, row.made_at) for row in said]
    return Discussion(opinions, remarks, next((row.second for row in rows if row.seat_id == seat.pk and hasattr(row, "second")), None))


def _opinion(row: Review, reader: Seat, codes: Sequence[str], is_complete: bool) -> Opinion:
    is_own = row.seat_id == reader.pk
    second = getattr(row, "second", None)
    shown = second if second is not None and second.state == ReviewState.SUBMITTED and (is_own or is_complete) else None
    again = {code: value for code, value in shown.scores.items() if value != row.scores.get(code)} if shown else {}
    scores = tuple((row.scores.get(code), again.get(code)) for code in codes)
    return Opinion(row.seat.letter, is_own, scores, row.comment, shown.comment if shown and shown.comment != row.comment else "", row.passes)


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: its place, the reader's own points and the mean of the others', None where there is nobody else."""

    place: int
    own: Fraction | None
    others: Fraction | None


def outcomes(seat: Seat, codes: Sequence[str]) -> dict[str, Outcome]:
    """Return what became of the seat's own entries, by code; empty before the round is complete. Three queries, none before that.

    Only the reader's own points are told apart; the others' only together.
    """
    if seat.round.state != RoundState.COMPLETE:
        return {}
    total = sum(row.weight for row in criteria_of(seat.round))
    own = dict(counted_reviews(seat.round).filter(seat=seat, entry__code__in=codes).values_list("entry__code", "counted_points"))
    rows = Entry.objects.using(alias()).filter(round=seat.round, code__in=codes, place__isnull=False)
    return {
        code: Outcome(place or 0, _mean(own.get(code), 1, total), _mean(points - own.get(code, 0), count - (code in own), total))
        for code, place, points, count in rows.values_list("code", "place", "points", "review_count")
    }


def _mean(points: int | None, count: int, total: int) -> Fraction | None:
    return None if points is None or count < 1 else Fraction(points, total * count)


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


def counted_reviews(round_: Round) -> QuerySet[Any]:
    """Return the reviews that count: submitted, of a present seat, on an entry that was not excluded.

    counted_scores, counted_points: of the second scoring where it was submitted, else of the first.
    """
    rows = Review.objects.using(round_._state.db).filter(entry__round=round_, entry__is_excluded=False, seat__is_absent=False, state=ReviewState.SUBMITTED)
    counted: QuerySet[Any] = _as_counted(rows)
    return counted


def _as_counted(rows: QuerySet[Any]) -> Any:
    second = Q(second__state=ReviewState.SUBMITTED)
    return rows.annotate(
        counted_scores=_second_or("scores", JSONField()), counted_points=_second_or("points", IntegerField()),
        counted_comment=_second_or("comment", TextField()),
        counted_passes=Case(When(second, then=None), default=F("passes"), output_field=BooleanField(null=True)),
    )


def _second_or(column: str, kind: Any) -> Case:
    return Case(When(second__state=ReviewState.SUBMITTED, then=F(f"second__{column}")), default=F(column), output_field=kind)


def ranking(round_: Round, *, start: int = 0, limit: int | None = None, with_comments: bool = False) -> list[Ranked]:
    """Return the ranking of a complete round, best first, from the kept sums and places; an empty list before that. Three queries.

    start, limit: from which row on and how many; equal points share a place and stand in the order of their codes.
    """
    # One row more at each end: equal values stand beside each other.
    part = slice(max(start - 1, 0), None if limit is None else start + limit + 1)
    rows = _ranked(round_, Entry.objects.using(alias()).order_by("place", "code"), part, with_comments)
    level = {row.points for row, after in pairwise(rows) if row.points == after.points}
    return [replace(row, is_level=row.points in level) for row in rows[1 if start else 0:][:limit]]


def divided(rows: Sequence[Ranked]) -> set[str]:
    """Return the codes of the entries of the list about which reviewers disagree most; none where they disagree about all alike. No query."""
    most = max((row.disagreement for row in rows), default=Fraction(0))
    found = {row.entry_code for row in rows if row.disagreement == most}
    return found if most and len(found) < len(rows) else set()


def rank_of(round_: Round, entry_code: str) -> Ranked | None:
    """Return the place of one entry of a complete round, or None. Three queries."""
    return next(iter(_ranked(round_, Entry.objects.using(alias()).filter(code=entry_code), slice(1))), None)


def _ranked(round_: Round, entries: QuerySet[Entry], part: slice, with_comments: bool = False) -> list[Ranked]:
    if round_.state != RoundState.COMPLETE:
        return []
    total = sum(row.weight for row in criteria_of(round_))
    rows = list(entries.filter(round=round_, place__isnull=False).only("code", "title", "author", "value", "place")[part])
    reviews = counted_reviews(round_) if part.stop is None else counted_reviews(round_).filter(entry__in=[row.pk for row in rows])
    given: dict[int, list[tuple[int, str]]] = {}
    for entry, points, *comment in reviews.values_list("entry", "counted_points", *(["comment"] if with_comments else [])):
        given.setdefault(entry, []).append((points, comment[0] if comment else ""))
    return [_rank(row, given[row.pk], total) for row in rows]


def _rank(row: Entry, given: list[tuple[int, str]], total: int) -> Ranked:
    seat_points = tuple(Fraction(points, total) for points in sorted(points for points, _ in given))
    comments = tuple(sorted((text for _, text in given if text), key=lambda text: _drawn(row.code, text)))
    place = row.place or 0  # only entries with one are asked for
    spread = seat_points[0], seat_points[-1]
    return Ranked(place, row.code, row.title, row.author, Fraction(row.value), seat_points, spread, comments=comments)


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


@dataclass(frozen=True, kw_only=True)
class Hinges:
    """What a winner hangs on. winners: the first by the announced method; by_*: by each method. gap: to the second, in the method's values."""

    method: str
    winners: list[str]
    second: str | None
    gap: Fraction | None
    is_close: bool
    reviewers: int
    hangs_on: int
    by_mean: list[str]
    by_median: list[str]
    by_borda: list[str]
    weight_move_percent: int | None

    @property
    def stands_by_median(self) -> bool:
        return set(self.by_median) == set(self.winners)

    @property
    def stands_by_borda(self) -> bool:
        return set(self.by_borda) == set(self.winners)

    @property
    def sentences(self) -> list[str]:
        return words.for_the_minutes(self)


@dataclass(frozen=True, kw_only=True)
class Firm(Hinges):
    """How firm a result is, in words' reach: shares in whole per cent, points as fractions."""

    criteria: list[dict[str, Any]]
    rows: list[FirmRow]
    quota: int
    parts: int


_HINGES = ("method", "winners", "second", "is_close", "reviewers", "hangs_on", "by_mean", "by_median", "by_borda")


def is_weighed(round_: Round) -> bool:
    """Return whether it was worked out how firm the result is. One query."""
    return Firmness.objects.using(alias()).filter(round=round_).exists()


def firmness(round_: Round) -> Firm | None:
    """Return what was worked out about a complete round's firmness, if anything. One query."""
    kept = Firmness.objects.using(alias()).filter(round=round_).first()
    if kept is None or kept.content is None:
        return None
    told, move = kept.content, kept.content["weight_move"]
    shares = [{"code": row["code"], "name": row["name"], **{end: _percent(row[end]) for end in ("share", "low", "high")}} for row in told["criteria"]]
    rows = sorted((_firm_row(code, row) for code, row in told["calibrated"].items()), key=lambda row: row.rank)
    return Firm(
        **{name: told[name] for name in (*_HINGES, "quota", "parts")}, gap=None if told["gap"] is None else Fraction(told["gap"]),
        weight_move_percent=None if move is None else _percent(move), criteria=shares, rows=rows,
    )


def hinges_of(report: Report) -> Hinges | None:
    """Return what a report says of how firm its ranking is. No query."""
    told = report.firmness
    if not told:
        return None
    gap = None if told["gap"] is None else Fraction(told["gap"])
    return Hinges(**{name: told[name] for name in (*_HINGES, "weight_move_percent")}, gap=gap)


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
    return sorted(rows.values_list("comment", flat=True), key=lambda text: _drawn(entry_code, text))


def _drawn(entry_code: str, text: str) -> bytes:
    return hashlib.sha256(f"{entry_code}\n{text}".encode()).digest()


def report_of(round_: Round) -> Report | None:
    """Return the round's report. One query."""
    return Report.objects.using(alias()).filter(round=round_).select_related("round").first()


def unsigned(report: Report) -> int:
    """Return how many seats have not signed the present version. Two queries."""
    seats = report.round.seats.using(report._state.db).filter(is_absent=False).count()
    return seats - report.signatures.using(report._state.db).filter(report_hash=report.hash, seat__is_absent=False).count()


@dataclass(frozen=True)
class Circumstances:
    """How many reviewers were absent, and how many conflicts of each kind; never whose, never of which entry."""

    absent: int
    conflicts: list[tuple[str, int]]


def circumstances(round_: Round) -> Circumstances:
    """Return the absences and conflicts of a round in numbers. Two queries."""
    absent = round_.seats.using(alias()).filter(is_absent=True).count()
    kinds = Conflict.objects.using(alias()).filter(seat__round=round_).values_list("kind").order_by("kind").annotate(count=Count("pk"))
    return Circumstances(absent, [(kind, count) for kind, count in kinds])


@dataclass(frozen=True)
class Signer:
    """A present seat by its number in the order of handles, and when it signed the present version."""

    number: int
    seat: int
    is_chair: bool
    signed_at: datetime | None


def signers(report: Report) -> list[Signer]:
    """Return the present seats of a report that is written. One query."""
    signed = Signature.objects.using(alias()).filter(report=report, report_hash=report.hash, seat=OuterRef("pk")).values("signed_at")[:1]
    seats = report.round.seats.using(alias()).filter(is_absent=False).order_by("handle").annotate(signed_at=Subquery(signed))
    return [Signer(number, row.pk, row.is_chair, row.signed_at) for number, row in enumerate(seats, 1)]


def as_text(value: Fraction) -> str:
    """Return an exact fraction as it is kept, logged and signed."""
    return f"{value.numerator}/{value.denominator}"


def signed_line(place: Counted) -> dict[str, Any]:
    """Return a line of the tally in the form in which a report and the log carry it."""
    return {"place": place.place, "entry": place.entry, "points": as_text(place.points)}


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


def counted_of(round_: Round) -> str:
    """Return the hash of all reviews that count. One query."""
    rows = counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores", "counted_comment", "counted_passes")
    return counted_hash([review_hash(*row) for row in rows])


def exported_log(round_: Round) -> dict[str, Any]:
    """Return the whole chain of a complete round's competition with the bodies that are about the round, and its reviews. Two queries.

    Other rounds' events stand there by their hashes alone. It holds handles and comments: for auditors.
    """
    using = round_._state.db
    reviews = Review.objects.using(using).filter(entry__round=round_, entry__is_excluded=False, state__in=(ReviewState.SUBMITTED, ReviewState.RECUSED))
    opened = {f"{code}/{handle}": {"scores": scores, "comment": comment, "passes": passes} for code, handle, scores, comment, passes in _as_counted(
        reviews
    ).values_list("entry__code", "seat__handle", "counted_scores", "counted_comment", "counted_passes")}
    things = {f"round/{round_.code}"} | {f"{kind}/{thing}" for kind in ("review", "second_review") for thing in opened}
    events = AuditEvent.objects.using(using).filter(chain__competition=round_.chain).order_by("number")
    return {"round": round_.code, "reviews": opened, "events": [exported_event(event, is_told=event.thing in things) for event in events.iterator(2000)]}


def exported_event(event: AuditEvent, *, is_told: bool) -> dict[str, Any]:
    """Return an event as an exported log carries it; is_told: with the body and the salt that opens it."""
    columns = {name: getattr(event, name) for name in ("number", "actor", "what", "thing", "body_hash", "hash")}
    told = {"body": event.body, "salt": event.salt} if is_told and event.body is not None else {}
    return {**columns, "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"), **told}


def _places_kept(round_: Round) -> dict[str, tuple[int | None, str]]:
    rows = round_.entries.using(round_._state.db).filter(is_excluded=False).values_list("code", "place", "value")
    return {code: (place, value) for code, place, value in rows}


def _places_counted(round_: Round) -> dict[str, tuple[int | None, str]] | None:
    try:
        return {place.entry: (place.place, as_text(place.points)) for place in _tally[0](round_)}
    except ValueError:
        return None


def _counted_again(round_: Round) -> list[dict[str, Any]] | None:
    try:
        return [signed_line(place) for place in _tally[0](round_)]
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
    submitted = Count("reviews", filter=Q(reviews__state=ReviewState.SUBMITTED))
    assigned = Count("reviews", filter=~Q(reviews__state=ReviewState.RECUSED))
    seats = Seat.objects.using(using).annotate(submitted=submitted, assigned=assigned)
    for seat in seats.exclude(submitted=F("submitted_count"), assigned=F("assigned_count")).order_by("handle"):
        faults.append(f"seat {seat.handle}: the count of its reviews does not follow from them")
    return faults


def _points_checked(row: Any, thing: str, review: Review, weights: dict[str, int], logged: dict[str, Any], faults: list[str]) -> int:
    """Return the points that follow from the scores of a first or second scoring; add what does not follow to the faults."""
    if logged.get(thing) != review_hash(review.entry.code, review.seat.handle, row.scores, row.comment, getattr(row, "passes", None)):
        faults.append(f"{thing.replace('/', ' ', 1)}: scores or comment are not those that the log knows")
    points: int = sum(weights.get(code, 0) * value for code, value in row.scores.items())
    if points != row.points:
        faults.append(f"{thing.replace('/', ' ', 1)}: the points are not the sum of its scores")
    return points
