"""Mentoring days: their slots, their rooms and what all do together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF, Role
from klash.teams.models import Team


class MentoringDayQuerySet(models.QuerySet["MentoringDay"]):
    def visible_to(self, person: Any) -> MentoringDayQuerySet:
        """A mentor's and the staff's competition whole; an admitted team the days of its challenge."""
        if not person.is_authenticated:
            return self.none()
        admitted = Team.objects.of(person).told().values("challenge")
        own = MentoringDay.challenges.through.objects.filter(challenge__in=admitted).values("mentoringday")
        return self.filter(Q(pk__in=own) | Q(competition__code__in=person.acting_as(*STAFF, Role.MENTOR)))


class MentoringDay(models.Model):
    """A day in one place, or online. Nobody is expected in two places on one date."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentoring_days")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    place = models.CharField(max_length=120)
    is_online = models.BooleanField(default=False)
    topic = TextInLanguages()
    challenges = models.ManyToManyField(Challenge, related_name="mentoring_days")
    revision = models.PositiveIntegerField(default=0)
    check_in_code = models.CharField(max_length=32, unique=True, default=chance.code)  # in the address that the QR code of the day leads to

    objects = MentoringDayQuerySet.as_manager()

    class Meta:
        ordering = ["on", "number"]
        constraints = [models.UniqueConstraint(fields=["competition", "number"], name="one_day_a_number")]

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class Slot(models.Model):
    day = models.ForeignKey(MentoringDay, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["day", "starts_at"], name="one_slot_a_start"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_starts_before_it_ends"),
        ]


class Room(models.Model):
    """Where one session at a time is held: a room of the place, or the link of a meeting online. A day without rooms has room for all."""

    day = models.ForeignKey(MentoringDay, on_delete=models.CASCADE, related_name="rooms")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["day", "number"], name="one_room_a_number")]


class JointSession(models.Model):
    """What all teams of a day do together. No session is planned at that time."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    day = models.ForeignKey(MentoringDay, on_delete=models.CASCADE, related_name="joint_sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = TextInLanguages()
    where = models.CharField(max_length=120, blank=True)
    link = models.URLField(max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)  # of its changes, as calendars count them
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="joint_session_starts_before_it_ends")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.day.facts_for(actor, now)
