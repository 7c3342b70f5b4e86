from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from klash.accounts.models import User
from klash.competitions.models import StageKind
from klash.competitions.selectors import register
from klash.core import access, clock, texts
from klash.core.bridge import language_of
from klash.core.errors import KlashError
from klash.core.once import once
from klash.problems import selectors, services
from klash.problems.forms import AskForm, SupportForm, WriterForm
from klash.problems.models import JoinRequest, Problem, Support, Writer, WriterInvitation
from klash.problems.views.common import page
from klash.rules.permissions import Permission


@once
@access.signed_in
def join(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    person, found = access.person(request), access.found(selectors.public_one(request.user, competition, code))
    if selectors.own_one(person, competition, code):
        return redirect("problems:writers", competition, code)
    action, fault = request.POST.get("action", ""), ""
    places, own = list(register(found.competition)), selectors.place_of(person)
    support = SupportForm(places, request.POST if action == "support" else None, code=own)
    ask = AskForm(places, request.POST if action == "ask" else None, code=own)
    if request.method == "POST":
        try:
            if _joined(request, person, found, support, ask):
                return redirect("problems:join", competition, code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    supports, asked = selectors.own_ties(person, found)
    return page(
        request, "join", found.competition, status=409 if fault else 200, problem=found, support=support, ask=ask, fault=fault, supports=supports, asked=asked,
        may_support=access.may(person, Permission.SUPPORT_PROBLEM, found), may_ask=access.may(person, Permission.ASK_TO_CO_OWN, found),
        stage=found.competition.stage(StageKind.PROBLEM_CALL),
    )


def _joined(request: HttpRequest, person: User, found: Problem, support: SupportForm, ask: AskForm) -> bool:
    """Do what the button says and return whether it was done."""
    action = request.POST.get("action")
    if action == "support" and support.is_valid():
        word = support.cleaned_data["word"]
        services.support_problem(actor=person, problem=found, language=language_of(word, person.language), **support.cleaned_data)
        messages.success(request, _("Your municipality is shown as having the same problem."))
    elif action == "ask" and ask.is_valid():
        services.ask_to_co_own(actor=person, problem=found, **ask.cleaned_data)
        messages.success(request, _("The leading officer has been asked. You get the answer by e-mail."))
    elif action == "take_back_support":
        row = get_object_or_404(Support, problem=found, person=person, code=request.POST.get("code", ""))
        services.take_back_support(actor=person, support=row)
        messages.success(request, _("The support is taken back."))
    elif action == "take_back_request":
        services.take_back_request(actor=person, request=get_object_or_404(JoinRequest, problem=found, person=person, code=request.POST.get("code", "")))
        messages.success(request, _("The request is taken back."))
    else:
        return False
    return True


@once
@access.signed_in
def writers(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    person, found = access.person(request), access.found(selectors.own_one(request.user, competition, code))
    places = [found.municipality, *found.group.all()]
    form = WriterForm(places, request.POST if request.POST.get("action") == "invite" else None, code=found.municipality.code)
    fault = ""
    if request.method == "POST":
        try:
            if request.POST.get("action") != "invite":
                return _ACTS.get(request.POST.get("action", ""), _unknown)(request, person, found)
            if form.is_valid():
                services.invite_writer(actor=person, problem=found, **form.cleaned_data)
                messages.success(request, _("The invitation is on its way."))
                return redirect("problems:writers", competition, code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    leads, stage = found.officer_id == person.pk, found.competition.stage(StageKind.PROBLEM_CALL)
    rows = selectors.writers(found)
    return page(
        request, "writers", found.competition, status=409 if fault else 200, problem=found, form=form, fault=fault, rows=rows, stage=stage, leads=leads,
        waiting=services.waiting_invitations(found), requests=selectors.requests_to(found) if leads else [], is_open=stage.is_open(clock.now()),
        own=next((row for row in rows if row.person_id == person.pk), None), is_public=selectors.is_public(found),
        may_invite=access.may(person, Permission.INVITE_WRITER, found),
    )


def _unknown(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    raise Http404


def _back(found: Problem) -> HttpResponse:
    return redirect("problems:writers", found.chain, found.code)


def _answer(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    row = get_object_or_404(JoinRequest, problem=found, code=request.POST.get("code", ""))
    word = request.POST.get("answer", "")[:500]
    if request.POST["action"] == "accept":
        services.accept_co_owner(actor=person, request=row, answer=word)
        messages.success(request, _("The municipality reports the problem together with you now."))
    else:
        services.decline_co_owner(actor=person, request=row, answer=word)
        messages.success(request, _("The request is declined, and your words were sent."))
    return _back(found)


def _revoke(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    row = get_object_or_404(WriterInvitation, problem=found, is_takeover=False, code=request.POST.get("code", ""))
    services.revoke_invitation(actor=person, invitation=row)
    messages.success(request, _("The link no longer works."))
    return _back(found)


def _writer(request: HttpRequest, found: Problem) -> User:
    return get_object_or_404(Writer.objects.select_related("person"), problem=found, person__code=request.POST.get("code", "")).person


def _remove(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    services.remove_writer(actor=person, problem=found, person=_writer(request, found))
    messages.success(request, _("The person no longer writes along."))
    return _back(found)


def _hand_over(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    services.hand_over_lead(actor=person, problem=found, person=_writer(request, found))
    messages.success(request, _("The lead is handed over. You still write along."))
    return _back(found)


def _leave(request: HttpRequest, person: User, found: Problem) -> HttpResponse:
    services.leave_problem(actor=person, problem=found, with_municipality=bool(request.POST.get("with_municipality")))
    messages.success(request, _("You no longer write along."))
    return redirect("problems:list", found.chain)


_ACTS: dict[str, Callable[[HttpRequest, Any, Problem], HttpResponse]] = {
    "accept": _answer, "decline": _answer, "revoke": _revoke, "remove": _remove, "hand_over": _hand_over, "leave": _leave,
}
