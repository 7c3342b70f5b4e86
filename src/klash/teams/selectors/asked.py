"""Reads of what is asked of teams beside the application, and of what a team has against what its challenge needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core.fields import Text
from klash.rules import grounds
from klash.rules.knowhow import KNOW_HOW, Need, mix
from klash.teams.models import Acceptance, Conditions, Declaration, EligibilityQuestion, Membership, NeededSkill, Team, TeamFirm, TeamRules


def rules_of(competition: Competition) -> TeamRules:
    """Return the rules of the team call, or the defaults. One query."""
    found = TeamRules.objects.filter(competition=competition).first() or TeamRules(competition=competition)
    found.competition = competition
    return found


def eligibility_of(competition: Competition) -> list[EligibilityQuestion]:
    """Return the questions on who may take part, in their order. One query."""
    return list(EligibilityQuestion.objects.filter(competition=competition).select_related("competition").order_by("pk"))


def conditions_of(competition: Competition) -> Conditions | None:
    """Return the conditions that are in force, if there are any. One query."""
    return Conditions.objects.filter(competition=competition).order_by("-number").first()


def acceptance_of(team: Team, conditions: Conditions | None) -> Acceptance | None:
    """Return who accepted the conditions for the team, and when. One query."""
    return Acceptance.objects.filter(team=team, conditions=conditions).select_related("person").first() if conditions else None


def team_in_the_way(person: Any, challenge: Challenge) -> Team | None:
    """Return the person's team because of which the rules let the person into no other team of the challenge. Two queries at most."""
    if not person.is_authenticated:
        return None
    own = Team.objects.of(person).select_related("challenge").filter(challenge__competition=challenge.competition).order_by("pk")
    found = list(own)
    if found and rules_of(challenge.competition).one_team == TeamRules.OneTeam.CHALLENGE:
        found = [team for team in found if team.challenge_id == challenge.pk]
    return found[0] if found else None


@dataclass(frozen=True)
class Declared:
    """A person or an organisation of the team, and what was confirmed, if anything was."""

    person: Membership | None
    firm: TeamFirm | None
    declaration: Declaration | None


def declarations_of(team: Team) -> list[Declared]:
    """Return each member and each own organisation of the team with its confirmation. Three queries; the members' if they were read before."""
    rows = Declaration.objects.filter(team=team, version=grounds.VERSION).select_related("person")
    persons = {row.person_id: row for row in rows if row.firm_id is None}
    firms = {row.firm_id: row for row in rows if row.firm_id is not None}
    members = [Declared(member, None, persons.get(member.person_id)) for member in team.memberships.all()]
    return members + [Declared(None, firm, firms.get(firm.pk)) for firm in team.firms.all() if firm.part == TeamFirm.Part.OWN]


def needs_of(challenge: Challenge) -> list[NeededSkill]:
    """Return the know-how that a challenge needs, in order. One query."""
    return list(NeededSkill.objects.filter(challenge=challenge).order_by("pk"))


def skill_names(needs: Iterable[NeededSkill]) -> dict[str, Text]:
    """Return all know-how that a member of a team may choose: the list, and what the challenge needs beside it. No query."""
    return {**{code: dict(name) for code, name in KNOW_HOW.items()}, **{need.code: need.shown_name for need in needs}}


def members_of(teams: Iterable[int]) -> dict[int, list[Membership]]:
    """Return the members of teams by the teams' keys. One query."""
    found: dict[int, list[Membership]] = {key: [] for key in teams}
    for row in Membership.objects.filter(team__in=found).order_by("pk"):
        found[row.team_id].append(row)
    return found


def mix_of(needs: Iterable[NeededSkill], members: Iterable[Membership]) -> tuple[Need, ...]:
    """Return what the challenge needs against what the members say they know. No query."""
    return mix([(need.code, need.shown_name) for need in needs], [member.skills for member in members])
