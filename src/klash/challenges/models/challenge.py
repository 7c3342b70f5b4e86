from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Municipality, RoleGrant, User
from klash.competitions.models import Competition
from klash.core import audit
from klash.core.fields import TextInLanguages
from klash.problems.models import Problem
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF, Role
from klash.rules.states import ChallengeState, CompetitionState

BRIEF_SECTIONS = ("goal", "background", "constraints", "measures", "gains", "rights", "data", "contacts")
TEXTS = ("title", "lead", *BRIEF_SECTIONS)
INDICATOR = ("name", "baseline", "target", "how")
# What the contest notice says, and the column of each.
NOTICE = {
    "reference": "notice_reference", "on": "notice_on", "url": "notice_url", "jury_binds": "jury_binds", "follow_up": "allows_follow_up",
    "least": "participants_min", "most": "participants_max", "jury": "notice_jury", "is_invented": "notice_is_invented",
}
NEEDED = ("fi", "sv")  # for publication
IN_NOTICE = ("reference", "on", "jury_binds", "follow_up", "least", "most")  # likewise
Content = dict[str, Any]


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def published(self) -> ChallengeQuerySet:
        return self.filter(state=ChallengeState.PUBLISHED)

    def visible_to(self, person: Any) -> ChallengeQuerySet:
        """Published ones to everybody; drafts to the competition's staff and the challenge's pilot officers."""
        shown = Q(state=ChallengeState.PUBLISHED, competition__state__in=[CompetitionState.PUBLISHED, CompetitionState.FINISHED])
        if person.is_authenticated:
            held = RoleGrant.objects.filter(standing__person=person, ended_at=None)
            shown |= Q(competition__code__in=held.filter(role__in=STAFF).values("standing__competition"))
            shown |= Q(code__in=held.filter(role=Role.PILOT_OFFICER).values("challenge"))
        return self.filter(shown)


class Challenge(models.Model):
    """A published brief made from a problem; one design contest each."""

    lifecycle = "challenge"

    code = models.SlugField(max_length=60, unique=True)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="challenges")
    number = models.PositiveSmallIntegerField()
    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="challenge")
    pilot_municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    title = TextInLanguages()
    lead = TextInLanguages()
    goal = TextInLanguages()
    background = TextInLanguages()
    constraints = TextInLanguages()
    measures = TextInLanguages()
    gains = TextInLanguages()
    rights = TextInLanguages()
    data = TextInLanguages()
    contacts = TextInLanguages()
    indicators = models.JSONField(default=list)  # [{name, baseline, target, how}], each a text in languages
    notice_reference = models.CharField(max_length=120, blank=True)
    notice_on = models.DateField(null=True)
    notice_url = models.URLField(blank=True)
    jury_binds = models.BooleanField(null=True)
    allows_follow_up = models.BooleanField(null=True)  # a contract may follow without a new call
    participants_min = models.PositiveSmallIntegerField(null=True)
    participants_max = models.PositiveSmallIntegerField(null=True)
    notice_jury = models.TextField(blank=True)  # one name a line, once they are public
    notice_is_invented = models.BooleanField(default=False)
    pending = models.JSONField(null=True)  # a change of what is published, while it is written
    pending_reason = models.CharField(max_length=500, blank=True)
    writers = models.JSONField(default=dict)  # who wrote a text last: title_fi -> pseudonym
    publishes_at = models.DateTimeField(null=True, db_index=True)
    scheduled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    questions_until = models.DateTimeField(null=True)  # anybody may ask in public until then
    answers_at = models.DateTimeField(null=True, db_index=True)  # when the next answers go out to all
    answers_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ChallengeState], default=ChallengeState.DRAFT)
    published_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    admitted_teams = models.PositiveIntegerField(default=0)  # kept by the release of the admissions; 0 before it
    admitted_persons = models.PositiveIntegerField(default=0)

    is_followed = False  # by the reader, where `selectors.find` has read it

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="one_challenge_a_number"),
            models.CheckConstraint(condition=Q(participants_max=None) | Q(participants_min__lte=F("participants_max")), name="participants_min_at_most_max"),
            models.CheckConstraint(
                condition=Q(publishes_at=None, scheduled_by=None) | Q(publishes_at__isnull=False, scheduled_by__isnull=False), name="scheduled_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(answers_at=None, answers_by=None) | Q(answers_at__isnull=False, answers_by__isnull=False), name="answers_scheduled_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def chain(self) -> str:
        return self.competition.code

    @property
    def is_frozen(self) -> bool:
        """Return whether the brief stands as it was published, with no change begun."""
        return self.state == ChallengeState.PUBLISHED and self.pending is None

    def content(self) -> Content:
        """Return the brief as it is being written: texts, indicators and notice. Of a published one it is the begun change, if there is any."""
        return self.pending if self.pending is not None else self.public_content()

    def public_content(self) -> Content:
        """Return the same of the columns: once published, what everybody reads."""
        notice = {name: getattr(self, column) for name, column in NOTICE.items()}
        notice["on"] = self.notice_on and self.notice_on.isoformat()
        return {"texts": {name: getattr(self, name) for name in TEXTS}, "indicators": self.indicators, "notice": notice}

    def fill(self, content: Content) -> list[str]:
        """Set the columns to a content; return their names."""
        day = content["notice"]["on"]
        notice = {column: content["notice"][name] for name, column in NOTICE.items()}
        columns = {**content["texts"], "indicators": content["indicators"], **notice, "notice_on": date.fromisoformat(day) if day else None}
        for name, value in columns.items():
            setattr(self, name, value)
        return [*columns]

    def missing(self) -> list[tuple[str, str]]:
        """Return what publication still needs: (section, language), or ("notice", name)."""
        content = self.content()
        texts, notice = content["texts"], content["notice"]
        bare = [name for name in IN_NOTICE if notice[name] is None or not str(notice[name]).strip()]
        return [
            *((name, code) for name in TEXTS for code in NEEDED if not texts[name].get(code, "").strip()),
            *(("notice", name) for name in bare),
        ]

    def is_complete(self) -> bool:
        """Return whether every text stands in Finnish and Swedish and the notice says what it must."""
        return not self.missing()

    def approved_sides(self) -> set[str]:
        """Return the sides that approve the brief as it stands now. One query."""
        last = self.versions.order_by("-number").values("pk")[:1]
        given = self.versions.filter(pk=last, hash=hash_of(self.content())).order_by().values_list("approvals__side", flat=True)
        return {side for side in given if side}

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, self.code) if actor.is_authenticated else frozenset(),
            state=self.state, is_complete=self.is_complete(), has_begun=True, is_frozen=self.is_frozen,
            is_approved=not self.is_frozen and self.approved_sides() == set(Side), is_open=self.takes_questions(now),
            may_negotiate=self.may_negotiate(),
        )

    def may_negotiate(self) -> bool:
        """Return whether its published notice said that a contract may follow without a new call."""
        return self.state == ChallengeState.PUBLISHED and bool(self.allows_follow_up)

    def takes_questions(self, now: datetime) -> bool:
        return self.state == ChallengeState.PUBLISHED and self.questions_until is not None and now <= self.questions_until


class Side(models.TextChoices):
    """Who must approve a brief before it is published."""

    ORGANISER = "organiser", _("organiser")
    PILOT = "pilot", _("pilot municipality")


def hash_of(content: Content) -> str:
    """Return the hash by which a brief is approved, published and logged."""
    return audit.sha256("klash/1/brief", audit.canonical(content))
