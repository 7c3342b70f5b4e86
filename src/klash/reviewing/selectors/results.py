"""What a complete round and its report tell. Nothing derived from scores leaves here before."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any, Protocol, TypeVar

from django.db.models import BooleanField, Case, Count, F, IntegerField, JSONField, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.dispatch import Signal

from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.reviewing import words
from klash.reviewing.hashes import counted_hash, review_hash
from klash.reviewing.models import Conflict, Entry, Firmness, Report, Review, Round, Signature
from klash.rules.states import ReviewState, RoundState


@dataclass(frozen=True)
class Ranked:
    """place 1 is best; points: the announced method's value; seat_points: each reviewer's on the scale, lowest first, without whose.

    is_level: another entry of the list has the same value, so that the tie rule, not the value, tells them apart.
    is_divided: of all entries of the round reviewers disagree most about this one.
    comments: the reviewers', where they were asked for, in an order that tells nothing of who wrote them.
    yes, no: how many answered the screening question so; it never changes the points.
    """

    place: int
    entry_code: str
    title: str
    language: str
    author: str
    points: Fraction
    seat_points: tuple[Fraction, ...]
    spread: tuple[Fraction, Fraction]
    is_level: bool = False
    is_divided: bool = False
    comments: tuple[str, ...] = ()
    yes: int = 0
    no: int = 0

    @property
    def label(self) -> str:
        """Who handed the entry in, or its code name where that is not told."""
        return self.author or self.entry_code

    @property
    def name(self) -> str:
        """How a sentence calls the entry."""
        return words.called(self.entry_code, self.title if self.author else "")

    @property
    def mean(self) -> Fraction:
        return sum(self.seat_points, Fraction(0)) / len(self.seat_points)

    @property
    def median(self) -> Fraction:
        return median(self.seat_points)


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

    @property
    def disagreement(self) -> Fraction: ...


Tally = Callable[[Round], Sequence[Counted]]
TallyT = TypeVar("TallyT", bound=Tally)
_tally: list[Tally] = []


def count_by(tally: TallyT) -> TallyT:
    """Let the bridge, which lies above, tell how a round is counted."""
    _tally[:] = [tally]
    return tally


def tally(round_: Round) -> Sequence[Counted]:
    """Count a round by its announced method, best first. Raises ValueError if a score is missing."""
    return _tally[0](round_)


def counted_reviews(round_: Round) -> QuerySet[Any]:
    """Return the reviews that count: submitted, of a present seat, on an entry that was not excluded.

    counted_scores, counted_points, counted_weight, counted_comment: of the second scoring where it was submitted, else of the first.
    """
    rows = Review.objects.using(round_._state.db).filter(entry__round=round_, entry__is_excluded=False, seat__is_absent=False, state=ReviewState.SUBMITTED)
    counted: QuerySet[Any] = _as_counted(rows)
    return counted


def _as_counted(rows: QuerySet[Any]) -> Any:
    second = Q(second__state=ReviewState.SUBMITTED)
    return rows.annotate(
        counted_scores=_second_or("scores", JSONField()), counted_points=_second_or("points", IntegerField()),
        counted_weight=_second_or("weight", IntegerField()),
        counted_comment=_second_or("comment", TextField()),
        counted_passes=Case(When(second, then=None), default=F("passes"), output_field=BooleanField(null=True)),
    )


def _second_or(column: str, kind: Any) -> Case:
    return Case(When(second__state=ReviewState.SUBMITTED, then=F(f"second__{column}")), default=F(column), output_field=kind)


def ranking(round_: Round, *, start: int = 0, limit: int | None = None, with_comments: bool = False) -> list[Ranked]:
    """Return the ranking of a complete round, best first, from the kept sums and places; an empty list before that. Two queries.

    start, limit: from which row on and how many; equal points share a place and stand in the order of their codes.
    """
    # One row more at each end: equal values stand beside each other.
    part = slice(max(start - 1, 0), None if limit is None else start + limit + 1)
    rows = _ranked(round_, Entry.objects.using(alias()).order_by("place", "code"), part, with_comments)
    level = {row.points for row, after in pairwise(rows) if row.points == after.points}
    return [replace(row, is_level=row.points in level) for row in rows[1 if start else 0:][:limit]]


def divided(places: Sequence[Counted]) -> set[str]:
    """Return the codes of the entries of a whole round about which reviewers disagree most; none where they disagree about all alike. No query."""
    spread = {place.entry: place.disagreement for place in places}
    most = max(spread.values(), default=Fraction(0))
    found = {entry for entry, disagreement in spread.items() if disagreement == most}
    return found if most and len(found) < len(places) else set()


def rank_of(round_: Round, entry_code: str) -> Ranked | None:
    """Return the place of one entry of a complete round, or None. Two queries."""
    return next(iter(_ranked(round_, Entry.objects.using(alias()).filter(code=entry_code), slice(1))), None)


def _ranked(round_: Round, entries: QuerySet[Entry], part: slice, with_comments: bool = False) -> list[Ranked]:
    if round_.state != RoundState.COMPLETE:
        return []
    rows = list(entries.filter(round=round_, place__isnull=False).only("code", "title", "language", "author", "value", "place", "is_divided")[part])
    reviews = counted_reviews(round_) if part.stop is None else counted_reviews(round_).filter(entry__in=[row.pk for row in rows])
    given: dict[int, list[_Given]] = {}
    for entry, points, weight, passes, *comment in reviews.values_list(
        "entry", "counted_points", "counted_weight", "passes", *(["counted_comment"] if with_comments else [])
    ):
        given.setdefault(entry, []).append(_Given(Fraction(points, weight), passes, comment[0] if comment else ""))
    return [_rank(row, given[row.pk]) for row in rows]


@dataclass(frozen=True)
class _Given:
    points: Fraction
    passes: bool | None
    comment: str


def _rank(row: Entry, given: list[_Given]) -> Ranked:
    seat_points = tuple(sorted(one.points for one in given))
    comments = tuple(sorted((one.comment for one in given if one.comment), key=lambda text: _drawn(row.code, text)))
    yes, no = (sum(one.passes is answer for one in given) for answer in (True, False))
    place = row.place or 0  # only entries with one are asked for
    spread = seat_points[0], seat_points[-1]
    value = Fraction(row.value)
    return Ranked(
        place, row.code, row.title, row.language, row.author, value, seat_points, spread, is_divided=row.is_divided, comments=comments, yes=yes, no=no
    )


@dataclass(frozen=True)
class FirmRow:
    """One entry with the reviewers' habits taken out. name: its title, in its language, or its code name in a round without names; p_*: whole per cent."""

    code: str
    name: str
    language: str
    rank: int
    rank_low: int
    rank_high: int
    low: Fraction
    value: Fraction
    high: Fraction
    p_first: int
    p_top: int
    is_close_call: bool


@dataclass(frozen=True, kw_only=True)
class Hinges:
    """What a winner hangs on. winners: the first by the announced method; by_*: by each method. gap: to the second, in the method's values.

    Entries stand by the names that sentences call them. is_close: None where too few reviewers judged to tell how far they disagree.
    """

    method: str
    winners: list[str]
    second: str | None
    gap: Fraction | None
    is_close: bool | None
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

    @property
    def has_weights(self) -> bool:
        """Return whether weights decide anything: of one criterion they do not."""
        return len(self.criteria) > 1

    @property
    def has_quota(self) -> bool:
        """Return whether some entries go on and some do not, and more than the first."""
        return 1 < self.quota < len(self.rows)


def is_weighed(round_: Round) -> bool:
    """Return whether it was worked out how firm the result is. One query."""
    return Firmness.objects.using(alias()).filter(round=round_).exists()


def firmness(round_: Round) -> Firm | None:
    """Return what was worked out about a complete round's firmness, if anything. One query, two in a round with names."""
    kept = Firmness.objects.using(alias()).filter(round=round_).first()
    if kept is None or kept.content is None:
        return None
    told, move, named = kept.content, kept.content["weight_move"], _named(round_)
    shares = [{"code": row["code"], "name": row["name"], **{end: _percent(row[end]) for end in ("share", "low", "high")}} for row in told["criteria"]]
    rows = sorted((_firm_row(code, named.get(code, (code, "")), row) for code, row in told["calibrated"].items()), key=lambda row: row.rank)
    return Firm(
        **_hinges(told, {code: title for code, (title, _) in named.items()}), quota=told["quota"], parts=told["parts"],
        weight_move_percent=None if move is None else _percent(move), criteria=shares, rows=rows,
    )


def hinges_of(report: Report) -> Hinges | None:
    """Return what a report says of how firm its ranking is. No query, one in a round with names."""
    return hinges_told(report.firmness, _titles(report.round))


def hinges_told(told: Mapping[str, Any], titles: dict[str, str]) -> Hinges | None:
    """Return in words' reach what `as_told` keeps. titles: of the entries that may be called by them."""
    return Hinges(**_hinges(dict(told), titles), weight_move_percent=told["weight_move_percent"]) if told else None


def as_told(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a winner hangs on in whole numbers and fractions, so that it is hashed alike everywhere; {} if nothing. found: as `bridge.hinges`."""
    if found is None:
        return {}
    names = ("winners", "by_mean", "by_median", "by_borda", "method", "second", "is_close", "reviewers", "hangs_on")
    move = found["weight_move"]
    gap = None if found["gap"] is None else as_text(Fraction(found["gap"]).limit_denominator(10**6))
    return {**{name: found[name] for name in names}, "gap": gap, "weight_move_percent": None if move is None else round(move * 100)}


def firmness_for_the_minutes(round_: Round) -> dict[str, Any]:
    """Return as `as_told` how firm a result is: as the body's report says it, else as it was worked out; {} where neither is.

    Two queries, none where they came with the round.
    """
    report, kept = getattr(round_, "report", None), getattr(round_, "firmness", None)
    return dict(report.firmness) if report else as_told(kept.content if kept else None)


def _hinges(told: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    def call(code: str) -> str:
        return words.called(code, titles.get(code, ""))

    first = {name: [call(code) for code in told[name]] for name in ("winners", "by_mean", "by_median", "by_borda")}
    second, gap = (None, None) if told["second"] is None else (call(told["second"]), Fraction(told["gap"]))
    return {**first, "second": second, "gap": gap, **{name: told[name] for name in ("method", "is_close", "reviewers", "hangs_on")}}


def _titles(round_: Round) -> dict[str, str]:
    return {code: title for code, (title, _) in _named(round_).items()}


def _named(round_: Round) -> dict[str, tuple[str, str]]:
    """Return the titles by which a round with names calls its entries, each with its language; none without names. One query there."""
    if round_.is_blind:
        return {}
    return {code: (title, language) for code, title, language in Entry.objects.using(alias()).filter(round=round_).values_list("code", "title", "language")}


def _firm_row(code: str, named: tuple[str, str], row: dict[str, Any]) -> FirmRow:
    return FirmRow(
        code, *named, row["rank"], row["rank_low"], row["rank_high"], Fraction(row["low"]), Fraction(row["value"]), Fraction(row["high"]),
        _percent(row["p_first"]), _percent(row["p_top"]), 0.1 <= row["p_top"] <= 0.9,
    )


def _percent(share: float) -> int:
    return round(share * 100)


def comments_on(entry_code: str) -> list[str]:
    """Return the comments on an entry of a complete round, in an order that tells nothing of who wrote them. One query."""
    rows = _as_counted(Review.objects.using(alias()).filter(
        entry__code=entry_code, entry__round__state=RoundState.COMPLETE, state=ReviewState.SUBMITTED, seat__is_absent=False
    ))
    return sorted(rows.exclude(counted_comment="").values_list("counted_comment", flat=True), key=lambda text: _drawn(entry_code, text))


def _drawn(entry_code: str, text: str) -> bytes:
    return hashlib.sha256(f"{entry_code}\n{text}".encode()).digest()


def report_of(round_: Round) -> Report | None:
    """Return the round's report. One query."""
    return Report.objects.using(alias()).filter(round=round_).select_related("round").first()


# Sent with round by `reasons_given`; a stage that decides on the round's entries returns by entry code the reasons it has written.
giving_reasons = Signal()


def reasons_given(round_: Round) -> dict[str, str]:
    """Return by entry code the reasons that the body's decisions have already; none in a round without names, where a body decides nothing. One query there."""
    if round_.is_blind:
        return {}
    answers: list[tuple[Any, dict[str, str]]] = giving_reasons.send(Round, round=round_)  # type: ignore[assignment]
    return {code: text for _, reasons in answers for code, text in reasons.items()}


def unsigned(report: Report) -> int:
    """Return how many seats have not signed the present version. Two queries."""
    seats = report.round.seats.using(report._state.db).filter(is_absent=False).count()
    return seats - report.signatures.using(report._state.db).filter(report_hash=report.hash, seat__is_absent=False).count()


@dataclass(frozen=True)
class Circumstances:
    """How many left the whole round for a conflict, how many others were absent, and the conflicts of each kind; never whose, never of which entry."""

    absent: int
    left: int
    conflicts: list[tuple[str, int]]


def circumstances(round_: Round) -> Circumstances:
    """Return the absences and conflicts of a round in numbers. Three queries.

    In a blind round the stage that finds a conflict takes the whole seat and names nothing: only the log knows that it was one.
    """
    gone = [f"seat/{handle}" for handle in round_.seats.using(alias()).filter(is_absent=True).values_list("handle", flat=True)]
    left = AuditEvent.objects.using(alias()).filter(what="seat.recused", thing__in=gone).count()
    kinds = Conflict.objects.using(alias()).filter(seat__round=round_).values_list("kind").order_by("kind").annotate(count=Count("pk"))
    return Circumstances(len(gone) - left, left, [(kind, count) for kind, count in kinds])


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


def counted_of(round_: Round) -> str:
    """Return the hash of all reviews that count. One query."""
    rows = counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores", "counted_comment", "counted_passes")
    return counted_hash([review_hash(*row) for row in rows])
