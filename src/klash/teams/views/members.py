from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.accounts.models import Invitation
from klash.core import access, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.rules.states import HandoverState
from klash.teams import services
from klash.teams.forms import AppointForm
from klash.teams.models import Handover, Membership, Team
from klash.teams.views.common import frame, own, visible


@dataclass(frozen=True)
class _Invited:
    """A link to the team that was sent; the facts are the team's."""

    team: Team
    invitation: Invitation

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.team.facts_for(actor, now)


def _invited(person: Any, team: str, mark: str) -> _Invited | None:
    found = own(person, team)
    row = Invitation.objects.filter(team=team, token_hash__startswith=mark).first() if found and len(mark) >= 16 else None
    return _Invited(found, row) if found and row else None


@once
@access.needs(Permission.EDIT_TEAM, _invited)
@require_POST
def invitation(request: HttpRequest, invited: _Invited) -> HttpResponse:
    """Send a link to the team anew or let it work no more."""
    act = {"resend": services.resend_invitation, "revoke": services.revoke_invitation}.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(actor=access.person(request), team=invited.team, invitation=invited.invitation)
        is_new = act is services.resend_invitation
        messages.success(request, _("A new link is on its way; the old one works no more.") if is_new else _("The link works no more."))
    except KlashError as error:
        messages.error(request, texts.sentence(error.reason))
    return redirect("teams:show", invited.team.code)


@dataclass(frozen=True)
class Member:
    """Another member of the team; the facts are the team's."""

    team: Team
    membership: Membership

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.team.facts_for(actor, now)


def _other(person: Any, team: str, member: str) -> Member | None:
    found = own(person, team)
    rows = found.memberships.all() if found else []
    return next((Member(found, row) for row in rows if found and row.person.code == member and not row.is_leader), None)


@access.needs(Permission.EDIT_TEAM, _other)
@require_POST
def right(request: HttpRequest, other: Member) -> HttpResponse:
    """Let a member write, or only read."""
    may_write = request.POST.get("may_write") == "yes"
    services.set_right(actor=access.person(request), team=other.team, person=other.membership.person, may_write=may_write)
    messages.success(request, _("The right has been changed."))
    return redirect("teams:show", other.team.code)


@access.needs(Permission.HAND_OVER_LEAD, _other)
def offer_lead(request: HttpRequest, other: Member) -> HttpResponse:
    person = other.membership.person
    if request.method == "POST":
        services.offer_lead(actor=access.person(request), team=other.team, person=person)
        messages.success(request, _("The lead has been offered. You lead the team until it is taken."))
        return redirect("teams:show", other.team.code)
    return render(request, "teams/offer_lead.html", frame(other.team.challenge, other.team, person=person))


def _handover(person: Any, team: str) -> Handover | None:
    found = own(person, team)
    row = Handover.objects.filter(team=found, state=HandoverState.PROPOSED).select_related("person").first() if found else None
    if row is not None and found is not None:
        row.team = found
    return row


@access.needs(Permission.TAKE_LEAD, _handover)
def take_lead(request: HttpRequest, handover: Handover) -> HttpResponse:
    if request.method == "POST":
        services.take_lead(actor=access.person(request), handover=handover)
        messages.success(request, _("You lead the team now. Every member has been told."))
        return redirect("teams:show", handover.team.code)
    return render(request, "teams/take_lead.html", frame(handover.team.challenge, handover.team))


@access.needs(Permission.END_HANDOVER, _handover)
@require_POST
def take_back_lead(request: HttpRequest, handover: Handover) -> HttpResponse:
    services.take_back_lead(actor=access.person(request), handover=handover)
    messages.success(request, _("The offer of the lead has been taken back."))
    return redirect("teams:show", handover.team.code)


@access.needs(Permission.APPOINT_LEADER, visible)
def appoint(request: HttpRequest, found: Team) -> HttpResponse:
    """Decide who leads a team whose leader is gone."""
    form = AppointForm(found.memberships.all(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = next(row.person for row in found.memberships.all() if row.person.code == form.cleaned_data["member"])
        try:
            services.appoint_leader(actor=access.person(request), team=found, person=chosen, reason=form.cleaned_data["reason"])
            messages.success(request, _("The leader has been changed. Every member has been told."))
            return redirect("teams:show", found.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return render(request, "teams/appoint.html", frame(found.challenge, found, form=form), status=422 if form.errors else 200)


@access.needs(Permission.LEAVE_TEAM, own)
def leave(request: HttpRequest, found: Team) -> HttpResponse:
    competition = found.challenge.competition
    if request.method == "POST":
        services.leave_team(actor=access.person(request), team=found)
        messages.success(request, _("You have left the team."))
        return redirect("challenges:challenge", competition.code, found.challenge.code)
    is_small = len(found.memberships.all()) <= competition.team_size_min
    return render(request, "teams/leave.html", frame(found.challenge, found, is_small=is_small))
