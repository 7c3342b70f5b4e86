"""The team's page of what the jury asks it. Only its own members have it, and nothing on it tells a code name."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, arrival, clock
from klash.core.once import once
from klash.proposals import findings, selectors, services
from klash.proposals.bridge import suspicions_in
from klash.proposals.models import Proposal, TeamQuestion
from klash.proposals.question_forms import AnswerForm
from klash.rules.permissions import Permission


def _own(request: HttpRequest, competition: str, team: str) -> Proposal:
    found = selectors.proposal_of(request.user, competition, team)
    if found is None or not found.competition.takes_questions:
        raise Http404
    return found


def _question(user: Any, competition: str, team: str, question: str) -> TeamQuestion | None:
    proposal = selectors.proposal_of(user, competition, team)
    return selectors.question_to(proposal, question) if proposal else None


def _page(request: HttpRequest, proposal: Proposal, *, about: str = "", form: AnswerForm | None = None, found: Any = None, status: int = 200) -> HttpResponse:
    """about, form, found: the question whose form was sent, that form, and what the check found in its text."""
    now = clock.now()
    rows = [
        {
            "question": row, "can_answer": access.may(request.user, Permission.ANSWER_QUESTION, row, now),
            "form": form if row.code == about else AnswerForm(auto_id=f"id_{row.code}_%s"), "found": found if row.code == about else None,
            "is_over": now > row.answers_by,
        }
        for row in selectors.questions_to(proposal)
    ]
    return render(request, "proposals/questions.html", {
        "proposal": proposal, "team": proposal.team, "challenge": proposal.team.challenge, "competition": proposal.competition, "rows": rows,
        "is_invented": proposal.competition.is_invented, "form": form,
    }, status=status)


@access.signed_in
@require_safe
def questions(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    return _page(request, _own(request, competition, team))


@once
@access.needs(Permission.ANSWER_QUESTION, _question)
@require_POST
def answer(request: HttpRequest, question: TeamQuestion) -> HttpResponse:
    """Check the answer, or send it once its writer has seen what the check found in it."""
    proposal = question.proposal
    form = AnswerForm(request.POST, auto_id=f"id_{question.code}_%s")
    if not form.is_valid():
        return _page(request, proposal, about=question.code, form=form, status=422)
    text = form.cleaned_data["text"]
    found = [findings.told(one, {"": _("Your answer")}) for one in suspicions_in(proposal, text)]
    is_looked_at = not found or form.cleaned_data["looked"] == selectors.fingerprint(text)
    if "send" not in request.POST or not is_looked_at:
        again = AnswerForm({"text": text, "looked": selectors.fingerprint(text)}, auto_id=f"id_{question.code}_%s")
        return _page(request, proposal, about=question.code, form=again, found=found, status=200 if "send" not in request.POST else 422)
    services.answer_question(actor=request.user, question=question, text=text, arrived_at=arrival.moment(request))
    return redirect("proposals:questions", proposal.chain, proposal.team.code)
