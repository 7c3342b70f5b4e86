"""What a complete round came to: its result, how firm it is, the report and its signatures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, paging, texts
from klash.core.downloads import attachment
from klash.core.errors import Denied, IllegalMove, KlashError, Refused
from klash.reviewing import agenda, bridge, exports, pdf, selectors, services, showing
from klash.reviewing.forms import ReportForm
from klash.reviewing.models import Report, Round, Seat
from klash.reviewing.selectors import Ranked
from klash.reviewing.views.common import own_seat
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReportState


@access.signed_in
@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    seat = own_seat(request, code)
    report = _result(seat)
    if not access.may(seat, Permission.WRITE_REPORT if seat.is_chair else Permission.SEE_RESULT, report):
        raise Http404
    return render(request, "reviewing/result.html", {
        "seat": seat, "can_write": seat.is_chair and report.state != ReportState.SIGNED, "round": seat.round,
        **showing.result_page(seat.round, paging.asked(request)),
    })


def _result(seat: Seat) -> Any:
    """Return the thing whose facts decide over the result: the round's report, or one not written yet."""
    return selectors.report_of(seat.round) or Report(round=seat.round)


@access.signed_in
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give the result as a file to whoever may see it."""
    seat = own_seat(request, code)
    if form not in exports.MEDIA or not access.may(seat, Permission.SEE_RESULT, _result(seat)):
        raise Http404
    language = (get_language() or "fi")[:2]
    return attachment(exports.result_as(form, seat.round, language), exports.MEDIA[form], exports.name_of(seat.round, form, language))


@access.signed_in
def firmness(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the chair how firm the result is; a button works it out, which takes seconds."""
    round_, is_part = _chaired(request, code), getattr(request, "htmx", False)
    if request.method == "POST":
        services.weigh_result(round=round_)
        if not is_part:
            return redirect("reviewing:firmness", code)
    return render(request, f"reviewing/{'_firmness' if is_part else 'firmness'}.html", showing.firmness_page(round_, request.path))


@access.signed_in
@require_safe
def weights(request: HttpRequest, code: str) -> HttpResponse:
    """Show the chair what other weights would have done; nothing changes."""
    round_, is_part = _chaired(request, code), getattr(request, "htmx", False)
    trial = bridge.what_if(round_, request.GET.dict())
    return render(request, f"reviewing/{'_trial' if is_part else 'weights'}.html", {"round": round_, "trial": trial, "firm": selectors.firmness(round_)})


def _chaired(request: HttpRequest, code: str) -> Round:
    """Return the complete round that the person chairs, or 404."""
    seat = own_seat(request, code)
    if not access.may(seat, Permission.WRITE_REPORT, _result(seat)):
        raise Http404
    return seat.round


@access.signed_in
def report(request: HttpRequest, code: str) -> HttpResponse:
    seat = own_seat(request, code)
    found, fault = _result(seat), ""
    if not access.may(seat, Permission.SEE_RESULT, found):
        raise Http404
    ranking = selectors.ranking(seat.round)
    form = _report_form(seat, found, ranking, request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            text = {"reasons": form.reasons(), "clarify": form.clarify(), "remarks": form.cleaned_data["remarks"]}
            found = services.draft_report(actor=seat, round=seat.round, **text)
            if "send" in request.POST:
                services.send_for_signing(actor=seat, report=found)
            return redirect("reviewing:report", code)
        except (Refused, IllegalMove) as error:
            fault = texts.sentence(error.reason)
            if error.reason == Reason.INCOMPLETE:
                form.mark_missing()
    return _show_report(request, seat, found, ranking, form, fault=fault, status=409 if fault else 200)


def _report_form(seat: Seat, found: Report, ranking: list[Ranked], data: Any = None) -> ReportForm:
    filled = _from_decisions(seat, found) if seat.is_chair and found.state != ReportState.SIGNED else {}
    return ReportForm(ranking, data or None, filled=frozenset(filled), initial={
        "remarks": found.remarks, **{f"reason_{entry}": text for entry, text in {**found.reasons, **filled}.items()},
        **{f"clarify_{entry}": text for entry, text in found.clarify.items()},
    })


def _from_decisions(seat: Seat, found: Report) -> dict[str, str]:
    """Return by entry code what the decisions say where the report says nothing yet; nothing of a matter from which the chair steps aside."""
    barred = {entry for entry, handles in agenda.outside(seat.round).items() if seat.handle in handles}
    given = selectors.reasons_given(seat.round)
    return {entry: text for entry, text in given.items() if entry not in barred and not found.reasons.get(entry, "").strip()}


def _show_report(request: HttpRequest, seat: Seat, found: Report, ranking: list[Ranked], form: ReportForm, *, fault: str, status: int) -> HttpResponse:
    signers = selectors.signers(found) if found.pk else []
    return render(request, "reviewing/report.html", {
        "seat": seat, "round": seat.round, "report": found, "form": form, "fault": fault,
        "can_write": access.may(seat, Permission.WRITE_REPORT, found) and found.state != ReportState.SIGNED,
        "rows": [{
            "row": row, "reason": form[f"reason_{row.entry_code}"], "reason_text": found.reasons.get(row.entry_code, ""),
            "clarify": form[f"clarify_{row.entry_code}"], "clarify_text": found.clarify.get(row.entry_code, ""),
        } for row in ranking],
        "circumstances": pdf.circumstances(seat.round), "hinges": selectors.hinges_of(found), "asks_screening": any(seat.round.screening.values()),
        **showing.about_optional(selectors.criteria_of(seat.round)),
        "signers": signers, "can_sign": any(row.seat == seat.pk and not row.signed_at for row in signers) and access.may(seat, Permission.SIGN_REPORT, found),
    }, status=status)


@access.signed_in
@require_safe
def report_pdf(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give the report as a PDF to whoever may see it."""
    seat = own_seat(request, code)
    found = selectors.report_of(seat.round)
    if found is None or language not in pdf.LANGUAGES or not access.may(seat, Permission.SEE_RESULT, found):
        raise Http404
    return attachment(pdf.report_pdf(found, language), "application/pdf", pdf.name_of(found, language))


@access.signed_in
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    seat = own_seat(request, code)
    found = selectors.report_of(seat.round)
    if found is None:
        raise Http404
    try:
        services.sign_report(actor=seat, report=found, report_hash=request.POST.get("hash", ""))
    except KlashError as error:
        found.refresh_from_db()
        if not access.may(seat, Permission.SEE_RESULT, found):
            raise
        ranking, status = selectors.ranking(seat.round), 403 if isinstance(error, Denied) else 409
        return _show_report(request, seat, found, ranking, _report_form(seat, found, ranking), fault=texts.sentence(error.reason), status=status)
    return redirect("reviewing:report", code)
