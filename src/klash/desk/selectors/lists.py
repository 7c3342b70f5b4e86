"""Who has a part in a competition, what happened and what was sent: the desk's lists, 50 a page."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from klash.accounts.models import Invitation, ReviewerHandle, RoleGrant, Standing, User
from klash.competitions.models import Competition, Ruling
from klash.core.databases import reviewing
from klash.core.models import AuditChain, AuditEvent
from klash.desk.selectors.waiting import Progress
from klash.interests import selectors as interests
from klash.post.models import Message
from klash.problems.models import Problem
from klash.problems.selectors import sides as problem_sides
from klash.proposals.selectors import names_of
from klash.reviewing.agenda import Decision
from klash.reviewing.hashes import key_of
from klash.reviewing.models import Round, Seat
from klash.rules.conflicts import Kind, conflict
from klash.rules.permissions import Facts
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, RoundState
from klash.teams.models import Application
from klash.teams.selectors import sides as team_sides

PAGE = 50


@dataclass(frozen=True)
class Holder:
    person: User
    role: str
    side: str
    challenge: str
    granted_at: datetime


def holders(competition: Competition, after: int | None = None) -> tuple[list[Holder], int | None]:
    """Return 50 who hold a role, behind the grant `after`, and where the next page begins. At most two queries.

    By role and challenge; by name within a page: a role with more people than a page is cut in the order of the grants.
    """
    held = RoleGrant.objects.filter(standing__competition=competition.code, ended_at=None)
    anchor = RoleGrant.objects.filter(standing__competition=competition.code, pk=after).first() if after else None
    if anchor:
        same = Q(role=anchor.role, challenge__gt=anchor.challenge) | Q(role=anchor.role, challenge=anchor.challenge, pk__gt=anchor.pk)
        held = held.filter(Q(role__gte=anchor.role), Q(role__gt=anchor.role) | same)
    rows = list(held.select_related("standing__person").order_by("role", "challenge", "pk")[: PAGE + 1])
    page = sorted(rows[:PAGE], key=lambda row: (row.role, row.challenge, row.standing.person.name, row.pk))
    found = [Holder(row.standing.person, row.role, row.standing.side, row.challenge, row.granted_at) for row in page]
    return found, rows[PAGE - 1].pk if len(rows) > PAGE else None


def all_holders(competition: Competition) -> list[Holder]:
    """Return everyone who holds a role, by role, challenge and name. One query."""
    rows = RoleGrant.objects.filter(standing__competition=competition.code, ended_at=None).select_related("standing__person")
    ordered = rows.order_by("role", "challenge", "standing__person__name", "pk")
    return [Holder(row.standing.person, row.role, row.standing.side, row.challenge, row.granted_at) for row in ordered]


def waiting_invitations(competition: Competition, now: datetime) -> QuerySet[Invitation]:
    """Return the newest invitations that can still be accepted, at most 50."""
    return Invitation.objects.filter(competition=competition.code, accepted_at=None, expires_at__gte=now).order_by("-sent_at", "-pk")[:PAGE]


@dataclass(frozen=True)
class Log:
    """A page of the competition's log, newest first, and the head of its chain in each database."""

    events: list[AuditEvent]
    names: dict[str, str]
    older: int | None
    chains: list[tuple[str, int, str]]


def log(competition: Competition, before: int | None) -> Log:
    """Return the events numbered below `before`, with the actors' names. Four queries.

    The reviewers' own events are not listed: they carry code names. Their chain's length and head are shown.
    """
    events = AuditEvent.objects.filter(chain__competition=competition.code).order_by("-number")
    if before is not None:
        events = events.filter(number__lt=before)
    page = list(events[: PAGE + 1])
    shown = page[:PAGE]
    names = dict(User.objects.filter(code__in={event.actor for event in shown}).values_list("code", "name"))
    chains = []
    for using in dict.fromkeys(["default", reviewing()]):
        for row in AuditChain.objects.using(using).filter(competition=competition.code):
            chains.append((using, row.length, row.head))
    return Log(shown, names, shown[-1].number if len(page) > PAGE else None, chains)


def all_events(competition: Competition) -> Iterator[tuple[AuditEvent, str]]:
    """Yield every event of the competition's log with its actor's name, newest first. Two queries."""
    events = AuditEvent.objects.filter(chain__competition=competition.code).order_by("-number")
    names = dict(User.objects.filter(code__in=events.order_by().values("actor")).values_list("code", "name"))
    return ((event, names.get(event.actor, event.actor)) for event in events.iterator(2000))


def mails(competition: Competition, before: int | None) -> tuple[list[Message], int | None]:
    """Return a page of the competition's mails, and where the next begins. One query."""
    rows = all_mails(competition)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def all_mails(competition: Competition) -> QuerySet[Message]:
    """Return the mails to people who have a part in the competition, newest first.

    Mails about an account (sign-up, new password) concern nobody but its owner and are left out; texts are never shown.
    """
    people = Standing.objects.filter(competition=competition.code, person__email=OuterRef("to"))
    invited = Invitation.objects.filter(competition=competition.code, email=OuterRef("to"))
    # "+ 0": by the officer's address, not by walking all problems of the competition for each mail.
    officers = Problem.objects.annotate(of=F("competition") + 0).filter(of=competition.pk, officer__email=OuterRef("to"))
    rows = Message.objects.filter(Exists(people) | Exists(invited) | Exists(officers)).exclude(event__startswith="account.")
    return rows.defer("body").order_by("-pk")


def conflicts_of(competition: Competition, email: str) -> list[tuple[Kind, int]]:
    """Return with how many problems and applications of a competition whoever has this address has a conflict, by its kind, strongest first.

    What is not submitted does not count. Twenty queries at most.
    """
    reviewer = interests.party_at(email)
    applied = Application.objects.filter(team__challenge__competition=competition).exclude(state__in=(ApplicationState.DRAFT, ApplicationState.WITHDRAWN))
    sides = [*problem_sides(Problem.objects.public().filter(competition=competition)).values(), *team_sides(applied.values_list("team", flat=True)).values()]
    found = Counter(conflict(reviewer, side) for side in sides)
    return [(kind, found[kind]) for kind in Kind if found[kind]]


@dataclass(frozen=True)
class Panel:
    """A round of a panel that is being prepared, and the panellists who have no seat in it yet."""

    round: Progress
    candidates: list[User]
    has_chair: bool


def panels(competition: Competition, found: Iterable[Progress]) -> list[Panel]:
    """Return the panels' rounds that are not open yet. Three queries, none if there are none."""
    drafts = [row for row in found if row.state == RoundState.DRAFT and not row.key.startswith("proposals/")]
    if not drafts:
        return []
    handles = [handle for row in drafts for handle in row.handles]
    owners = dict(ReviewerHandle.objects.filter(handle__in=handles).values_list("handle", "person"))
    grants = RoleGrant.objects.filter(standing__competition=competition.code, role=Role.PANELLIST.value, ended_at=None)
    people = list(User.objects.filter(pk__in=grants.values("standing__person")).order_by("name", "pk"))
    seated = {row.code: {owners.get(handle) for handle in row.handles} for row in drafts}
    chairs = Seat.objects.using(reviewing()).filter(round__code__in=list(seated), is_chair=True, is_absent=False)
    chaired = set(chairs.values_list("round__code", flat=True))
    return [Panel(row, [person for person in people if person.pk not in seated[row.code]], row.code in chaired) for row in drafts]


@dataclass(frozen=True)
class Sitting:
    """A reviewer of a round as the organiser knows them. key: what a page may carry; the handle itself stays on the server."""

    key: str
    name: str
    is_chair: bool
    is_absent: bool
    submitted: int
    seat: Seat = field(repr=False)


@dataclass(frozen=True)
class RoundAtDesk:
    """A round and the competition that it belongs to."""

    competition: Competition
    round: Round

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


def round_at_desk(competition: Competition, code: str) -> RoundAtDesk | None:
    """Return one of the competition's rounds, unless its result exists already. One query."""
    row = Round.objects.using(reviewing()).filter(chain=competition.code, code=code).exclude(state=RoundState.COMPLETE).first()
    return RoundAtDesk(competition, row) if row else None


def open_round_at_desk(competition: Competition, code: str, *more: str) -> RoundAtDesk | None:
    """Return one of the competition's rounds with names that has been opened, with its meeting. more: what else comes with it. One query."""
    rows = Round.objects.using(reviewing()).filter(chain=competition.code, code=code, is_blind=False)
    row = rows.exclude(state=RoundState.DRAFT).select_related("meeting", *more).first()
    return RoundAtDesk(competition, row) if row else None


def complete_round_at_desk(competition: Competition, code: str) -> RoundAtDesk | None:
    """Return one of the competition's rounds that has a result. One query."""
    row = Round.objects.using(reviewing()).filter(chain=competition.code, code=code, state=RoundState.COMPLETE).first()
    return RoundAtDesk(competition, row) if row else None


def decisions_on(round_: Round) -> tuple[dict[str, Decision], str, int]:
    """Return what is decided on a round's entries so far, why fewer go on, and the quota. One query."""
    columns = ("fewer_reason", "quota", "lines__entry_code", "lines__is_taken", "lines__reason")
    rows = list(Ruling.objects.filter(key=round_.key).order_by().values_list(*columns))
    if not rows:
        return {}, "", round_.quota
    return {code: Decision(is_taken, reason) for *_, code, is_taken, reason in rows if code}, rows[0][0], rows[0][1]


def sittings(round_: Round) -> list[Sitting]:
    """Return who sits in a round, the chair first, then by name; an address where the invitation is open. Two to five queries."""
    seats = list(Seat.objects.using(reviewing()).filter(round=round_).select_related("round"))
    names = names_of(seat.handle for seat in seats)
    rows = [
        Sitting(key_of(seat.handle), names.get(seat.handle, ""), seat.is_chair, seat.is_absent, seat.submitted_count, seat) for seat in seats
    ]
    return sorted(rows, key=lambda row: (not row.is_chair, row.name, row.key))
