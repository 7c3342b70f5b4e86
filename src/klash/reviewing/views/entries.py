"""An entry and its score sheet: judged, discussed, asked about, stepped aside from."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, clock, kept, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.reviewing import selectors, services, showing
from klash.reviewing.forms import QuestionForm, RecusalForm, RemarkForm, ReviewForm
from klash.reviewing.models import ConflictKind, Criterion, Question, Review, Round, Seat
from klash.reviewing.views.common import own_seat, reading
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState, RoundState


@access.signed_in
@require_safe
def entry(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    return _entry_page(request, *reading(request, code, entry_code))


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


def _takes_scores(round_: Round, row: Any, now: datetime) -> bool:
    if round_.state == RoundState.DISCUSSING:
        return round_.scorings == 2 and (isinstance(row, Review) or row.state == ReviewState.DRAFT)
    return round_.state == RoundState.OPEN and round_.opens_at <= now <= round_.closes_at and row.state == ReviewState.DRAFT


@access.signed_in
@require_POST
def score(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    """Save a draft, or submit where the button says so; nothing typed is lost by a refusal."""
    if (answer := _terms_first(request, code)) is not None:
        return answer
    seat, own = reading(request, code, entry_code)
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
    seat, own = reading(request, code, entry_code)
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
    seat, own = reading(request, code, entry_code)
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
    seat, now = own_seat(request, code), clock.now()
    if not seat.is_ready or not seat.round.takes_questions or seat.round.state == RoundState.DRAFT or now < seat.round.opens_at:
        raise Http404
    return render(request, "reviewing/questions.html", {"round": seat.round, "asked": selectors.minutes_for(seat, now)})


def _terms_first(request: HttpRequest, code: str) -> HttpResponse | None:
    """Keep what a reviewer sent after the terms had changed, and lead to them; None where they stand as accepted."""
    seat = own_seat(request, code)
    if seat.terms_hash in ("", seat.round.terms_hash):
        return None
    answer = kept.answer(request, to=reverse("reviewing:take", args=[code]))
    if answer is not None:
        messages.warning(request, _("The terms have changed. What you wrote is kept: accept the terms, then send it."))
    return answer


@access.signed_in
def recuse(request: HttpRequest, code: str, entry_code: str) -> HttpResponse:
    """Let a reviewer step aside from an entry, told first what follows from it."""
    seat, own = reading(request, code, entry_code)
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
