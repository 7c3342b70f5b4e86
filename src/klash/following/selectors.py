"""Reads of news and of who follows what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db.models import Exists, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from klash.competitions.models import Competition
from klash.competitions.selectors import find as find_competition
from klash.core.fields import LANGUAGES, Text
from klash.following.models import Follow, News

FEED = 50


def about(kind: str, code: str) -> str:
    """Return how news name a thing."""
    return f"{kind}/{code}"


@dataclass(frozen=True)
class Followed:
    """A thing that can be followed, as somebody may see it: what it is called, and its page."""

    competition: Competition
    title: Text
    page: str
    args: Sequence[str]
    is_invented: bool = False


Finder = Callable[[Any, str, str], Followed | None]
_finders: dict[str, Finder] = {}


def followable(kind: str) -> Callable[[Finder], Finder]:
    """Let a stage name a kind of thing that can be followed: `finder(person, competition, code)` returns it where it is public."""

    def register(finder: Finder) -> Finder:
        _finders[kind] = finder
        return finder

    return register


def find(person: Any, competition: str, kind: str, code: str) -> Followed | None:
    """Return a thing that can be followed, or None. The queries of its finder."""
    return _finders[kind](person, competition, code) if kind in _finders else None


@followable("competitions")
def _competition(person: Any, competition: str, code: str) -> Followed | None:
    found = find_competition(person, competition) if code == competition else None
    return Followed(found, dict.fromkeys(LANGUAGES, found.name), "following:news", [code], found.is_invented) if found else None


def news_of(thing: str) -> list[News]:
    """Return the latest news of a thing, newest first. One query."""
    return list(News.objects.filter(about=thing).select_related("competition")[:FEED])


def follow_of(person: Any, thing: str) -> Follow | None:
    """Return the person's follow of a thing, or None. One query, none for a visitor."""
    return Follow.objects.filter(person=person, about=thing).first() if person.is_authenticated else None


Thing = TypeVar("Thing", bound=Model)


def followed_by(person: Any, kind: str, rows: QuerySet[Thing]) -> QuerySet[Thing]:
    """Return rows of things with their `code`, each with `is_followed`: whether the person follows it. Adds no query."""
    if not person.is_authenticated:
        return rows
    followed: Any = rows.annotate(is_followed=Exists(Follow.objects.filter(person=person, about=Concat(Value(f"{kind}/"), OuterRef("code")))))
    return cast(QuerySet[Thing], followed)


def follows(person: Any) -> QuerySet[Follow]:
    """Return what the person follows, in the order in which it was begun, those of competitions that may be seen. One query."""
    seen = Competition.objects.visible_to(person)
    return Follow.objects.filter(person=person, competition__in=seen).select_related("competition").order_by("pk")
