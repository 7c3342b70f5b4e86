"""The form of a stage as its organiser makes it: sections, and in each of them questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Municipality
from klash.competitions.usual_forms import USUAL
from klash.core.fields import Text, TextInLanguages
from klash.rules.permissions import Facts
from klash.rules.questions import Asked, Kind
from klash.rules.states import CompetitionState
from klash.rules.words import Limits

if TYPE_CHECKING:
    from klash.competitions.models.competition import Competition

FIRST_SECTION = "main"


class FormKind(models.TextChoices):
    """The stages that have a form, by the kinds of the stages."""

    PROBLEM = "problem_call", _("Problem")
    APPLICATION = "team_call", _("Application")
    PROPOSAL = "proposals", _("Solution proposal")


class StageForm(models.Model):
    """What is asked in one stage. That of the proposals is frozen, with its hash, when teams begin to write."""

    competition = models.ForeignKey("Competition", on_delete=models.CASCADE, related_name="forms")
    kind = models.CharField(max_length=20, choices=FormKind)
    revision = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "kind"], name="one_form_a_stage"),
            models.CheckConstraint(condition=Q(frozen_at=None, hash="") | (Q(frozen_at__isnull=False) & ~Q(hash="")), name="frozen_form_has_hash"),
        ]

    @property
    def chain(self) -> str:
        return self.competition.code

    @cached_property
    def every(self) -> list[Question]:
        """Every question in order, those that were taken off last. One query."""
        rows = self.questions.select_related("section").order_by("section__position", "position", "pk")
        return sorted(rows, key=lambda row: row.removed_at is not None)

    @property
    def asked(self) -> list[Question]:
        """The questions that are asked, in order."""
        return [row for row in self.every if row.removed_at is None]

    @property
    def kept(self) -> list[Question]:
        """The questions that are asked no more; answers to them may have been given before."""
        return [row for row in self.every if row.removed_at is not None]

    @cached_property
    def places(self) -> dict[str, Text]:
        """The names of the municipalities by code, of all that there have been, the newest of each. One query."""
        return {row.code: row.name for row in Municipality.objects.order_by("valid_from")}

    def rules(self) -> list[Asked]:
        """Return the questions that are asked as the rules see them."""
        return [row.asked for row in self.asked]

    def find(self, code: str) -> Question | None:
        """Return a question by its code, whether it is asked still or not."""
        return next((row for row in self.every if row.code == code), None)

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        """Proposals are asked for alike from the first team on; the others' questions may change while they are answered, not once they are read."""
        stage = self.competition.stages_by_kind().get(self.kind)
        is_frozen = self.frozen_at is not None
        if stage is not None and self.competition.state != CompetitionState.DRAFT:
            is_frozen |= stage.opens_at <= now if self.kind == FormKind.PROPOSAL else stage.closes_at < now
        return Facts(is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain) if actor.is_authenticated else frozenset(), is_frozen=is_frozen)


class FormSection(models.Model):
    """Questions that belong together. The heading may be empty while a form has one section."""

    form = models.ForeignKey(StageForm, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    heading = TextInLanguages()
    help = TextInLanguages()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["form", "code"], name="one_form_section_a_code")]


class Question(models.Model):
    """One question of a form. One that was asked and answered is never deleted, only asked no more: its answers go on having a name."""

    form = models.ForeignKey(StageForm, on_delete=models.CASCADE, related_name="questions")
    section = models.ForeignKey(FormSection, on_delete=models.PROTECT, related_name="questions")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind], default=Kind.TEXT.value)
    heading = TextInLanguages()
    help = TextInLanguages()
    soft_words = models.PositiveSmallIntegerField(null=True)  # None: nothing is recommended
    hard_words = models.PositiveSmallIntegerField(null=True)  # None: words are not counted
    options = models.JSONField(default=list, blank=True)  # [{code, text: {fi, sv, en}}], with is_removed: true where one can be chosen no more
    currency = models.CharField(max_length=3, default="EUR")
    is_required = models.BooleanField(default=True)
    required_from = models.DateTimeField(null=True)
    frozen_from = models.DateTimeField(null=True)
    depends_on = models.CharField(max_length=40, blank=True, default="")  # code of the question whose answer decides whether this one is shown
    values = models.JSONField(default=list, blank=True)  # the answers that show it: codes of options, or yes and no
    is_for_reviewers = models.BooleanField(default=True)
    is_identifying = models.BooleanField(default=False)
    carries = models.CharField(max_length=40, blank=True, default="")  # code of the application's question that it goes on from
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="one_question_a_code"),
            models.CheckConstraint(condition=Q(hard_words=None) | Q(hard_words__gte=1), name="question_has_room"),
            models.CheckConstraint(condition=Q(soft_words=None) | Q(soft_words__gte=1), name="question_recommends_words"),
            models.CheckConstraint(
                condition=Q(soft_words=None) | Q(hard_words=None) | Q(soft_words__lte=F("hard_words")), name="question_soft_words_at_most_hard"
            ),
        ]

    @property
    def limits(self) -> Limits | None:
        return Limits(self.hard_words, self.soft_words) if self.hard_words else None

    @property
    def is_public(self) -> bool:
        """Whether an answer may stand on a public page, in a search and in an export."""
        return self.is_for_reviewers and not self.is_identifying

    @property
    def asked(self) -> Asked:
        return Asked(
            self.code, Kind(self.kind), tuple(row["code"] for row in self.options), self.limits, self.is_required, self.required_from, self.frozen_from,
            self.depends_on, tuple(self.values),
        )


def form_of(competition: Competition, kind: str) -> StageForm:
    """Return what a stage asks: the organiser's form, or the usual one, not stored, where there is none. One query, two where there is one."""
    found = competition.forms.filter(kind=kind).first()
    form = found or usual_form(competition, kind)
    form.competition = competition
    return form


def usual_form(competition: Competition, kind: str) -> StageForm:
    """Return the usual form of a stage, not stored."""
    form = StageForm(competition=competition, kind=kind)
    section = FormSection(form=form, code=FIRST_SECTION, position=0)
    form.every = list(_usual_questions(form, section))
    return form


def _usual_questions(form: StageForm, section: FormSection) -> Iterable[Question]:
    for position, row in enumerate(USUAL[form.kind]):
        yield Question(form=form, section=section, position=position, **row)
