"""Reads of timetables as they are planned. What they break, cost and change is worked out by `mentoring.bridge`."""

from datetime import timedelta
from typing import Any

from django.db.models import Max, QuerySet

from klash.competitions.models import Competition
from klash.core import clock
from klash.mentoring.models import Plan, PlannedMeeting, PlanRun
from klash.rules.states import PlanState

SILENCE = timedelta(minutes=2)  # after which a run counts as stopped


def draft_of(competition: Competition) -> Plan | None:
    """Return the draft that is worked on, if any. One query."""
    return _plans(competition).filter(state=PlanState.DRAFT).first()


def published_of(competition: Competition) -> Plan | None:
    """Return the plan that was published last, if any. One query."""
    return _plans(competition).filter(state=PlanState.PUBLISHED).first()


def plans_of(competition: Competition) -> list[Plan]:
    """Return every version, the newest first. One query."""
    return list(_plans(competition).select_related("made_by", "published_by").order_by("-number"))


def plan_for(person: Any, competition: str, number: int) -> Plan | None:
    """Return a version if the person helps to run the competition. One query."""
    seen = Plan.objects.filter(competition__code=competition, competition__code__in=person.running())
    return seen.select_related("competition__mentoring_rules").filter(number=number).first()


def meeting_for(person: Any, competition: str, code: str) -> PlannedMeeting | None:
    """Return a meeting of the draft if the person helps to run the competition. One query."""
    seen = PlannedMeeting.objects.filter(plan__competition__code=competition, plan__competition__code__in=person.running(), plan__state=PlanState.DRAFT)
    return seen.select_related("plan__competition__mentoring_rules", "slot__day", "team", "mentor__person", "room").filter(code=code).first()


def last_run_of(competition: Competition) -> PlanRun | None:
    """Return the run of the planner that was asked for last; `is_running` and `fault` tell how it is. One query."""
    return PlanRun.objects.filter(competition=competition).select_related("asked_by", "plan").first()


def is_running(run: PlanRun) -> bool:
    """Return whether a run is at work, as far as it has been heard of."""
    return run.ended_at is None and run.beat_at >= clock.now() - SILENCE


def next_plan_number(competition: Competition) -> int:
    """Return the number that the next version gets. One query."""
    last: int | None = competition.mentoring_plans.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _plans(competition: Competition) -> QuerySet[Plan]:
    return Plan.objects.filter(competition=competition).select_related("competition__mentoring_rules")
