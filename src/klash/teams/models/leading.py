"""Who is to lead a team next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.core import chance
from klash.rules.permissions import Facts
from klash.rules.states import HandoverState
from klash.teams.models.team import Team


class Handover(models.Model):
    """A team's leader offers the lead to another member, who takes it; until then nothing changes."""

    lifecycle = "handover"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="handovers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in HandoverState], default=HandoverState.PROPOSED)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team"], condition=Q(state="proposed"), name="one_handover_at_a_time")]

    @property
    def chain(self) -> str:
        return self.team.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return replace(self.team.facts_for(actor, now), state=self.state, is_next=getattr(actor, "pk", None) == self.person_id)
