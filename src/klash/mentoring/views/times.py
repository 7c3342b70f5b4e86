"""Who has told times and needs, and the mails that ask for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.errors import Refused
from klash.mentoring import selectors, services
from klash.mentoring.views.pages import competition_of, page
from klash.post.services import digest_of
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def times(request: HttpRequest, competition: Competition) -> HttpResponse:
    days = selectors.days_of(request.user, competition)
    mentors, teams, rules = selectors.mentor_answers(competition, days), selectors.team_answers(competition), selectors.rules_of(competition)
    return page(request, "times", competition, _("Times and needs"), {
        "days": days, "mentors": mentors, "teams": teams, "offers": selectors.offers_of(competition),
        "waited_for": selectors.waited_for(mentors, teams), "asked_at": rules.asked_at if rules else None,
    }, below="plan")


@access.needs(Permission.PLAN_MENTORING, competition_of)
def ask(request: HttpRequest, competition: Competition) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            sent = services.ask_for_times(actor=request.user, competition=competition, seen=request.POST.get("seen", ""))
        except Refused as refused:
            fault = texts.sentence(refused.reason)
        else:
            messages.success(request, ngettext("%(count)s mail is sent.", "%(count)s mails are sent.", sent) % {"count": sent})
            return redirect("mentoring:times", competition.code)
    letters = services.letters_for_times(competition)
    return page(request, "ask", competition, _("Ask for times and needs"), {"letters": letters, "seen": digest_of(letters), "fault": fault}, below="times")
