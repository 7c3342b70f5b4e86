from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.core import access, clock
from klash.rules.permissions import Permission
from klash.teams import selectors, services
from klash.teams.forms import IntentForm, InviteForm, RoleForm
from klash.teams.models import Team
from klash.teams.views.common import frame, in_order, own


def founding_steps(team: Team | None, person: Any, current: str) -> list[dict[str, Any]]:
    """Return the three steps of founding as the page draws them, each a page of its own to which one can come back."""
    membership = team.membership_of(person) if team else None
    done = {
        "name": team is not None, "who": bool(membership and (membership.role or membership.own_role or membership.skills)),
        "what": bool(team and team.summary),
    }
    words = {"name": (_("Name"), _("You found the team.")), "who": (_("Members"), _("Your part and the others.")), "what": (_("Intent"), _("Two sentences."))}
    return [
        {
            "title": title, "text": text, "state": "now" if name == current else "done" if done[name] else "open" if team else "locked",
            "url": reverse(f"teams:{name}", args=[team.code]) if team and name in ("who", "what") and name != current else "",
        }
        for name, (title, text) in words.items()
    ]


def role_form(team: Team, person: Any, data: Any = None) -> RoleForm:
    membership = team.membership_of(person)
    assert membership is not None
    needs = selectors.needs_of(team.challenge)
    return RoleForm(membership, selectors.skill_names(needs), [need.code for need in needs], data)


@access.needs(Permission.TELL_ROLE, own)
def who(request: HttpRequest, found: Team) -> HttpResponse:
    """Say what one does in the team and what one knows; the leader invites the others here."""
    person = access.person(request)
    form = role_form(found, person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.tell_role(actor=person, team=found, **form.cleaned_data)
        messages.success(request, _("Your part in the team is saved."))
        return redirect("teams:show" if found.summary else "teams:what", found.code)
    may_edit = access.may(person, Permission.EDIT_TEAM, found)
    return render(request, "teams/who.html", frame(
        found.challenge, found, form=form, invite_form=InviteForm(), memberships=in_order(found), may_edit_team=may_edit,
        invitations=selectors.open_invitations(found, clock.now()) if may_edit else [], steps=founding_steps(found, person, "who"),
        is_full=len(found.memberships.all()) >= found.challenge.competition.team_size_max,
    ))


def _application(person: Any, team: str) -> Any:
    found = own(person, team)
    return found.application if found else None


@access.needs(Permission.EDIT_APPLICATION, _application)
def what(request: HttpRequest, application: Any) -> HttpResponse:
    team, person = application.team, access.person(request)
    form = IntentForm(team, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.tell_intent(actor=person, team=team, summary=form.cleaned_data["summary"])
        messages.success(request, _("The team’s own page is ready. Go on from there."))
        return redirect("teams:show", team.code)
    return render(request, "teams/what.html", frame(team.challenge, team, form=form, steps=founding_steps(team, person, "what")))
