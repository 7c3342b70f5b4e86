"""The registrar's page of the jury's questions: by code name, without the juror who asks and without the team. No query of theirs asks for a team."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.challenges.models import Challenge
from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.proposals import services
from klash.proposals.findings import spot_of
from klash.proposals.question_forms import BatchForm, ReturnForm, WordsForm
from klash.proposals.selectors import challenge_of, opening_of, round_of
from klash.reviewing import bridge, selectors
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, Question, QuestionBatch, Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import QuestionBatchState, QuestionState, RoundState


def _round(user: Any, competition: str, challenge: str) -> Round | None:
    found = challenge_of(user, competition, challenge)
    round_ = round_of(found) if found else None
    return round_ if round_ and round_.takes_questions and round_.state != RoundState.DRAFT else None


def _asking(user: Any, competition: str, challenge: str) -> Challenge | None:
    """Return a challenge whose jury reads and may ask."""
    return challenge_of(user, competition, challenge) if _round(user, competition, challenge) else None


def _unmade(user: Any, competition: str, challenge: str) -> QuestionBatch | None:
    """Return the batch that could be proposed."""
    round_ = _round(user, competition, challenge)
    return QuestionBatch(round=round_, answers_by=round_.closes_at, releases_at=round_.closes_at) if round_ else None


def _batch(user: Any, competition: str, challenge: str, batch: str) -> QuestionBatch | None:
    round_, found = _round(user, competition, challenge), selectors.batch_of(batch)
    return found if round_ and found and found.round_id == round_.pk else None


def _question(user: Any, competition: str, challenge: str, question: str) -> Question | None:
    round_ = _round(user, competition, challenge)
    return selectors.question_of(round_, question) if round_ else None


def _challenge(request: HttpRequest) -> Challenge:
    words = request.resolver_match.kwargs if request.resolver_match else {}
    return access.found(challenge_of(request.user, words["competition"], words["challenge"]))


# ------------------------------------------------------------------ the page

def _page(
    request: HttpRequest, challenge: Challenge, *, batch_form: BatchForm | None = None, about: str = "", form: Any = None, fault: str = ""
) -> HttpResponse:
    """about, form: the question whose form was sent, and that form with its faults."""
    round_, now = access.found(round_of(challenge)), clock.now()
    is_registrar = access.may(request.user, Permission.READ_COPY, Entry(round=round_))
    waiting = selectors.waiting_questions(round_) if is_registrar else []
    found = selectors.batches(round_)
    can_propose = bool(waiting) and round_.is_asking(now) and not any(row.state == QuestionBatchState.PROPOSED for row in found)
    return render(request, "proposals/jury_questions.html", {
        "challenge": challenge, "competition": challenge.competition, "round": round_, "is_invented": challenge.competition.is_invented,
        "is_registrar": is_registrar, "is_asking": round_.is_asking(now),
        "waiting": [_asked(row, row.text, form if row.code == about else None, ReturnForm) for row in waiting],
        "batches": [_sent(request, row, about, form) for row in found], "now": now, "fault": fault,
        "asked": selectors.minutes(round_, now) if is_registrar else [],
        "batch_form": (batch_form or BatchForm()) if can_propose else None,
    }, status=409 if fault else 422 if form or batch_form else 200)


def _asked(row: Question, text: str, form: Any, kind: type[ReturnForm] | type[WordsForm], **initial: str) -> dict[str, Any]:
    """Return a question or its answer as the page shows it, with what the checker finds in it."""
    spots = [spot_of(one, row.entry) for one in bridge.spots_in(row.entry.round, text)]
    return {"question": row, "text": text, "spots": spots, "form": form or kind(auto_id=f"id_{row.code}_%s", initial=initial), "seen": initial.get("seen", "")}


def _sent(request: HttpRequest, batch: QuestionBatch, about: str, form: Any) -> dict[str, Any]:
    is_open, questions = batch.state == QuestionBatchState.PROPOSED, list(batch.questions.all())
    answers = []
    for row in questions:
        if row.state == QuestionState.ANSWERED:
            newest = list(row.answers.all())[-1]
            answers.append(_asked(row, newest.text["text"], form if row.code == about else None, WordsForm, seen=newest.hash))
    return {
        "batch": batch, "count": len(questions), "came": sum(row.state in (QuestionState.ANSWERED, QuestionState.CLEARED) for row in questions),
        "answers": answers, "can_confirm": is_open and access.may(request.user, Permission.CONFIRM_QUESTIONS, batch),
        "can_take_back": is_open and access.may(request.user, Permission.SEND_QUESTIONS, batch),
    }


@access.needs(Permission.RUN_COMPETITION, _asking)
@require_safe
def jury_questions(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    """Show the registrar questions and answers by code name; whoever may confirm a batch sees how many there are and its times."""
    return _page(request, challenge)


def _to_page(request: HttpRequest) -> HttpResponse:
    challenge = _challenge(request)
    return redirect("proposals:jury_questions", challenge.competition.code, challenge.code)


# ------------------------------------------------------------------ what is done there

@access.needs(Permission.SEND_QUESTIONS, _question)
@require_POST
def return_question(request: HttpRequest, question: Question) -> HttpResponse:
    form = ReturnForm(request.POST, auto_id=f"id_{question.code}_%s")
    if not form.is_valid():
        return _page(request, _challenge(request), about=question.code, form=form)
    try:
        reviewing.return_question(actor=request.user, question=question, reason=form.cleaned_data["reason"])
    except Refused as error:
        return _page(request, _challenge(request), fault=texts.sentence(error.reason))
    return _to_page(request)


@once
@access.needs(Permission.SEND_QUESTIONS, _unmade)
@require_POST
def propose_questions(request: HttpRequest, unmade: QuestionBatch) -> HttpResponse:
    challenge, form = _challenge(request), BatchForm(request.POST)
    opening = access.found(opening_of(challenge))
    if form.is_valid():
        try:
            services.propose_questions(actor=request.user, opening=opening, **form.cleaned_data)
            return _to_page(request)
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
    return _page(request, challenge, batch_form=form)


@access.needs(Permission.CONFIRM_QUESTIONS, _batch)
@require_POST
def confirm_questions(request: HttpRequest, batch: QuestionBatch) -> HttpResponse:
    opening = access.found(opening_of(_challenge(request)))
    try:
        services.send_questions(actor=request.user, opening=opening, batch=batch)
    except Refused as error:
        if error.reason is not Reason.KEYS_NOT_READY:
            raise
        messages.warning(request, _("The questions are sent, but the holder of the keys does not answer. They reach the teams as soon as it does."))
    return _to_page(request)


@access.needs(Permission.SEND_QUESTIONS, _batch)
@require_POST
def take_back_questions(request: HttpRequest, batch: QuestionBatch) -> HttpResponse:
    reviewing.take_back_questions(actor=request.user, batch=batch)
    return _to_page(request)


@access.needs(Permission.CLEAR_ANSWER, _question)
@require_POST
def leave_out_of_answer(request: HttpRequest, question: Question) -> HttpResponse:
    form = WordsForm(request.POST, auto_id=f"id_{question.code}_%s")
    if not form.is_valid():
        return _page(request, _challenge(request), about=question.code, form=form)
    try:
        reviewing.leave_out_of_answer(actor=request.user, question=question, **form.cleaned_data)
    except Refused as error:
        return _page(request, _challenge(request), fault=texts.sentence(error.reason))
    return _to_page(request)


@access.needs(Permission.CLEAR_ANSWER, _question)
@require_POST
def clear_answer(request: HttpRequest, question: Question) -> HttpResponse:
    try:
        reviewing.clear_answer(actor=request.user, question=question, seen=request.POST.get("seen", ""))
    except Refused as error:
        return _page(request, _challenge(request), fault=texts.sentence(error.reason))
    return _to_page(request)
