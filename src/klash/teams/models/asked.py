"""What is asked of teams beside the application: who may take part, the conditions, the declarations on grounds for exclusion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, StageKind
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.knowhow import KNOW_HOW
from klash.rules.permissions import Facts


def _call_has_begun(competition: Competition, now: datetime) -> bool:
    stage = competition.stages_by_kind().get(StageKind.TEAM_CALL)
    return stage is not None and stage.opens_at <= now


class TeamRules(models.Model):
    """The rules of a team call beside the competition's own; where there is no row, the defaults hold."""

    class OneTeam(models.TextChoices):
        COMPETITION = "competition"  # a person is in one team of the whole competition
        CHALLENGE = "challenge"  # in one of each challenge

    competition = models.OneToOneField(Competition, on_delete=models.PROTECT, related_name="team_rules")
    one_team = models.CharField(max_length=11, choices=OneTeam, default=OneTeam.COMPETITION)
    asks_declarations = models.BooleanField(default=False)

    @property
    def chain(self) -> str:
        return self.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain) if actor.is_authenticated else frozenset(),
            is_frozen=_call_has_begun(self.competition, now),
        )


class EligibilityQuestion(models.Model):
    """A question on who may take part, answered yes or no before the application is written. why and onward: what a wrong answer tells."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="team_questions")
    text = TextInLanguages()
    wanted = models.BooleanField()
    why = TextInLanguages()
    onward = TextInLanguages()

    class Meta:
        ordering = ["pk"]


class EligibilityAnswer(models.Model):
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="eligibility_answers")
    question = models.ForeignKey(EligibilityQuestion, on_delete=models.CASCADE, related_name="answers")
    answer = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "question"], name="one_eligibility_answer")]


class Conditions(models.Model):
    """A version of the conditions of taking part; the newest is in force."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = TextInLanguages()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["competition", "number"], name="one_conditions_a_number")]


class Acceptance(models.Model):
    """A team's leader accepted a version of the conditions for the team."""

    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="acceptances")
    conditions = models.ForeignKey(Conditions, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "conditions"], name="one_acceptance_a_version")]


class Declaration(models.Model):
    """A person confirmed that no ground for exclusion exists: in that person, or, with a firm, in the firm that the person answers for."""

    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("teams.TeamFirm", null=True, on_delete=models.CASCADE, related_name="declarations")
    version = models.PositiveSmallIntegerField()  # of the list
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "version"], condition=Q(firm=None), name="one_declaration_a_person"),
            models.UniqueConstraint(fields=["firm", "version"], condition=Q(firm__isnull=False), name="one_declaration_a_firm"),
        ]


class NoticeFacts(models.Model):
    """What the result notice asks about a team. Neither the panel nor the jury sees it; no entry holds it."""

    class Size(models.TextChoices):
        NONE = "none"
        SME = "sme"
        LARGE = "large"

    team = models.OneToOneField("teams.Team", on_delete=models.PROTECT, related_name="notice_facts")
    country = models.CharField(max_length=40)  # ISO 3166-1, two letters
    size = models.CharField(max_length=40, choices=Size)
    told_at = models.DateTimeField()


class NeededSkill(models.Model):
    """A know-how that a challenge needs: one of the list, or one with a name of its own."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="needed_skills")
    code = models.SlugField(max_length=40)
    name = TextInLanguages()  # of one that is not in the list

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["challenge", "code"], name="one_need_a_code")]

    @property
    def shown_name(self) -> dict[str, str]:
        return dict(self.name or KNOW_HOW.get(self.code, {"fi": self.code}))


@dataclass(frozen=True)
class Needs:
    """What a challenge needs as a whole; it can change until the team call begins."""

    challenge: Challenge

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        chain = self.challenge.chain
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(chain, self.challenge.code) if actor.is_authenticated else frozenset(),
            is_frozen=_call_has_begun(self.challenge.competition, now),
        )
