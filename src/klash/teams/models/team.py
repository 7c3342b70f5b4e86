from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import FormKind, LateUse, MoreInformation, StageForm, StageKind, Term, term_of
from klash.core import chance
from klash.rules import grounds, questions
from klash.rules.permissions import Facts
from klash.rules.states import ApplicationState
from klash.teams.models.asked import Acceptance, Conditions, Declaration, EligibilityAnswer, EligibilityQuestion

WRITABLE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
DECIDED = [ApplicationState.ADMITTED.value, ApplicationState.DECLINED.value, ApplicationState.ON_RESERVE.value, ApplicationState.RESIGNED.value]
NOTHING_ASKED = {"is_eligible": False, "is_declared": False, "has_accepted": False}  # of an application that cannot be submitted now


class Right(models.TextChoices):
    """What a member may do in the team; one leads."""

    VIEW = "view"
    WRITE = "write"
    LEAD = "lead"


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

    def term_for(self, person: Any, now: datetime) -> Term:
        """Return until when the team may apply; by a code of its leader's, unless it applied in time or the panel's entries are fixed.

        Six queries at most after the call, none before its end.
        """
        stage = self.challenge.competition.stage(StageKind.TEAM_CALL)
        leading = next((row for row in self.memberships.all() if row.is_leader), None) if self.membership_of(person) and now > stage.closes_at else None
        leader = leading and (person if leading.person_id == person.pk else leading.person)
        found = term_of(stage, leader, self.thing, now) if leader else Term(stage.closes_at, stage.is_open(now))
        if found.is_late and (self._was_in_time() or Application.objects.filter(team__challenge=self.challenge).exclude(entry_code=None).exists()):
            return Term(stage.closes_at, is_open=False)
        return found

    @property
    def thing(self) -> str:
        return f"{Application.lifecycle}/{self.code}"

    def _was_in_time(self) -> bool:
        applied = Application.objects.filter(team=self.pk, state=ApplicationState.SUBMITTED).exists()
        return applied and not LateUse.objects.filter(thing=self.thing).exists()

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        competition, own = self.challenge.competition, self.membership_of(actor)
        stage = competition.stage(StageKind.TEAM_CALL)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(competition.code, self.challenge.code), is_member=own is not None,
            is_owner=own is not None and own.is_leader, is_writer=own is not None and own.may_write,
            is_open=self.term_for(actor, now).is_open, has_begun=stage.opens_at <= now,
            members=len(self.memberships.all()), members_min=competition.team_size_min, members_max=competition.team_size_max,
        )


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.PROTECT)
    is_leader = models.BooleanField(default=False)
    may_write = models.BooleanField(default=True)
    role = models.CharField(max_length=20, blank=True, default="")  # of `knowhow.ROLES`
    own_role = models.CharField(max_length=80, blank=True, default="")  # in own words
    skills = models.JSONField(default=list, blank=True)  # of `knowhow.KNOW_HOW`, or codes of what the challenge needs beside those
    own_skills = models.CharField(max_length=200, blank=True, default="")  # in own words
    joined_at = models.DateTimeField()

    @property
    def right(self) -> Right:
        return Right.LEAD if self.is_leader else Right.WRITE if self.may_write else Right.VIEW

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
    reserve_place = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    feedback = models.TextField(blank=True)  # the panel's
    decided_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # told to the team; public from here
    awaited: MoreInformation | None = None  # of what was asked beyond what was handed in, where a list has read it
    asked: dict[str, bool] | None = None  # `asked_facts`, where a page that only shows has read them already

    class Meta:
        indexes = [models.Index(fields=["state"], condition=Q(released_at=None), name="application_waits")]
        constraints = [
            models.CheckConstraint(
                name="decided_application_has_reason", condition=~Q(state__in=DECIDED) | (Q(decided_at__isnull=False) & ~Q(reason=""))
            ),
            models.CheckConstraint(name="released_application_is_decided", condition=Q(released_at=None) | Q(state__in=DECIDED)),
            models.CheckConstraint(name="reserve_has_place", condition=~Q(state="on_reserve") | Q(reserve_place__isnull=False)),
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
        return self.state if self.released_at or self.state not in DECIDED else ApplicationState.SUBMITTED

    def is_next_in(self) -> bool:
        """Return whether the team is the first on the reserve list of its challenge. One query, none for what is not on it."""
        if self.state != ApplicationState.ON_RESERVE:
            return False
        before = Application.objects.filter(team__challenge=self.team.challenge_id, state=ApplicationState.ON_RESERVE, reserve_place__lt=self.reserve_place)
        return not before.exists()

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
        is_waiting = self.state in (ApplicationState.SUBMITTED, ApplicationState.ON_RESERVE)
        admitted = Team.objects.filter(challenge=challenge).admitted().count() if is_waiting else 0
        proposals = challenge.competition.stages_by_kind().get(StageKind.PROPOSALS)
        is_writable = self.state in WRITABLE
        asked = (self.asked or asked_facts(self.team)) if is_writable else NOTHING_ASKED
        return replace(
            self.team.facts_for(actor, now), is_eligible=asked["is_eligible"], is_declared=asked["is_declared"], has_accepted=asked["has_accepted"],
            has_time=proposals is not None and now <= proposals.closes_at, is_next=self.is_next_in(),
            state=self.state, is_complete=not is_writable or self.is_complete(now), is_within_limits=not is_writable or not self.too_long(),
            all_submitted=self.entry_code is not None,
            places_left=challenge.competition.teams_per_challenge_max - admitted,
        )


def asked_facts(team: Team) -> dict[str, bool]:
    """Return whether anything that is asked beside the application is open, as facts. One query."""
    own = EligibilityAnswer.objects.filter(team=OuterRef(OuterRef("pk")), question=OuterRef("pk"), answer=F("question__wanted"))
    questions = EligibilityQuestion.objects.filter(~Exists(own), competition=OuterRef("challenge__competition"))
    versions = Conditions.objects.filter(competition=OuterRef("challenge__competition"))
    newest = Conditions.objects.filter(competition=OuterRef(OuterRef("challenge__competition"))).order_by("-number").values("pk")[:1]
    accepted = Acceptance.objects.filter(team=OuterRef("pk"), conditions=Subquery(newest))
    declared = Declaration.objects.filter(version=grounds.VERSION)
    persons = Membership.objects.filter(~Exists(declared.filter(team=OuterRef("team"), person=OuterRef("person"), firm=None)), team=OuterRef("pk"))
    firms = TeamFirm.objects.filter(~Exists(declared.filter(firm=OuterRef("pk"))), team=OuterRef("pk"), part=TeamFirm.Part.OWN)
    row = Team.objects.filter(pk=team.pk).annotate(
        is_unanswered=Exists(questions), has_conditions=Exists(versions), is_accepted=Exists(accepted),
        asks=F("challenge__competition__team_rules__asks_declarations"), is_undeclared=Exists(persons) | Exists(firms),
    ).values("is_unanswered", "has_conditions", "is_accepted", "asks", "is_undeclared").get()
    return {
        "is_eligible": not row["is_unanswered"], "has_accepted": row["is_accepted"] or not row["has_conditions"],
        "is_declared": not (row["asks"] and row["is_undeclared"]),
    }
