from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.answers import kept
from klash.competitions.forms.answering import language
from klash.core import access, arrival, clock, texts
from klash.core.errors import KlashError
from klash.core.forms import moment_seen
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ApplicationState
from klash.teams import selectors, services
from klash.teams.forms import ApplicationForm
from klash.teams.models import Application, asked_facts
from klash.teams.views.common import checks_of, frame, in_order, own, sections_of


def _application(person: Any, team: str) -> Application | None:
    found = own(person, team)
    return found.application if found else None


def _mine(request: HttpRequest, team: str) -> Application:
    return access.found(_application(request.user, team))


@access.signed_in
def write(request: HttpRequest, team: str) -> HttpResponse:
    """Write the application. What comes too late is refused with the text still on the page, so that nothing typed is lost."""
    found = _mine(request, team)
    if request.method == "POST":
        return _save(request, found)
    if not access.may(request.user, Permission.EDIT_APPLICATION, found):
        return redirect("teams:show", team)
    if not asked_facts(found.team)["is_eligible"]:
        return redirect("teams:eligibility", team)
    return _write_page(request, found, ApplicationForm(found, clock.now()))


def _save(request: HttpRequest, found: Application) -> HttpResponse:
    form, refused = ApplicationForm(found, clock.now(), request.POST), None
    if form.is_valid():
        try:
            services.save_application(actor=access.person(request), application=found, seen=moment_seen(request.POST), **form.columns())
        except KlashError as error:
            refused = error.reason
            form.add_error(None, texts.sentence(error.reason))
    if getattr(request, "htmx", False):
        seen = form["seen"].value() if form.errors else _seen(found)
        return render(request, "teams/_saved.html", {"application": found, "form": form, "seen": seen})
    if form.is_valid():
        messages.success(request, _("The draft was saved. The application has not been submitted yet."))
        return redirect("teams:summary" if "summary_page" in request.POST else "teams:application", found.team.code)
    return _write_page(request, found, form, refused)


def _seen(found: Application) -> str:
    return found.saved_at.isoformat() if found.saved_at else ""


def _write_page(request: HttpRequest, found: Application, form: ApplicationForm, refused: Reason | None = None) -> HttpResponse:
    is_clash = refused is Reason.TEXT_CHANGED
    theirs = [(row["heading"], row["text"]) for row in sections_of(found)] if is_clash else []
    return render(request, "teams/write.html", frame(
        found.team.challenge, found.team, stage=found.team.term_for(request.user, clock.now()), application=found, form=form, theirs=theirs,
        their_summary=found.team.summary if is_clash else "", kept=kept(found.form, found.answers, language()),
        # What is saved after a clash was written with the other text in sight.
        seen=_seen(found) if is_clash or not form.is_bound else form["seen"].value(),
    ), status=409 if refused else 200)


@access.signed_in
def summary(request: HttpRequest, team: str) -> HttpResponse:
    """Show what would be submitted; the button submits."""
    found, fault = _mine(request, team), ""
    if request.method == "POST":
        try:
            services.submit_application(actor=access.person(request), application=found, arrived_at=arrival.moment(request))
            return redirect("teams:receipt", team)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    elif found.state not in services.WRITABLE:
        return redirect("teams:receipt", team)
    own = _mine(request, team) if fault else found
    if own.state in services.WRITABLE:
        own.asked = asked_facts(own.team)
    against = access.reason_against(request.user, Permission.SUBMIT_APPLICATION, own) if own.state in services.WRITABLE else Reason.WRONG_STATE
    return render(request, "teams/summary.html", frame(
        own.team.challenge, own.team, stage=own.team.term_for(request.user, clock.now()), application=own, sections=sections_of(own),
        memberships=in_order(own.team), fault=fault,
        checks=checks_of(own.team, own.asked) if own.asked else [],
        may_submit=against is None, is_leader=against is not Reason.NOT_YOURS, hindrance=texts.sentence(against) if against else "",
        may_write=access.may(request.user, Permission.EDIT_APPLICATION, own),
    ), status=409 if fault else 200)


@access.signed_in
@require_safe
def receipt(request: HttpRequest, team: str) -> HttpResponse:
    found = _mine(request, team)
    if found.submitted_at is None:
        raise Http404
    may_withdraw = found.state == ApplicationState.SUBMITTED and access.may(request.user, Permission.WITHDRAW_APPLICATION, found)
    return render(request, "teams/receipt.html", frame(
        found.team.challenge, found.team, application=found, sections=sections_of(found), memberships=in_order(found.team),
        fingerprint=selectors.receipt_of(found), may_withdraw=may_withdraw,
    ))


@access.needs(Permission.WITHDRAW_APPLICATION, _application)
def withdraw(request: HttpRequest, found: Application) -> HttpResponse:
    code = found.team.code
    if found.state != ApplicationState.SUBMITTED:
        return redirect("teams:show", code)
    if request.method == "POST":
        services.withdraw_application(actor=access.person(request), application=found)
        messages.success(request, _("The application was withdrawn. You can submit it again until the deadline."))
        return redirect("teams:show", code)
    return render(request, "teams/withdraw.html", frame(found.team.challenge, found.team, application=found))
