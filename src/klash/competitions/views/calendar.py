from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors, services
from klash.competitions.forms import DeadlineForm
from klash.competitions.models import Competition, Postponement, Stage
from klash.core import access, clock, sheets, texts
from klash.core.errors import Denied, Refused
from klash.core.show import pick
from klash.rules.permissions import Permission
from klash.rules.reasons import TOLD, Reason


def _parents(competition: Competition) -> list[dict[str, str]]:
    return [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]


@access.public
@require_safe
def calendar(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(selectors.find(request.user, competition))
    now, is_staff = clock.now(), found.is_run_by(request.user)
    steps = selectors.calendar(found, now, is_staff=is_staff)
    if file := sheets.asked(request, f"{found.code} {_('How the competition proceeds')}", _columns(request.LANGUAGE_CODE), lambda: steps):
        return file
    return render(request, "competitions/calendar.html", {
        "competition": found, "is_invented": found.is_invented, "parents": _parents(found), "ribbon": selectors.ribbon(found, now), "is_staff": is_staff,
        "steps": steps, "partners": selectors.partners(found),
    })


def _columns(language: str) -> list[sheets.Column[selectors.Step]]:
    column = sheets.Column[selectors.Step]
    return [
        column(_("Stage"), lambda row: pick(row.stage.title, language), 40),
        column(_("Planned to open"), lambda row: row.stage.planned_opens_at, 18), column(_("Opens"), lambda row: row.stage.opens_at, 18),
        column(_("Planned to close"), lambda row: row.stage.planned_closes_at, 18), column(_("Closes"), lambda row: row.stage.closes_at, 18),
        column(_("Changes"), lambda row: "\n".join(change.reason for change, _told in row.changes), 50),
    ]


def _stage(person: Any, competition: str, kind: str) -> Stage | None:
    found = selectors.find(person, competition)
    return found.stages_by_kind().get(kind) if found else None


def _asked(person: Any, competition: str, kind: str) -> Postponement | None:
    stage = _stage(person, competition, kind)
    return selectors.postponement_of(stage) if stage else None


@access.needs(Permission.REQUEST_DEADLINE, _stage)
def move_deadline(request: HttpRequest, stage: Stage) -> HttpResponse:
    competition, asked = stage.competition, selectors.postponement_of(stage)
    form = DeadlineForm(request.POST if request.method == "POST" else None, initial={"to": stage.closes_at})
    if request.method == "POST" and form.is_valid():
        try:
            services.request_deadline(actor=request.user, stage=stage, **form.cleaned_data)
            return redirect("competitions:move_deadline", competition.code, stage.kind)
        except (Refused, Denied) as error:
            if error.reason not in TOLD:
                raise
            form.add_error(_FIELD.get(error.reason), texts.sentence(error.reason))
    parents = [*_parents(competition), {"label": _("How the competition proceeds"), "url": reverse("competitions:calendar", args=[competition.code])}]
    return render(request, "competitions/move_deadline.html", {
        "competition": competition, "is_invented": competition.is_invented, "parents": parents, "stage": stage, "form": form, "asked": asked,
        "may_confirm": asked is not None and access.may(request.user, Permission.CONFIRM_DEADLINE, asked),
        "title": pick(stage.title, request.LANGUAGE_CODE), "next": selectors.next_stage(stage),
    })


@access.needs(Permission.CONFIRM_DEADLINE, _asked)
@require_POST
def confirm_deadline(request: HttpRequest, asked: Postponement) -> HttpResponse:
    services.confirm_deadline(actor=request.user, postponement=asked)
    messages.success(request, _("The deadline was moved. The change and its reason stand in the calendar, and those concerned get a mail."))
    return redirect("competitions:calendar", asked.chain)


@access.needs(Permission.REQUEST_DEADLINE, _asked)
@require_POST
def take_back_request(request: HttpRequest, asked: Postponement) -> HttpResponse:
    services.take_back_request(actor=request.user, postponement=asked)
    messages.success(request, _("The request was taken back. The deadline is as it was."))
    return redirect("competitions:calendar", asked.chain)


_FIELD = {Reason.DEADLINE_EARLIER: "to", Reason.NO_REASON_GIVEN: "reason"}
