from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import FormKind, StageForm, StageKind
from klash.core import chance
from klash.rules import questions
from klash.rules.permissions import Facts
from klash.rules.states import ApplicationState


class TeamQuerySet(models.QuerySet["Team"]):
    def admitted(self) -> TeamQuerySet:
        return self.filter(application__state=ApplicationState.ADMITTED)

    def told(self) -> TeamQuerySet:
        """Admitted teams from the release on: before it, nothing may tell a team from those that were declined."""
        return self.admitted().filter(application__released_at__isnull=False)

    def visible_to(self, person: Any) -> TeamQuerySet:
        """Own teams, and all teams to the competition's staff. Admitted teams' names are public through `admitted`."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(Q(pk__in=Membership.objects.filter(person=person).values("team")) | Q(challenge__competition__code__in=person.running()))

    def of(self, person: Any) -> TeamQuerySet:
        return self.filter(pk__in=Membership.objects.filter(person=person).values("team"))


class Team(models.Model):
    """Three to five persons (a setting); needs no company."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    summary = models.TextField(blank=True)  # public after admission
    language = models.CharField(max_length=2, default="fi")
    is_invented = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["challenge", "name"], name="one_team_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        return self.challenge.competition.code

    def membership_of(self, actor: Any) -> Membership | None:
        return next((m for m in self.memberships.all() if m.person_id == getattr(actor, "pk", None)), None)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        competition, own = self.challenge.competition, self.membership_of(actor)
        stage = competition.stage(StageKind.TEAM_CALL)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(competition.code, self.challenge.code), is_member=own is not None,
            is_owner=own is not None and own.is_leader, is_open=stage.is_open(now), has_begun=stage.opens_at <= now,
            members=len(self.memberships.all()), members_min=competition.team_size_min, members_max=competition.team_size_max,
        )


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.PROTECT)
    is_leader = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="one_membership_a_person"),
            models.UniqueConstraint(fields=["team"], condition=Q(is_leader=True), name="one_leader_a_team"),
        ]


class TeamFirm(models.Model):
    """A firm or an organisation behind a team: one that owns or employs, or a subcontractor. Only the team and the staff see it."""

    class Part(models.TextChoices):
        OWN = "own"
        SUBCONTRACTOR = "subcontractor"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="firms")
    name = models.CharField(max_length=200)
    business_id = models.CharField(max_length=9, blank=True)
    part = models.CharField(max_length=14, choices=Part, default=Part.OWN)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="firm_has_name")]


class Application(models.Model):
    """What a team sends to be admitted; judged with its name."""

    lifecycle = "application"

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="application")
    answers = models.JSONField(default=dict, blank=True)  # {a question's code: answer}; what is not answered has no key
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ApplicationState], default=ApplicationState.DRAFT)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    entry_code = models.CharField(max_length=32, null=True, unique=True)
    reason = models.TextField(blank=True)
    feedback = models.TextField(blank=True)  # the panel's
    decided_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # told to the team; public from here

    class Meta:
        indexes = [models.Index(fields=["state"], condition=Q(released_at=None), name="application_waits")]
        constraints = [
            models.CheckConstraint(
                name="decided_application_has_reason", condition=~Q(state__in=["admitted", "declined"]) | (Q(decided_at__isnull=False) & ~Q(reason=""))
            ),
            models.CheckConstraint(name="released_application_is_decided", condition=Q(released_at=None) | Q(state__in=["admitted", "declined"])),
        ]

    @property
    def code(self) -> str:
        return self.team.code

    @property
    def chain(self) -> str:
        return self.team.chain

    @property
    def told_state(self) -> str:
        """What the team may know: a decision counts for it only from the release, which is the same instant for all."""
        return self.state if self.released_at or self.state not in (ApplicationState.ADMITTED, ApplicationState.DECLINED) else ApplicationState.SUBMITTED

    @property
    def form(self) -> StageForm:
        """What the call asks. Two queries at most, kept with the competition."""
        return self.team.challenge.competition.form(FormKind.APPLICATION)

    def answer(self, code: str) -> Any:
        """Return the answer to a question as it was saved last, an empty text where there is none."""
        return self.answers.get(code, "")

    def is_complete(self, now: datetime) -> bool:
        return not questions.missing(self.form.rules(), self.answers, now)

    def too_long(self) -> list[str]:
        """Return the codes of the questions that are answered with more words than they may be."""
        return questions.too_long(self.form.rules(), self.answers)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        challenge = self.team.challenge
        # Asked only of what can still be admitted.
        admitted = Team.objects.filter(challenge=challenge).admitted().count() if self.state == ApplicationState.SUBMITTED else 0
        return replace(
            self.team.facts_for(actor, now), state=self.state, is_complete=self.is_complete(now),
            is_within_limits=not self.too_long(), all_submitted=self.entry_code is not None,
            places_left=challenge.competition.teams_per_challenge_max - admitted,
        )
