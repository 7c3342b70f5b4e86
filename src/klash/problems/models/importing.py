from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.rules.permissions import Facts


class ProblemImport(models.Model):
    """A table of problems that was checked without a fault. Its rows wait here until a person takes them in; then the same table is refused."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="problem_imports")
    digest = models.CharField(max_length=64)  # of what the rows say, however the file was saved
    rows = models.JSONField()
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "digest"], name="one_import_a_content")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)
