from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.competitions import selectors as competitions
from klash.competitions import services as asking
from klash.competitions.forms import AskMoreForm, MoreForm, register_for
from klash.competitions.models import MoreInformation
from klash.core import access, clock, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.core.show import pick
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.problems.texts import HEADINGS
from klash.problems.views.common import page
from klash.rules.permissions import Facts, Permission
from klash.rules.states import MoreState

DAYS = 7


class _Before:
    """A submitted problem, as a thing of its competition."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.competition = problem, problem.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


def _before(person: Any, competition: str, code: str) -> _Before | None:
    found = competitions.find(person, competition)
    problem = selectors.to_screen(found, code) if found else None
    return _Before(problem) if problem else None


@once
@access.needs(Permission.RUN_COMPETITION, _before)
def ask(request: HttpRequest, before: _Before) -> HttpResponse:
    """Ask the reporter to complete named fields."""
    problem, language = before.problem, request.LANGUAGE_CODE
    rows = competitions.asked_of(f"problem/{problem.code}")
    typed = request.POST if request.method == "POST" else None
    form = AskMoreForm(problem.form, pick(HEADINGS["summary"], language), language, typed, until=clock.now() + timedelta(days=DAYS))
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_more(
                actor=access.person(request), problem=problem, fields=form.cleaned_data["fields_open"], text=form.cleaned_data["text"],
                until=form.cleaned_data["until"],
            )
            messages.success(request, _("Those who write the problem have been told. The screening says “needs more” until they answer."))
            return redirect("problems:screen", problem.chain, problem.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return page(
        request, "ask", before.competition, problem=problem, form=form, asked=told_of(rows, problem, language), status=409 if form.errors else 200,
        extra=[{"label": _("Screening"), "url": reverse("problems:screening", args=[problem.chain])}],
    )


def told_of(rows: list[MoreInformation], problem: Problem, language: str) -> list[dict[str, Any]]:
    """Return what was asked of a problem with the names of its fields, as `competitions/_more.html` draws it."""
    names = {"summary": HEADINGS["summary"], **{row.code: row.heading for row in problem.form.asked}}
    now = clock.now()
    return [{"row": row, "names": [pick(names.get(code, {"fi": code}), language) for code in row.fields], "is_awaited": row.is_awaited(now)} for row in rows]


@access.needs(Permission.RUN_COMPETITION, _before)
@require_POST
def take_back_more(request: HttpRequest, before: _Before) -> HttpResponse:
    """Close again what was opened."""
    for row in competitions.asked_of(f"problem/{before.problem.code}"):
        if row.state == MoreState.ASKED:
            row.of = before.problem
            asking.take_back_more(actor=access.person(request), row=row)
            messages.success(request, _("The fields are closed again."))
    return redirect("problems:screen", before.competition.code, before.problem.code)


@access.signed_in
def more(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    """Complete the fields that the organiser has opened."""
    found = access.found(selectors.own_one(request.user, competition, code))
    language, now = request.LANGUAGE_CODE, clock.now()
    rows = competitions.asked_of(f"problem/{found.code}")
    row = access.found(rows[-1] if rows else None)
    values = {**found.answers, "summary": found.summary}
    form = MoreForm(
        found.form, row.fields, values, pick(HEADINGS["summary"], language), request.POST if request.method == "POST" else None, now=now,
        lang=found.language, places=register_for(found.form),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.give_more(actor=access.person(request), problem=found, row=row, given=form.answers())
            messages.success(request, _("The additional information has been received. A receipt is on its way by e-mail."))
            return redirect("problems:problem", competition, code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return page(
        request, "more", found.competition, problem=found, row=row, form=form, is_open=row.is_awaited(now), status=409 if form.errors else 200,
        extra=[{"label": found.title, "url": reverse("problems:problem", args=[competition, code])}],
    )
