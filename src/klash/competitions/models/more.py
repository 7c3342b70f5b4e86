"""More information on what was handed in: named fields of it are open again to its writers, until a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.accounts.models import User
from klash.competitions.models.competition import Competition
from klash.core import chance
from klash.rules.permissions import Facts
from klash.rules.states import MoreState

SUMMARY = "summary"  # a field that every report and every application has, beside what the organiser's form asks


class MoreInformation(models.Model):
    """What the staff asks of one problem or application after it was handed in, and what came of it."""

    lifecycle = "more_information"
    of: Any = None  # the problem or the application; set by who reads both

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="more_information")
    thing = models.CharField(max_length=60)  # problem/…, application/…
    fields = models.JSONField()  # codes of questions, or SUMMARY; no other field is open
    text = models.TextField()  # what is asked
    until = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MoreState], default=MoreState.ASKED)
    before = models.JSONField(default=dict)  # {field: what stood there}, once it is answered
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["thing"], condition=Q(state="asked"), name="one_open_question_a_thing"),
            models.CheckConstraint(condition=~Q(text=""), name="more_has_text"),
            models.CheckConstraint(condition=Q(until__gt=F("asked_at")), name="more_has_time"),
            models.CheckConstraint(condition=~Q(state="answered") | Q(answered_at__isnull=False, answered_by__isnull=False), name="answered_more_tells_who"),
        ]

    @property
    def chain(self) -> str:
        return self.competition.code

    def is_awaited(self, now: datetime) -> bool:
        return self.state == MoreState.ASKED and now <= self.until

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        facts: Facts = self.of.facts_for(actor, now)
        return replace(facts, state=self.state, is_open=now <= self.until)
