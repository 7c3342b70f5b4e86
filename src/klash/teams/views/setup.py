from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.challenges import selectors as challenges
from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.teams import selectors, services
from klash.teams.forms import ConditionsForm, NeedsForm, QuestionForm, RulesForm
from klash.teams.models import EligibilityQuestion, Needs, TeamRules
from klash.teams.views.common import frame


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


def _rules(person: Any, competition: str) -> TeamRules | None:
    found = competitions.find(person, competition)
    return selectors.rules_of(found) if found else None


def _page(request: HttpRequest, template: str, competition: Competition, *, status: int = 200, **more: Any) -> HttpResponse:
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if template != "rules":
        parents.append({"label": _("What is asked of teams"), "url": reverse("teams:rules", args=[competition.code])})
    context = {"competition": competition, "is_invented": competition.is_invented, "parents": parents, **more}
    return render(request, f"teams/setup/{template}.html", context, status=status)


@access.needs(Permission.RUN_COMPETITION, _competition)
def rules(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show what is asked of teams; save the rules of the call."""
    found, person = selectors.rules_of(competition), access.person(request)
    form = RulesForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.save_team_rules(actor=person, competition=competition, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("teams:rules", competition.code)
    reason = access.reason_against(person, Permission.SET_TEAM_RULES, found)
    conditions = selectors.conditions_of(competition)
    return _page(
        request, "rules", competition, form=form, may_edit=reason is None, why_not=texts.sentence(reason) if reason else "", rules=found,
        questions=selectors.eligibility_of(competition), conditions=conditions,
        conditions_text=challenges.shown(conditions.text) if conditions else None,
        may_publish=access.may(person, Permission.PUBLISH_CONDITIONS, competition), status=422 if form.errors else 200,
    )


@once
@access.needs(Permission.SET_TEAM_RULES, _rules)
def add_question(request: HttpRequest, found: TeamRules) -> HttpResponse:
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.add_eligibility_question(actor=access.person(request), competition=found.competition, **form.columns())
        messages.success(request, _("Saved."))
        return redirect("teams:rules", found.competition.code)
    return _page(request, "question", found.competition, form=form, status=422 if form.errors else 200)


@dataclass(frozen=True)
class _Asked:
    """A question on who may take part; the facts are those of the team call's rules."""

    question: EligibilityQuestion
    rules: TeamRules

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.rules.facts_for(actor, now)


def _question(person: Any, competition: str, code: str) -> _Asked | None:
    found = _rules(person, competition)
    row = EligibilityQuestion.objects.filter(competition=found.competition, code=code).first() if found else None
    return _Asked(row, found) if found and row else None


@access.needs(Permission.SET_TEAM_RULES, _question)
@require_POST
def remove_question(request: HttpRequest, asked: _Asked) -> HttpResponse:
    services.remove_eligibility_question(actor=access.person(request), question=asked.question)
    messages.success(request, _("Removed."))
    return redirect("teams:rules", asked.rules.competition.code)


@access.needs(Permission.PUBLISH_CONDITIONS, _competition)
def edit_conditions(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Publish a new version of the conditions; every team accepts it anew."""
    newest = selectors.conditions_of(competition)
    form = ConditionsForm(newest, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.publish_conditions(actor=access.person(request), competition=competition, text=form.text("text"))
        messages.success(request, _("The conditions have been published. Teams that have not accepted this version are asked to."))
        return redirect("teams:rules", competition.code)
    return _page(request, "conditions", competition, form=form, newest=newest, status=422 if form.errors else 200)


def _needs(person: Any, competition: str, challenge: str) -> Needs | None:
    found = challenges.find(person, competition, challenge)
    return Needs(found) if found else None


@access.needs(Permission.SET_NEEDS, _needs)
def needs(request: HttpRequest, found: Needs) -> HttpResponse:
    """Say which know-how the challenge needs; teams see what they lack of it."""
    challenge = found.challenge
    form = NeedsForm(selectors.needs_of(challenge), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.set_needs(actor=access.person(request), challenge=challenge, **form.columns())
        messages.success(request, _("What the challenge needs has been saved."))
        return redirect("challenges:challenge", challenge.competition.code, challenge.code)
    return render(request, "teams/setup/needs.html", frame(challenge, form=form), status=422 if form.errors else 200)
