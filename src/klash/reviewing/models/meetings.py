"""The meeting of a body and its minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.reviewing.models.rounds import Entry, Round, Seat
from klash.rules.permissions import Facts
from klash.rules.states import MeetingState, RoundState


class Meeting(models.Model):
    """The body's meeting on a round, and its minutes. The organiser's staff holds it where names are shown, the chair in a blind round."""

    lifecycle = "meeting"

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="meeting")
    place = models.CharField(max_length=200, blank=True)
    turn = models.PositiveIntegerField(default=1)  # position of the entry that is dealt with
    came_from = models.PositiveIntegerField(null=True)  # position of the one before it
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MeetingState], default=MeetingState.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    addition = models.TextField(blank=True)  # the secretary's, to the minutes
    minutes = models.JSONField(null=True)  # as they were approved
    hash = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(started_at__lte=F("ended_at")), name="meeting_starts_before_it_ends"),
            models.CheckConstraint(condition=Q(approved_at=None) | (Q(minutes__isnull=False) & ~Q(hash="")), name="approved_minutes_are_kept"),
        ]

    @property
    def code(self) -> str:
        return self.round.code

    @property
    def chain(self) -> str:
        return self.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        is_blind, is_seat = self.round.is_blind, isinstance(actor, Seat)
        chairs = is_blind and is_seat and actor.round_id == self.round_id and actor.is_chair and not actor.is_absent
        return Facts(
            is_signed_in=True, roles=frozenset() if is_blind or is_seat else actor.roles_in(self.chain), is_chair=chairs, state=self.state,
            has_begun=self.round.state != RoundState.DRAFT and self.round.opens_at <= now,
        )


class Attendance(models.Model):
    """Whether a member of the body was there, and if not, why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    is_present = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="one_attendance_a_seat")]


class AgendaItem(models.Model):
    """An entry in the order of business, with what was noted and who left for it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()  # 1, 2, ...
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    left = models.JSONField(null=True)  # handles of those who were outside; None while it has not been dealt with

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_item_a_position"),
            models.UniqueConstraint(fields=["meeting", "entry"], name="one_item_an_entry"),
        ]
