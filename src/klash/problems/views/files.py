from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.answer_files import attached, handed_out
from klash.competitions.models import FormKind, Question
from klash.core import access, arrival
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.problems.views.common import page
from klash.rules.permissions import Permission
from klash.rules.questions import Kind
from klash.rules.roles import Role


def _question(found: Problem, code: str) -> Question | None:
    return next((row for row in found.competition.form(FormKind.PROBLEM).every if row.code == code and row.kind == Kind.FILE), None)


@access.signed_in
def attach(request: HttpRequest, competition: str, code: str, question: str) -> HttpResponse:
    """Attach a file to one question, or take it off."""
    found = access.found(selectors.own_one(request.user, competition, code))
    asked = access.found(_question(found, question))
    person = access.person(request)
    form, is_done = attached(
        request,
        lambda uploaded: services.attach_to_problem(actor=person, problem=found, code=question, uploaded=uploaded, arrived_at=arrival.moment(request)),
        lambda: services.detach_from_problem(actor=person, problem=found, code=question),
    )
    if is_done:
        messages.success(request, _("Saved. The draft has not been submitted yet."))
        return redirect("problems:write", competition, code)
    if request.method != "POST" and not access.may(request.user, Permission.EDIT_PROBLEM, found):
        return redirect("problems:problem", competition, code)
    back = reverse("problems:write", args=[competition, code])
    return page(
        request, "attach", found.competition, problem=found, question=asked, answer=found.answer(question) or None, form=form, back=back,
        file_url=reverse("problems:file_answer", args=[competition, code, question]), status=422 if form.errors else 200,
        extra=[{"label": _("Write the problem"), "url": back}],
    )


@access.public
@require_safe
def file_answer(request: HttpRequest, competition: str, code: str, question: str) -> HttpResponse:
    """Hand out the file that answers a question to whoever may read the answer."""
    found = access.found(selectors.visible(request.user, competition, code))
    asked = access.found(_question(found, question))
    own = request.user.is_authenticated and request.user.pk in [found.officer_id, *(row.person_id for row in found.writers.all())]
    is_whole = own or found.competition.is_run_by(request.user)
    reads = asked.is_public or (asked.is_for_reviewers and request.user.is_authenticated and Role.PANELLIST in request.user.roles_in(competition))
    if not (is_whole or reads):
        raise Http404
    return handed_out(f"problem/{found.code}", asked, is_whole=is_whole)
