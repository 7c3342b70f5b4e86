from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.challenges.models.challenge import TEXTS, Challenge, Side
from klash.core import chance
from klash.rules.permissions import Facts
from klash.rules.states import SuggestionState

PLACES = (*TEXTS, "indicators", "notice")


class BriefVersion(models.Model):
    """The brief as one person left it. What is approved or published stays as it is; else its author goes on in it for a while.

    edition: 1 for what was published first, 2 for the first change; None for what nobody outside has seen.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    hash = models.CharField(max_length=64)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    edition = models.PositiveSmallIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why what was published changed

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "number"], name="one_brief_version_a_number"),
            models.UniqueConstraint(fields=["challenge", "edition"], name="one_brief_version_an_edition"),
            models.CheckConstraint(
                condition=Q(edition=None, published_at=None) | Q(edition__isnull=False, published_at__isnull=False), name="edition_with_moment"
            ),
            models.CheckConstraint(condition=Q(edition=None) | Q(edition=1) | ~Q(reason=""), name="later_edition_has_reason"),
        ]


class Approval(models.Model):
    """One side approves one version. A change makes another version, which nobody has approved yet."""

    version = models.ForeignKey(BriefVersion, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at"]
        constraints = [models.UniqueConstraint(fields=["version", "side"], name="one_approval_a_side")]


class BriefComment(models.Model):
    """A word on one part of a brief, or an answer to one. Who writes the brief reads it, nobody else."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="comments")
    place = models.CharField(max_length=12, choices=[(name, name) for name in PLACES])
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None) | Q(resolved_at__isnull=False, resolved_by__isnull=False), name="resolved_by_somebody"
            ),
            models.CheckConstraint(condition=Q(parent=None) | Q(resolved_at=None), name="only_threads_are_resolved"),
        ]


class Suggestion(models.Model):
    """Another wording for one text in one language. Accepting it puts it into the brief."""

    lifecycle = "suggestion"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="suggestions")
    place = models.CharField(max_length=12, choices=[(name, name) for name in PLACES])
    language = models.CharField(max_length=2)
    before = models.TextField(blank=True)  # the text that its author had before the eyes
    text = models.TextField(blank=True)
    why = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SuggestionState], default=SuggestionState.OPEN)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False), name="suggestion_decided_by_somebody"
            )
        ]

    @property
    def chain(self) -> str:
        return self.challenge.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.facts_for(actor, now)
