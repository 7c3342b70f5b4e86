"""The mentors and their invitations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.mentoring import selectors, services
from klash.mentoring.forms import MentorForm, sector_label
from klash.mentoring.views.pages import competition_of, page
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def mentors(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "mentors", competition, _("Mentors"), {
        "offers": selectors.offers_of(competition),
        "mentors": [(mentor, sector_label(mentor.sector)) for mentor in selectors.mentors_of(competition)],
    })


@once
@access.needs(Permission.PLAN_MENTORING, competition_of)
def add_mentor(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = MentorForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            services.invite_mentor(actor=request.user, competition=competition, **form.values())
        except Refused as refused:
            form.add_error("email", texts.sentence(refused.reason))
        else:
            messages.success(request, _("The invitation is sent. The mentor appears in the list after accepting it."))
            return redirect("mentoring:mentors", competition.code)
    return page(request, "add_mentor", competition, _("Invite a mentor"), {"form": form}, below="mentors")
