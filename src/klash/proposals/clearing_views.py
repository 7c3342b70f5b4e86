"""The registrar's pages: blind copies by code name, as the jury's rows have them. No query of theirs asks for a team."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from klash.challenges.models import Challenge
from klash.core import access, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.proposals.clearing_forms import ExclusionForm, LeaveOutForm
from klash.proposals.findings import spot_of
from klash.proposals.selectors import challenge_of, opening_of, round_of
from klash.proposals.services import release_copies
from klash.reviewing import bridge, selectors, services, sheets
from klash.reviewing.models import Entry, Exclusion, Round
from klash.rules.permissions import Permission
from klash.rules.states import ExclusionState, RoundState


def _round(user: Any, competition: str, challenge: str) -> Round | None:
    found = challenge_of(user, competition, challenge)
    return round_of(found) if found else None


def _written(user: Any, competition: str, challenge: str) -> Challenge | None:
    """Return a challenge whose blind copies are written."""
    round_ = _round(user, competition, challenge)
    return challenge_of(user, competition, challenge) if round_ and selectors.codes_of(round_) else None


def _copy(user: Any, competition: str, challenge: str, entry_code: str, **rest: Any) -> Entry | None:
    round_ = _round(user, competition, challenge)
    return selectors.copy_of(round_, entry_code) if round_ else None


def _unmade(user: Any, competition: str, challenge: str, entry_code: str) -> Exclusion | None:
    """Return the exclusion that could be proposed of a copy."""
    entry = _copy(user, competition, challenge, entry_code)
    return Exclusion(entry=entry) if entry else None


def _exclusion(user: Any, competition: str, challenge: str, exclusion: str) -> Exclusion | None:
    round_ = _round(user, competition, challenge)
    return next((row for row in selectors.exclusions(round_) if row.code == exclusion), None) if round_ else None


def _where(request: HttpRequest) -> list[str]:
    """Return competition and challenge of the address."""
    words = request.resolver_match.kwargs if request.resolver_match else {}
    return [words["competition"], words["challenge"]]


def _to_list(request: HttpRequest) -> HttpResponse:
    return redirect("proposals:clearing", *_where(request))


# ------------------------------------------------------------------ all copies

@access.needs(Permission.RUN_COMPETITION, _written)
@require_safe
def clearing(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    """Show the registrar the copies by code name; whoever may confirm an exclusion sees its reason, not whose code name it is."""
    round_, opening = access.found(round_of(challenge)), access.found(opening_of(challenge))
    is_waiting, left = round_.state == RoundState.DRAFT, selectors.uncleared(round_)
    is_registrar = access.may(request.user, Permission.READ_COPY, Entry(round=round_))
    return render(request, "proposals/clearing.html", {
        "challenge": challenge, "competition": challenge.competition, "is_invented": challenge.competition.is_invented, "is_registrar": is_registrar,
        "copies": selectors.copies(round_) if is_registrar else [], "left": left, "is_waiting": is_waiting,
        "exclusions": [_row(request, one) for one in selectors.exclusions(round_)],
        "can_release": is_waiting and not left and access.may(request.user, Permission.RELEASE_COPIES, opening),
    })


def _row(request: HttpRequest, exclusion: Exclusion) -> dict[str, Any]:
    is_open = exclusion.state == ExclusionState.PROPOSED
    return {
        "exclusion": exclusion, "can_confirm": is_open and access.may(request.user, Permission.CONFIRM_EXCLUSION, exclusion),
        "can_take_back": is_open and access.may(request.user, Permission.EXCLUDE_COPY, exclusion),
    }


@access.needs(Permission.RUN_COMPETITION, _written)
@require_POST
def release(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    release_copies(actor=request.user, opening=access.found(opening_of(challenge)))
    return _to_list(request)


@access.needs(Permission.CONFIRM_EXCLUSION, _exclusion)
@require_POST
def confirm_exclusion(request: HttpRequest, exclusion: Exclusion) -> HttpResponse:
    services.confirm_exclusion(actor=request.user, exclusion=exclusion)
    return _to_list(request)


@access.needs(Permission.EXCLUDE_COPY, _exclusion)
@require_POST
def take_back_exclusion(request: HttpRequest, exclusion: Exclusion) -> HttpResponse:
    services.take_back_exclusion(actor=request.user, exclusion=exclusion)
    return _to_list(request)


# ------------------------------------------------------------------ one copy

def _page(request: HttpRequest, entry: Entry, *, form: LeaveOutForm | ExclusionForm | None = None, fault: str = "") -> HttpResponse:
    competition, challenge = _where(request)
    files, seen = selectors.files_of(entry), selectors.content_hash(entry)
    can_clear = access.may(request.user, Permission.CLEAR_COPY, entry) and not entry.is_excluded
    may_exclude = access.may(request.user, Permission.EXCLUDE_COPY, Exclusion(entry=entry))
    has_exclusion = any(one.entry_id == entry.pk for one in selectors.exclusions(entry.round))
    left_out = selectors.redactions(entry)
    return render(request, "proposals/copy.html", {
        "entry": entry, "round": entry.round, "competition_code": competition, "challenge_code": challenge, "is_invented": entry.is_invented, "seen": seen,
        "spots": [spot_of(one, entry) for one in bridge.spots(entry, files)] if can_clear else [], "can_clear": can_clear,
        "is_cleared": entry.cleared_hash == seen, "files": [{"file": file, "sheets": sheets.sheets(file)} for file in files],
        "left_out": [row for row in left_out if not row.is_restored], "can_exclude": may_exclude and not has_exclusion,
        "form": form, "exclusion_form": form if isinstance(form, ExclusionForm) else ExclusionForm(auto_id="id_exclusion_%s"),
        "words_form": _of(form, LeaveOutForm.WORDS), "region_form": _of(form, LeaveOutForm.REGION), "fault": fault,
    }, status=409 if fault else 422 if form is not None else 200)


def _of(form: Any, what: str) -> LeaveOutForm:
    """Return the form that was sent if it is of this kind, else an empty one."""
    is_this = isinstance(form, LeaveOutForm) and form.data.get("what") == what
    return form if is_this else LeaveOutForm(initial={"what": what}, auto_id=f"id_{what}_%s")


def _again(request: HttpRequest, entry: Entry, error: Refused) -> HttpResponse:
    fresh = selectors.copy_of(entry.round, entry.code)
    return _page(request, fresh or entry, fault=texts.sentence(error.reason))


def _to_copy(request: HttpRequest, entry: Entry) -> HttpResponse:
    return redirect("proposals:copy", *_where(request), entry.code)


@access.needs(Permission.READ_COPY, _copy)
@require_safe
def copy(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _page(request, entry)


@access.needs(Permission.READ_COPY, _copy)
@require_safe
def picture(request: HttpRequest, entry: Entry) -> HttpResponse:
    words = request.resolver_match.kwargs if request.resolver_match else {}
    file = access.found(next((row for row in selectors.files_of(entry) if row.number == words["number"]), None))
    found = access.found(sheets.picture(file, words["sheet"]))
    walls = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(found[0], content_type=found[1], headers=walls)


@once
@access.needs(Permission.CLEAR_COPY, _copy)
@require_POST
def leave_out(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = LeaveOutForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, form=form)
    try:
        _leave_out(request.user, entry, form)
    except Refused as error:
        return _again(request, entry, error)
    return _to_copy(request, entry)


def _leave_out(actor: Any, entry: Entry, form: LeaveOutForm) -> None:
    given = form.cleaned_data
    what, about = given["what"], {"actor": actor, "entry": entry, "reason": given["reason"], "seen": given["seen"]}
    if what == form.WORDS:
        services.leave_out_words(words=given["words"], **about)
    elif what == form.FILE:
        services.leave_out_file(number=given["number"], **about)
    elif what == form.SPOT:
        services.leave_out_region(number=given["number"], page=given["page"], signs=(given["start"], given["end"]), **about)
    else:
        services.leave_out_region(number=given["number"], page=given["page"], regions=[form.region()], **about)


@access.needs(Permission.CLEAR_COPY, _copy)
@require_POST
def put_back(request: HttpRequest, entry: Entry) -> HttpResponse:
    try:
        services.put_back(actor=request.user, entry=entry, seen=request.POST.get("seen", ""))
    except Refused as error:
        return _again(request, entry, error)
    return _to_copy(request, entry)


@access.needs(Permission.CLEAR_COPY, _copy)
@require_POST
def clear(request: HttpRequest, entry: Entry) -> HttpResponse:
    try:
        services.clear_copy(actor=request.user, entry=entry, seen=request.POST.get("seen", ""))
    except Refused as error:
        return _again(request, entry, error)
    return _to_list(request)


@once
@access.needs(Permission.EXCLUDE_COPY, _unmade)
@require_POST
def exclude(request: HttpRequest, unmade: Exclusion) -> HttpResponse:
    form = ExclusionForm(request.POST, auto_id="id_exclusion_%s")
    if not form.is_valid():
        return _page(request, unmade.entry, form=form)
    try:
        services.propose_exclusion(actor=request.user, entry=unmade.entry, **form.cleaned_data)
    except Refused as error:
        return _again(request, unmade.entry, error)
    return _to_list(request)
