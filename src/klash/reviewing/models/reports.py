"""What a complete round came to: its report, and how firm it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from klash.reviewing.models.rounds import Round, Seat
from klash.rules.permissions import Facts
from klash.rules.states import ReportState, RoundState


class Firmness(models.Model):
    """How firm the result of a complete round is, worked out once. The announced method decides; this tells how close it was."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="firmness")
    content = models.JSONField(null=True)  # as `bridge.weigh` returns it
    worked_out_at = models.DateTimeField()


class Report(models.Model):
    """The body's report on a round: ranking with reasons; signed version by version."""

    lifecycle = "report"

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="report")
    version = models.PositiveIntegerField(default=1)
    ranking = models.JSONField()  # [{place, entry, points: "num/den"}]
    reasons = models.JSONField(default=dict)  # entry code -> text
    firmness = models.JSONField(default=dict)  # what the winner hangs on, as `bridge.told_in_report` returns it
    clarify = models.JSONField(default=dict)  # entry code -> what is still to be asked of whoever made it
    remarks = models.TextField(blank=True)
    hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReportState], default=ReportState.DRAFT)
    signed_at = models.DateTimeField(null=True)

    @property
    def code(self) -> str:
        return self.round.code

    @property
    def chain(self) -> str:
        return self.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        sits = isinstance(actor, Seat) and actor.round_id == self.round_id and not actor.is_absent
        return Facts(
            is_signed_in=True, has_seat=sits, is_chair=sits and actor.is_chair, state=self.state,
            all_submitted=self.round.state == RoundState.COMPLETE, has_begun=True,
        )


class Signature(models.Model):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    report_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "seat", "report_hash"], name="one_signature_a_version")]
