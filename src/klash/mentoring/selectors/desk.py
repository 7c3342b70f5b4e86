"""Reads of the organiser's pages: what each day holds, the rules, who has told times and needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from klash.competitions.models import Competition
from klash.core import clock
from klash.mentoring.models import (
    JointSession,
    MentoringDay,
    MentorLeave,
    MentorProfile,
    MentorTime,
    MentorWish,
    PairRule,
    Plan,
    PlannedMeeting,
    PlanRules,
    Session,
    TeamAbsence,
    TeamNeeds,
)
from klash.rules.states import PlanState, SessionState
from klash.teams.models import Team


@dataclass(frozen=True)
class HeldDay:
    """A day with what it holds. free: mentors who have told times for it; is_used: a session or a planned meeting stands on it."""

    day: MentoringDay
    sessions: int
    free: int
    left: tuple[str, ...]
    is_used: bool


def held_days(competition: Competition) -> list[HeldDay]:
    """Return the days in order, each with slots, rooms, joint sessions and challenges at hand. Eight queries."""
    told = MentorTime.objects.filter(slot__day=OuterRef("pk")).values("slot__day").annotate(count=Count("mentor", distinct=True)).values("count")
    days = MentoringDay.objects.filter(competition=competition).annotate(free=Coalesce(Subquery(told), 0)).order_by("on", "number")
    standing = Session.objects.filter(slot__day__competition=competition).exclude(state=SessionState.CANCELLED)
    sessions = Counter(standing.values_list("slot__day", flat=True))
    drafted = PlannedMeeting.objects.filter(plan__competition=competition).exclude(plan__state=PlanState.DISCARDED)
    used = {*sessions, *drafted.values_list("slot__day", flat=True).distinct()}
    left: dict[int, list[str]] = {}
    for leave in MentorLeave.objects.filter(day__competition=competition).select_related("mentor__person").order_by("told_at"):
        left.setdefault(leave.day_id, []).append(leave.mentor.person.name)
    return [
        HeldDay(day, sessions[day.pk], day.free, tuple(left.get(day.pk, ())), day.pk in used)  # type: ignore[attr-defined]  # annotated above
        for day in days.prefetch_related("slots", "rooms", "joint_sessions", "challenges")
    ]


def leaves_unplanned(competition: Competition) -> list[MentorLeave]:
    """Return the mentors who left a day that is ahead, with sessions on it, since a plan was published, all where none was. One query."""
    planned = Plan.objects.filter(competition=competition, state=PlanState.PUBLISHED, published_at__gt=OuterRef("told_at"))
    leaves = MentorLeave.objects.filter(~Exists(planned), day__competition=competition, day__on__gte=timezone.localdate(clock.now()), cancelled__gt=0)
    return list(leaves.select_related("mentor__person", "day").order_by("told_at"))


def joint_session_for(day: MentoringDay, code: str) -> JointSession | None:
    """Return one joint session of a day. One query."""
    return JointSession.objects.select_related("day__competition").filter(day=day, code=code).first()


def rules_of(competition: Competition) -> PlanRules | None:
    """Return the rules of the timetable, None where nobody has saved or used any. One query."""
    return PlanRules.objects.filter(competition=competition).first()


def pairs_of(competition: Competition) -> list[PairRule]:
    """Return who must meet whom and who must not, by team. One query."""
    return list(competition.mentoring_pairs.select_related("team", "mentor__person").order_by("team__name", "mentor__person__name", "pk"))


def pair_for(competition: Competition, team: str, mentor: str) -> PairRule | None:
    """Return what is said of a team and a mentor, by their codes. One query."""
    return competition.mentoring_pairs.select_related("team", "mentor", "competition").filter(team__code=team, mentor__code=mentor).first()


def admitted_teams(competition: Competition) -> list[Team]:
    """Return all teams that know of their admission, by challenge and name. One query."""
    admitted = Team.objects.told().filter(challenge__competition=competition)
    return list(admitted.select_related("challenge").order_by("challenge__number", "name", "pk"))


@dataclass(frozen=True)
class MentorAnswer:
    """Whether a mentor has given times. days: each with the count of slots in which the mentor can come."""

    mentor: MentorProfile
    days: tuple[tuple[MentoringDay, int], ...]


@dataclass(frozen=True)
class TeamAnswer:
    """Whether a team has told its needs. needs: how many; wishes: how many mentors; absences: slots in which it cannot come."""

    team: Team
    saved: TeamNeeds | None
    wishes: int
    absences: int


def mentor_answers(competition: Competition, days: Sequence[MentoringDay]) -> list[MentorAnswer]:
    """Return the mentors by name, those who are waited for first. Two queries."""
    told = MentorTime.objects.filter(mentor__competition=competition).values_list("mentor", "slot__day").annotate(count=Count("pk"))
    count = {(mentor, day): number for mentor, day, number in told}
    mentors = competition.mentors.select_related("person").order_by("person__name", "pk")
    rows = [MentorAnswer(mentor, tuple((day, count.get((mentor.pk, day.pk), 0)) for day in days)) for mentor in mentors]
    return sorted(rows, key=lambda row: row.mentor.times_at is not None)


def team_answers(competition: Competition) -> list[TeamAnswer]:
    """Return the admitted teams, those that are waited for first. Three queries."""
    admitted = Team.objects.told().filter(challenge__competition=competition).select_related("challenge", "mentoring_needs")
    teams = list(admitted.order_by("challenge__number", "name", "pk"))
    wishes, absences = (Counter(model.objects.filter(team__in=teams).values_list("team", flat=True)) for model in (MentorWish, TeamAbsence))
    rows = [TeamAnswer(team, getattr(team, "mentoring_needs", None), wishes[team.pk], absences[team.pk]) for team in teams]
    return sorted(rows, key=lambda row: bool(row.saved and row.saved.saved_at))


def waiting_mentors(competition: Competition) -> QuerySet[MentorProfile]:
    """Return the mentors whose times are waited for."""
    return competition.mentors.filter(times_at=None)


def waiting_teams(competition: Competition) -> QuerySet[Team]:
    """Return the admitted teams whose needs are waited for."""
    return Team.objects.told().filter(challenge__competition=competition, mentoring_needs__saved_at=None)


def waited_for(mentors: Sequence[MentorAnswer], teams: Sequence[TeamAnswer]) -> int:
    """Count those who have not answered."""
    return sum(row.mentor.times_at is None for row in mentors) + sum(not (row.saved and row.saved.saved_at) for row in teams)
