from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.errors import Denied, Refused
from klash.problems import selectors, services
from klash.problems.forms import ChoiceForm, FeedbackForm
from klash.problems.models import Problem
from klash.problems.views.common import page
from klash.reviewing import selectors as reviewing
from klash.rules.permissions import Permission
from klash.rules.reasons import TOLD
from klash.rules.states import ProblemState


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


@access.needs(Permission.RUN_COMPETITION, _competition)
def choose(request: HttpRequest, competition: Competition) -> HttpResponse:
    round_ = reviewing.find_round(services.panel_key(competition))
    rows = selectors.judged(competition, round_) if round_ else []
    form = ChoiceForm([row.problem.code for row in rows], request.POST if request.method == "POST" else None)
    chosen = [row.problem for row in rows if row.problem.code in request.POST.getlist("chosen")]
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        if "confirm" not in request.POST:
            return page(request, "choose_confirm", competition, form=form, chosen=chosen, others=len(rows) - len(chosen))
        try:
            services.choose_problems(actor=access.person(request), competition=competition, chosen=chosen, reason=form.cleaned_data["reason"])
            messages.success(request, _("The choice is recorded. Next, every reporter gets feedback."))
            return redirect("problems:feedback", competition.code)
        except (Refused, Denied) as error:
            if error.reason not in TOLD:
                raise
            form.add_error(None, texts.sentence(error.reason))
    return page(
        request, "choose", competition, rows=rows, form=form, round=round_, typed=[problem.code for problem in chosen],
        progress=reviewing.progress(round_) if round_ and not rows else None,
        can_choose=any(row.problem.state == ProblemState.SUBMITTED for row in rows),
    )


@access.needs(Permission.RUN_COMPETITION, _competition)
@require_safe
def feedback(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "feedback", competition, **_standing(competition))


def _standing(competition: Competition) -> dict[str, Any]:
    """Return how far the feedback is; one query."""
    rows = list(selectors.to_answer(competition))
    written = sum(bool(row.feedback) for row in rows)
    is_released = bool(rows) and all(row.feedback_released_at for row in rows)
    is_ready = bool(rows) and written == len(rows) and selectors.is_decided(rows) and not is_released
    return {
        "problems": rows, "written": written, "missing": len(rows) - written, "is_decided": selectors.is_decided(rows), "is_ready": is_ready,
        "is_released": is_released,
    }


@access.needs(Permission.RUN_COMPETITION, _competition)
def release(request: HttpRequest, competition: Competition) -> HttpResponse:
    if request.method == "POST":
        count = services.release_feedback(actor=access.person(request), competition=competition)
        told = ngettext("The feedback is released to %(count)d reporter.", "The feedback is released to %(count)d reporters.", count)
        messages.success(request, told % {"count": count})
        return redirect("problems:feedback", competition.code)
    standing = _standing(competition)
    if not standing["is_ready"]:
        return redirect("problems:feedback", competition.code)
    return page(request, "release", competition, **standing)


def _to_answer(person: Any, competition: str, code: str) -> Problem | None:
    found = competitions.find(person, competition)
    if found is None or not found.is_run_by(person):
        return None
    return selectors.to_answer(found).filter(code=code).first()


@access.needs(Permission.GIVE_FEEDBACK, _to_answer)
def answer(request: HttpRequest, found: Problem) -> HttpResponse:
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial={"text": found.feedback})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_feedback(actor=access.person(request), problem=found, text=form.cleaned_data["text"])
            messages.success(request, _("The feedback is saved. The municipality reads it once all feedback is released."))
            return redirect("problems:feedback", found.chain)
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
    comments = reviewing.comments_on(found.entry_code) if found.entry_code else []
    return page(
        request, "answer", found.competition, problem=found, form=form, comments=comments, is_released=bool(found.feedback_released_at)
    )
