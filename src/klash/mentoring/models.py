from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.accounts.models import Invitation, User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF, Role
from klash.rules.states import SessionState
from klash.teams.models import Membership, Team


class Sector(models.TextChoices):
    BUSINESS = "business"
    PUBLIC = "public"
    THIRD_SECTOR = "third_sector"
    RESEARCH = "research"
    UNKNOWN = "unknown"


class MentorProfile(models.Model):
    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentors")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mentor_profiles")
    sector = models.CharField(max_length=20, choices=Sector, default=Sector.UNKNOWN)
    field = TextInLanguages()
    text = TextInLanguages()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "person"], name="one_profile_a_mentor")]


class MentorOffer(models.Model):
    """What the organiser wrote of a mentor who has not accepted the invitation yet; becomes the profile then."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentor_offers")
    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="mentor_offer")
    sector = models.CharField(max_length=20, choices=Sector, default=Sector.UNKNOWN)
    field = TextInLanguages()
    text = TextInLanguages()


class MentoringDayQuerySet(models.QuerySet["MentoringDay"]):
    def visible_to(self, person: Any) -> MentoringDayQuerySet:
        """A mentor's and the staff's competition whole; an admitted team the days of its challenge."""
        if not person.is_authenticated:
            return self.none()
        admitted = Team.objects.of(person).told().values("challenge")
        own = MentoringDay.challenges.through.objects.filter(challenge__in=admitted).values("mentoringday")
        return self.filter(Q(pk__in=own) | Q(competition__code__in=person.acting_as(*STAFF, Role.MENTOR)))


class MentoringDay(models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentoring_days")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    place = models.CharField(max_length=120)
    is_online = models.BooleanField(default=False)
    topic = TextInLanguages()
    challenges = models.ManyToManyField(Challenge, related_name="mentoring_days")

    objects = MentoringDayQuerySet.as_manager()

    class Meta:
        ordering = ["on", "number"]
        constraints = [models.UniqueConstraint(fields=["competition", "number"], name="one_day_a_number")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class Slot(models.Model):
    day = models.ForeignKey(MentoringDay, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["day", "starts_at"], name="one_slot_a_start"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_starts_before_it_ends"),
        ]


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, person: Any) -> SessionQuerySet:
        """The mentor's and the team's own sessions, and all to the competition's staff."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(mentor__person=person, slot__day__competition__code__in=person.acting_as(Role.MENTOR))
            | Q(team__in=Membership.objects.filter(person=person).values("team"))
            | Q(slot__day__competition__code__in=person.running())
        )


class Session(models.Model):
    """One team meets one mentor in one slot."""

    lifecycle = "session"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="sessions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sessions")
    mentor = models.ForeignKey(MentorProfile, on_delete=models.PROTECT, related_name="sessions")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SessionState], default=SessionState.PLANNED)
    note = models.TextField(blank=True)
    note_saved_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["slot__starts_at", "team__name"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "team"], condition=~Q(state="cancelled"), name="team_once_a_slot"),
            models.UniqueConstraint(fields=["slot", "mentor"], condition=~Q(state="cancelled"), name="mentor_once_a_slot"),
        ]

    @property
    def chain(self) -> str:
        return self.slot.day.competition.code

    def side_of(self, actor: Any) -> str:
        """Return "mentor", "team" or "" for the actor's part in the session."""
        if self.mentor.person_id == getattr(actor, "pk", None):
            return "mentor"
        return "team" if self.team.membership_of(actor) else ""

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        roles = actor.roles_in(self.chain, self.team.challenge.code)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=roles, state=self.state, has_begun=self.slot.starts_at <= now,
            is_member=bool(self.side_of(actor)) or bool(roles & STAFF),
        )


class SessionFeedback(models.Model):
    """What one side says of a session: a mark from 1 to 5 and a few words."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="feedback")
    side = models.CharField(max_length=6, choices=[("mentor", "mentor"), ("team", "team")])
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    mark = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "side"], name="one_feedback_a_side"),
            models.CheckConstraint(condition=Q(mark__gte=1, mark__lte=5), name="mark_1_to_5"),
        ]
