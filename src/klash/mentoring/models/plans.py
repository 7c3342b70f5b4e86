"""The timetable as it is planned: the rules, the drafts, and who works on them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.mentoring.models.days import Room, Slot
from klash.mentoring.models.people import MentorProfile
from klash.rules.permissions import Facts
from klash.rules.states import PlanState
from klash.teams.models import Team


class PlanRules(models.Model):
    """What every plan of a competition must hold, and what it strives for. Whoever changes days, rules, times or plans locks this row first.

    team_gap: free slots between two sessions of a team. mentor_run: most sessions of a mentor in a row. The weights are in per cent.
    """

    competition = models.OneToOneField(Competition, on_delete=models.PROTECT, related_name="mentoring_rules")
    sessions_per_team = models.PositiveSmallIntegerField(default=5)
    team_per_day = models.PositiveSmallIntegerField(default=3)
    team_gap = models.PositiveSmallIntegerField(default=1)
    mentor_per_day = models.PositiveSmallIntegerField(default=4)
    mentor_total = models.PositiveSmallIntegerField(default=12)
    mentor_run = models.PositiveSmallIntegerField(default=3)
    weight_diversity = models.PositiveSmallIntegerField(default=100)
    weight_expertise = models.PositiveSmallIntegerField(default=50)
    weight_wishes = models.PositiveSmallIntegerField(default=25)
    asked_at = models.DateTimeField(null=True)  # when everyone was last asked for their times

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class PairRule(models.Model):
    """A team and a mentor who must meet, or must not."""

    class Kind(models.TextChoices):
        MUST = "must"
        MUST_NOT = "must_not"

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentoring_pairs")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(MentorProfile, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "mentor"], name="one_rule_a_pair")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class Plan(models.Model):
    """A version of the timetable. What was published stays as it was; the sessions are what stands.

    revision: counts the changes of a draft, so that two people who work on it notice one another. told: `stands`, the sessions that it was made
    on, and what the planner said of it (objective, bound, is_proved, short, cures, let_go, seconds, revision: the one that it made).
    """

    lifecycle = "mentoring_plan"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentoring_plans")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PlanState], default=PlanState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="one_plan_a_number"),
            models.UniqueConstraint(fields=["competition"], condition=Q(state="draft"), name="one_draft_at_a_time"),
            models.UniqueConstraint(fields=["competition"], condition=Q(state="published"), name="one_plan_stands"),
            models.CheckConstraint(
                condition=Q(published_by=None, published_at=None) | Q(published_by__isnull=False, published_at__isnull=False), name="publisher_with_moment"
            ),
        ]

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain), state=self.state)


class PlannedMeeting(models.Model):
    """One team with one mentor in one slot of a plan. why: what the planner says for it, {} where a person put it there."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings")
    code = models.CharField(max_length=32, unique=True, default=chance.code)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="planned_meetings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="planned_meetings")
    mentor = models.ForeignKey(MentorProfile, on_delete=models.PROTECT, related_name="planned_meetings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="+")
    is_pinned = models.BooleanField(default=False)
    why = models.JSONField(default=dict)

    class Meta:
        ordering = ["slot__starts_at", "team__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "team", "mentor"], name="a_pair_meets_once"),
            models.UniqueConstraint(fields=["plan", "slot", "team"], name="a_team_meets_one_at_a_time"),
            models.UniqueConstraint(fields=["plan", "slot", "mentor"], name="a_mentor_meets_one_at_a_time"),
        ]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.plan.competition.facts_for(actor, now)


class RunFault(StrEnum):
    """What stopped a run of the planner: it was no longer heard of, what it worked on changed, nothing was left to plan, or a fault of ours."""

    STOPPED = "stopped"
    CHANGED = "changed"
    NOTHING = "nothing"
    FAILED = "failed"


class PlanRun(models.Model):
    """The planner at work, in a process of its own. share: of its work done, in per cent; fault: a RunFault, "" if nothing.

    keeps: it moves as little as can be of what stands (planning anew), instead of planning freely around what is pinned.
    """

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="plan_runs")
    keeps = models.BooleanField(default=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField()  # the process was last alive
    share = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="runs")  # what came of it

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["competition"], condition=Q(ended_at=None), name="one_run_at_a_time")]
