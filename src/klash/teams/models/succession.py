"""How a team came in from the reserve list."""

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.teams.models.team import Application


class Succession(models.Model):
    """The organiser's decision to admit the first of the reserve list; public with its reason."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="succession")
    reason = models.TextField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="succession_has_reason")]
