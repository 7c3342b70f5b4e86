"""What mentors and teams see of their own part: the days with their times, and the timetable."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from klash.competitions.models import Competition
from klash.mentoring.models import JointSession, MentoringDay, MentorProfile, MentorTime, MentorWish, Session, Slot, TeamAbsence, TeamNeeds
from klash.rules.states import SessionState
from klash.teams.models import Team


def own_profile(person: Any, competition: str) -> MentorProfile | None:
    """Return the person's own profile as a mentor. One query."""
    return MentorProfile.objects.select_related("competition", "person").filter(person=person, competition__code=competition).first()


def team_for(person: Any, competition: str, code: str) -> Team | None:
    """Return the person's own admitted team. Two queries."""
    teams = Team.objects.of(person).told().select_related("challenge__competition").prefetch_related("memberships")
    return teams.filter(challenge__competition__code=competition, code=code).first()


def own_teams(person: Any, competition: Competition) -> list[Team]:
    """Return the person's own admitted teams in the competition. One query."""
    return list(Team.objects.of(person).told().filter(challenge__competition=competition).select_related("challenge__competition").order_by("pk"))


@dataclass(frozen=True)
class Choice:
    """One slot to come, and what was told of it. session: the own one that is planned then; with it, nothing can be told anew."""

    slot: Slot
    is_told: bool
    is_online: bool
    session: Session | None


@dataclass(frozen=True)
class DayChoices:
    day: MentoringDay
    choices: tuple[Choice, ...]


def times_of(mentor: MentorProfile, now: datetime) -> list[DayChoices]:
    """Return the days to come with the slots that the mentor may tell of; not those in which all do something together. Four queries."""
    told = {row.slot_id: row.is_online for row in MentorTime.objects.filter(mentor=mentor)}
    days = MentoringDay.objects.filter(competition=mentor.competition)
    return list(_choices(days, Session.objects.filter(mentor=mentor), told, now))


def absences_of(team: Team, now: datetime) -> list[DayChoices]:
    """Return the team's days to come with the slots that it may be absent in. Four queries."""
    told = dict.fromkeys(TeamAbsence.objects.filter(team=team).values_list("slot", flat=True), False)
    return list(_choices(team.challenge.mentoring_days.all(), Session.objects.filter(team=team), told, now))


def _choices(days: QuerySet[MentoringDay], sessions: QuerySet[Session], told: dict[int, bool], now: datetime) -> Iterator[DayChoices]:
    planned = {row.slot_id: row for row in sessions.filter(state=SessionState.PLANNED).select_related("team", "mentor__person")}
    slots = Slot.objects.filter(starts_at__gt=now).order_by("starts_at")
    for day in days.order_by("on", "number").prefetch_related(Prefetch("slots", slots), "joint_sessions"):
        joint = list(day.joint_sessions.all())
        shut = {slot.pk for slot in day.slots.all() for one in joint if one.starts_at < slot.ends_at and slot.starts_at < one.ends_at}
        found = [slot for slot in day.slots.all() if slot.pk in planned or slot.pk not in shut]
        if found:
            yield DayChoices(day, tuple(Choice(slot, slot.pk in told, told.get(slot.pk, False), planned.get(slot.pk)) for slot in found))


def planned_on(mentor: MentorProfile, day: MentoringDay, now: datetime) -> list[Session]:
    """Return the mentor's sessions that are still to come on the day. One query."""
    planned = Session.objects.filter(mentor=mentor, slot__day=day, slot__starts_at__gt=now, state=SessionState.PLANNED)
    return list(planned.select_related("slot", "team").order_by("slot__starts_at"))


def own_needs(team: Team) -> TeamNeeds:
    """Return what the team wants of the mentoring, an unsaved empty row where it has said nothing. One query."""
    return TeamNeeds.objects.filter(team=team).first() or TeamNeeds(team=team)


def wishes_of(team: Team) -> list[MentorWish]:
    """Return the mentors whom the team wishes to meet, the most wanted first. One query."""
    return list(MentorWish.objects.filter(team=team).select_related("mentor__person"))


@dataclass(frozen=True)
class Entry:
    """What happens at one time of a day: an own session, or what all do together."""

    starts_at: datetime
    ends_at: datetime
    session: Session | None = None
    joint: JointSession | None = None


@dataclass(frozen=True)
class OwnDay:
    """A day as one person lives it. is_told: the person mentors and has told times of it."""

    day: MentoringDay
    entries: tuple[Entry, ...]
    is_over: bool
    is_told: bool


def own_days(person: Any, days: Sequence[Any], now: datetime) -> list[OwnDay]:
    """Return the days with the person's own sessions, cancelled ones left out, and what all do together, by time. Three queries.

    days: as `days_of` gives them.
    """
    seen = Session.objects.visible_to(person).filter(slot__day__in=days).exclude(state=SessionState.CANCELLED)
    sessions = seen.select_related("slot", "room", "team__challenge", "team__mentoring_needs", "mentor__person").prefetch_related("team__memberships")
    joint = JointSession.objects.filter(day__in=days)
    entries: dict[int, list[Entry]] = {day.pk: [] for day in days}
    by_key = {day.pk: day for day in days}
    for session in sessions.order_by("slot__starts_at", "pk"):
        session.slot.day = by_key[session.slot.day_id]
        entries[session.slot.day_id].append(Entry(session.slot.starts_at, session.slot.ends_at, session=session))
    for row in joint:
        entries[row.day_id].append(Entry(row.starts_at, row.ends_at, joint=row))
    today = timezone.localdate(now)
    return [OwnDay(day, tuple(sorted(entries[day.pk], key=lambda one: one.starts_at)), day.on < today, day.is_told) for day in days]


def next_entry(days: Iterable[OwnDay], now: datetime) -> Session | None:
    """Return the own session that goes on now or comes next. No query."""
    own = [entry.session for day in days for entry in day.entries if entry.session and entry.ends_at > now and entry.session.state == SessionState.PLANNED]
    return min(own, key=lambda session: session.slot.starts_at, default=None)
