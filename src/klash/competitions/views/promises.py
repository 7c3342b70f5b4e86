"""The public page of promises, and the pages on which an organiser writes, changes and marks them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors, services
from klash.competitions.forms import ChangeForm, MarkForm, PromiseForm
from klash.competitions.models import Competition, Promise
from klash.core import access, clock, sheets, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.show import pick
from klash.rules.permissions import Permission
from klash.rules.promises import Verdict
from klash.rules.reasons import Reason
from klash.rules.states import CompetitionState

_VERDICTS = {
    Verdict.OPEN: pgettext_lazy("promise", "not due yet"), Verdict.KEPT: pgettext_lazy("promise", "kept"),
    Verdict.KEPT_LATE: pgettext_lazy("promise", "kept late"), Verdict.OVERDUE: pgettext_lazy("promise", "overdue"),
    Verdict.BROKEN: pgettext_lazy("promise", "not kept"),
}


def _page(request: HttpRequest, template: str, competition: Competition, *, below: bool = True, status: int = 200, **more: Any) -> HttpResponse:
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if below:
        parents.append({"label": _("Promises"), "url": reverse("competitions:promises", args=[competition.code])})
    base = {"competition": competition, "is_invented": competition.is_invented, "parents": parents}
    return render(request, f"competitions/promises/{template}.html", {**base, **more}, status=status)


@access.public
@require_safe
def promises(request: HttpRequest, competition: str) -> HttpResponse:
    found, now = access.found(selectors.find(request.user, competition)), clock.now()
    rows = selectors.standings(found, now)
    if file := sheets.asked(request, f"{found.code} {_('Promises')}", _columns(request.LANGUAGE_CODE), lambda: rows):
        return file
    return _page(
        request, "list", found, below=False, rows=rows, days=_days(found, now),
        may_keep=found.is_run_by(request.user), is_draft=found.state == CompetitionState.DRAFT,
    )


def _columns(language: str) -> list[sheets.Column[selectors.Standing]]:
    column = sheets.Column[selectors.Standing]
    return [
        column(_("Promise"), lambda row: pick(row.promise.text, language), 50),
        column(_("At least"), lambda row: row.promise.low if row.is_number else None),
        column(_("At most"), lambda row: row.promise.high if row.is_number else None),
        column(_("Promised on"), lambda row: row.promise.promised_on), column(_("To be kept by"), lambda row: row.promise.due_on),
        column(_("How it stands"), lambda row: str(_VERDICTS[row.verdict]), 18), column(_("So far"), lambda row: row.done.number),
        column(_("Done on"), lambda row: row.done.on), column(_("Changes"), lambda row: len(row.changes)),
        column(_("Reason"), lambda row: "\n".join(change.reason for change, _told in row.changes), 50),
    ]


def _days(competition: Competition, now: datetime) -> list[dict[str, Any]]:
    stages = competition.stages_by_kind().values()
    return [{"stage": stage, "ends": selectors.days_of(stage, now)} for stage in stages]


def _competition(person: Any, competition: str) -> Competition | None:
    return selectors.find(person, competition)


def _promise(person: Any, competition: str, code: str) -> Promise | None:
    found = selectors.find(person, competition)
    return selectors.promise_of(found, code) if found else None


_keeps = access.needs(Permission.KEEP_PROMISES, _promise)


@once
@access.needs(Permission.KEEP_PROMISES, _competition)
def add_promise(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = PromiseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.make_promise(actor=request.user, competition=competition, **form.columns())
        messages.success(request, _("The promise stands on the public page."))
        return redirect("competitions:promises", competition.code)
    return _page(request, "add", competition, form=form, status=422 if form.errors else 200)


@_keeps
def change_promise(request: HttpRequest, promise: Promise) -> HttpResponse:
    form = ChangeForm(promise, request.POST if request.method == "POST" else None)

    def save() -> None:
        if services.change_promise(actor=request.user, promise=promise, **form.columns()) is None:
            messages.info(request, _("Nothing was changed."))
        else:
            messages.success(request, _("The promise was changed. The old one and your reason stand beside it, and those concerned get a mail."))

    return _form(request, "change", promise, form, save)


@_keeps
def mark_promise(request: HttpRequest, promise: Promise) -> HttpResponse:
    form = MarkForm(promise, request.POST if request.method == "POST" else None)

    def save() -> None:
        services.mark_promise(actor=request.user, promise=promise, **form.cleaned_data)
        messages.success(request, _("Saved. What you wrote stands beside the promise."))

    return _form(request, "mark", promise, form, save)


def _form(request: HttpRequest, template: str, promise: Promise, form: Any, save: Callable[[], None]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save()
            return redirect("competitions:promises", promise.competition.code)
        except Refused as error:
            form.add_error("reason" if error.reason is Reason.NO_REASON_GIVEN and "reason" in form.fields else None, texts.sentence(error.reason))
    return _page(request, template, promise.competition, form=form, promise=promise, status=422 if form.errors else 200)


@access.needs(Permission.EDIT_COMPETITION, _promise)
@require_POST
def remove_promise(request: HttpRequest, promise: Promise) -> HttpResponse:
    services.remove_promise(actor=request.user, promise=promise)
    messages.success(request, _("Saved."))
    return redirect("competitions:promises", promise.competition.code)
