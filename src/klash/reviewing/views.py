from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, clock, kept, paging, texts
from klash.core.downloads import attachment
from klash.core.errors import Denied, IllegalMove, KlashError, Refused
from klash.core.once import once
from klash.reviewing import agenda, bridge, exports, pdf, selectors, services, sheets, showing
from klash.reviewing.forms import DeclineForm, PreferencesForm, QuestionForm, RecusalForm, RemarkForm, ReportForm, ReviewForm, TakeForm
from klash.reviewing.models import ConflictKind, Criterion, EntryFile, Question, Report, Review, Round, Seat
from klash.reviewing.selectors import Ranked
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReportState, ReviewState, RoundState


def _seat(request: HttpRequest, code: str) -> Seat:
    seat = selectors.seat_in(request.user, code)
    if seat is None:
        raise Http404
    return seat


def _reading(request: HttpRequest, code: str, entry_code: str) -> tuple[Seat, Review]:
    """Return seat and its own review with the entry, or the one 404 for not found, not yours and not now."""
    seat = _seat(request, code)
    review = selectors.own_review(seat, entry_code)
    if review is None or not seat.is_ready or seat.round.state == RoundState.DRAFT or clock.now() < seat.round.opens_at:
        raise Http404
    return seat, review


def _terms_first(request: HttpRequest, code: str) -> HttpResponse | None:
    """Keep what a reviewer sent after the terms had changed, and lead to them; None where they stand as accepted."""
    seat = _seat(request, code)
    if seat.terms_hash in ("", seat.round.terms_hash):
        return None
    answer = kept.answer(request, to=reverse("reviewing:take", args=[code]))
    if answer is not None:
        messages.warning(request, _("The terms have changed. What you wrote is kept: accept the terms, then send it."))
    return answer


@access.signed_in
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    return render(request, "reviewing/rounds.html", {"seats": selectors.seats_of(request.user)})


@access.signed_in
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Show the task and its terms, and take the answer; nothing of the entries is shown before it."""
    seat = _seat(request, code)
    form = TakeForm(request.POST or None, round=seat.round, initial={
        "terms": seat.round.terms_hash, "load_max": seat.load_max, "expertise": seat.expertise, "sector": seat.sector, "topics": seat.topics,
    })
    fault = ""
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("load_max", "expertise", "sector", "topics") if name in form.cleaned_data}
        before = seat.assigned_count
        try:
            services.take_seat(actor=seat, terms_hash=form.cleaned_data["terms"], **said)
            _tell_taken_back(request, before - seat.assigned_count)
            if kept.is_waiting(request):
                return redirect("accounts:kept")
            return redirect("reviewing:preferences" if seat.round.takes_preferences else "reviewing:round", code)
        except Refused as error:
            seat, fault = _seat(request, code), texts.sentence(error.reason)
            typed = request.POST.copy()
            typed["terms"] = seat.round.terms_hash
            form = TakeForm(typed, round=seat.round)
    criteria = selectors.criteria_of(seat.round)
    return render(request, "reviewing/take.html", {
        "criteria": showing.with_shares(criteria), **showing.about_optional(criteria),
        "seat": seat, "round": seat.round, "form": form, "fault": fault, "is_changed": bool(seat.terms_hash) and not seat.is_ready,
        "can_decline": not seat.submitted_count,
    }, status=409 if fault else 200)


def _tell_taken_back(request: HttpRequest, count: int) -> None:
    if count > 0:
        sentence = ngettext("%(count)s entry went beyond your load and left your list.", "%(count)s entries went beyond your load and left your list.", count)
        messages.warning(request, sentence % {"count": count})


@access.signed_in
def preferences(request: HttpRequest, code: str) -> HttpResponse:
    """Let a reviewer say which entries would suit, until they are dealt out; in a round without names nothing of them is shown."""
    seat = _seat(request, code)
    if not access.may(seat, Permission.STATE_PREFERENCES, seat):
        raise Http404
    page = paging.asked(request)
    rows = selectors.wished(seat, page * paging.PAGE)
    form = PreferencesForm(rows, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = services.state_preferences(actor=seat, wishes=form.wishes())
        messages.success(request, ngettext("Your wishes are saved: %(count)s entry.", "Your wishes are saved: %(count)s entries.", said) % {"count": said})
        return redirect(f"{request.path}?page={page + 2}" if "next" in request.POST else request.get_full_path())
    count, said = selectors.count_wishes(seat)
    return render(request, "reviewing/preferences.html", {
        "round": seat.round, "rows": [(row, form[f"wish_{row.code}"]) for row in rows], "form": form, "count": count, "said": said,
        **paging.links(page, count),
    })


@access.signed_in
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Let a reviewer decline the task or give it back, told first what follows."""
    seat = _seat(request, code)
    if seat.submitted_count:
        raise Http404
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.decline_seat(actor=seat, reason=form.cleaned_data["reason"])
        messages.success(request, _("You have declined the task. The organiser sees your reason."))
        return redirect("reviewing:rounds")
    return render(request, "reviewing/decline.html", {"round": seat.round, "form": form, "back": reverse("reviewing:take", args=[code]), "consequences": [
        _("The task leaves your page. The organiser invites somebody else in your place."), _("The organiser reads your reason. The other reviewers do not."),
        _("You cannot take it back."),
    ]})


@access.signed_in
@require_safe
def round(request: HttpRequest, code: str) -> HttpResponse:
    seat = _seat(request, code)
    if not seat.is_ready:
        return redirect("reviewing:take", code)
    page, count, done = paging.asked(request), seat.assigned_count, seat.done_count
    is_readable = seat.round.state != RoundState.DRAFT and clock.now() >= seat.round.opens_at
    entries = selectors.own_entries(seat, page * paging.PAGE) if is_readable else []
    outcomes, criteria = selectors.outcomes(seat, [row.code for row in entries]), selectors.criteria_of(seat.round)
    is_in_time = seat.round.state == RoundState.OPEN and seat.round.opens_at <= clock.now() <= seat.round.closes_at
    return render(request, "reviewing/round.html", {
        "can_submit": is_in_time and done < count,
        "seat": seat, "round": seat.round, "entries": [(row, outcomes.get(row.code)) for row in entries], "done": done,
        "left": count - done, "takes_preferences": access.may(seat, Permission.STATE_PREFERENCES, seat), **paging.links(page, count),
        "excluded": selectors.excluded(seat.round) if is_readable and seat.round.is_blind else [],
        "is_complete": seat.round.state == RoundState.COMPLETE, "criteria": showing.with_shares(criteria), **showing.about_optional(criteria),
    })


@access.signed_in
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Let a reviewer submit at once all drafts that are complete, told first which they are and what the others lack."""
    seat = _seat(request, code)
    if not seat.is_ready:
        return redirect("reviewing:take", code)
    if seat.round.state != RoundState.OPEN or clock.now() < seat.round.opens_at:
        raise Http404
    if request.method == "POST":
        count = services.submit_drafts(actor=seat, codes=set(request.POST.getlist("entry")))
        messages.success(request, ngettext("%(count)s review was submitted.", "%(count)s reviews were submitted.", count) % {"count": count})
        return redirect("reviewing:round", code)
    return render(request, "reviewing/submit.html", {"round": seat.round, "drafts": selectors.own_drafts(seat)})


def _sheet(criteria: list[Criterion], scores: dict[str, Any], *, marks_missing: bool) -> list[dict[str, Any]]:
    """Return what the score sheet prints per criterion: every value with its band, and whether a score has to be given yet."""
    rows = []
    for row in showing.with_shares(criteria):
        criterion = row["criterion"]
        given = str(scores.get(criterion.code, ""))
        values = []
        for value in range(criterion.scale_min, criterion.scale_max + 1):
            band = next((i for i, band in enumerate(criterion.bands, 1) if band["from"] <= value <= band["to"]), 0)
            values.append({"value": value, "band": band, "is_chosen": given == str(value)})
        bands = [{**band, "is_chosen": given.isdecimal() and band["from"] <= int(given) <= band["to"]} for band in criterion.bands]
        is_given = given.isdecimal()
        rows.append({
            **row, "values": values, "bands": bands, "is_given": is_given,
            "is_missing": marks_missing and criterion.is_required and not is_given,
        })
    return rows


def _entry_page(
    request: HttpRequest, seat: Seat, review: Review, fault: Reason | None = None, typed: ReviewForm | None = None, remark: RemarkForm | None = None,
    question: QuestionForm | None = None,
) -> HttpResponse:
    criteria = selectors.criteria_of(seat.round)
    near, entry, round_ = selectors.neighbours(seat, review), review.entry, seat.round
    talk = selectors.discussion(seat, review)
    row = talk.second or review if talk and round_.scorings == 2 else review
    scores, comment, passes = row.scores or review.scores, row.comment or review.comment, {True: "yes", False: "no"}.get(review.passes, "")  # type: ignore[arg-type]
    if typed:
        scores = {name.removeprefix("score_"): value for name, value in typed.data.items() if name.startswith("score_")}
        comment, passes = typed.data.get("comment", ""), typed.data.get("passes", "")
    marks, is_second = fault is Reason.INCOMPLETE, bool(talk and round_.scorings == 2)
    return render(request, "reviewing/entry.html", {
        "seat": seat, "round": round_, "entry": entry, "review": None if is_second and row is review else row,
        "sheet": _sheet(criteria, scores, marks_missing=marks), "fault": fault and texts.sentence(fault),
        "files": entry.files.defer("content"), "comment": comment, "passes": passes, "number": review.place, "count": seat.assigned_count,
        "done": seat.done_count, "previous": near.before, "next": near.after, "can_score": _takes_scores(round_, row, clock.now()),
        "can_recuse": access.may(seat, Permission.RECUSE, review), "talk": talk, "is_second": row is not review or is_second,
        "remark": remark or RemarkForm(), "criteria": criteria, "asks_screening": any(round_.screening.values()),
        "asked": selectors.minutes_for(seat, clock.now(), entry.code) if round_.takes_questions else [],
        "question": (question or QuestionForm()) if round_.is_asking(clock.now()) else None,
        "is_screening_missing": marks and not passes, "scale_reaches_ten": selectors.scale_of(criteria)[1] >= 10,
    }, status=409 if fault else 422 if question else 200)


def _takes_scores(round_: Round, row: Any, now: datetime) -> bool:
    if round_.state == RoundState.DISCUSSING:
        return round_.scorings == 2 and (isinstance(row, Review) or row.state == ReviewState.DRAFT)
    return round_.state == RoundState.OPEN and round_.opens_at <= now <= round_.closes_at and row.state == ReviewState.DRAFT


@access.signed_in
@require_safe
def entry(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    return _entry_page(request, *_reading(request, code, entry_code))


@access.signed_in
@require_POST
def score(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    """Save a draft, or submit where the button says so; nothing typed is lost by a refusal."""
    if (answer := _terms_first(request, code)) is not None:
        return answer
    seat, own = _reading(request, code, entry_code)
    form = ReviewForm(selectors.criteria_of(seat.round), request.POST)
    is_submit = "submit" in request.POST
    try:
        if not form.is_valid():
            raise KlashError(Reason.INCOMPLETE)
        review = _act_on(seat.round, is_submit)(actor=seat, entry=own.entry, scores=form.scores(), **form.said(seat.round))
    except KlashError as error:
        if getattr(request, "htmx", False):
            return render(request, "reviewing/_saved.html", {"fault": texts.sentence(error.reason)})
        return _entry_page(request, seat, own, error.reason, form)
    if getattr(request, "htmx", False) and not is_submit:
        return render(request, "reviewing/_saved.html", {"review": review})
    if not is_submit:
        return redirect("reviewing:entry", code, entry_code)
    rest = selectors.next_to_review(seat, own, is_second=seat.round.state == RoundState.DISCUSSING)
    return redirect("reviewing:entry", code, rest) if rest else redirect("reviewing:round", code)


def _act_on(round_: Round, is_submit: bool) -> Any:
    if round_.state == RoundState.DISCUSSING:
        return services.submit_second if is_submit else services.save_second
    return services.submit_review if is_submit else services.save_review


@once
@access.signed_in
@require_POST
def remark(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    if (answer := _terms_first(request, code)) is not None:
        return answer
    seat, own = _reading(request, code, entry_code)
    if seat.round.state != RoundState.DISCUSSING:
        raise Http404
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, seat, own, remark=form)
    services.write_remark(actor=seat, entry=own.entry, text=form.cleaned_data["text"])
    return redirect(f"{reverse('reviewing:entry', args=[code, entry_code])}#discussion")


@once
@access.signed_in
@require_POST
def ask(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    """Put a question to whoever wrote the entry, where the competition allows it."""
    if (answer := _terms_first(request, code)) is not None:
        return answer
    seat, own = _reading(request, code, entry_code)
    if not seat.round.takes_questions:
        raise Http404
    access.ensure(seat, Permission.ASK_QUESTION, Question(entry=own.entry, seat=seat))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, seat, own, question=form)
    services.ask_question(actor=seat, entry=own.entry, text=form.cleaned_data["text"])
    return redirect(f"{reverse('reviewing:entry', args=[code, entry_code])}#questions")


@access.signed_in
@require_safe
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Show a juror the minutes of questions and answers."""
    seat, now = _seat(request, code), clock.now()
    if not seat.is_ready or not seat.round.takes_questions or seat.round.state == RoundState.DRAFT or now < seat.round.opens_at:
        raise Http404
    return render(request, "reviewing/questions.html", {"round": seat.round, "asked": selectors.minutes_for(seat, now)})


@access.signed_in
def recuse(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    """Let a reviewer step aside from an entry, told first what follows from it."""
    seat, own = _reading(request, code, entry_code)
    if not access.may(seat, Permission.RECUSE, own):
        raise Http404
    is_blind, knows = seat.round.is_blind, "knows" in request.GET
    form = RecusalForm(request.POST or None, is_blind=is_blind, initial={"kind": ConflictKind.RECOGNISED} if knows else {})
    if request.method == "POST" and form.is_valid():
        services.recuse(actor=seat, entry=own.entry, kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"])
        return redirect("reviewing:rounds") if seat.is_absent else redirect("reviewing:round", code)
    return render(request, "reviewing/recuse.html", {
        "entry": own.entry, "form": form, "knows": is_blind and knows, "consequences": _what_follows(seat),
        "back": reverse("reviewing:entry", args=[code, entry_code])
    })


def _what_follows(seat: Seat) -> list[str]:
    kept = _("What you write stays in the record of the round. You cannot take it back.")
    if not seat.round.is_blind:
        return [_("This entry leaves your list. If you have scored it already, your scores no longer count."), kept]
    return [
        _("If you think you know whose this is, do not tell anybody, and do not try to make sure. Say here how you know it."),
        _("That, and a conflict of interest, takes you out of the whole round, so that nobody learns whose entry it was. None of your scores count any more."),
        _("A deputy takes your seat where one waits. Nobody is told why you left, nor because of which entry."),
        _("If you only do not know enough of the subject, this one entry leaves your list."), kept,
    ]


@access.signed_in
@require_safe
def file(request: HttpRequest, code: str, entry_code: str, number: int) -> HttpResponse:
    stored = _file(request, code, entry_code, number)
    return attachment(bytes(stored.content), stored.media_type, stored.name, Content_Security_Policy="sandbox")


def _file(request: HttpRequest, code: str, entry_code: str, number: int) -> EntryFile:
    own = _reading(request, code, entry_code)[1]
    stored = EntryFile.objects.using(own._state.db).filter(entry=own.entry, number=number).select_related("entry__round").first()
    if stored is None:
        raise Http404
    return stored


@access.signed_in
@require_safe
def read(request: HttpRequest, code: str, entry_code: str, number: int) -> HttpResponse:
    """Show the pages of a file as pictures with their words."""
    stored = _file(request, code, entry_code, number)
    return render(request, "reviewing/sheets.html", {
        "file": stored, "name": stored.name, "entry": stored.entry, "round": stored.entry.round, "sheets": sheets.sheets(stored),
    })


@access.signed_in
@require_safe
def picture(request: HttpRequest, code: str, entry_code: str, number: int, sheet: int) -> HttpResponse:
    found = sheets.picture(_file(request, code, entry_code, number), sheet)
    if found is None:
        raise Http404
    walls = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(found[0], content_type=found[1], headers=walls)


@access.signed_in
@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    seat = _seat(request, code)
    report = _result(seat)
    if not access.may(seat, Permission.WRITE_REPORT if seat.is_chair else Permission.SEE_RESULT, report):
        raise Http404
    return render(request, "reviewing/result.html", {
        "seat": seat, "can_write": seat.is_chair and report.state != ReportState.SIGNED, "round": seat.round,
        **showing.result_page(seat.round, paging.asked(request)),
    })


@access.signed_in
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give the result as a file to whoever may see it."""
    seat = _seat(request, code)
    if form not in exports.MEDIA or not access.may(seat, Permission.SEE_RESULT, _result(seat)):
        raise Http404
    content = exports.result_as(form, seat.round, (get_language() or "fi")[:2])
    return attachment(content, exports.MEDIA[form], f"{code}.{form}")


def _chaired(request: HttpRequest, code: str) -> Round:
    """Return the complete round that the person chairs, or 404."""
    seat = _seat(request, code)
    if not access.may(seat, Permission.WRITE_REPORT, _result(seat)):
        raise Http404
    return seat.round


@access.signed_in
def firmness(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the chair how firm the result is; a button works it out, which takes seconds."""
    round_, is_part = _chaired(request, code), getattr(request, "htmx", False)
    if request.method == "POST":
        services.weigh_result(round=round_)
        if not is_part:
            return redirect("reviewing:firmness", code)
    return render(request, f"reviewing/{'_firmness' if is_part else 'firmness'}.html", {
        "round": round_, "firm": selectors.firmness(round_), "is_weighed": selectors.is_weighed(round_), "url": request.path
    })


@access.signed_in
@require_safe
def weights(request: HttpRequest, code: str) -> HttpResponse:
    """Show the chair what other weights would have done; nothing changes."""
    round_, is_part = _chaired(request, code), getattr(request, "htmx", False)
    trial = bridge.what_if(round_, request.GET.dict())
    return render(request, f"reviewing/{'_trial' if is_part else 'weights'}.html", {"round": round_, "trial": trial, "firm": selectors.firmness(round_)})


def _result(seat: Seat) -> Any:
    """Return the thing whose facts decide over the result: the round's report, or one not written yet."""
    return selectors.report_of(seat.round) or Report(round=seat.round)


@access.signed_in
def report(request: HttpRequest, code: str) -> HttpResponse:
    seat = _seat(request, code)
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
    seat = _seat(request, code)
    found = selectors.report_of(seat.round)
    if found is None or language not in pdf.LANGUAGES or not access.may(seat, Permission.SEE_RESULT, found):
        raise Http404
    return attachment(pdf.report_pdf(found, language), "application/pdf", f"{code}-{language}.pdf")


@access.signed_in
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    seat = _seat(request, code)
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
