"""What a jury asks of a team by code name, and what came back: the minutes. No row can be shortened or taken away, and the database holds to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.core import chance
from klash.core.audit import System
from klash.core.fields import EncryptedJSON
from klash.reviewing.models.rounds import Entry, Round, Seat
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF
from klash.rules.states import QuestionBatchState, QuestionState

QUESTION_SIGNS_MAX, ANSWER_SIGNS_MAX = 1000, 4000


def _roles(actor: Any, chain: str) -> frozenset[Any]:
    return STAFF if isinstance(actor, System) else actor.roles_in(chain)


class QuestionBatch(models.Model):
    """Questions that are sent at once, with one deadline for the answers and one instant at which all of these are released. One proposes, another confirms."""

    lifecycle = "question_batch"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="question_batches")
    answers_by = models.DateTimeField()
    releases_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=32)  # pseudonyms: accounts lie elsewhere
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=32, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)  # when the teams had the questions
    carried_at = models.DateTimeField(null=True)  # when the answers came over, all at once
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in QuestionBatchState], default=QuestionBatchState.PROPOSED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=Q(state="proposed"), name="one_question_batch_waits"),
            models.CheckConstraint(condition=Q(answers_by__lt=F("releases_at")), name="answers_come_before_their_release"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="question_batch_by_two_persons"),
            models.CheckConstraint(condition=~Q(state="sent") | ~Q(confirmed_by=""), name="question_batch_sent_by_somebody"),
        ]

    @property
    def chain(self) -> str:
        return self.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=_roles(actor, self.chain), state=self.state, has_begun=True,
            is_open=self.round.is_asking(now) and now < self.answers_by, is_same_person=actor.pseudonym == self.proposed_by,
        )


class Question(models.Model):
    """What one juror asks of whoever wrote an entry. Whose question it is, no page tells anybody but the juror."""

    lifecycle = "question"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="questions")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="questions")
    text = models.CharField(max_length=QUESTION_SIGNS_MAX)
    asked_at = models.DateTimeField()
    batch = models.ForeignKey(QuestionBatch, null=True, on_delete=models.PROTECT, related_name="questions")
    reason = models.CharField(max_length=500, blank=True)  # why it was returned to the juror
    settled_at = models.DateTimeField(null=True)  # when it was sent or returned
    answer = models.TextField(blank=True)  # as the registrar cleared it
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in QuestionState], default=QuestionState.ASKED)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(reason=""), name="returned_question_has_reason"),
            models.CheckConstraint(condition=Q(state__in=["asked", "returned"]) | Q(batch__isnull=False), name="sent_question_has_batch"),
        ]

    @property
    def chain(self) -> str:
        return self.entry.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        round_, is_sent = self.entry.round, self.state == QuestionState.SENT
        return Facts(
            is_signed_in=actor.is_authenticated, roles=_roles(actor, self.chain), state=self.state,
            has_seat=isinstance(actor, Seat) and actor.pk == self.seat_id, has_begun=round_.opens_at <= now,
            is_open=now <= self.batch.answers_by if is_sent and self.batch else round_.is_asking(now),
            is_same_person=self.batch is not None and actor.pseudonym == self.batch.proposed_by,
        )


class AnswerText(models.Model):
    """A team's answer as it came (number 0), and after each thing that the registrar left out of it. The newest is the answer."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    text = EncryptedJSON()
    hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)  # why something was left out
    made_by = models.CharField(max_length=32)  # pseudonym
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_answer_text_a_number"),
            models.CheckConstraint(condition=Q(number=0) | ~Q(reason=""), name="shortened_answer_has_reason"),
        ]
