from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from klash.competitions import selectors as competitions
from klash.competitions.models import Stage, StageKind
from klash.core import access, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.problems import selectors, services
from klash.problems.forms import FileForm, OfferForm
from klash.problems.models import Filing
from klash.problems.views.common import page
from klash.rules.permissions import Permission


def _call(person: Any, competition: str) -> Stage | None:
    found = competitions.find(person, competition)
    return found.stages_by_kind().get(StageKind.PROBLEM_CALL) if found else None


@once
@access.needs(Permission.FILE_PROBLEM, _call)
def file(request: HttpRequest, stage: Stage) -> HttpResponse:
    form = FileForm(stage.competition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.file_problem(actor=access.person(request), competition=stage.competition, **form.cleaned_data)
            return redirect("problems:write", stage.competition.code, made.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return page(request, "file", stage.competition, stage=stage, form=form, rows=selectors.filings(stage.competition))


def _filing(person: Any, competition: str, code: str) -> Filing | None:
    return selectors.filing_of(competition, code)


@once
@access.needs(Permission.OFFER_PROBLEM, _filing)
def offer(request: HttpRequest, filing: Filing) -> HttpResponse:
    form = OfferForm(request.POST if request.method == "POST" else None)
    problem = filing.problem
    if request.method == "POST" and form.is_valid():
        try:
            services.offer_problem(actor=access.person(request), filing=filing, email=form.cleaned_data["email"])
            messages.success(request, _("The invitation is on its way. You are told in the log when the municipality has taken the problem over."))
            return redirect("problems:offer", problem.chain, problem.code)
        except KlashError as error:
            form.add_error("email", texts.sentence(error.reason))
    waiting = services.waiting_invitations(problem).filter(is_takeover=True)
    return page(request, "offer", problem.competition, filing=filing, problem=problem, form=form, waiting=waiting)
