from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import Municipality, RoleGrant
from klash.competitions.models import Competition
from klash.core.fields import TextInLanguages
from klash.problems.models import Problem
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF, Role
from klash.rules.states import ChallengeState, CompetitionState

BRIEF_SECTIONS = ("goal", "background", "constraints", "measures")


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
    notice_reference = models.CharField(max_length=120, blank=True)
    notice_is_invented = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ChallengeState], default=ChallengeState.DRAFT)
    published_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    admitted_teams = models.PositiveIntegerField(default=0)  # kept by the release of the admissions; 0 before it
    admitted_persons = models.PositiveIntegerField(default=0)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["competition", "number"]
        constraints = [models.UniqueConstraint(fields=["competition", "number"], name="one_challenge_a_number")]

    def __str__(self) -> str:
        return self.code

    @property
    def chain(self) -> str:
        return self.competition.code

    def is_complete(self) -> bool:
        """Return whether title, lead and brief stand in Finnish and Swedish and the notice is named."""
        texts = [self.title, self.lead, *(getattr(self, name) for name in BRIEF_SECTIONS)]
        return bool(self.notice_reference.strip()) and all(text.get(language, "").strip() for text in texts for language in ("fi", "sv"))

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, self.code) if actor.is_authenticated else frozenset(),
            state=self.state, is_complete=self.is_complete(), has_begun=True,
        )
