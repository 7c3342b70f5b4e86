from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from klash.competitions.models.competition import Competition, StageKind
from klash.core.fields import Text, TextInLanguages
from klash.rules.permissions import Facts


class PromiseKind(models.TextChoices):
    """What was promised. All but the last are counted by the stage that knows; the dates of stages are promises without a row."""

    CHALLENGES = "challenges", _("number of challenges")
    TEAMS = "teams", _("number of teams admitted")
    FEEDBACK_PROBLEMS = "feedback_problems", _("feedback on every problem")
    FEEDBACK_TEAMS = "feedback_teams", _("feedback to every team that applied")
    WINNERS = "winners", _("day on which the winners are announced")
    OTHER = "other", _("another promise")


NUMBERS = (PromiseKind.CHALLENGES, PromiseKind.TEAMS)
# The stage to which each kind belongs.
STAGE_OF = {
    PromiseKind.CHALLENGES: StageKind.CHALLENGE_SHAPING, PromiseKind.TEAMS: StageKind.TEAM_SELECTION,
    PromiseKind.FEEDBACK_PROBLEMS: StageKind.PROBLEM_SELECTION, PromiseKind.FEEDBACK_TEAMS: StageKind.TEAM_SELECTION, PromiseKind.WINNERS: StageKind.AWARD,
}


class Promise(models.Model):
    """What the organiser has promised in public, as it stands now; what it was before is in its changes."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="promises")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=PromiseKind)
    text = TextInLanguages()
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    due_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)  # where it was said
    promised_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    is_kept = models.BooleanField(null=True)  # what a person has said of it
    evidence = models.CharField(max_length=1000, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "code"], name="one_promise_a_code"),
            models.CheckConstraint(condition=Q(low=None, high=None) | Q(low__lte=F("high")), name="promised_range_has_order"),
            models.CheckConstraint(condition=Q(kind__in=NUMBERS, low__isnull=False) | ~Q(kind__in=NUMBERS) & Q(low=None), name="number_where_promised"),
            models.CheckConstraint(
                condition=Q(is_kept=None, evidence="", marked_at=None) | Q(is_kept__isnull=False, marked_at__isnull=False) & ~Q(evidence=""),
                name="marked_promise_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_counted(self) -> bool:
        return self.kind != PromiseKind.OTHER

    @property
    def stage_kind(self) -> str:
        return STAGE_OF.get(PromiseKind(self.kind), "")

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)

    def said(self) -> dict[str, Any]:
        """Return what is promised, as a change keeps it."""
        return {"text": self.text, "low": self.low, "high": self.high, "due_on": self.due_on.isoformat()}


class PromiseChange(models.Model):
    """A promise that was changed: what it was, what it is, when and why."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField()  # {text, low, high, due_on}
    after = models.JSONField()
    reason = models.CharField(max_length=500)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["changed_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="promise_change_has_reason")]

    @property
    def event(self) -> str:
        return f"promise.changed/{self.pk}"

    @property
    def text_before(self) -> Text:
        return dict(self.before["text"])

    @property
    def due_before(self) -> date:
        return date.fromisoformat(self.before["due_on"])
