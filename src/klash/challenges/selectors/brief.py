"""Reads of a brief while it is written together, of its versions, and of those whom it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from klash.accounts.models import RoleGrant, User
from klash.challenges.models import INDICATOR, NEEDED, PLACES, TEXTS, Approval, BriefComment, BriefVersion, Challenge, Content, Suggestion, hash_of
from klash.competitions.models import Competition, CriteriaSet, StageKind
from klash.core.difference import Piece, difference
from klash.core.fields import LANGUAGES
from klash.rules.roles import STAFF, Role
from klash.rules.states import SuggestionState


@dataclass(frozen=True)
class Cell:
    """One text in one language: whether it is there, and whether publication waits for it."""

    language: str
    is_there: bool
    is_needed: bool


@dataclass(frozen=True)
class PlaceRow:
    """One part of the brief with its languages, and what is open about it. cells: () for the measures and the notice."""

    place: str
    cells: tuple[Cell, ...]
    is_missing: bool
    threads: int
    suggestions: int


def places_of(challenge: Challenge) -> list[PlaceRow]:
    """Return the parts of the brief with what is missing and what waits, in order. Two queries."""
    threads = dict(challenge.comments.filter(parent=None, resolved_at=None).order_by().values_list("place").annotate(Count("pk")))
    waiting = dict(challenge.suggestions.filter(state=SuggestionState.OPEN).order_by().values_list("place").annotate(Count("pk")))
    missing, texts = {place for place, _ in challenge.missing()}, challenge.content()["texts"]
    return [
        PlaceRow(place, _cells(texts[place]) if place in TEXTS else (), place in missing, threads.get(place, 0), waiting.get(place, 0)) for place in PLACES
    ]


def _cells(text: dict[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(code, bool(text.get(code)), code in NEEDED) for code in LANGUAGES)


def without_english(challenge: Challenge) -> list[str]:
    """Return the texts that have no English, which publication does not wait for."""
    texts = challenge.content()["texts"]
    return [name for name in TEXTS if not texts[name].get("en", "").strip()]


def threads_of(challenge: Challenge, place: str) -> list[BriefComment]:
    """Return the comments on one part with their answers, open threads first. Two queries."""
    answers = Prefetch("answers", queryset=BriefComment.objects.select_related("author").order_by("pk"))
    rows = challenge.comments.filter(place=place, parent=None).select_related("author", "resolved_by").prefetch_related(answers)
    return sorted(rows.order_by("pk"), key=lambda row: (row.resolved_at is not None, row.pk))


def suggestions_of(challenge: Challenge, place: str) -> list[Suggestion]:
    """Return the suggestions for one part, those that wait first. One query."""
    rows = challenge.suggestions.filter(place=place).select_related("author", "decided_by").order_by("pk")
    return sorted(rows, key=lambda row: (row.state != SuggestionState.OPEN, row.pk))


def versions_of(challenge: Challenge, *, start: int = 0, limit: int = 50) -> list[BriefVersion]:
    """Return the versions, newest first, with who approved them. Two queries."""
    approvals = Prefetch("approvals", queryset=Approval.objects.select_related("person").order_by("given_at"))
    rows = challenge.versions.select_related("author").defer("content").prefetch_related(approvals).order_by("-number")
    return list(rows[start:start + limit])


def version(challenge: Challenge, number: int) -> BriefVersion | None:
    """Return one version with its author. One query."""
    return challenge.versions.select_related("author").filter(number=number).first()


def approvals_of(challenge: Challenge) -> list[Approval]:
    """Return the approvals that the brief as it stands now has. Two queries."""
    last = challenge.versions.order_by("-number").defer("content").first()
    return list(last.approvals.select_related("person")) if last is not None and last.hash == hash_of(challenge.content()) else []


def editions_of(challenge: Challenge) -> list[BriefVersion]:
    """Return what was published, newest first. One query."""
    return list(challenge.versions.filter(edition__isnull=False).defer("content").order_by("-edition"))


def edition(challenge: Challenge, number: int) -> tuple[BriefVersion, BriefVersion] | None:
    """Return an edition after the first and the one before it. One query."""
    rows = {row.edition: row for row in challenge.versions.filter(edition__in=[number, number - 1])}
    return (rows[number], rows[number - 1]) if len(rows) == 2 else None


@dataclass(frozen=True)
class Changed:
    """What differs in one part: of a text by language, of the measures row by row, of the notice by its field."""

    place: str
    part: str
    language: str
    pieces: tuple[Piece, ...]


def compared(before: Content, after: Content) -> list[Changed]:
    """Return what differs between two versions, in the order of the brief. No query."""
    return [
        Changed(place, part, language, tuple(difference(old, new)))
        for (place, part, language), (old, new) in _paired(_flat(before), _flat(after)) if old != new
    ]


_Key = tuple[str, str, str]


def _paired(before: dict[_Key, str], after: dict[_Key, str]) -> Iterable[tuple[_Key, tuple[str, str]]]:
    keys = sorted({*before, *after}, key=lambda key: (PLACES.index(key[0]), key[1], LANGUAGES.index(key[2]) if key[2] else 0))
    return ((key, (before.get(key, ""), after.get(key, ""))) for key in keys)


def _flat(content: Content) -> dict[_Key, str]:
    """Return every text of a content by place, part within it and language."""
    found = {(name, "", code): text for name in TEXTS for code, text in content["texts"].get(name, {}).items()}
    for number, row in enumerate(content["indicators"], 1):
        found |= {("indicators", f"{number:02}/{name}", code): text for name in INDICATOR for code, text in row[name].items()}
    return found | {("notice", name, ""): "" if said is None else str(said) for name, said in content["notice"].items()}


def frozen_criteria(competition: Competition) -> CriteriaSet | None:
    """Return the set of the jury's criteria with the hash under which it was frozen. One query."""
    return CriteriaSet.objects.filter(competition=competition, stage_kind=StageKind.JUDGING).exclude(hash="").first()


def concerned(challenge: Challenge) -> Sequence[User]:
    """Return whoever is told of a change: all with a role in the challenge, its teams and panel among them, the mentors and the staff. One query."""
    held = RoleGrant.objects.filter(standing__person=OuterRef("pk"), standing__competition=challenge.chain, ended_at=None)
    near = held.filter(Q(challenge=challenge.code) | Q(challenge="", role__in=[*STAFF, Role.MENTOR, Role.BUYER]))
    return list(User.objects.filter(Exists(near), is_active=True).order_by("pk"))


def may_read_drafts(person: Any, challenge: Challenge) -> bool:
    """Return whether the person writes the brief or runs the competition. No query once the roles are read."""
    return person.is_authenticated and bool(person.roles_in(challenge.chain, challenge.code) & {*STAFF, Role.PILOT_OFFICER})
