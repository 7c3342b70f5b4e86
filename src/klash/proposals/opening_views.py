"""The organiser's page of an opening: request, confirmation, opening, the keys and the jury."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from klash.challenges.models import Challenge
from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.holder import is_embedded
from klash.core.once import once
from klash.interests.texts import WORDS
from klash.proposals import selectors, services
from klash.proposals.forms import JurorForm
from klash.proposals.models import Opening
from klash.rules.conflicts import Kind
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import OpeningState, RoundState

_staffed = access.needs(Permission.RUN_COMPETITION, selectors.challenge_of)


def _opening_page(request: HttpRequest, challenge: Challenge, form: JurorForm | None = None, keys_fault: str = "") -> HttpResponse:
    now = clock.now()
    steps = selectors.opening_steps(challenge, now)
    thing = steps.opening or Opening(challenge=challenge, requested_at=now)
    state = steps.opening.state if steps.opening else ""
    is_judging = steps.round is not None and steps.round.state != RoundState.COMPLETE
    late = selectors.late_box(challenge) if steps.is_over else []
    waiting = selectors.undecided_late(thing) if state == OpeningState.REQUESTED else [row for row in late if not state and row.is_open]
    can_invite = access.may(request.user, Permission.GRANT_ROLE, challenge.competition) and is_judging
    return render(request, "proposals/opening.html", {
        "challenge": challenge, "competition": challenge.competition, "steps": steps, "state": state,
        "is_invented": challenge.competition.is_invented,
        "can_request": not state and access.may(request.user, Permission.REQUEST_OPENING, thing, now),
        "can_confirm": state == OpeningState.REQUESTED and not waiting and access.may(request.user, Permission.CONFIRM_OPENING, thing, now),
        "is_few": state == OpeningState.FIXED and len(selectors.fixed_set(challenge)) < selectors.FEW, "few": selectors.FEW,
        "late": late, "undecided": waiting, "is_requester": bool(state) and thing.requested_by_id == request.user.pk,
        # Until all copies are written the opening can be gone on with, wherever it stopped.
        "can_open": state == OpeningState.FIXED and bool(steps.jurors) and access.may(request.user, Permission.OPEN_PROPOSALS, thing, now),
        "form": (form or JurorForm(initial={"language": get_language()}, is_released=steps.is_released)) if can_invite else None,
        "keys": getattr(challenge, "keys", None), "is_embedded": is_embedded(), "keys_fault": keys_fault,
    }, status=503 if keys_fault else 422 if form is not None else 200)


@_staffed
@require_POST
def rehearse_keys(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    try:
        services.rehearse_keys(actor=request.user, challenge=challenge)
    except Refused as error:
        return _opening_page(request, challenge, keys_fault=texts.sentence(error.reason))
    return _to_opening(challenge)


@_staffed
@require_safe
def opening(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    return _opening_page(request, challenge)


def _to_opening(challenge: Challenge) -> HttpResponse:
    return redirect("proposals:opening", challenge.competition.code, challenge.code)


def _opening(challenge: Challenge) -> Opening:
    return access.found(selectors.opening_of(challenge))


@_staffed
@require_POST
def request_opening(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    services.request_opening(actor=request.user, challenge=challenge)
    return _to_opening(challenge)


@_staffed
@require_POST
def confirm_opening(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    services.confirm_opening(actor=request.user, opening=_opening(challenge))
    return _to_opening(challenge)


@_staffed
@require_POST
def open_proposals(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    try:
        services.open_proposals(actor=request.user, opening=_opening(challenge))
    except Refused as error:
        if error.reason not in (Reason.KEYS_NOT_READY, Reason.KEYS_REFUSED):
            raise
        return _opening_page(request, challenge, keys_fault=texts.sentence(error.reason))
    return _to_opening(challenge)


def _refusal(error: Refused) -> str:
    """Return why a person may not judge; of a conflict its kind, never the team."""
    sentence = texts.sentence(error.reason)
    return f"{sentence} ({WORDS[Kind(error.detail)]})" if error.reason is Reason.IN_CONFLICT else sentence


@once
@_staffed
@require_POST
def invite_juror(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    round_ = selectors.round_of(challenge)
    form = JurorForm(request.POST, is_released=round_ is not None and round_.state != RoundState.DRAFT)
    if form.is_valid():
        given = {**form.cleaned_data}
        try:
            if given.pop("is_deputy"):
                given.pop("is_chair", None)
                services.invite_deputy(actor=request.user, challenge=challenge, **given)
            else:
                services.invite_juror(actor=request.user, challenge=challenge, **given)
        except Refused as error:
            form.add_error("email", _refusal(error))
        else:
            return _to_opening(challenge)
    return _opening_page(request, challenge, form)
