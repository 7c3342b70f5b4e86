"""Codes with which one address may hand something in after the deadline of a call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models.competition import Competition, Stage, StageKind
from klash.core import chance
from klash.rules.permissions import Facts
from klash.rules.states import CompetitionState

CALLS = (StageKind.PROBLEM_CALL, StageKind.TEAM_CALL)  # sealed proposals are never among them: they have their late box


class LateCode(models.Model):
    """Leave for one address to report problems or to apply after the deadline; the call stays closed for everyone else."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="late_codes")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in CALLS])
    email = models.EmailField()
    expires_at = models.DateTimeField()
    uses_max = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=500)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CALLS), name="late_code_of_a_call"),
            models.CheckConstraint(condition=Q(uses_max__gte=1), name="late_code_has_use"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("given_at")), name="late_code_expires_later"),
            models.CheckConstraint(condition=~Q(note=""), name="late_code_has_note"),
        ]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)

    def holds(self, now: datetime) -> bool:
        """Return whether the code is neither revoked nor expired; the instant of its end still counts."""
        return self.revoked_at is None and now <= self.expires_at

    def used_for(self) -> set[str]:
        """Return what was handed in with the code. One query, none where it was prefetched."""
        return {use.thing for use in self.uses.all()}

    def admits(self, thing: str, now: datetime) -> bool:
        """Return whether this thing may be handed in with the code now; "" is one that is yet to be begun."""
        used = self.used_for()
        return self.holds(now) and (thing in used or len(used) < self.uses_max)


class LateUse(models.Model):
    """What was handed in with a code. Handing the same in again is no second use."""

    late_code = models.ForeignKey(LateCode, on_delete=models.PROTECT, related_name="uses")
    thing = models.CharField(max_length=60)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["used_at"]
        constraints = [models.UniqueConstraint(fields=["late_code", "thing"], name="one_late_use_a_thing")]


def late_code_for(stage: Stage, person: Any, thing: str, now: datetime) -> LateCode | None:
    """Return the code with which the person may hand this thing in, though the call is over.

    Two queries at most after the call, kept with the competition; none before its end.
    """
    competition = stage.competition
    if stage.kind not in CALLS or competition.state != CompetitionState.PUBLISHED or now <= stage.closes_at or not person.is_authenticated:
        return None
    own = [row for row in _codes_of(competition) if row.kind == stage.kind and row.email == person.email.lower()]
    return next((row for row in own if row.admits(thing, now)), None)


def _codes_of(competition: Competition) -> list[LateCode]:
    kept: list[LateCode] | None = competition.__dict__.get("_late_codes")
    if kept is None:
        kept = competition.__dict__["_late_codes"] = list(competition.late_codes.order_by("expires_at", "pk").prefetch_related("uses"))
    return kept


@dataclass(frozen=True)
class Term:
    """Until when one person may hand one thing in: the deadline of all, or the end of a code."""

    closes_at: datetime
    is_open: bool
    is_late: bool = False


def term_of(stage: Stage, person: Any, thing: str, now: datetime) -> Term:
    """Return how long the person may hand the thing in. Costs what `late_code_for` does."""
    code = late_code_for(stage, person, thing, now)
    return Term(code.expires_at, is_open=True, is_late=True) if code else Term(stage.closes_at, stage.is_open(now))


@dataclass(frozen=True)
class Call:
    """A call as one who may hold a code meets it, before anything was begun."""

    stage: Stage

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        facts = self.stage.facts_for(actor, now)
        return facts if facts.is_open else replace(facts, is_open=late_code_for(self.stage, actor, "", now) is not None)
