from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.challenges.models.challenge import NEEDED, Challenge
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.core.trigrams import SearchColumn
from klash.rules.permissions import Facts
from klash.rules.states import PublicQuestionState


class AnswerRound(models.Model):
    """Answers that went out to all at one moment."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="answer_rounds")
    number = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["challenge", "number"], name="one_answer_round_a_number")]


class PublicQuestion(models.Model):
    """A question of anybody. `text` is as it was sent; `wording` is what all read, so that it tells nothing of who asked.

    asker, email: exactly one of them; no page, export or log shows either. confirmed_at: when the address was proved; at once for who is signed in.
    """

    lifecycle = "public_question"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    language = models.CharField(max_length=2)
    asker = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    wording = TextInLanguages()
    answer = TextInLanguages()
    revision = models.PositiveIntegerField(default=0)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    reason = models.CharField(max_length=500, blank=True)  # why it was left out
    round = models.ForeignKey(AnswerRound, null=True, on_delete=models.PROTECT, related_name="questions")
    is_invented = models.BooleanField(default=False)
    search = SearchColumn(blank=True, default="")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PublicQuestionState], default=PublicQuestionState.ASKED)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["challenge", "state"], name="public_question_state")]
        constraints = [
            models.CheckConstraint(condition=Q(asker=None, email__gt="") | Q(asker__isnull=False, email=""), name="question_of_person_or_address"),
            models.CheckConstraint(condition=~Q(state="joined") | Q(joined_to__isnull=False), name="joined_to_another"),
            models.CheckConstraint(condition=Q(state="released", round__isnull=False) | ~Q(state="released") & Q(round=None), name="released_in_a_round"),
        ]

    @property
    def chain(self) -> str:
        return self.challenge.chain

    def is_ready(self) -> bool:
        """Return whether wording and answer stand in Finnish and Swedish."""
        return all(text.get(code, "").strip() for text in (self.wording, self.answer) for code in NEEDED)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.facts_for(actor, now)


class InformationSession(models.Model):
    """A webinar or a meeting at which the challenge is told about; recording and material are there for who could not come."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="information_sessions")
    title = TextInLanguages()
    starts_at = models.DateTimeField()
    url = models.URLField(blank=True)
    recording_url = models.URLField(blank=True)
    material_url = models.URLField(blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
