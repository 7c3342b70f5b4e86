from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Organisation, User
from klash.competitions.models.forms import FormKind, Question, StageForm, form_of
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF
from klash.rules.states import CompetitionState, PostponementState, RoundState, RulingState


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def visible_to(self, person: Any) -> CompetitionQuerySet:
        """Published ones to everybody, drafts to their staff."""
        shown = Q(state__in=[CompetitionState.PUBLISHED, CompetitionState.FINISHED])
        if person.is_authenticated:
            shown |= Q(code__in=person.running())
        return self.filter(shown)


class Competition(models.Model):
    lifecycle = "competition"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    tagline = TextInLanguages()
    summary = TextInLanguages()
    website = models.URLField(blank=True)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    team_size_min = models.PositiveSmallIntegerField(default=3)
    team_size_max = models.PositiveSmallIntegerField(default=5)
    teams_per_challenge_max = models.PositiveSmallIntegerField(default=5)
    challenges_promised = models.PositiveSmallIntegerField(default=3)  # so many problems are chosen
    reserve_cents = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    takes_questions = models.BooleanField(default=False)  # the jury may put questions to teams, over a route that who runs the server could follow
    is_invented = models.BooleanField(default=False)  # people and texts in it are invented
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CompetitionState], default=CompetitionState.DRAFT)
    published_at = models.DateTimeField(null=True)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(team_size_min__lte=F("team_size_max")), name="team_size_min_at_most_max")]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        return self.code

    def stage(self, kind: str) -> Stage:
        """Return the stage of a kind; all stages are read once. One query."""
        return self.stages_by_kind()[kind]

    def stages_by_kind(self) -> dict[str, Stage]:
        kept: dict[str, Stage] | None = self.__dict__.get("_stages")
        if kept is None:
            kept = self.__dict__["_stages"] = {stage.kind: stage for stage in self.stages.all()}
            for stage in kept.values():
                stage.competition = self
        return kept

    def forget_stages(self) -> None:
        """Drop what was kept of stages and of late-entry codes; the next question reads again."""
        self.__dict__.pop("_stages", None)
        self.__dict__.pop("_late_codes", None)

    def form(self, kind: str) -> StageForm:
        """Return what a stage asks (`models.forms.form_of`), kept."""
        kept: dict[str, StageForm] = self.__dict__.setdefault("_forms", {})
        if kind not in kept:
            kept[kind] = form_of(self, kind)
        return kept[kind]

    def sections(self) -> list[Question]:
        """Return the questions of a proposal in their order, kept."""
        return self.form(FormKind.PROPOSAL).asked

    def forget_forms(self) -> None:
        """Drop what `form` kept; the next question reads again."""
        self.__dict__.pop("_forms", None)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, is_owner=getattr(actor, "is_operator", False), state=self.state,
            roles=actor.roles_in(self.code) if actor.is_authenticated else frozenset(),
            is_complete=self.state == CompetitionState.DRAFT and not self.missing(), has_begun=True,
            has_time=self.state == CompetitionState.DRAFT and self.has_time(now),
        )

    def has_time(self, now: datetime) -> bool:
        """Return whether problems can still be reported, as far as the calendar tells."""
        call = self.stages_by_kind().get(StageKind.PROBLEM_CALL)
        return call is None or now < call.closes_at

    def missing(self) -> list[str]:
        """Return what a draft still lacks before it can be published, in the order in which it is filled. Three queries and the stages."""
        judged = set(self.criteria_sets.values_list("stage_kind", flat=True))
        found = {
            "texts": all(text.get(code, "").strip() for text in (self.tagline, self.summary) for code in ("fi", "sv")),
            "calendar": set(self.stages_by_kind()) == set(StageKind.values),
            "criteria": judged >= {StageKind.PROBLEM_SELECTION, StageKind.TEAM_SELECTION} and bool(judged & {StageKind.JUDGING, StageKind.PROPOSALS}),
            "themes": self.themes.exists(),
        }
        return [name for name, is_there in found.items() if not is_there]

    def is_run_by(self, person: Any) -> bool:
        return person.is_authenticated and bool(person.roles_in(self.code) & STAFF)


class Partner(models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    roles = models.JSONField(default=list)  # organiser, contracting_entity, funder, partner

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "organisation"], name="one_partner_an_organisation")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class StageKind(models.TextChoices):
    PROBLEM_CALL = "problem_call", _("reporting problems")
    PROBLEM_SELECTION = "problem_selection", _("choosing problems")
    CHALLENGE_SHAPING = "challenge_shaping", _("shaping challenges")
    TEAM_CALL = "team_call", _("team call")
    TEAM_SELECTION = "team_selection", _("choosing teams")
    MENTORING = "mentoring", _("mentoring")
    PROPOSALS = "proposals", _("solution proposals")
    JUDGING = "judging", _("judging")
    AWARD = "award", _("winners")


class Stage(models.Model):
    """A step of the calendar. `planned_*` is what was first promised; `opens_at`, `closes_at` are in force; history in StageChange."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=20, choices=StageKind)
    position = models.PositiveSmallIntegerField()
    title = TextInLanguages()
    planned_opens_at = models.DateTimeField(null=True)
    planned_closes_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "kind"], name="one_stage_a_kind"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="stage_opens_before_it_closes"),
        ]

    @property
    def code(self) -> str:
        return f"{self.competition.code}/{self.kind}"

    def is_open(self, now: datetime) -> bool:
        """Return whether input is taken at this instant; the closing instant itself still counts."""
        return self.competition.state == CompetitionState.PUBLISHED and self.opens_at <= now <= self.closes_at

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, is_open=self.is_open(now), has_begun=self.opens_at <= now,
            roles=actor.roles_in(self.competition.code) if actor.is_authenticated else frozenset(),
        )


class StageChange(models.Model):
    """A deadline that moved later: from, to, when, who asked for it and who confirmed it, why."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=20)
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=500)
    changed_at = models.DateTimeField()
    requested_by = models.CharField(max_length=64)
    changed_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["changed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="stage_change_has_reason"),
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="stage_change_is_later"),
            models.CheckConstraint(condition=Q(changed_at__lte=F("before")), name="stage_change_while_it_runs"),
            models.CheckConstraint(condition=~Q(changed_by=F("requested_by")), name="stage_change_by_two_persons"),
        ]


class Postponement(models.Model):
    """A request to move a deadline later. Nothing moves before another person confirms it; at the deadline it lapses."""

    lifecycle = "postponement"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="postponements")
    to = models.DateTimeField()
    reason = models.CharField(max_length=500)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PostponementState], default=PostponementState.REQUESTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(state="requested"), name="one_postponement_at_a_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="postponement_has_reason"),
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")), name="postponement_by_two_persons"),
        ]

    @property
    def chain(self) -> str:
        return self.stage.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return replace(self.stage.facts_for(actor, now), is_same_person=getattr(actor, "pk", None) == self.requested_by_id)


class CriteriaSet(models.Model):
    """The criteria of one stage. Frozen, with their hash, when the competition is published."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="criteria_sets")
    stage_kind = models.CharField(max_length=20, choices=StageKind)
    frozen_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "stage_kind"], name="one_criteria_set_a_stage"),
            models.CheckConstraint(condition=Q(frozen_at=None, hash="") | (Q(frozen_at__isnull=False) & ~Q(hash="")), name="frozen_with_hash"),
        ]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.competition.code), is_frozen=self.frozen_at is not None)


class Criterion(models.Model):
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = TextInLanguages()
    meaning = TextInLanguages()
    weight = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    scale_min = models.PositiveSmallIntegerField(default=0)
    scale_max = models.PositiveSmallIntegerField(default=10)
    bands = models.JSONField(default=list)  # [{from, to, text: {fi, sv, en}, is_inferred}]

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "code"], name="one_set_criterion_a_code")]


class Theme(models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=40)
    name = TextInLanguages()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "code"], name="one_theme_a_code")]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


class Ruling(models.Model):
    """What a body decides on the entries of its round. Nobody outside learns of it before all of it is released at once."""

    lifecycle = "ruling"
    round_state = ""  # of the body's round, which lies in the other database; set by who reads both
    taken = decided = 0  # of its lines, counted by who reads them

    key = models.CharField(max_length=120, unique=True)  # of the round
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="rulings")
    quota = models.PositiveSmallIntegerField()
    fewer_reason = models.TextField(blank=True)  # why fewer go on than was promised
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in RulingState], default=RulingState.PENDING)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="released_ruling_has_time",
                condition=Q(state=RulingState.PENDING, released_at=None) | Q(state=RulingState.RELEASED, released_at__isnull=False),
            ),
        ]

    @property
    def code(self) -> str:
        return self.key

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain), state=self.state, all_submitted=self.round_state == RoundState.COMPLETE
        )


class RulingLine(models.Model):
    """The decision on one entry, as far as it has been written."""

    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="lines")
    entry_code = models.CharField(max_length=32)
    is_taken = models.BooleanField(null=True)  # None: not decided yet
    reserve_place = models.PositiveSmallIntegerField(null=True)  # on the reserve list of those that are not taken; 1 is the first
    reason = models.TextField(blank=True)
    feedback = models.TextField(blank=True)  # the panel's; empty while nobody has touched what its comments say
    is_invented = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["entry_code"]
        constraints = [
            models.UniqueConstraint(fields=["ruling", "entry_code"], name="one_decision_an_entry"),
            models.CheckConstraint(condition=Q(reserve_place=None) | Q(is_taken=False, reserve_place__gte=1), name="reserve_of_those_not_taken"),
        ]
