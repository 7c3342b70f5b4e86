from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from klash.core import access, texts
from klash.core.errors import KlashError
from klash.rules.permissions import Permission
from klash.rules.states import ApplicationState
from klash.teams import services
from klash.teams.forms import SuccessionForm
from klash.teams.models import Application
from klash.teams.views.common import frame, own, visible

LEAVES = (ApplicationState.ADMITTED, ApplicationState.ON_RESERVE)


def _placed(person: object, team: str) -> Application | None:
    found = own(person, team)
    return found.application if found and found.application.told_state in LEAVES else None


@access.needs(Permission.RESIGN_TEAM, _placed)
def resign(request: HttpRequest, application: Application) -> HttpResponse:
    """Give up the team's place, also one on the reserve list."""
    team = application.team
    if request.method == "POST":
        services.resign_team(actor=access.person(request), application=application)
        messages.success(request, _("The team has given up its place. The organiser has been told."))
        return redirect("teams:show", team.code)
    return render(request, "teams/resign.html", frame(team.challenge, team))


def _on_reserve(person: object, team: str) -> Application | None:
    found = visible(person, team)
    return found.application if found and found.application.state == ApplicationState.ON_RESERVE else None


@access.needs(Permission.ADMIT_RESERVE, _on_reserve)
def admit_reserve(request: HttpRequest, application: Application) -> HttpResponse:
    """Admit the first of the reserve list, with a reason that everyone reads."""
    team, form = application.team, SuccessionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.admit_reserve(actor=access.person(request), application=application, reason=form.cleaned_data["reason"])
            messages.success(request, _("The team is admitted. Its members have been told."))
            return redirect("teams:show", team.code)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return render(request, "teams/admit_reserve.html", frame(team.challenge, team, form=form), status=422 if form.errors else 200)
