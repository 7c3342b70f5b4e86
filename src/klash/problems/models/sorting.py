from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from klash.accounts.models import Municipality, User
from klash.problems.models.problem import Problem


class Merge(models.Model):
    """A report that goes before the panel as a part of another. Its own page, text and supporters stay; it goes when the two are parted again."""

    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="merge")
    into = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="origins")
    reason = models.TextField()  # public, in the language of the report
    # What the other report got by it, so that parting takes just this away.
    places = models.ManyToManyField(Municipality, related_name="+")
    people = models.ManyToManyField(User, related_name="+")
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()

    class Meta:
        ordering = ["merged_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(problem=F("into")), name="merged_into_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} > {self.into_id}"


class Apart(models.Model):
    """Two reports that read alike and were judged to be two; the pair is not shown again."""

    one = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="+")
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_judgement_a_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} | {self.other_id}"
