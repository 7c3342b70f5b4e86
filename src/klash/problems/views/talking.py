from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, paging, sheets, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.core.show import pick
from klash.problems import bridge, selectors, services
from klash.problems.forms import MessageForm
from klash.problems.models import Problem, Talk
from klash.problems.views.common import page
from klash.rules.permissions import Permission
from klash.rules.states import ProblemState

NEAREST = 10


def _own(person: Any, competition: str, code: str) -> Problem | None:
    found = selectors.own_one(person, competition, code)
    return found if found and selectors.is_public(found) else None


@once
@access.needs(Permission.TALK_OF_PROBLEM, _own)
def partners(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Show who has a like problem; write to those who are ticked."""
    near = bridge.nearest(problem, shown=NEAREST)
    form = MessageForm(request.POST if request.method == "POST" else None)
    ticked = request.POST.getlist("problem")
    if request.method == "POST" and form.is_valid():
        others = selectors.by_codes(problem.competition, ticked)
        try:
            talk = services.begin_talk(actor=access.person(request), problem=problem, others=others, text=form.cleaned_data["text"])
            messages.success(request, _("Your message is on its way."))
            return redirect("problems:talk", problem.chain, talk.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return page(
        request, "partners", problem.competition, problem=problem, near=near, form=form, ticked=ticked, talks=selectors.talks_of(problem),
        supports=selectors.supports(problem), status=409 if form.errors else 200,
        extra=[{"label": problem.title, "url": reverse("problems:problem", args=[problem.chain, problem.code])}],
    )


def _talk(person: Any, competition: str, talk: str) -> Talk | None:
    return selectors.find_talk(person, competition, talk)


@once
@access.needs(Permission.WRITE_IN_TALK, _talk)
def talk(request: HttpRequest, talk: Talk) -> HttpResponse:
    """Show a talk; write in it."""
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.write_message(actor=access.person(request), talk=talk, text=form.cleaned_data["text"])
        messages.success(request, _("Your message is on its way."))
        return redirect("problems:talk", talk.chain, talk.code)
    return page(
        request, "talk", talk.competition, talk=talk, form=form, status=422 if form.errors else 200,
    )


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


@once
@access.needs(Permission.RUN_COMPETITION, _competition)
def matches(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show the groups of like problems that were not chosen; bring together those who are ticked."""
    form, ticked = MessageForm(request.POST if request.method == "POST" else None), request.POST.getlist("problem")
    if request.method == "POST" and form.is_valid():
        try:
            problems = selectors.by_codes(competition, ticked)
            services.introduce(actor=access.person(request), competition=competition, problems=problems, text=form.cleaned_data["text"])
            messages.success(request, _("Everyone who writes these problems has got your message and can answer all the others."))
            return redirect("problems:matches", competition.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    found = bridge.groups(competition)
    groups = None if found is None else [(group.words, rows) for group in found if len(rows := _left(group.problems)) > 1]
    return page(
        request, "matches", competition, groups=groups, form=form, ticked=ticked, group=request.POST.get("group", ""),
        introductions=selectors.introductions(competition), may_introduce=access.may(request.user, Permission.INTRODUCE, competition),
        status=409 if form.errors else 200,
    )


def _left(problems: list[Problem]) -> list[Problem]:
    """Return those that were not chosen, of one municipality each at most."""
    found = {row.municipality_id: row for row in reversed(problems) if row.state == ProblemState.NOT_CHOSEN}
    return [row for row in problems if found.get(row.municipality_id) is row]


@once
@access.needs(Permission.RUN_COMPETITION, _competition)
def seen(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show who has seen the feedback; remind those who are ticked."""
    rows, language = selectors.seen(competition), request.LANGUAGE_CODE
    if file := sheets.asked(request, f"{competition.code} {_('Feedback seen')}", _columns(language), lambda: rows):
        return file
    if request.method == "POST":
        ticked = set(request.POST.getlist("problem"))
        problems = [row.problem for row in rows if row.problem.code in ticked]
        count = services.remind_of_feedback(actor=access.person(request), competition=competition, problems=problems)
        messages.success(request, ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count) % {"count": count})
        return redirect("problems:seen", competition.code)
    number = paging.asked(request)
    shown = rows[number * paging.PAGE : (number + 1) * paging.PAGE]
    return page(
        request, "seen", competition, rows=shown, total=len(rows), opened=sum(row.first is not None for row in rows), pages=paging.links(number, len(rows)),
        can_remind=any(row.first is None for row in shown),
    )


def _columns(language: str) -> list[sheets.Column[selectors.Seen]]:
    column = sheets.Column[selectors.Seen]
    return [
        column(_("Title"), lambda row: row.problem.title, 40), column(_("Municipality"), lambda row: pick(row.problem.municipality.name, language), 20),
        column(_("Released"), lambda row: row.problem.feedback_released_at, 18), column(_("Seen at"), lambda row: row.first.seen_at if row.first else None, 18),
        column(_("Seen by"), lambda row: row.first.person.name if row.first else "", 24),
    ]
