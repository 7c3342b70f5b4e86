"""What a reviewer reads of the own task. Nothing of another's scores before the round says so."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from klash.accounts.selectors import handles_of
from klash.core.databases import reviewing as alias
from klash.core.paging import PAGE
from klash.reviewing.models import Conflict, Criterion, Entry, Preference, Remark, Review, Seat, SecondReview
from klash.reviewing.selectors.results import counted_reviews
from klash.reviewing.selectors.rounds import criteria_of
from klash.rules.states import ReviewState, RoundState

LEFT_OUT = "–"  # what is shown where an optional criterion has no score


@dataclass(frozen=True)
class OwnEntry:
    code: str
    title: str
    language: str
    author: str
    is_invented: bool
    state: str  # "", draft or submitted; of the second scoring while it runs


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
    # Who was recorded absent, or has lost the role, reads nothing more.
    return Seat.objects.using(alias()).filter(handle__in=handles_of(person), is_absent=False, ended_at=None).select_related("round")


def own_entries(seat: Seat, start: int = 0) -> list[OwnEntry]:
    """Return at most 50 of the seat's entries from the place `start` (0 is first) in its own order, each with its own state. One query."""
    rows = _own_reviews(seat).filter(place__gt=start, place__lte=start + PAGE)
    columns, again = ("entry__code", "entry__title", "entry__language", "entry__author", "entry__is_invented"), "second__" if seat.round.is_scored_again else ""
    return [
        OwnEntry(code, title, language, author, is_invented, state if saved_at else "")
        for state, saved_at, code, title, language, author, is_invented in rows.values_list(f"{again}state", f"{again}saved_at", *columns)
    ]


def own_key(seat: Seat, entry_code: str) -> bytes:
    """Return what a seat's own order sorts by: stable for one, different for each, telling nothing of arrival."""
    return hmac.new(settings.SECRET_KEY.encode(), f"order\n{seat.handle}\n{entry_code}".encode(), hashlib.sha256).digest()


def _own_reviews(seat: Seat) -> QuerySet[Review]:
    return Review.objects.using(alias()).filter(seat=seat, place__isnull=False).order_by("place")


@dataclass(frozen=True)
class Drafts:
    """A seat's drafts in its own order, those that lack something apart, and how many reviews are not begun."""

    whole: list[Review]
    lacking: list[Review]
    untouched: int


def own_drafts(seat: Seat) -> Drafts:
    """Return what the seat has not submitted, with titles and without texts. Two queries."""
    prefetch_related_objects([seat.round], "criteria")
    rows = list(_own_reviews(seat).filter(state=ReviewState.DRAFT).select_related("entry").defer("entry__sections"))
    for row in rows:
        row.seat = seat
    begun = [row for row in rows if row.saved_at]
    return Drafts([row for row in begun if row.is_whole], [row for row in begun if not row.is_whole], len(rows) - len(begun))


@dataclass(frozen=True)
class Wished:
    """An entry as a reviewer may wish for it before it can be read. topics: names in three languages. wish: "" where nothing was said."""

    code: str
    title: str
    author: str
    is_invented: bool
    topics: list[Any]
    wish: str


def wished(seat: Seat, start: int = 0) -> list[Wished]:
    """Return at most 50 entries for which the reviewer may wish, by title, from the number `start` on; barred ones are left out. One query."""
    names = {row["code"]: row["name"] for row in seat.round.topics}
    own = Preference.objects.filter(entry=OuterRef("pk"), seat=seat).values("wish")[:1]
    rows = _open_to_wishes(seat).annotate(wish=Coalesce(Subquery(own), Value(""))).order_by("title", "code")[start : start + PAGE]
    return [
        Wished(code, title, author, is_invented, [names[topic] for topic in topics if topic in names], wish)
        for code, title, author, is_invented, topics, wish in rows.values_list("code", "title", "author", "is_invented", "topics", "wish")
    ]


def count_wishes(seat: Seat) -> tuple[int, int]:
    """Return how many entries the reviewer may wish for, and for how many something was said. Two queries."""
    return _open_to_wishes(seat).count(), Preference.objects.using(alias()).filter(seat=seat).count()


def _open_to_wishes(seat: Seat) -> QuerySet[Entry]:
    barred = Conflict.objects.filter(entry=OuterRef("pk"), seat=seat)
    return Entry.objects.using(alias()).filter(~Exists(barred), round=seat.round, is_excluded=False)


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
    """What one reviewer gave an entry, under the letter drawn for the discussion. scores: as (criterion, first, second where it differs or None), in order."""

    letter: str
    is_own: bool
    scores: tuple[tuple[Criterion, Any, Any], ...]
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
    criteria = criteria_of(round_)
    opinions = [_opinion(row, seat, criteria, round_.state == RoundState.COMPLETE) for row in rows]
    said = Remark.objects.using(alias()).filter(entry=review.entry, seat__is_absent=False).select_related("seat")
    remarks = [Said(row.seat.letter, row.seat_id == seat.pk, row.text, row.made_at) for row in said]
    return Discussion(opinions, remarks, next((row.second for row in rows if row.seat_id == seat.pk and hasattr(row, "second")), None))


def _opinion(row: Review, reader: Seat, criteria: Sequence[Criterion], is_complete: bool) -> Opinion:
    is_own = row.seat_id == reader.pk
    second = getattr(row, "second", None)
    shown = second if second is not None and second.state == ReviewState.SUBMITTED and (is_own or is_complete) else None
    again = {code: shown.scores.get(code, LEFT_OUT) for code in {*shown.scores, *row.scores} if shown.scores.get(code) != row.scores.get(code)} if shown else {}
    scores = tuple((criterion, row.scores.get(criterion.code, LEFT_OUT), again.get(criterion.code)) for criterion in criteria)
    return Opinion(row.seat.letter, is_own, scores, row.comment, shown.comment if shown and shown.comment != row.comment else "", row.passes)


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: its place, the reader's own points and the mean of the others', None where there is nobody else."""

    place: int
    own: Fraction | None
    others: Fraction | None


def outcomes(seat: Seat, codes: Sequence[str]) -> dict[str, Outcome]:
    """Return what became of the seat's own entries, by code; empty before the round is complete. Two queries, none before that.

    Only the reader's own points are told apart; the others' only together.
    """
    if seat.round.state != RoundState.COMPLETE:
        return {}
    # Points that rest on the same weight are added by the database: as many rows as there are ways to leave optional criteria out.
    rows = counted_reviews(seat.round).filter(entry__code__in=codes).annotate(is_own=Q(seat=seat)).order_by()
    sums: dict[tuple[str, bool], list[tuple[Fraction, int]]] = {}
    for code, is_own, weight, points, count in rows.values_list("entry__code", "is_own", "counted_weight").annotate(Sum("counted_points"), Count("pk")):
        sums.setdefault((code, is_own), []).append((Fraction(points, weight), count))
    entries = Entry.objects.using(alias()).filter(round=seat.round, code__in=codes, place__isnull=False)
    return {
        code: Outcome(place or 0, _mean(sums.get((code, True), [])), _mean(sums.get((code, False), []))) for code, place in entries.values_list("code", "place")
    }


def _mean(sums: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    return sum((points for points, _ in sums), Fraction(0)) / sum(count for _, count in sums) if sums else None


def own_review(seat: Seat, entry_code: str) -> Review | None:
    """Return the seat's own review of an entry that is assigned to it, with the entry. One query."""
    return _own_reviews(seat).filter(entry__code=entry_code).select_related("entry").first()
