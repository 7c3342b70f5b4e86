from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.problems.models.problem import Problem
from klash.rules.permissions import Facts
from klash.rules.screening import Outcome


class EligibilityQuestion(models.Model):
    """What every problem must fulfil before the panel scores it; it is answered with yes or no."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="eligibility_questions")
    code = models.CharField(max_length=32, default=chance.code)
    position = models.PositiveSmallIntegerField()
    text = TextInLanguages()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["competition", "code"], name="one_eligibility_question_a_code")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class Screening(models.Model):
    """What the screening of one problem came to. It goes when the reporter withdraws the problem: the new text is screened anew."""

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="screening")
    outcome = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Outcome])
    answers = models.JSONField(default=dict)  # {a question's code: whether it holds}
    reason = models.TextField(blank=True)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    screened_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["outcome", "problem"], name="screening_outcomes")]
        constraints = [models.CheckConstraint(condition=Q(outcome="passed") | ~Q(reason=""), name="screened_out_has_reason")]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.outcome}"
