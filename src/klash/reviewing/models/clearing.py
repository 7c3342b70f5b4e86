"""What the registrar does to a blind copy before the jury reads it: something left out, or the copy excluded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from klash.core import chance
from klash.core.audit import System
from klash.core.fields import EncryptedJSON
from klash.reviewing.models.rounds import Entry
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF
from klash.rules.states import ExclusionState, RoundState


class Redaction(models.Model):
    """One thing left out of a blind copy. What stood there before is kept: the last one can be put back, and the copy compared with what was received."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="redactions")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=20)  # "text", or "file/" and the file's number
    page = models.PositiveIntegerField(default=0)  # of a file, from 1; 0: the whole of it
    reason = models.CharField(max_length=500)
    before = EncryptedJSON()  # of the text {title, sections}; of a file {media_type, pages, content in Base64}
    before_hash = models.CharField(max_length=64)  # of the whole copy, as the log knows it
    after_hash = models.CharField(max_length=64)
    made_by = models.CharField(max_length=32)  # pseudonym
    made_at = models.DateTimeField()
    is_restored = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_redaction_a_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="redaction_has_reason"),
        ]

    @property
    def file_number(self) -> int:
        """Return the number of the file, 0 for the text."""
        return int(self.part.partition("/")[2] or 0)


class ExclusionKind(models.TextChoices):
    """Why a copy is not judged: what the jury is told, too."""

    IDENTITY = "identity", _("The copy tells whose it is, and leaving something out would not help")
    RULES = "rules", _("The copy is against the rules of the competition")
    UNREADABLE = "unreadable", _("The copy cannot be read")


class Exclusion(models.Model):
    """That a blind copy is not judged. One person proposes, another confirms; in force it stays, else it is taken back."""

    lifecycle = "exclusion"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="exclusions")
    kind = models.CharField(max_length=10, choices=ExclusionKind)
    reason = models.CharField(max_length=1000)
    proposed_by = models.CharField(max_length=32)  # pseudonyms: accounts lie elsewhere
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=32, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ExclusionState], default=ExclusionState.PROPOSED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=~Q(state="taken_back"), name="one_exclusion_an_entry"),
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_has_reason"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="exclusion_by_two_persons"),
            models.CheckConstraint(condition=~Q(state="confirmed") | ~Q(confirmed_by=""), name="exclusion_confirmed_by_somebody"),
        ]

    @property
    def chain(self) -> str:
        return self.entry.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        roles = STAFF if isinstance(actor, System) else actor.roles_in(self.chain)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=roles, state=self.state, is_same_person=actor.pseudonym == self.proposed_by,
            is_frozen=self.entry.round.state == RoundState.COMPLETE,
        )
