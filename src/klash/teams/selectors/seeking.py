"""Reads of who looks for whom. What is public holds no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from klash.challenges.models import Challenge
from klash.teams.models import Ad, AdAnswer, Team

ADS_PAGE = 50


@dataclass(frozen=True)
class Ads:
    """A page of ads, newest first, without who wrote them. total: how many match."""

    rows: Sequence[Ad]
    total: int


def open_ads(challenge: Challenge, *, skill: str = "", of_teams: bool | None = None, start: int = 0) -> Ads:
    """Return the ads of a challenge that stand, those of teams, of people or of both, that name a skill where one is asked for. Two queries.

    Call it while the team call is open: afterwards none stands.
    """
    rows = Ad.objects.filter(challenge=challenge, closed_at=None).defer("person")
    if of_teams is not None:
        rows = rows.filter(team__isnull=not of_teams)
    found = [row for row in rows if skill in row.skills] if skill else list(rows[start : start + ADS_PAGE])
    return Ads(found[start : start + ADS_PAGE] if skill else found, len(found) if skill else rows.count())


def find_ad(code: str) -> Ad | None:
    """Return an ad that stands, with its challenge. One query."""
    return Ad.objects.filter(code=code, closed_at=None).select_related("challenge__competition", "team", "person").first()


def ad_of_team(team: Team) -> Ad | None:
    return _with_answers(Ad.objects.filter(team=team, closed_at=None))


def ad_of_person(person: Any, challenge: Challenge) -> Ad | None:
    return _with_answers(Ad.objects.filter(challenge=challenge, team=None, person=person, closed_at=None)) if person.is_authenticated else None


def _with_answers(rows: QuerySet[Ad]) -> Ad | None:
    return rows.select_related("challenge__competition", "team").first()


def answers_to(ad: Ad) -> list[AdAnswer]:
    """Return the answers to an ad, newest first, for its owner. One query."""
    return list(AdAnswer.objects.filter(ad=ad).select_related("person", "team"))
