from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from klash.competitions import selectors as competitions
from klash.competitions.answers import told
from klash.competitions.models import Competition
from klash.core import access, paging, sheets, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.show import pick
from klash.problems import selectors, services
from klash.problems.forms import FIELD_OF, QuestionForm, ScreenForm
from klash.problems.models import EligibilityQuestion, Problem
from klash.problems.selectors import ScreeningDesk
from klash.problems.texts import OUTCOMES, WAITING
from klash.problems.views.common import page
from klash.problems.views.more import told_of
from klash.problems.views.public import file_url
from klash.rules.permissions import Facts, Permission
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


@access.needs(Permission.RUN_COMPETITION, _competition)
def screening(request: HttpRequest, competition: Competition) -> HttpResponse:
    """List the problems by what the screening came to; let those pass that are ticked."""
    outcome, words = request.GET.get("outcome", ""), request.GET.get("q", "").strip()[:100]
    outcome, number = outcome if outcome in selectors.OUTCOMES else "", paging.asked(request)
    listed = selectors.screened(competition, outcome=outcome, words=words, start=number * selectors.SCREENING_PAGE)
    if request.method == "POST":
        ticked = set(request.POST.getlist("problem"))
        passed = services.pass_problems(
            actor=access.person(request), competition=competition, problems=[row for row in listed.rows if row.code in ticked]
        )
        told = ngettext("%(count)d problem passed the screening.", "%(count)d problems passed the screening.", passed)
        messages.success(request, told % {"count": passed})
        return redirect(request.get_full_path())
    if file := sheets.asked(
        request, f"{competition.code} {_('Screening')}", _columns(request.LANGUAGE_CODE),
        lambda: selectors.screened_all(competition, outcome=outcome, words=words).iterator(2000),
    ):
        return file
    filters = [{"label": _("All"), "count": sum(listed.counts.values()), "is_current": not outcome, "url": _query(q=words)}]
    labels = {**OUTCOMES, selectors.WAITING: WAITING}
    filters += [
        {"label": labels[name], "count": listed.counts[name], "is_current": name == outcome, "url": _query(outcome=name, q=words)}
        for name in selectors.OUTCOMES
    ]
    return page(
        request, "screening", competition, listed=listed, filters=filters, outcome=outcome, words=words, outcomes=OUTCOMES,
        questions=competition.eligibility_questions.count(), may_screen=access.may(request.user, Permission.SCREEN_PROBLEMS, ScreeningDesk(competition)),
        first_url=_query(outcome=outcome, q=words) if number else "",
        next_url=_query(outcome=outcome, q=words, page=number + 2) if (number + 1) * selectors.SCREENING_PAGE < listed.total else "",
    )


def _columns(language: str) -> list[sheets.Column[Problem]]:
    column = sheets.Column[Problem]

    def of(row: Problem) -> Any:
        return getattr(row, "screening", None)

    return [
        column(_("Code"), lambda row: row.code),
        column(_("Title"), lambda row: row.title, 40),
        column(_("Municipality"), lambda row: pick(row.municipality.name, language)),
        column(_("Theme"), lambda row: pick(row.theme.name, language) if row.theme else "", 24),
        column(_("Outcome"), lambda row: str(OUTCOMES[of(row).outcome] if of(row) else WAITING), 20),
        column(_("Reason"), lambda row: of(row).reason if of(row) else "", 50),
        column(_("Screened by"), lambda row: of(row).screened_by.name if of(row) else "", 24),
        column(_("Screened at"), lambda row: of(row).screened_at if of(row) else None, 18),
    ]


def _query(**values: str | int) -> str:
    return f"?{urlencode({name: value for name, value in values.items() if value})}"


@once
@access.needs(Permission.RUN_COMPETITION, _competition)
def eligibility(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show the eligibility questions; add one, or the usual ones."""
    is_usual, fault = "usual" in request.POST, ""
    form = QuestionForm(request.POST if request.method == "POST" and not is_usual else None)
    if request.method == "POST" and (is_usual or form.is_valid()):
        try:
            if is_usual:
                services.add_usual_questions(actor=access.person(request), competition=competition)
            else:
                services.add_question(actor=access.person(request), competition=competition, text=form.text("text"))
            return _questions_saved(request, competition)
        except Refused as error:
            fault = texts.sentence(error.reason)
    desk = ScreeningDesk(competition)
    return _below(
        request, "eligibility", competition, form=form, questions=list(competition.eligibility_questions.all()), fault=fault,
        status=422 if form.errors else 409 if fault else 200,
        may_change=access.may(request.user, Permission.SCREEN_PROBLEMS, desk) and not desk.has_begun(),
    )


def _questions_saved(request: HttpRequest, competition: Competition) -> HttpResponse:
    messages.success(request, _("The questions are saved."))
    return redirect("problems:eligibility", competition.code)


def _below(request: HttpRequest, template: str, competition: Competition, **context: Any) -> HttpResponse:
    """Render a page that lies under the screening."""
    return page(request, template, competition, extra=[{"label": _("Screening"), "url": reverse("problems:screening", args=[competition.code])}], **context)


def _question(person: Any, competition: str, question: str) -> EligibilityQuestion | None:
    found = competitions.find(person, competition)
    return selectors.find_question(found, question) if found else None


@access.needs(Permission.RUN_COMPETITION, _question)
@require_POST
def remove_question(request: HttpRequest, question: EligibilityQuestion) -> HttpResponse:
    services.remove_question(actor=access.person(request), question=question)
    return _questions_saved(request, question.competition)


def _to_screen(person: Any, competition: str, code: str) -> "_Before | None":
    found = competitions.find(person, competition)
    problem = selectors.to_screen(found, code) if found else None
    return _Before(problem) if problem else None


@dataclass(frozen=True)
class _Before:
    """A problem before the screening, as a thing of its competition."""

    problem: Problem

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.problem.competition.facts_for(actor, now)


@access.needs(Permission.RUN_COMPETITION, _to_screen)
def screen(request: HttpRequest, before: _Before) -> HttpResponse:
    """Show a problem with the questions; after saving go on to the next that waits."""
    problem = before.problem
    competition = problem.competition
    asked = list(competition.eligibility_questions.all())
    form, is_clash = ScreenForm(problem, asked, request.LANGUAGE_CODE, request.POST if request.method == "POST" else None), False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.screen_problem(
                actor=access.person(request), problem=problem, outcome=data["outcome"], answers=form.answers(), reason=data["reason"], revision=data["revision"]
            )
        except Refused as error:
            is_clash = error.reason == Reason.TEXT_CHANGED
            form.add_error(FIELD_OF.get(error.reason), texts.sentence(error.reason))
        else:
            messages.success(request, _("The screening of “%(title)s” is saved.") % {"title": problem.title})
            following = selectors.next_waiting(problem)
            return redirect("problems:screen", competition.code, following) if following else redirect("problems:screening", competition.code)
    if is_clash:  # the next saving replaces what is shown beside
        problem = access.found(selectors.to_screen(competition, problem.code))
        form.data = request.POST.copy()
        form.data["revision"] = str(problem.screening.revision if hasattr(problem, "screening") else 0)
    return _below(
        request, "screen", competition, problem=problem, form=form,
        sections=[(one.heading, one.text, file_url(problem, one.question)) for one in told(problem.form, problem.answers, request.LANGUAGE_CODE)],
        asked=told_of(competitions.asked_of(f"problem/{problem.code}"), problem, request.LANGUAGE_CODE),
        kept=getattr(problem, "screening", None), is_clash=is_clash, outcomes=OUTCOMES, following=selectors.next_waiting(problem),
        may_screen=access.may(request.user, Permission.SCREEN_PROBLEMS, ScreeningDesk(competition)) and problem.state == ProblemState.SUBMITTED,
        status=409 if is_clash else 422 if form.errors else 200,
    )
