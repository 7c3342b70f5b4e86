"""What there is to tell, who wants to hear it, and the mails that tell it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import clock
from klash.core.fields import Text
from klash.following.models import Follow, News
from klash.following.selectors import Followed
from klash.following.texts import SENTENCES
from klash.post.services import queue
from klash.rules.news import Happening, digest_before

SETTLING = timedelta(minutes=10)  # what happened before seven may still be being written at seven
MANY = 30  # so many happenings stand in one mail; the page has the rest


def tell_news(
    *, competition: Competition, about: Sequence[str], happening: Happening, event: str, title: Text, page: str, args: Sequence[str],
    detail: Text | None = None, is_invented: bool = False,
) -> None:
    """Tell a public happening to those who follow one of the things, in the caller's transaction. The same event is told once.

    about: "problems/…", "challenges/…"; the competition's own news have it too. page, args: of the page that tells more.
    """
    now = clock.now()
    News.objects.bulk_create([
        News(
            competition=competition, about=thing, event=event, happening=happening, title=title, detail=detail or {}, page=page, args=list(args), at=now,
            is_invented=is_invented,
        )
        for thing in (*about, f"competitions/{competition.code}")
    ], ignore_conflicts=True)


def forget_news(*, thing: str) -> None:
    """Drop the news of a thing that is public no more, wherever they stand, in the caller's transaction."""
    News.objects.filter(event__in=list(News.objects.filter(about=thing).values_list("event", flat=True))).delete()


@transaction.atomic
def follow(*, actor: User, found: Followed, thing: str) -> Follow:
    """Tell the person by mail what becomes of the thing from now on. A second following finds the first."""
    defaults = {
        "competition": found.competition, "title": found.title, "page": found.page, "args": list(found.args), "is_invented": found.is_invented,
        "told_at": clock.now(),
    }
    return Follow.objects.get_or_create(person=actor, about=thing, defaults=defaults)[0]


@transaction.atomic
def unfollow(*, follow: Follow) -> None:
    """Tell nothing more of the thing. Whoever holds the code of the follow may do it: it stands in every mail."""
    follow.delete()


def send_digests() -> int:
    """Write one mail to everyone of whose things something was told since the last; returns how many. Due once a day, in the morning.

    A run that is late makes up for the one before it; two runs at once write one mail.
    """
    until = digest_before(clock.now() - SETTLING)
    waiting = _waiting(until)
    return sum(_tell(person, until) for person in User.objects.filter(pk__in=waiting).order_by("pk"))


def _waiting(until: datetime) -> set[int]:
    """Return the people of whose things something happened until then that they were not told. One query."""
    news = News.objects.filter(about=OuterRef("about"), at__gt=OuterRef("told_at"), at__lte=until)
    return set(Follow.objects.filter(Exists(news), told_at__lt=until).values_list("person", flat=True))


@transaction.atomic
def _tell(person: User, until: datetime) -> bool:
    follows = list(Follow.objects.select_for_update().filter(person=person, told_at__lt=until).order_by("pk"))
    since = min((row.told_at for row in follows), default=until)
    rows = News.objects.filter(about__in=[row.about for row in follows], at__gt=since, at__lte=until).order_by("at", "pk")
    found = _of_each(follows, list(rows))
    if found:
        context = {"person": person, "things": found, "until": until}
        queue(to=person.email, language=person.language, template="following_digest", context=context, event=f"digest/{until.isoformat()}")
    Follow.objects.filter(pk__in=[row.pk for row in follows]).update(told_at=until)
    return bool(found)


def _of_each(follows: Sequence[Follow], rows: Sequence[News]) -> list[Mapping[str, Any]]:
    """Return what to tell of each follow, an event only once: of the first thing that is followed."""
    told, found = set[str](), defaultdict[int, list[dict[str, Any]]](list)
    for follow in follows:
        for row in rows:
            if row.about == follow.about and row.at > follow.told_at and row.event not in told and len(told) < MANY:
                told.add(row.event)
                found[follow.pk].append({"row": row, "sentence": SENTENCES[Happening(row.happening)]})
    return [{"follow": follow, "news": found[follow.pk]} for follow in follows if found[follow.pk]]
