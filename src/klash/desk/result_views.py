"""The organiser's view of what a body came to, after all is in: the same figures as its chair sees, never more."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.selectors import find
from klash.core import access, paging
from klash.core.downloads import attachment
from klash.desk import selectors
from klash.desk.views import show_round, under_rounds
from klash.reviewing import bridge, exports, pdf, showing
from klash.reviewing import selectors as reading
from klash.reviewing.services import weigh_result
from klash.rules.permissions import Permission
from klash.rules.states import ReportState


@dataclass(frozen=True)
class File(selectors.RoundAtDesk):
    """A round's result as a file. kind: the form of an export, or the language of the report."""

    kind: str


def _fetch(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.complete_round_at_desk(found, round) if found else None


def _fetch_export(user: Any, competition: str, round: str, form: str) -> File | None:
    found = _fetch(user, competition, round) if form in exports.MEDIA else None
    return File(found.competition, found.round, form) if found else None


def _fetch_report(user: Any, competition: str, round: str, language: str) -> File | None:
    found = _fetch(user, competition, round) if language in pdf.LANGUAGES else None
    return File(found.competition, found.round, language) if found else None


def _show(request: HttpRequest, template: str, found: selectors.RoundAtDesk, **more: Any) -> HttpResponse:
    trail = under_rounds(found.competition)
    if template != "result":
        trail.append({"label": _("Result"), "url": reverse("desk:result", args=[found.competition.code, found.round.code])})
    return show_round(request, template, found, parents=trail, **more)


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def result(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    report = reading.report_of(found.round)
    signed = report if report and report.state == ReportState.SIGNED else None
    return _show(request, "result", found, **showing.result_page(found.round, paging.asked(request)), report=signed)


@access.needs(Permission.RUN_COMPETITION, _fetch_export)
@require_safe
def export(request: HttpRequest, file: File) -> HttpResponse:
    language = (get_language() or "fi")[:2]
    return attachment(exports.result_as(file.kind, file.round, language), exports.MEDIA[file.kind], exports.name_of(file.round, file.kind, language))


@access.needs(Permission.RUN_COMPETITION, _fetch_report)
@require_safe
def report_pdf(request: HttpRequest, file: File) -> HttpResponse:
    """Give the signed report; until all have signed it is the body's own."""
    report = reading.report_of(file.round)
    if report is None or report.state != ReportState.SIGNED:
        raise Http404
    return attachment(pdf.report_pdf(report, file.kind), "application/pdf", pdf.name_of(report, file.kind))


@access.needs(Permission.RUN_COMPETITION, _fetch)
def firmness(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Tell how firm the result is; a button works it out, which takes seconds."""
    round_, is_part = found.round, getattr(request, "htmx", False)
    if request.method == "POST":
        weigh_result(round=round_)
        if not is_part:
            return redirect(request.path)
    shown = showing.firmness_page(round_, request.path)
    return render(request, "reviewing/_firmness.html", shown) if is_part else _show(request, "firmness", found, **shown)


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def weights(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Show what other weights would have done; nothing changes."""
    shown = {"trial": bridge.what_if(found.round, request.GET.dict()), "firm": reading.firmness(found.round)}
    if getattr(request, "htmx", False):
        return render(request, "reviewing/_trial.html", {"round": found.round, **shown})
    return _show(request, "weights", found, **shown)
