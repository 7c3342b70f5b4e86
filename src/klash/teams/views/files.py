from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.answer_files import attached, handed_out
from klash.competitions.models import Question
from klash.core import access, arrival
from klash.rules.permissions import Permission
from klash.rules.questions import Kind
from klash.rules.roles import Role
from klash.teams import services
from klash.teams.models import Application, Team
from klash.teams.views.common import frame, own, visible


def _question(found: Application, code: str) -> Question | None:
    return next((row for row in found.form.every if row.code == code and row.kind == Kind.FILE), None)


@access.signed_in
def attach(request: HttpRequest, team: str, question: str) -> HttpResponse:
    """Attach a file to one question, or take it off."""
    found = access.found(own(request.user, team))
    application, person = found.application, access.person(request)
    asked = access.found(_question(application, question))

    def keep(uploaded: Any) -> None:
        services.attach_to_application(actor=person, application=application, code=question, uploaded=uploaded, arrived_at=arrival.moment(request))

    form, is_done = attached(request, keep, lambda: services.detach_from_application(actor=person, application=application, code=question))
    if is_done:
        messages.success(request, _("Saved. The application has not been submitted yet."))
        return redirect("teams:application", team)
    if request.method != "POST" and not access.may(request.user, Permission.EDIT_APPLICATION, application):
        return redirect("teams:show", team)
    return render(request, "teams/attach.html", frame(
        found.challenge, found, question=asked, answer=application.answer(question) or None, form=form, back=reverse("teams:application", args=[team]),
        file_url=reverse("teams:file_answer", args=[team, question]),
    ), status=422 if form.errors else 200)


@access.signed_in
@require_safe
def file_answer(request: HttpRequest, team: str, question: str) -> HttpResponse:
    """Hand out the file that answers a question to the team, the staff, and the panel that reads the applications."""
    person = access.person(request)
    found = visible(person, team)
    if found is not None:
        return handed_out(f"application/{found.code}", _question(found.application, question), is_whole=True)
    read = Team.objects.filter(code=team).exclude(application__entry_code=None).select_related("challenge__competition", "application").first()
    asked = _question(read.application, question) if read else None
    if read is None or asked is None or not asked.is_for_reviewers or Role.PANELLIST not in person.roles_in(read.chain, read.challenge.code):
        raise Http404
    return handed_out(f"application/{read.code}", asked, is_whole=False)
