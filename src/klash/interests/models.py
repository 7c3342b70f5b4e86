"""What people declare of themselves before they judge. It lies with the identities, never with the reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klash.accounts.models import Municipality, User
from klash.core import chance
from klash.rules.conflicts import DECLARABLE


class About(models.TextChoices):
    PERSON = "person"
    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"


class Interest(models.Model):
    """One tie of a person to a person, an organisation or a municipality. Only its owner reads it; the software compares it."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in DECLARABLE])
    about = models.CharField(max_length=12, choices=About)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    business_id = models.CharField(max_length=9, blank=True)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT)
    salt = models.CharField(max_length=32, default=chance.key)  # so that nobody who reads the log can guess what was declared
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="interest_names_one_thing",
                condition=(
                    Q(about="municipality", municipality__isnull=False, name="", email="", business_id="")
                    | (Q(about="person", municipality=None, business_id="") & ~Q(name=""))
                    | (Q(about="organisation", municipality=None, email="") & ~Q(name=""))
                ),
            )
        ]


class Declaration(models.Model):
    """A person has told everything there is to tell, even if that is nothing."""

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="declaration")
    confirmed_at = models.DateTimeField()
