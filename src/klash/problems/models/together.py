from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import Invitation, Municipality, User
from klash.core import chance
from klash.problems.models.problem import Problem
from klash.rules.permissions import Facts
from klash.rules.states import JoinRequestState


class WriterInvitation(models.Model):
    """What an invitation offers: to write a problem along, or to take over one that the staff filed."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="invitations")
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="of_problem")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    is_takeover = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]


class Support(models.Model):
    """A municipality has the same problem and says so in public, with a word why. The person behind it is not public."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="supports")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    word = models.TextField()
    language = models.CharField(max_length=2)
    is_invented = models.BooleanField(default=False)
    supported_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["problem", "municipality"], name="one_support_a_municipality")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return replace(self.problem.facts_for(actor, now), is_owner=getattr(actor, "pk", None) == self.person_id)


class JoinRequest(models.Model):
    """A municipality asks to become co-owner of another's problem; the leading officer accepts or declines."""

    lifecycle = "join_request"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="requests")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    word = models.TextField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in JoinRequestState], default=JoinRequestState.ASKED)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "municipality"], condition=Q(state="asked"), name="one_request_at_a_time"),
            models.CheckConstraint(condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False), name="answered_request_has_time"),
        ]

    @property
    def chain(self) -> str:
        return self.problem.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return replace(self.problem.facts_for(actor, now), is_member=getattr(actor, "pk", None) == self.person_id, state=self.state)


class Filing(models.Model):
    """A problem that the staff filed on behalf of a municipality, until an officer of it takes it over."""

    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="filing")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    in_name_of = models.CharField(max_length=120)  # who reported it to the staff
    source = models.TextField()  # how it came: a letter, a call, a meeting
    filed_at = models.DateTimeField()
    taken_over_at = models.DateTimeField(null=True)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return replace(self.problem.facts_for(actor, now), is_frozen=self.taken_over_at is not None)
