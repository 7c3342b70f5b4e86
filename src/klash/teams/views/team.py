from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.accounts import services as accounts
from klash.accounts.models import User
from klash.challenges import selectors as challenges
from klash.challenges.models import Challenge
from klash.competitions.models import Call, Stage, StageKind, term_of
from klash.competitions.selectors import awaited_of
from klash.core import access, clock, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.rules.states import ApplicationState, ChallengeState
from klash.teams import selectors, services
from klash.teams.forms import FirmForm, FoundForm, InviteForm, country_names
from klash.teams.models import Team, asked_facts
from klash.teams.views.common import checks_of, frame, in_order, lines_of, own, visible
from klash.teams.views.steps import founding_steps


@dataclass(frozen=True)
class _Founding:
    """A challenge in which a team is founded; the facts are those of the team call."""

    challenge: Challenge
    stage: Stage

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Call(self.stage).facts_for(actor, now)


def _founding(person: Any, competition: str, challenge: str) -> _Founding | None:
    found = challenges.find(person, competition, challenge)
    if found is None or found.state != ChallengeState.PUBLISHED:
        return None
    stage = found.competition.stages_by_kind().get(StageKind.TEAM_CALL)
    return _Founding(found, stage) if stage else None


@once
@access.needs(Permission.FOUND_TEAM, _founding)
def found(request: HttpRequest, founding: _Founding) -> HttpResponse:
    challenge = founding.challenge
    person = access.person(request)
    own = selectors.team_in_the_way(person, challenge)
    form = FoundForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        try:
            team = services.found_team(actor=person, challenge=challenge, **form.cleaned_data)
            return redirect("teams:who", team.code)
        except KlashError as error:
            form.refuse(error.reason)
    steps = founding_steps(None, person, "name")
    return render(request, "teams/found.html", frame(challenge, form=form, own=own, steps=steps, stage=term_of(founding.stage, person, "", clock.now())))


@access.signed_in
@require_safe
def show(request: HttpRequest, team: str) -> HttpResponse:
    found = access.found(visible(request.user, team))
    return _team_page(request, found, InviteForm())


def _team_page(request: HttpRequest, found: Team, form: InviteForm, firm_form: FirmForm | None = None, status: int = 200) -> HttpResponse:
    application, person = found.application, request.user
    if application.state in services.WRITABLE:
        application.asked = asked_facts(found)
    may_edit_team = access.may(person, Permission.EDIT_TEAM, found)
    is_writable = application.state in services.WRITABLE
    needs = selectors.needs_of(found.challenge)
    names = selectors.skill_names(needs)
    offered = next((row.person for row in found.memberships.all() if row.person_id == getattr(found, "lead_offered_to", None)), None)
    is_own, facts = found.membership_of(person) is not None, getattr(found, "notice_facts", None)
    thing = f"application/{application.code}"
    return render(request, "teams/team.html", frame(
        found.challenge, found, is_below_team=False, stage=found.term_for(person, clock.now()), application=application, form=form,
        memberships=in_order(found),
        told_state=application.told_state, invitations=selectors.open_invitations(found, clock.now()) if may_edit_team else [],
        firms=list(found.firms.all()), firm_form=firm_form or FirmForm(), may_name_firms=access.may(person, Permission.NAME_FIRMS, found),
        mix=selectors.mix_of(needs, found.memberships.all()), lines=lines_of(found, names), offered=offered,
        is_offered=offered == person, is_leader=access.may(person, Permission.HAND_OVER_LEAD, found),
        may_appoint=access.may(person, Permission.APPOINT_LEADER, found), may_leave=access.may(person, Permission.LEAVE_TEAM, found),
        may_resign=application.told_state in (ApplicationState.ADMITTED, ApplicationState.ON_RESERVE)
        and access.may(person, Permission.RESIGN_TEAM, application),
        may_admit=application.state == ApplicationState.ON_RESERVE and access.may(person, Permission.ADMIT_RESERVE, application),
        checks=checks_of(found, application.asked) if application.asked and is_own else [],
        notice_facts=facts, country=dict(country_names()).get(facts.country, facts.country) if facts else "",
        steps=founding_steps(found, person, "") if is_own and is_writable else [],
        awaited=awaited_of([thing], clock.now()).get(thing) if is_own and not is_writable else None,
        may_ask_more=application.state == ApplicationState.SUBMITTED and not application.entry_code and access.may(person, Permission.ASK_MORE, application),
        is_own=is_own, may_edit_team=may_edit_team, may_remove=may_edit_team and is_writable,
        is_small=len(found.memberships.all()) < found.challenge.competition.team_size_min,
        is_full=len(found.memberships.all()) >= found.challenge.competition.team_size_max,
        may_write=access.may(person, Permission.EDIT_APPLICATION, application),
        may_withdraw=application.state == ApplicationState.SUBMITTED and access.may(person, Permission.WITHDRAW_APPLICATION, application),
    ), status=status)


@once
@access.needs(Permission.NAME_FIRMS, own)
@require_POST
def firms(request: HttpRequest, found: Team) -> HttpResponse:
    """Add the firm of the form, or remove the one that the button names."""
    person, gone = access.person(request), found.firms.filter(code=request.POST.get("firm", "")).first()
    form = FirmForm(request.POST)
    if gone is not None:
        gone.team = found
        services.remove_firm(actor=person, firm=gone)
    elif form.is_valid():
        services.add_firm(actor=person, team=found, **form.cleaned_data)
    else:
        return _team_page(request, found, InviteForm(), form, status=409)
    messages.success(request, _("The firms of the team have been saved."))
    return redirect("teams:show", found.code)


@once
@access.needs(Permission.EDIT_TEAM, own)
@require_POST
def invite(request: HttpRequest, found: Team) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            services.invite_member(actor=access.person(request), team=found, **form.cleaned_data)
            messages.success(request, _("The invitation is on its way."))
            return redirect("teams:who" if "who" in request.POST else "teams:show", found.code)
        except KlashError as error:
            form.add_error("email", texts.sentence(error.reason))
    return _team_page(request, found, form, status=409)


@dataclass(frozen=True)
class _Leaving:
    """A member who is to be removed; the facts are the team's."""

    team: Team
    person: User

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.team.facts_for(actor, now)


def _leaving(person: Any, team: str, member: str) -> _Leaving | None:
    found = own(person, team)
    rows = found.memberships.all() if found else []
    return next((_Leaving(found, row.person) for row in rows if found and row.person.code == member and not row.is_leader), None)


@access.needs(Permission.EDIT_TEAM, _leaving)
def remove(request: HttpRequest, leaving: _Leaving) -> HttpResponse:
    found, fault = leaving.team, ""
    if request.method == "POST":
        try:
            services.remove_member(actor=access.person(request), team=found, person=leaving.person)
            messages.success(request, _("The member was removed from the team."))
            return redirect("teams:show", found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    return render(request, "teams/remove.html", frame(found.challenge, found, leaving=leaving.person, fault=fault), status=409 if fault else 200)


@once
@access.public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show a team's invitation to the person it was sent to; only the button joins, since mail scanners open links."""
    invitation = accounts.find_invitation(token)
    rows = Team.objects.filter(code=invitation.team) if invitation and invitation.team else Team.objects.none()
    team = rows.select_related("challenge__competition").prefetch_related("memberships__person").first()
    if invitation is None or team is None:
        raise Http404
    if not request.user.is_authenticated:  # that page signs in, or makes the account of the invited address
        return redirect(f"{reverse('accounts:invitation', args=[token])}?next={reverse('teams:show', args=[team.code])}")
    person = access.person(request)
    is_own, fault = person.email == invitation.email, ""
    if request.method == "POST":
        try:
            accounts.accept_invitation(actor=person, invitation=invitation)  # the receiver joins the team in the same transaction
            return redirect("teams:show", team.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    context = {"invitation": invitation, "fault": fault, "is_own": is_own, "parents": []}
    if is_own:
        context = {**frame(team.challenge, team, is_below_team=False), **context, "memberships": in_order(team)}
    return render(request, "teams/join.html", context, status=409 if fault else 200)
