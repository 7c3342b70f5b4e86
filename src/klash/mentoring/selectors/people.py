"""Reads of people: who has a part in the mentoring, and the mentors."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q

from klash.accounts.models import Invitation, User
from klash.competitions.models import Competition
from klash.core.fields import Text
from klash.mentoring.models import MentorOffer, MentorProfile, Session
from klash.rules.roles import Role
from klash.rules.states import SessionState
from klash.teams.models import Membership, Team


class Part(StrEnum):
    """What a person is in the mentoring of one competition."""

    STAFF = "staff"
    MENTOR = "mentor"
    TEAM = "team"


def part_of(person: Any, competition: Competition) -> Part | None:
    """Return a person's part in the mentoring, or None: then nothing of it is shown. At most three queries."""
    if competition.is_run_by(person):
        return Part.STAFF
    if Role.MENTOR in person.roles_in(competition.code):
        return Part.MENTOR
    if Team.objects.of(person).told().filter(challenge__competition=competition).exists():
        return Part.TEAM
    return None


def competition_for(person: Any, competition: str) -> Competition | None:
    """Return the competition if the person may see it. One query."""
    return Competition.objects.visible_to(person).filter(code=competition).first()


def mentors_by_team(teams: Iterable[int]) -> dict[int, list[User]]:
    """Return the persons who mentor each of the teams, by primary key. One query."""
    found: dict[int, list[User]] = {key: [] for key in teams}
    sessions = Session.objects.exclude(state=SessionState.CANCELLED).filter(team__in=found)
    for row in sessions.select_related("mentor__person").order_by("mentor__person", "team", "slot"):
        if row.mentor.person not in found[row.team_id]:
            found[row.team_id].append(row.mentor.person)
    return found


def leaders_of(teams: Iterable[int]) -> dict[int, User]:
    """Return the leaders of the teams, by the team's primary key. One query."""
    rows = Membership.objects.filter(team__in=set(teams), is_leader=True).select_related("person")
    return {row.team_id: row.person for row in rows}


def mentors_of(competition: Competition) -> list[MentorProfile]:
    """Return the mentors by name, each with `sessions_count`. One query."""
    standing = Count("sessions", filter=~Q(sessions__state=SessionState.CANCELLED))
    return list(competition.mentors.select_related("person").annotate(sessions_count=standing).order_by("person__name", "pk"))


def offers_of(competition: Competition) -> list[MentorOffer]:
    """Return what was written of mentors who have not accepted yet, by address. One query."""
    waiting = competition.mentor_offers.filter(invitation__accepted_at=None)
    return list(waiting.select_related("invitation").order_by("invitation__email", "pk"))


def describe_mentor(invitation: Invitation) -> dict[str, Text] | None:
    """Return the names behind an invitation to be a mentor, or None for another role. One query."""
    if invitation.role != Role.MENTOR:
        return None
    name = Competition.objects.filter(code=invitation.competition).values_list("name", flat=True).first()
    return {"competition": {"fi": name}} if name else None
