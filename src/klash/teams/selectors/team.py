"""Reads of teams and their applications."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from klash.accounts.models import Invitation, User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, StageKind
from klash.competitions.selectors import Decided, Sheet, awaited_of
from klash.core import audit
from klash.core.models import AuditEvent
from klash.interests import selectors as interests
from klash.rules.conflicts import Firm, Party
from klash.rules.states import ApplicationState
from klash.teams.models import Application, Membership, Succession, Team, TeamFirm

# What was asked before organisers made the questions: the receipts of that time hold a hash of these in this order.
ASKED_BEFORE = ("know_how", "idea", "motivation")


def own_team(person: Any, competition: Competition, challenge: Challenge) -> Team | None:
    """Return the person's team in the competition, if any: that of the challenge before those of others. One query."""
    if not person.is_authenticated:
        return None
    rows = list(Team.objects.of(person).filter(challenge__competition=competition).select_related("challenge"))
    return next((team for team in rows if team.challenge_id == challenge.pk), rows[0] if rows else None)


def public_teams(challenge: Challenge) -> QuerySet[Team]:
    """Return the admitted teams by name, from the release of the admissions on. Holds no member."""
    return Team.objects.told().filter(challenge=challenge).order_by("name")


def admitted(challenge: Challenge) -> tuple[int, int]:
    """Return how many teams are admitted and told, and their members. Two queries."""
    teams = public_teams(challenge)
    return teams.count(), Membership.objects.filter(team__in=teams.order_by()).count()


def applicants(challenge: Challenge, codes: Iterable[str] | None = None) -> dict[str, Application]:
    """Return the applications before the panel by entry code, all of them or those of some codes. One query."""
    rows = Application.objects.filter(team__challenge=challenge).exclude(entry_code=None).exclude(state=ApplicationState.WITHDRAWN)
    rows = rows if codes is None else rows.filter(entry_code__in=list(codes))
    found = list(rows.select_related("team"))
    for row in found:
        row.team.challenge = challenge  # one competition in memory, so that its form is read once
    return {str(row.entry_code): row for row in found}


def handed_in(challenge: Challenge, now: datetime) -> list[Application]:
    """Return the applications that wait for their panel, by the team's name, with what is still awaited of each; none while the call runs. Four queries."""
    if now <= challenge.competition.stage(StageKind.TEAM_CALL).closes_at:
        return []
    rows = list(Application.objects.filter(team__challenge=challenge, state=ApplicationState.SUBMITTED).select_related("team").order_by("team__name", "pk"))
    awaited = awaited_of((f"application/{row.team.code}" for row in rows), now)
    for row in rows:
        row.awaited = awaited.get(f"application/{row.team.code}")
    return rows


def verdicts(challenge: Challenge, sheet: Sheet) -> list[tuple[Application, Decided]]:
    """Return the applications before the panel with what is decided on each, by the team's code, with the members. Three queries."""
    rows = {row.place.entry_code: row for row in sheet.rows}
    members = Membership.objects.select_related("person").order_by("pk")
    found = Application.objects.filter(team__challenge=challenge, entry_code__in=rows).exclude(state=ApplicationState.WITHDRAWN)
    found = found.select_related("team__challenge__competition").prefetch_related(Prefetch("team__memberships", queryset=members))
    return [(row, rows[str(row.entry_code)]) for row in found.order_by("team__code")]


def next_on_reserve(challenge: Challenge) -> Application | None:
    """Return the first on the reserve list of a challenge, if anybody is. One query."""
    rows = Application.objects.filter(team__challenge=challenge, state=ApplicationState.ON_RESERVE).select_related("team")
    return rows.order_by("reserve_place").first()


def successions(challenge: Challenge) -> list[Succession]:
    """Return who came in from the reserve list, and why, in the order of the decisions. One query."""
    return list(Succession.objects.filter(application__team__challenge=challenge).select_related("application__team").order_by("decided_at", "pk"))


def sides(teams: Iterable[int]) -> dict[int, Party]:
    """Return each team as the rule that finds conflicts sees it: its members, their organisations, its own firms. Six queries.

    teams: primary keys.
    """
    people: dict[int, list[User]] = {key: [] for key in teams}
    for row in Membership.objects.filter(team__in=people).select_related("person").order_by("pk"):
        people[row.team_id].append(row.person)
    firms: dict[int, list[Firm]] = {key: [] for key in people}
    for firm in TeamFirm.objects.filter(team__in=people).order_by("pk"):
        firms[firm.team_id].append(Firm(firm.name, firm.business_id))
    known = interests.parties({person.pk: person for members in people.values() for person in members}.values())
    return {key: interests.side([known[person.pk] for person in members], firms=tuple(firms[key])) for key, members in people.items()}


def fingerprint(application: Application) -> str:
    """Return the SHA-256 of what the team submitted: its name, summary and answers.

    What was submitted before organisers made the form's questions keeps the hash of its receipt.
    """
    team = application.team
    if set(application.answers) <= set(ASKED_BEFORE) and all(isinstance(value, str) for value in application.answers.values()):
        texts = [team.name, team.summary, *(application.answer(name) for name in ASKED_BEFORE)]
        return audit.sha256("klash/1/application", team.code, audit.canonical(texts))
    return audit.sha256("klash/2/application", team.code, audit.canonical([team.name, team.summary, application.answers]))


def receipt_of(application: Application) -> str:
    """Return the fingerprint that the log holds of the last submission, or an empty string. One query.

    Nothing of where the event stands in the log: that would tell how many others applied.
    """
    events = AuditEvent.objects.filter(chain__competition=application.chain, thing=f"application/{application.code}", what="application.submitted")
    event = events.order_by("-number").first()
    return str((event.body or {}).get("hash", "")) if event else ""


def last_writer(application: Application) -> str:
    """Return the pseudonym of who saved the application last, or an empty string. One query."""
    events = AuditEvent.objects.filter(chain__competition=application.chain, thing=f"application/{application.code}", what="application.saved")
    return events.order_by("-number").values_list("actor", flat=True).first() or ""


def is_name_taken(challenge: Challenge, name: str) -> bool:
    """Return whether a team of the challenge has this name, whatever its capitals. One query."""
    return Team.objects.filter(challenge=challenge, name__iexact=name).exists()


def names_in(challenge: Challenge) -> list[str]:
    """Return the names of the challenge's teams. One query."""
    return list(Team.objects.filter(challenge=challenge).order_by("name").values_list("name", flat=True))


def open_invitations(team: Team, now: datetime) -> list[Invitation]:
    """Return the team's links that can still be accepted, oldest first. One query."""
    return list(Invitation.objects.filter(team=team.code, accepted_at=None, expires_at__gte=now).order_by("sent_at", "pk"))
