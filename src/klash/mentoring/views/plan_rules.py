"""The rules of the timetable, and the pairs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.competitions.models import Competition
from klash.core import access
from klash.mentoring import selectors, services
from klash.mentoring.forms import PairForm, PlanRulesForm
from klash.mentoring.models import PairRule
from klash.mentoring.views.pages import competition_of, page
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
def rules(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = PlanRulesForm(request.POST or None, initial=PlanRulesForm.of(selectors.rules_of(competition)))
    if request.method == "POST" and form.is_valid():
        services.save_rules(actor=request.user, competition=competition, values=form.cleaned_data)
        messages.success(request, _("The rules are saved. The next plan follows them."))
        return redirect("mentoring:rules", competition.code)
    return page(request, "rules", competition, _("Rules of the timetable"), {"form": form, "pairs": selectors.pairs_of(competition)}, below="plan")


@access.needs(Permission.PLAN_MENTORING, competition_of)
def add_pair(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = PairForm(request.POST or None, teams=selectors.admitted_teams(competition), mentors=selectors.mentors_of(competition))
    if request.method == "POST" and form.is_valid():
        services.set_pair(actor=request.user, **form.values())
        messages.success(request, _("The pair is saved. The next plan follows it."))
        return redirect("mentoring:rules", competition.code)
    return page(request, "add_pair", competition, _("Add a pair"), {"form": form}, below="rules")


def _pair_of(user: Any, competition: str, team: str, mentor: str) -> PairRule | None:
    found = competition_of(user, competition)
    return selectors.pair_for(found, team, mentor) if found else None


@require_POST
@access.needs(Permission.PLAN_MENTORING, _pair_of)
def remove_pair(request: HttpRequest, pair: PairRule) -> HttpResponse:
    services.drop_pair(actor=request.user, rule=pair)
    messages.success(request, _("The pair is removed."))
    return redirect("mentoring:rules", pair.competition.code)
