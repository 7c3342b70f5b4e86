from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.problems.models.problem import Problem, Writer
from klash.rules.permissions import Facts


class TalkQuerySet(models.QuerySet["Talk"]):
    def of(self, person: Any) -> TalkQuerySet:
        """Those in which the person takes part: who writes one of the problems, and who began it."""
        own = Q(officer=person) | Q(pk__in=Writer.objects.filter(person=person).order_by().values("problem"))
        theirs = Talk.problems.through.objects.filter(problem__in=Problem.objects.filter(own).order_by().values("pk"))
        return self.filter(Q(begun_by=person) | Q(pk__in=theirs.values("talk")))


class Talk(models.Model):
    """Those who write like problems write to one another. Nobody else reads it, the organiser only where it brought them together."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="talks")
    problems = models.ManyToManyField(Problem, related_name="talks")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    is_introduced = models.BooleanField(default=False)  # by the organiser

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        is_member = actor.is_authenticated and Talk.objects.of(actor).filter(pk=self.pk).exists()
        return replace(self.competition.facts_for(actor, now), is_member=is_member)


class TalkMessage(models.Model):
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="messages")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    sent_at = models.DateTimeField()
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="message_has_text")]


class FeedbackSeen(models.Model):
    """Somebody who writes a problem has opened the page on which its feedback stands."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="feedback_seen")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["problem", "person"], name="seen_once_a_person")]
