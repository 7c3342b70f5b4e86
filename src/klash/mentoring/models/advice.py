"""What mentors give and what teams make of it: advice points, materials, the diary; badges for teams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.mentoring.models.sessions import Session
from klash.rules.permissions import Facts
from klash.teams.models import Team


class Advice(models.Model):
    """One idea that a mentor gave in a session, and what the team made of it. section: code of the proposal's section that changed, or ""."""

    class Answer(models.TextChoices):
        TAKEN = "taken"
        NOT_TAKEN = "not_taken"
        LATER = "later"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="advice")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, blank=True)
    why = models.CharField(max_length=500, blank=True)
    section = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_advice_a_number"),
            models.CheckConstraint(condition=(Q(answer="") & Q(answered_at=None)) | (~Q(answer="") & Q(answered_at__isnull=False)), name="answer_with_moment"),
        ]

    @property
    def chain(self) -> str:
        return self.session.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        """The team's part of it; the mentor's is the session's."""
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, self.session.team.challenge.code),
            is_member=self.session.team.membership_of(actor) is not None,
        )


class Material(models.Model):
    """What a mentor gave a team to read or use. offered_at: since when all teams of the challenge have it."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["given_at", "pk"]


class DiaryEntry(models.Model):
    """What a team learnt, for its own eyes."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="diary")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="diary")
    text = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-written_at", "-pk"]


class BadgeOffer(models.Model):
    """The organiser gives the members of teams that were mentored an open badge."""

    competition = models.OneToOneField(Competition, on_delete=models.PROTECT, related_name="badge_offer")
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()


class Badge(models.Model):
    """One member's badge. Public only in so far as whoever holds its address may verify it; it names nobody."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    offer = models.ForeignKey(BadgeOffer, on_delete=models.PROTECT, related_name="badges")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="badges")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="badges")
    salt = models.CharField(max_length=32, default=chance.code)  # of the address's hash
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "person"], name="one_badge_a_person")]
