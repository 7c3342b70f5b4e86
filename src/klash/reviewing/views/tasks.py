"""The reviewer's task: accepted, declined, wished for, listed and submitted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from klash.core import access, clock, kept, paging, texts
from klash.core.errors import Refused
from klash.reviewing import selectors, services, showing
from klash.reviewing.forms import DeclineForm, PreferencesForm, TakeForm
from klash.reviewing.views.common import own_seat
from klash.rules.permissions import Permission
from klash.rules.states import RoundState


@access.signed_in
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    return render(request, "reviewing/rounds.html", {"seats": selectors.seats_of(request.user)})


@access.signed_in
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Show the task and its terms, and take the answer; nothing of the entries is shown before it."""
    seat = own_seat(request, code)
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
            seat, fault = own_seat(request, code), texts.sentence(error.reason)
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
    seat = own_seat(request, code)
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
    seat = own_seat(request, code)
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
    seat = own_seat(request, code)
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
    seat = own_seat(request, code)
    if not seat.is_ready:
        return redirect("reviewing:take", code)
    if seat.round.state != RoundState.OPEN or clock.now() < seat.round.opens_at:
        raise Http404
    if request.method == "POST":
        count = services.submit_drafts(actor=seat, codes=set(request.POST.getlist("entry")))
        messages.success(request, ngettext("%(count)s review was submitted.", "%(count)s reviews were submitted.", count) % {"count": count})
        return redirect("reviewing:round", code)
    return render(request, "reviewing/submit.html", {"round": seat.round, "drafts": selectors.own_drafts(seat)})
