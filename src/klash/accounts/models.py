from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.permissions import Facts
from klash.rules.roles import SIDE_OF, STAFF, Role, Side


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One natural person. `code` is the pseudonym that the audit log knows."""

    code = models.CharField(max_length=32, unique=True, default=chance.key)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="fi")
    is_active = models.BooleanField(default=True)
    is_invented = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_lower_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def pseudonym(self) -> str:
        return self.code

    def roles_in(self, competition: str, challenge: str = "") -> frozenset[Role]:
        """Return the roles held in the competition, those of `challenge` included. One query for all competitions, then kept."""
        return frozenset(Role(role) for code, role, scope in self._held() if code == competition and scope in ("", challenge))

    def roles_held(self) -> frozenset[Role]:
        """Return the roles held in whichever competitions. The same query as `roles_in`."""
        return frozenset(Role(role) for _code, role, _scope in self._held())

    def _held(self) -> list[tuple[str, str, str]]:
        kept: list[tuple[str, str, str]] | None = self.__dict__.get("_roles")
        if kept is None:
            rows = RoleGrant.objects.filter(standing__person=self, ended_at=None)
            kept = self.__dict__["_roles"] = list(rows.values_list("standing__competition", "role", "challenge"))
        return kept

    def running(self) -> models.QuerySet[Any, Any]:
        """Return the competitions that the person helps to run now, as a subquery of their codes."""
        return self.acting_as(*STAFF)

    def acting_as(self, *roles: Role) -> models.QuerySet[Any, Any]:
        """Return the competitions in which the person holds one of the roles now, as `running`. The side outlives the role and opens nothing."""
        return RoleGrant.objects.filter(standing__person=self, role__in=roles, ended_at=None).values("standing__competition")

    def forget_roles(self) -> None:
        """Drop what `roles_in` kept; the next question reads again."""
        self.__dict__.pop("_roles", None)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        ASSOCIATION = "association"
        COMPANY = "company"
        FOUNDATION = "foundation"
        PUBLIC = "public"
        OTHER = "other"

    code = models.CharField(max_length=60, unique=True)
    name = TextInLanguages()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    business_id = models.CharField(max_length=9, blank=True, default="")
    is_invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.name.get("fi", self.code))


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def valid_on(self, day: Any) -> MunicipalityQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


class Municipality(models.Model):
    """One municipality of the register. `grouping` is the size class; x and y are its place on the map drawing."""

    code = models.CharField(max_length=3)
    name_fi = models.CharField(max_length=60)
    name_sv = models.CharField(max_length=60)
    region_code = models.CharField(max_length=2)
    region_fi = models.CharField(max_length=60)
    region_sv = models.CharField(max_length=60)
    grouping = models.CharField(max_length=20)
    languages = models.CharField(max_length=10)
    population = models.PositiveIntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    x = models.FloatField()
    y = models.FloatField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["name_fi"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_municipality_a_code"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="municipality_from_before_to"),
            models.CheckConstraint(condition=Q(successor=None) | Q(valid_to__isnull=False), name="successor_only_when_ended"),
        ]

    def __str__(self) -> str:
        return self.name_fi

    @property
    def name(self) -> dict[str, str]:
        return {"fi": self.name_fi, "sv": self.name_sv, "en": self.name_fi}


class Standing(models.Model):
    """The one side that a person stands on in a competition (invariant I17). Its side only leaves `neutral`, never changes."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standings")
    competition = models.CharField(max_length=60)
    side = models.CharField(max_length=12, choices=[(side.value, side.value) for side in Side])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "competition"], name="one_side_a_person")]


def _roles_of(*sides: Side) -> list[str]:
    return [role.value for role, side in SIDE_OF.items() if side in sides]


class RoleGrant(models.Model):
    """A role of a person in a competition, or in one challenge of it. A trigger holds side = the standing's side or neutral."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    side = models.CharField(max_length=12)
    challenge = models.CharField(max_length=60, blank=True, default="")
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["role", "challenge", "id"], condition=Q(ended_at=None), name="grant_list")]
        constraints = [
            models.UniqueConstraint(fields=["standing", "role", "challenge"], name="one_grant_a_role"),
            models.CheckConstraint(
                name="role_has_its_side",
                condition=models.Q(*[Q(side=side.value, role__in=_roles_of(side)) for side in Side], _connector=Q.OR),
            ),
        ]


class Affiliation(models.Model):
    """A person acts for a municipality or an organisation."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="affiliations")
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="affiliated_with_one", condition=Q(municipality=None, organisation__isnull=False) | Q(municipality__isnull=False, organisation=None)
            )
        ]


class Invitation(models.Model):
    """A single-use link bound to an address. Only the token's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    competition = models.CharField(max_length=60)
    challenge = models.CharField(max_length=60, blank=True, default="")
    role = models.CharField(max_length=20)
    handle = models.CharField(max_length=32, blank=True, default="")
    team = models.CharField(max_length=60, blank=True, default="")
    right = models.CharField(max_length=10, blank=True, default="")  # what the person may do in the team
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="invitation_email"), models.Index(fields=["team"], name="invitation_team"),
            models.Index(fields=["competition", "accepted_at", "-sent_at"], name="invitation_waits"),
        ]
        constraints = [
            models.CheckConstraint(
                name="accepted_when_and_by", condition=Q(accepted_at=None, accepted_by=None) | Q(accepted_at__isnull=False, accepted_by__isnull=False)
            )
        ]

    @property
    def mark(self) -> str:
        """What the log calls it."""
        return self.token_hash[:16]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(is_signed_in=True, is_owner=getattr(actor, "email", "") == self.email, is_open=now <= self.expires_at)


class ReviewerHandle(models.Model):
    """The link from a person to a reviewer's handle. It lies with the person's account, never with the reviews."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handles")
    handle = models.CharField(max_length=32, unique=True)
