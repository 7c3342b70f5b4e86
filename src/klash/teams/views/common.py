from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.challenges import selectors as challenges
from klash.challenges.models import Challenge
from klash.competitions.answers import in_words
from klash.competitions.forms.answering import language
from klash.competitions.models import StageKind
from klash.core import clock
from klash.core.fields import Text
from klash.rules.knowhow import ROLES
from klash.rules.questions import missing, shown
from klash.rules.states import HandoverState
from klash.teams.models import Application, Handover, Membership, Team


def frame(challenge: Challenge, team: Team | None = None, **more: Any) -> dict[str, Any]:
    """Return what every page here shows: competition, challenge, the call's stage, breadcrumb; and the team."""
    competition = challenge.competition
    title = challenges.shown(challenge.title)
    parents = [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": title.text, "url": reverse("challenges:challenge", args=[competition.code, challenge.code])},
    ]
    if team is not None and more.pop("is_below_team", True):
        parents.append({"label": team.name, "url": reverse("teams:show", args=[team.code])})
    stage = competition.stages_by_kind().get(StageKind.TEAM_CALL) if more.pop("shows_stage", True) else None
    found = {"competition": competition, "challenge": challenge, "challenge_title": title, "stage": stage, "parents": parents, "team": team}
    return {**found, "is_invented": competition.is_invented or bool(team and team.is_invented), **more}


def lines_of(team: Team, names: Mapping[str, Text]) -> list[dict[str, Any]]:
    """Return the members, the leader first, with what each says of the own part and know-how."""
    return [
        {"member": row, "role": row.own_role or ROLES.get(row.role, row.role), "skills": [names.get(code, {"fi": code}) for code in row.skills]}
        for row in in_order(team)
    ]


def checks_of(team: Team, asked: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Return what is to be in order before the team applies, beside the application itself: title, address, whether it is done."""
    competition, members = team.challenge.competition, team.memberships.all()
    rows = [
        (_("Who may take part"), "eligibility", asked["is_eligible"]),
        (_("The conditions of taking part"), "conditions", asked["has_accepted"]),
        (_("No grounds for exclusion: each confirms"), "declaration", asked["is_declared"]),
        (_("Each tells what they know"), "who", all(row.skills or row.own_skills for row in members)),
        (_("%(least)s–%(most)s members") % {"least": competition.team_size_min, "most": competition.team_size_max}, "who",
         competition.team_size_min <= len(members) <= competition.team_size_max),
    ]
    return [{"title": title, "url": reverse(f"teams:{name}", args=[team.code]), "is_done": is_done} for title, name, is_done in rows]


def in_order(team: Team) -> list[Membership]:
    return sorted(team.memberships.all(), key=lambda row: (not row.is_leader, row.person.name, row.pk))


def sections_of(found: Application) -> list[dict[str, Any]]:
    """Return what is asked of a team that answers so, each with its answer in words and whether it still lacks one."""
    asked, lacking = {row.code for row in shown(found.form.rules(), found.answers)}, missing(found.form.rules(), found.answers, clock.now())
    rows = [row for row in found.form.asked if row.code in asked]
    return [
        {"code": row.code, "heading": row.heading, "text": in_words(row, found.answer(row.code), language()), "is_missing": row.code in lacking}
        for row in rows
    ]

def whole(team: Team | None) -> Team | None:
    if team is not None:
        team.application.team = team  # one team in memory, so that its members are read once
    return team


def _with_offer(rows: QuerySet[Team]) -> QuerySet[Team]:
    offers = Handover.objects.filter(team=OuterRef("pk"), state=HandoverState.PROPOSED)
    return rows.annotate(lead_offered_to=Subquery(offers.values("person")[:1]))


def visible(person: Any, team: str) -> Team | None:
    rows = Team.objects.visible_to(person).filter(code=team).select_related("challenge__competition", "application", "notice_facts")
    return whole(_with_offer(rows).prefetch_related("memberships__person").first())


def own(person: Any, team: str) -> Team | None:
    rows = Team.objects.of(person).filter(code=team).select_related("challenge__competition", "application", "notice_facts")
    return whole(_with_offer(rows).prefetch_related("memberships__person").first())
