from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import Standing, User
from klash.challenges.models import Challenge
from klash.competitions.models import Call, StageKind
from klash.core import chance
from klash.rules.permissions import Facts
from klash.rules.roles import Side
from klash.teams.models.team import Team

FREE_SIDES = (Side.NEUTRAL, Side.TEAM)


class Ad(models.Model):
    """A team looks for a member, or a person for a team: public, without a name or an address of anybody."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="ads")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="ads")  # None: the person looks for a team
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # who wrote it
    skills = models.JSONField(default=list)  # of `knowhow.KNOW_HOW`, or codes of what the challenge needs beside those: sought, or had
    text = models.TextField()
    language = models.CharField(max_length=2)
    is_invented = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=Q(closed_at=None), name="one_open_ad_a_team"),
            models.UniqueConstraint(fields=["challenge", "person"], condition=Q(closed_at=None, team=None), name="one_open_ad_a_person"),
            models.CheckConstraint(condition=~Q(text=""), name="ad_has_text"),
        ]

    @property
    def chain(self) -> str:
        return self.challenge.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        """Return the facts of the challenge's call; the ad is the team leader's, or the person's."""
        leader = self.team.membership_of(actor) if self.team else None
        is_own = leader is not None and leader.is_leader if self.team else getattr(actor, "pk", None) == self.person_id
        return replace(Seeking(self.challenge).facts_for(actor, now), is_owner=is_own, is_frozen=self.closed_at is not None)


class AdAnswer(models.Model):
    """What somebody writes to whoever looks; with it goes the sender's name and address, and no further."""

    ad = models.ForeignKey(Ad, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")  # that the sender leads, where a person looked for one
    text = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ad", "person"], name="one_answer_a_person"),
            models.CheckConstraint(condition=~Q(text=""), name="answer_has_text"),
        ]


@dataclass(frozen=True)
class Seeking:
    """The place of a challenge where teams and people look for one another; the facts are those of the team call.

    is_eligible: the person may be in a team, standing on no other side.
    """

    challenge: Challenge

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        competition = self.challenge.competition
        side = Standing.objects.filter(person=actor.pk, competition=competition.code).values_list("side", flat=True).first() if actor.is_authenticated else None
        return replace(Call(competition.stage(StageKind.TEAM_CALL)).facts_for(actor, now), is_eligible=side is None or side in FREE_SIDES)
