"""Reads of what mentors give and what teams make of it. The staff reads none of these texts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from klash.mentoring.models import Advice, DiaryEntry, Material, Session, TeamNeeds
from klash.rules.roles import Role
from klash.rules.states import SessionState
from klash.teams.models import Membership, Team


def own_team(person: Any, competition: str) -> Team | None:
    """Return the person's admitted team in a competition, with its members. Two queries."""
    if not person.is_authenticated:
        return None
    own = Team.objects.of(person).told().filter(challenge__competition__code=competition)
    return own.select_related("challenge__competition").prefetch_related("memberships").first()


def needs_of(team: Team) -> list[str]:
    """Return what a team wants of the mentoring, the most wanted first. One query."""
    found = TeamNeeds.objects.filter(team=team).first()
    return list(found.needs) if found else []


def advice_on(session: Session) -> list[Advice]:
    """Return the advice points of a session in the order in which they were given. One query."""
    return list(session.advice.all())


@dataclass(frozen=True)
class TeamAdvice:
    """All advice points of a team, the newest session first, and how many wait for an answer."""

    rows: tuple[Advice, ...]
    waiting: int


def advice_to(team: Team) -> TeamAdvice:
    """Return what all mentors advised a team. One query."""
    given = Advice.objects.filter(session__team=team).select_related("session__slot__day", "session__mentor__person")
    rows = tuple(given.order_by("-session__slot__starts_at", "session", "number"))
    return TeamAdvice(rows, sum(not row.answer for row in rows))


def advice_for(person: Any, competition: str, code: str) -> Advice | None:
    """Return an advice point to the session's mentor and to its team. Two queries."""
    seen = Advice.objects.filter(session__in=_own_sessions(person, competition), code=code)
    return seen.select_related(*_SESSION).prefetch_related("session__team__memberships").first()


def material_for(person: Any, competition: str, code: str) -> Material | None:
    """Return a material to the mentor who gave it and to the session's team. Two queries."""
    seen = Material.objects.filter(session__in=_own_sessions(person, competition), code=code)
    return seen.select_related(*_SESSION).prefetch_related("session__team__memberships").first()


_SESSION = ("session__slot__day__competition", "session__team__challenge__competition", "session__mentor__person")


def _own_sessions(person: Any, competition: str) -> QuerySet[Session]:
    own = Q(mentor__person=person, slot__day__competition__code__in=person.acting_as(Role.MENTOR))
    own |= Q(team__in=Membership.objects.filter(person=person).values("team"))
    return Session.objects.filter(own, slot__day__competition__code=competition)


def materials_on(session: Session) -> list[Material]:
    """Return what was given in a session. One query."""
    return list(session.materials.all())


@dataclass(frozen=True)
class Materials:
    """given: to the team by its own mentors; offered: to all teams of the challenge, by mentors of the others."""

    given: tuple[Material, ...]
    offered: tuple[Material, ...]


def materials_of(team: Team) -> Materials:
    """Return what a team has been given, the newest first. One query."""
    rows = Material.objects.filter(Q(session__team=team) | Q(session__team__challenge=team.challenge_id, offered_at__isnull=False))
    found = list(rows.select_related("session__mentor__person").order_by("-given_at", "-pk"))
    own = [row for row in found if row.session.team_id == team.pk]
    return Materials(tuple(own), tuple(row for row in found if row.session.team_id != team.pk))


def diary_of(team: Team) -> list[DiaryEntry]:
    """Return a team's diary, the newest entry first. One query."""
    return list(team.diary.select_related("author", "session__mentor__person", "session__slot"))


def entry_for(person: Any, competition: str, code: str) -> DiaryEntry | None:
    """Return an entry of the diary to its author. Two queries."""
    if not person.is_authenticated:
        return None
    own = DiaryEntry.objects.filter(author=person, team__challenge__competition__code=competition, team__in=Team.objects.of(person).told(), code=code)
    return own.select_related("team__challenge__competition").prefetch_related("team__memberships").first()


def held_sessions(team: Team) -> list[Session]:
    """Return the sessions that a team has had, the newest first. One query."""
    held = team.sessions.filter(state=SessionState.HELD).select_related("mentor__person", "slot")
    return list(held.order_by("-slot__starts_at"))
