from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from klash.rules.permissions import Facts, Permission
from klash.rules.states import MoreState
from klash.teams import services
from klash.teams.models import Application
from klash.teams.texts import SUMMARY_HEADING
from klash.teams.views.common import frame, own, sections_of, visible

DAYS = 7


class _Before:
    """A submitted application, as a thing of its competition."""

    def __init__(self, application: Application) -> None:
        self.application, self.competition = application, application.team.challenge.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


def _before(person: Any, team: str) -> _Before | None:
    found = visible(person, team)
    return _Before(found.application) if found and found.application.submitted_at and found.challenge.competition.is_run_by(person) else None


@once
@access.needs(Permission.RUN_COMPETITION, _before)
def ask(request: HttpRequest, before: _Before) -> HttpResponse:
    """Ask the team to complete named fields."""
    application, language = before.application, request.LANGUAGE_CODE
    form = AskMoreForm(
        application.form, pick(SUMMARY_HEADING, language), language, request.POST if request.method == "POST" else None,
        until=clock.now() + timedelta(days=DAYS),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_more(
                actor=access.person(request), application=application, fields=form.cleaned_data["fields_open"], text=form.cleaned_data["text"],
                until=form.cleaned_data["until"],
            )
            messages.success(request, _("Every member of the team has been told."))
            return redirect("teams:ask", application.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    rows = competitions.asked_of(f"application/{application.code}")
    return render(request, "teams/ask.html", frame(
        application.team.challenge, application.team, application=application, form=form, asked=told_of(rows, application, language),
        sections=sections_of(application),
    ), status=409 if form.errors else 200)


def told_of(rows: list[MoreInformation], application: Application, language: str) -> list[dict[str, Any]]:
    """Return what was asked of an application with the names of its fields, as `competitions/_more.html` draws it."""
    names = {"summary": SUMMARY_HEADING, **{row.code: row.heading for row in application.form.asked}}
    now = clock.now()
    return [{"row": row, "names": [pick(names.get(code, {"fi": code}), language) for code in row.fields], "is_awaited": row.is_awaited(now)} for row in rows]


@access.needs(Permission.RUN_COMPETITION, _before)
@require_POST
def take_back_more(request: HttpRequest, before: _Before) -> HttpResponse:
    """Close again what was opened."""
    for row in competitions.asked_of(f"application/{before.application.code}"):
        if row.state == MoreState.ASKED:
            row.of = before.application
            asking.take_back_more(actor=access.person(request), row=row)
            messages.success(request, _("The fields are closed again."))
    return redirect("teams:ask", before.application.code)


@access.signed_in
def more(request: HttpRequest, team: str) -> HttpResponse:
    """Complete the fields that the organiser has opened."""
    found = access.found(own(request.user, team))
    application, language, now = found.application, request.LANGUAGE_CODE, clock.now()
    rows = competitions.asked_of(f"application/{application.code}")
    row = access.found(rows[-1] if rows else None)
    values = {**application.answers, "summary": found.summary}
    form = MoreForm(
        application.form, row.fields, values, pick(SUMMARY_HEADING, language), request.POST if request.method == "POST" else None, now=now,
        lang=found.language, places=register_for(application.form),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.give_more(actor=access.person(request), application=application, row=row, given=form.answers())
            messages.success(request, _("The additional information has been received. A receipt is on its way by e-mail."))
            return redirect("teams:show", team)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return render(
        request, "teams/more.html", frame(found.challenge, found, row=row, form=form, is_open=row.is_awaited(now)), status=409 if form.errors else 200
    )
