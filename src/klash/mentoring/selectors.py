"""Reads of mentoring: who has a part in it, the days, one's own sessions, and what each side may see of the other's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from klash.accounts.models import Invitation, User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core.fields import Text
from klash.mentoring.models import MentoringDay, MentorOffer, MentorProfile, Session, SessionFeedback, Slot
from klash.rules.roles import Role
from klash.rules.states import SessionState
from klash.teams.models import Team


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


def session_for(person: Any, competition: str, code: str) -> Session | None:
    """Return one session if it is the person's own or the person runs the competition. Two queries."""
    seen = _whole(Session.objects.visible_to(person)).prefetch_related("team__memberships")
    return seen.filter(slot__day__competition__code=competition, code=code).first()


def day_for(person: Any, competition: str, number: int) -> MentoringDay | None:
    """Return one day with its slots if the person may see it. Two queries."""
    seen = MentoringDay.objects.visible_to(person).select_related("competition").prefetch_related("slots")
    return seen.filter(competition__code=competition, number=number).first()


def days_of(person: Any, competition: Competition) -> list[MentoringDay]:
    """Return the days that a person may see, in order, each with `sessions_count`: the sessions not cancelled. One query."""
    standing = Count("slots__sessions", filter=~Q(slots__sessions__state=SessionState.CANCELLED))
    return list(MentoringDay.objects.visible_to(person).filter(competition=competition).annotate(sessions_count=standing).order_by("on", "number"))


@dataclass(frozen=True)
class Row:
    """One slot of a day with the sessions in it that the reader may see."""

    slot: Slot
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Column:
    """One day of the timetable."""

    day: MentoringDay
    rows: tuple[Row, ...]


def timetable(person: Any, days: Sequence[MentoringDay]) -> list[Column]:
    """Return the days with their slots and the sessions in them that the person may see, cancelled ones left out. Two queries."""
    seen = Session.objects.visible_to(person).exclude(state=SessionState.CANCELLED).order_by("team__name", "pk")
    slots = Slot.objects.filter(day__in=days).order_by("starts_at")
    slots = slots.prefetch_related(Prefetch("sessions", seen.select_related("team__challenge", "mentor__person").only(*_SHOWN)))
    by_key = {day.pk: day for day in days}
    rows: dict[int, list[Row]] = {day.pk: [] for day in days}
    for slot in slots:
        slot.day = by_key[slot.day_id]
        rows[slot.day_id].append(Row(slot, tuple(slot.sessions.all())))
    return [Column(day, tuple(rows[day.pk])) for day in days]


# What a timetable shows of its sessions: without the long texts in three languages, a hundred times over.
_SHOWN = (
    "code", "state", "slot", "team__name", "team__is_invented", "team__challenge__title",
    "mentor__field", "mentor__person__name", "mentor__person__is_invented",
)


def own_sessions(columns: Sequence[Column]) -> list[Session]:
    """Return the sessions of a mentor's or a team's timetable by time; it holds no others. No query."""
    found = [session for column in columns for row in column.rows for session in row.sessions]
    return sorted(found, key=lambda session: (session.slot.starts_at, session.pk))


def _whole(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("slot__day__competition", "team__challenge__competition", "mentor__person", "mentor__competition")


def teams_of(day: MentoringDay) -> list[Team]:
    """Return the admitted teams of the day's challenges, by challenge and name. One query."""
    admitted = Team.objects.told().filter(challenge__in=day.challenges.all())
    return list(admitted.select_related("challenge").order_by("challenge__number", "name", "pk"))


def mentors_by_team(teams: Iterable[int]) -> dict[int, list[User]]:
    """Return the persons who mentor each of the teams, by primary key. One query."""
    found: dict[int, list[User]] = {key: [] for key in teams}
    sessions = Session.objects.exclude(state=SessionState.CANCELLED).filter(team__in=found)
    for row in sessions.select_related("mentor__person").order_by("mentor__person", "team", "slot"):
        if row.mentor.person not in found[row.team_id]:
            found[row.team_id].append(row.mentor.person)
    return found


def mentors_of(competition: Competition) -> list[MentorProfile]:
    """Return the mentors by name, each with `sessions_count`. One query."""
    standing = Count("sessions", filter=~Q(sessions__state=SessionState.CANCELLED))
    return list(competition.mentors.select_related("person").annotate(sessions_count=standing).order_by("person__name", "pk"))


def offers_of(competition: Competition) -> list[MentorOffer]:
    """Return what was written of mentors who have not accepted yet, by address. One query."""
    waiting = competition.mentor_offers.filter(invitation__accepted_at=None)
    return list(waiting.select_related("invitation").order_by("invitation__email", "pk"))


@dataclass(frozen=True)
class Feedback:
    """The feedback on a session as one reader may see it. `other_waits`: the other side has given its own, hidden as yet."""

    side: str
    own: SessionFeedback | None
    other: SessionFeedback | None
    other_waits: bool


def feedback_for(person: Any, session: Session) -> Feedback:
    """Return what a person may see: one's own side, and the other side only after one's own. One query.

    The staff is on no side; it gets the mentor's feedback as `own` and the team's as `other`.
    """
    side = session.side_of(person)
    given = {feedback.side: feedback for feedback in session.feedback.select_related("author")}
    own, other = given.get(side or "mentor"), given.get("mentor" if side == "team" else "team")
    hides = bool(side) and own is None
    return Feedback(side, own, None if hides else other, hides and other is not None)


def describe_mentor(invitation: Invitation) -> dict[str, Text] | None:
    """Return the names behind an invitation to be a mentor, or None for another role. One query."""
    if invitation.role != Role.MENTOR:
        return None
    name = Competition.objects.filter(code=invitation.competition).values_list("name", flat=True).first()
    return {"competition": {"fi": name}} if name else None


def challenges_of(competition: Competition) -> list[Challenge]:
    """Return the published challenges by number. One query."""
    return list(Challenge.objects.published().filter(competition=competition).order_by("number"))


def next_number(competition: Competition) -> int:
    """Return the number that the next day gets. One query."""
    last: int | None = competition.mentoring_days.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
