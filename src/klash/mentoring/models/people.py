"""Mentors and what teams wish of them: backgrounds, times, needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import Invitation, User
from klash.competitions.models import Competition
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.mentoring.models.days import Slot
from klash.rules.permissions import Facts
from klash.teams.models import Team


class Sector(models.TextChoices):
    BUSINESS = "business"
    PUBLIC = "public"
    THIRD_SECTOR = "third_sector"
    RESEARCH = "research"
    UNKNOWN = "unknown"


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality"
    STATE = "state"
    WELFARE = "welfare"  # wellbeing services county
    COMPANY = "company"
    ASSOCIATION = "association"
    SCHOOL = "school"  # university, university of applied sciences, research institute
    SELF = "self"  # self-employed
    UNKNOWN = "unknown"


class OrganisationSize(models.TextChoices):
    ONE = "1"
    SMALL = "2-49"
    MIDDLE = "50-249"
    LARGE = "250-"
    UNKNOWN = "unknown"


class MentorProfile(models.Model):
    """A mentor of one competition. What is left empty of the limits is as the rules of the timetable say."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentors")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mentor_profiles")
    sector = models.CharField(max_length=20, choices=Sector, default=Sector.UNKNOWN)
    field = TextInLanguages()
    text = TextInLanguages()
    organisation_kind = models.CharField(max_length=20, choices=OrganisationKind, default=OrganisationKind.UNKNOWN)
    organisation_size = models.CharField(max_length=20, choices=OrganisationSize, default=OrganisationSize.UNKNOWN)
    languages = models.JSONField(default=list)  # of fi, sv, en
    region = models.CharField(max_length=60, blank=True)  # as the register of municipalities names it in Finnish
    per_day = models.PositiveSmallIntegerField(null=True)
    in_a_row = models.PositiveSmallIntegerField(null=True)
    in_total = models.PositiveSmallIntegerField(null=True)
    saved_at = models.DateTimeField(null=True)  # by the mentor
    times_at = models.DateTimeField(null=True)  # when the mentor last told the own times

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "person"], name="one_profile_a_mentor")]

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        is_own = self.person_id == getattr(actor, "pk", None)
        return Facts(is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain), is_owner=is_own, is_member=is_own)


class MentorOffer(models.Model):
    """What the organiser wrote of a mentor who has not accepted the invitation yet; becomes the profile then."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="mentor_offers")
    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="mentor_offer")
    sector = models.CharField(max_length=20, choices=Sector, default=Sector.UNKNOWN)
    field = TextInLanguages()
    text = TextInLanguages()


class MentorTime(models.Model):
    """A slot in which a mentor can meet teams. What has no row is a slot in which the mentor cannot."""

    mentor = models.ForeignKey(MentorProfile, on_delete=models.CASCADE, related_name="times")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="mentor_times")
    is_online = models.BooleanField(default=False)  # the mentor takes part from afar, also where the day has a place

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "slot"], name="one_time_a_mentor_and_slot")]


class TeamAbsence(models.Model):
    """A slot in which a team cannot meet mentors. Teams are expected on the days of their challenge, so only this is asked."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mentoring_absences")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="team_absences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "slot"], name="one_absence_a_team_and_slot")]


class TeamNeeds(models.Model):
    """What a team wants of the mentoring, and what not. needs: texts, the most wanted first."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="mentoring_needs")
    needs = models.JSONField(default=list)
    avoid = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)


class MentorWish(models.Model):
    """A mentor whom a team wishes to meet; rank 1 before 2 before 3."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mentor_wishes")
    mentor = models.ForeignKey(MentorProfile, on_delete=models.CASCADE, related_name="wished_by")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["team", "mentor"], name="one_wish_a_mentor"),
            models.UniqueConstraint(fields=["team", "rank"], name="one_wish_a_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=3), name="at_most_three_wishes"),
        ]
