"""What a round is made of and who reviews what. Never scores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from klash.accounts.models import Invitation, ReviewerHandle
from klash.core.databases import reviewing as alias
from klash.core.models import AuditEvent
from klash.reviewing.models import Conflict, Criterion, Entry, Review, Round, Seat, Suggestion


def scale_of(criteria: Sequence[Criterion]) -> tuple[int, int]:
    """Return the lowest and the highest score that can be given; 0 to 10 where there are no criteria. No query."""
    return min((row.scale_min for row in criteria), default=0), max((row.scale_max for row in criteria), default=10)


def criteria_of(round_: Round) -> list[Criterion]:
    """Return the criteria in order. One query."""
    return list(round_.criteria.using(alias()).all())


def all_codes() -> set[str]:
    """Return every code name that was ever given. One query."""
    return set(Entry.objects.using(alias()).values_list("code", flat=True))


def find_round(key: str) -> Round | None:
    """Return the round that a stage calls by this key. One query."""
    return Round.objects.using(alias()).filter(key=key).first()


def progress(round_: Round) -> tuple[int, int]:
    """Return how many reviews are submitted and how many are assigned; never whose, never scores. One query."""
    sums = {"submitted": Coalesce(Sum("second_count" if round_.is_scored_again else "submitted_count"), 0), "assigned": Coalesce(Sum("assigned_count"), 0)}
    found = round_.seats.using(alias()).filter(is_absent=False).aggregate(**sums)
    return found["submitted"], found["assigned"]


@dataclass(frozen=True)
class Dealt:
    """An entry and who is to review it: handles, which never reach a page, each with whether the reviewer has begun."""

    code: str
    title: str
    language: str
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
    entries = round_.entries.using(alias()).filter(is_excluded=False).order_by("title", "code").values_list("code", "title", "language")
    return [
        Dealt(code, title, language, tuple(given.get(code, [])), tuple(proposed.get(code, [])), content["unmet"].get(code, 0))
        for code, title, language in entries
    ]


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


def vacant(seats: Iterable[Seat]) -> list[Seat]:
    """Return those of the seats that nobody holds or is invited to: what a run that broke off between the two databases left. Four queries.

    Never asked in the jury's face, which does not see who was seated on the other side.
    """
    rows = list(seats)
    handles = [seat.handle for seat in rows]
    taken: set[str] = set()
    for using in dict.fromkeys(["default", alias()]):
        taken.update(ReviewerHandle.objects.using(using).filter(handle__in=handles).values_list("handle", flat=True))
        taken.update(Invitation.objects.using(using).filter(handle__in=handles).values_list("handle", flat=True))
    return [seat for seat in rows if seat.handle not in taken]


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
    return set(round_.entries.using(alias()).filter(is_excluded=False).exclude(Exists(taken)).values_list("code", flat=True))
