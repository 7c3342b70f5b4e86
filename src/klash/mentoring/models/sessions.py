"""Sessions: one team meets one mentor; what each says of it; how both find it in their calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.mentoring.models.days import MentoringDay, Room, Slot
from klash.mentoring.models.people import MentorProfile
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF, Role
from klash.rules.states import ApplicationState, SessionState
from klash.teams.models import Application, Membership, Team


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
    """One team meets one mentor in one slot.

    sequence: counts the changes of time and place, as calendars do. wish: what the team wants to talk about. is_booked: the team took a free slot.
    """

    lifecycle = "session"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="sessions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sessions")
    mentor = models.ForeignKey(MentorProfile, on_delete=models.PROTECT, related_name="sessions")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="sessions")
    is_online = models.BooleanField(default=False)
    is_booked = models.BooleanField(default=False)
    why = models.JSONField(default=dict)  # as in the plan that it comes from
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SessionState], default=SessionState.PLANNED)
    wish = models.TextField(blank=True)
    note = models.TextField(blank=True)
    note_saved_at = models.DateTimeField(null=True)
    mentor_here_at = models.DateTimeField(null=True)
    team_here_at = models.DateTimeField(null=True)
    minutes_late = models.PositiveSmallIntegerField(default=0)
    missing = models.CharField(max_length=6, blank=True, choices=[(side, side) for side in ("mentor", "team", "both")])  # who did not come

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["slot__starts_at", "team__name"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "team"], condition=~Q(state="cancelled"), name="team_once_a_slot"),
            models.UniqueConstraint(fields=["slot", "mentor"], condition=~Q(state="cancelled"), name="mentor_once_a_slot"),
            models.CheckConstraint(condition=Q(missing="") | Q(state="missed"), name="missing_where_missed"),
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
            is_member=bool(self.side_of(actor)) or bool(roles & STAFF), is_owner=self.side_of(actor) == "team" and (self.is_booked or self._has_resigned()),
        )

    def _has_resigned(self) -> bool:
        """Return whether the team has given up its place, so that it meets nobody any more. One query, kept: a place that was given up stays so."""
        if "_resigned" not in self.__dict__:
            self.__dict__["_resigned"] = Application.objects.filter(team=self.team_id, state=ApplicationState.RESIGNED).exists()
        return bool(self.__dict__["_resigned"])


class SessionFeedback(models.Model):
    """What one side says of a session. mark: how much use it was, 1 to 5; frankness: how frank it was, 1 to 5, asked of the team alone.

    text: of the team in its own words; of the mentor what was strong. needs: what the team needs next, asked of the mentor alone.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="feedback")
    side = models.CharField(max_length=6, choices=[("mentor", "mentor"), ("team", "team")])
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    mark = models.PositiveSmallIntegerField()
    frankness = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "side"], name="one_feedback_a_side"),
            models.CheckConstraint(condition=Q(mark__gte=1, mark__lte=5), name="mark_1_to_5"),
            models.CheckConstraint(condition=Q(frankness=None) | Q(frankness__gte=1, frankness__lte=5, side="team"), name="frankness_1_to_5"),
            models.CheckConstraint(condition=Q(needs="") | Q(side="mentor"), name="needs_by_the_mentor"),
        ]


class MentorLeave(models.Model):
    """A mentor who had told times for a day and cannot come; the sessions of the day were cancelled with it."""

    mentor = models.ForeignKey(MentorProfile, on_delete=models.PROTECT, related_name="leaves")
    day = models.ForeignKey(MentoringDay, on_delete=models.PROTECT, related_name="leaves")
    cancelled = models.PositiveSmallIntegerField()  # sessions, in all
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "day"], name="one_leave_a_day")]


class CalendarFeed(models.Model):
    """A private address from which a calendar program reads a person's sessions. Only the hash of its token is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "competition"], condition=Q(revoked_at=None), name="one_feed_a_person_and_competition"),
        ]
