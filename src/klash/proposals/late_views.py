"""The late box: what came after the deadline, and whether it takes part. Contents stay sealed; nothing here can read them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from klash.challenges.models import Challenge
from klash.core import access, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.proposals import selectors, services
from klash.proposals.late_forms import LateForm
from klash.proposals.models import LateDecision, Version
from klash.rules.permissions import Permission
from klash.rules.states import LateDecisionState


def _unmade(user: Any, competition: str, challenge: str, receipt: str) -> LateDecision | None:
    """Return the decision that could be made on a late version."""
    found = selectors.challenge_of(user, competition, challenge)
    version = Version.objects.filter(proposal__team__challenge=found, receipt=receipt, is_late=True)
    first = version.select_related("proposal__team__challenge__competition").first() if found else None
    return LateDecision(version=first) if first else None


def _made(user: Any, competition: str, challenge: str, receipt: str) -> LateDecision | None:
    found = selectors.challenge_of(user, competition, challenge)
    waiting = LateDecision.objects.filter(version__proposal__team__challenge=found, version__receipt=receipt, state=LateDecisionState.PROPOSED)
    return waiting.select_related("version__proposal__team__challenge__competition").first() if found else None


def _page(request: HttpRequest, challenge: Challenge, receipt: str = "", form: LateForm | None = None) -> HttpResponse:
    rows = [
        {
            "late": row,
            "can_decide": row.is_open and row.decision is None and access.may(request.user, Permission.DECIDE_LATE, LateDecision(version=row.version)),
            "can_confirm": row.is_open and row.decision is not None and access.may(request.user, Permission.CONFIRM_LATE, row.decision),
            "can_take_back": row.is_open and row.decision is not None and access.may(request.user, Permission.DECIDE_LATE, row.decision),
            "form": form if row.version.receipt == receipt and form is not None else LateForm(auto_id=f"id_{row.version.receipt}_%s"),
        }
        for row in selectors.late_box(challenge)
    ]
    competition = challenge.competition
    return render(request, "proposals/late.html", {
        "challenge": challenge, "competition": competition, "rows": rows, "is_invented": competition.is_invented,
        "form": form,
    }, status=422 if form is not None else 200)


@access.needs(Permission.RUN_COMPETITION, selectors.challenge_of)
@require_safe
def late(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    return _page(request, challenge)


def _to_list(decision: LateDecision) -> HttpResponse:
    return redirect("proposals:late", decision.chain, decision.version.proposal.team.challenge.code)


@once
@access.needs(Permission.DECIDE_LATE, _unmade)
@require_POST
def decide_late(request: HttpRequest, unmade: LateDecision) -> HttpResponse:
    version = unmade.version
    form = LateForm(request.POST, auto_id=f"id_{version.receipt}_%s")
    if form.is_valid():
        try:
            services.decide_late(actor=request.user, version=version, **form.cleaned_data)
            return _to_list(unmade)
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
    return _page(request, version.proposal.team.challenge, version.receipt, form)


@access.needs(Permission.CONFIRM_LATE, _made)
@require_POST
def confirm_late(request: HttpRequest, decision: LateDecision) -> HttpResponse:
    services.confirm_late(actor=request.user, decision=decision)
    return _to_list(decision)


@access.needs(Permission.DECIDE_LATE, _made)
@require_POST
def take_back_late(request: HttpRequest, decision: LateDecision) -> HttpResponse:
    services.take_back_late(actor=request.user, decision=decision)
    return _to_list(decision)
