from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.rules.permissions import Facts
from klash.rules.states import AwardState
from klash.teams.models import Team


class AwardQuerySet(models.QuerySet["Award"]):
    def published(self) -> AwardQuerySet:
        return self.filter(state=AwardState.PUBLISHED)


class Award(models.Model):
    """The way of one challenge from its jury's report to its winner. `report_hash` is what all jurors signed."""

    lifecycle = "award"

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="award")
    report_hash = models.CharField(max_length=64, blank=True, default="")
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    decision_is_invented = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in AwardState], default=AwardState.AWAITING_REPORT)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opened_by=None) | ~Q(opened_by=F("requested_by")), name="identities_by_two_persons"),
            models.CheckConstraint(condition=Q(opened_at=None) | ~Q(report_hash=""), name="identities_after_signed_report"),
            models.CheckConstraint(condition=Q(decided_at=None) | ~Q(decision=""), name="decision_has_text"),
        ]

    @property
    def code(self) -> str:
        return self.challenge.code

    @property
    def chain(self) -> str:
        return self.challenge.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, self.challenge.code), state=self.state,
            # Set from the jury's side by `awards.services.take_report`, once every juror has signed.
            all_signed=bool(self.report_hash), is_same_person=getattr(actor, "pk", None) == self.requested_by_id, has_begun=True,
        )


class PastDecision(models.Model):
    """A published decision that a correction has replaced, and the correction's reason. It stays on the public page."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="past")
    number = models.PositiveSmallIntegerField()  # 1: as it was first published
    decision = models.TextField()
    decision_is_invented = models.BooleanField()
    winners = models.ManyToManyField(Team, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.CharField(max_length=2000)  # why it was corrected
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="one_past_decision_a_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
        ]


class Placing(models.Model):
    """A team's place in its challenge, known once identities are opened."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="placings")
    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="placing")
    entry_code = models.CharField(max_length=32, unique=True)
    place = models.PositiveSmallIntegerField()
    points = models.CharField(max_length=40)  # exact fraction
    reasons = models.TextField(blank=True)
    is_winner = models.BooleanField(default=False)

    class Meta:
        ordering = ["place"]
