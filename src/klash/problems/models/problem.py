from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import Municipality, User
from klash.competitions.models import Competition, FormKind, LateUse, StageForm, StageKind, Term, Theme, term_of
from klash.core import chance
from klash.core.trigrams import SearchColumn
from klash.rules import questions
from klash.rules.permissions import Facts
from klash.rules.states import CompetitionState, ProblemState

PUBLIC_STATES = [ProblemState.SUBMITTED, ProblemState.CHOSEN, ProblemState.NOT_CHOSEN, ProblemState.NOT_ELIGIBLE, ProblemState.MERGED]


class ProblemQuerySet(models.QuerySet["Problem"]):
    def public(self) -> ProblemQuerySet:
        """Submitted problems; they are public at once, before the panel decides."""
        return self.filter(state__in=PUBLIC_STATES)

    def visible_to(self, person: Any) -> ProblemQuerySet:
        if not person.is_authenticated:
            return self.public()
        return self.filter(Q(state__in=PUBLIC_STATES) | self._of(person))

    def own(self, person: Any) -> ProblemQuerySet:
        """Those that the person leads or writes along."""
        return self.filter(self._of(person))

    def _of(self, person: Any) -> Q:
        return Q(officer=person) | Q(pk__in=Writer.objects.filter(person=person).order_by().values("problem"))


class Problem(models.Model):
    """What one municipality, alone or leading a group, reports. Written in one language, the reporter's."""

    lifecycle = "problem"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="problems")
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="problems")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="led_problems")
    group = models.ManyToManyField(Municipality, related_name="shared_problems", blank=True)  # the others of a joint report
    theme = models.ForeignKey(Theme, null=True, on_delete=models.PROTECT)
    # What the reporter chose, where the organiser has put the problem under another theme.
    reported_theme = models.ForeignKey(Theme, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="fi")
    title = models.CharField(max_length=150, blank=True)
    summary = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)  # {a question's code: answer}; what is not answered has no key
    search = SearchColumn(blank=True, default="")  # stemmed words
    is_invented = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in ProblemState], default=ProblemState.DRAFT)
    saved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    writer = models.CharField(max_length=32, blank=True, default="")  # the open page that saved last
    submitted_at = models.DateTimeField(null=True)
    # The link to the panel's entry stays on this side.
    entry_code = models.CharField(max_length=32, null=True, unique=True)
    reason = models.TextField(blank=True)  # why it was chosen or not
    feedback = models.TextField(blank=True)
    feedback_is_invented = models.BooleanField(default=False)
    feedback_released_at = models.DateTimeField(null=True)

    is_followed = False  # by the reader, where `selectors.visible` has read it

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "pk"]
        indexes = [
            # The state comes last: the public list is every state but two, so the order must not wait for it.
            models.Index(fields=["competition", "title", "code", "state", "language", "municipality"], name="problem_by_title"),
            models.Index(fields=["competition", "-submitted_at", "code", "state"], name="problem_newest"),
            models.Index(fields=["competition", "municipality", "state", "theme"], name="problem_places"),
            models.Index(fields=["competition", "theme", "title", "code", "state"], name="problem_of_theme"),
            models.Index(fields=["competition", "state"], name="problem_states"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(feedback_released_at=None) | ~Q(feedback=""), name="released_feedback_has_text"),
            models.CheckConstraint(condition=Q(state="draft") | Q(submitted_at__isnull=False), name="submitted_problem_has_time"),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def chain(self) -> str:
        return self.competition.code

    @property
    def form(self) -> StageForm:
        """What the call asks. Two queries at most, kept with the competition."""
        return self.competition.form(FormKind.PROBLEM)

    def answer(self, code: str) -> Any:
        """Return the answer to a question as it was saved last, an empty text where there is none."""
        return self.answers.get(code, "")

    def missing(self, now: datetime) -> list[str]:
        """Return what is required at this instant and not there: "title", "theme", "summary" and codes of questions, in the order of the form."""
        found = {"title": self.title.strip(), "theme": self.theme_id, "summary": self.summary.strip()}
        return [*(name for name, value in found.items() if not value), *questions.missing(self.form.rules(), self.answers, now)]

    def too_long(self) -> list[str]:
        """Return the codes of the questions that are answered with more words than they may be."""
        return questions.too_long(self.form.rules(), self.answers)

    def is_complete(self, now: datetime) -> bool:
        return not self.missing(now)

    def term(self, now: datetime) -> Term:
        """Return until when its reporter may hand the problem in; a code opens none that was submitted in time, nor any after the panel's entries are fixed.

        Five queries at most after the call, none before its end.
        """
        stage, thing = self.competition.stage(StageKind.PROBLEM_CALL), f"{self.lifecycle}/{self.code}"
        found = Term(stage.closes_at, is_open=True) if stage.is_open(now) else term_of(stage, self.officer, thing, now)
        if found.is_late and (self._was_in_time(thing) or self.competition.problems.exclude(entry_code=None).exists()):
            return Term(stage.closes_at, is_open=False)
        return found

    def _was_in_time(self, thing: str) -> bool:
        return self.state == ProblemState.SUBMITTED and not LateUse.objects.filter(thing=thing).exists()

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        stage, person = self.competition.stage(StageKind.PROBLEM_CALL), getattr(actor, "pk", None)
        is_owner = person == self.officer_id
        is_member = is_owner or any(row.person_id == person for row in self.writers.all())
        is_writable = self.state in (ProblemState.DRAFT, ProblemState.WITHDRAWN)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain), is_owner=is_owner,
            is_member=is_member, is_writer=is_member, is_frozen=self.competition.state == CompetitionState.FINISHED,
            state=self.state, is_open=self.term(now).is_open if is_member else stage.is_open(now),
            has_begun=stage.opens_at <= now, is_complete=not is_writable or self.is_complete(now), is_within_limits=not is_writable or not self.too_long(),
            # Asked of the panel's round by the service that chooses; here it means that the panel was heard.
            all_submitted=self.entry_code is not None,
        )


class Writer(models.Model):
    """A person who writes a problem along with its leading officer, on behalf of a municipality of the report."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="writers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["problem", "person"], name="one_writer_a_person")]


class Tally(models.Model):
    """How many public problems of one theme, state and language a municipality leads, and in how many of others' it takes part.

    Pages that tell numbers read these few rows instead of every problem. `services.recount` keeps them in the transaction that changes a
    public problem, and `verify` counts again.
    """

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tallies", db_index=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=12)
    language = models.CharField(max_length=2)
    led = models.PositiveIntegerField(default=0)
    shared = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "municipality", "theme", "state", "language"], name="one_tally_a_kind")]
        indexes = [models.Index(fields=["competition", "theme", "state", "language", "municipality", "led"], name="tally_of_kind")]
