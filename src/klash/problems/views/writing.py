from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors as competitions
from klash.competitions.answers import in_words, kept
from klash.competitions.forms.answering import language
from klash.competitions.models import Call, StageKind, term_of
from klash.core import access, arrival, chance, clock, texts
from klash.core.errors import Denied, IllegalMove, KlashError, Refused
from klash.core.once import once
from klash.core.show import pick
from klash.problems import selectors, services
from klash.problems.forms import ProblemForm, StartForm
from klash.problems.models import Problem
from klash.problems.texts import HEADINGS
from klash.problems.views.common import page
from klash.problems.views.near import near_to
from klash.rules.permissions import Permission
from klash.rules.questions import shown
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState


def _call(person: Any, competition: str) -> Call | None:
    found = competitions.find(person, competition)
    stage = found.stages_by_kind().get(StageKind.PROBLEM_CALL) if found else None
    return Call(stage) if stage else None


def _own(request: HttpRequest, competition: str, code: str) -> Problem:
    return access.found(selectors.own_one(request.user, competition, code))


@once
@access.needs(Permission.REPORT_PROBLEM, _call)
def start(request: HttpRequest, call: Call) -> HttpResponse:
    person, stage = access.person(request), call.stage
    form = StartForm(stage.competition, request.POST if request.method == "POST" else None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_problem(actor=person, competition=stage.competition, **form.cleaned_data)
            return redirect("problems:write", stage.competition.code, made.code)
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
    return page(request, "start", stage.competition, stage=term_of(stage, person, "", clock.now()), form=form)


@access.signed_in
def write(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = _own(request, competition, code)
    if request.method != "POST":
        if not access.may(request.user, Permission.EDIT_PROBLEM, found):
            return redirect("problems:problem", competition, code)
        return _write_page(request, found, ProblemForm(found, clock.now(), writer=chance.key()))
    form = ProblemForm(found, clock.now(), request.POST)
    if not form.is_valid():
        return _write_page(request, found, form)
    try:
        services.save_problem(actor=access.person(request), problem=found, **form.columns())
    except (Denied, Refused) as error:
        return _refused(request, found, form, error)
    if request.POST.get("next") == "summary":
        return redirect("problems:summary", competition, code)
    messages.success(request, _("The draft is saved. The problem has not been submitted yet."))
    onward = reverse("problems:write", args=[competition, code])
    return redirect(f"{onward}#near" if request.POST.get("next") == "near" else onward)


def _refused(request: HttpRequest, found: Problem, form: ProblemForm, error: KlashError) -> HttpResponse:
    """Show what was typed again with the fault; after a clash with what is stored beside it, and the next saving replaces that."""
    form.add_error(None, texts.sentence(error.reason))
    is_clash = error.reason == Reason.TEXT_CHANGED
    if is_clash:
        data = request.POST.copy()
        data["revision"] = str(found.revision)
        form.data = data
    stored = _stored(found, form) if is_clash else []
    return _write_page(request, found, form, stored=stored, status=409 if is_clash else 403)


def _stored(found: Problem, form: ProblemForm) -> list[tuple[Any, str]]:
    """Return the texts as they are stored, under the labels of their fields."""
    answers = [(pick(row.heading, language()), in_words(row, found.answer(row.code), language())) for row in found.form.asked]
    return [(form.fields["title"].label, found.title), (form.fields["summary"].label, found.summary), *answers]


def _write_page(request: HttpRequest, found: Problem, form: ProblemForm, *, stored: Any = (), status: int = 200) -> HttpResponse:
    stage = found.term(clock.now())
    return page(
        request, "write", found.competition, status=status, problem=found, form=form, stage=stage, stored=stored, is_open=stage.is_open,
        kept=kept(found.form, found.answers, language()), **near_to(found),
    )


@access.public  # answers for itself: a page of the sign-in in the place of "saved" would help nobody
@require_POST
def save(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "problems/_saved.html", {"fault": texts.sentence(Reason.NOT_SIGNED_IN)}, status=422)
    found = _own(request, competition, code)
    form, fault, compared = ProblemForm(found, clock.now(), request.POST), "", (found.title, found.summary)
    if form.is_valid():
        try:
            services.save_problem(actor=access.person(request), problem=found, **form.columns())
        except (Denied, Refused) as error:
            clash = _("Another page saved this text meanwhile. Press “Save the draft” to see both versions.")
            fault = clash if error.reason == Reason.TEXT_CHANGED else texts.sentence(error.reason)
    is_saved = not (fault or form.errors)
    # The browser keeps the text until it hears 200.
    response = render(request, "problems/_saved.html", {"problem": found, "form": form, "fault": fault, "is_answer": is_saved}, status=200 if is_saved else 422)
    if is_saved and compared != (found.title, found.summary):
        response["HX-Trigger"] = "near"
    return response


@access.signed_in
def summary(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found, fault, status = _own(request, competition, code), "", 200
    if request.method == "POST":
        try:
            services.submit_problem(actor=access.person(request), problem=found, arrived_at=arrival.moment(request))
            return redirect("problems:receipt", competition, code)
        except (Denied, IllegalMove) as error:
            fault, status = texts.sentence(error.reason), 403 if isinstance(error, Denied) else 409
    elif not access.may(request.user, Permission.EDIT_PROBLEM, found):
        return redirect("problems:problem", competition, code)
    now = clock.now()
    stage = found.term(now)
    missing, too_long = found.missing(now), found.too_long()
    headings = {"summary": HEADINGS["summary"], **{row.code: row.heading for row in found.form.asked}}
    asked = {row.code for row in shown(found.form.rules(), found.answers)}
    rows = [row for row in found.form.asked if row.code in asked]
    return page(
        request, "summary", found.competition, status=status, problem=found, stage=stage, fault=fault, is_complete=not missing and not too_long,
        missing_headings=[headings[name] for name in missing if name in headings], lacks_title="title" in missing, lacks_theme=found.theme is None,
        long_headings=[headings[name] for name in too_long], is_open=stage.is_open,
        sections=[(HEADINGS["summary"], found.summary), *((row.heading, in_words(row, found.answer(row.code), language())) for row in rows)],
    )


@access.signed_in
@require_safe
def receipt(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = _own(request, competition, code)
    if found.submitted_at is None:
        raise Http404
    stage = found.term(clock.now())
    is_withdrawn = found.state == ProblemState.WITHDRAWN
    return page(
        request, "receipt", found.competition, problem=found, stage=stage, is_withdrawn=is_withdrawn,
        fingerprint="" if is_withdrawn else services.fingerprint(found), is_open=stage.is_open,
    )


def _own_or_none(person: Any, competition: str, code: str) -> Problem | None:
    return selectors.own_one(person, competition, code)


@access.needs(Permission.WITHDRAW_PROBLEM, _own_or_none)
def withdraw(request: HttpRequest, found: Problem) -> HttpResponse:
    if request.method == "POST":
        services.withdraw_problem(actor=access.person(request), problem=found)
        messages.success(request, _("The problem is withdrawn and no longer public. Submit it again before the deadline if it is to be judged."))
        return redirect("problems:write", found.chain, found.code)
    if found.state != ProblemState.SUBMITTED:
        return redirect("problems:problem", found.chain, found.code)
    return page(request, "withdraw", found.competition, problem=found, stage=found.term(clock.now()))
