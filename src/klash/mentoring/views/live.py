"""The day as it goes: the organiser's board, the check-in, who runs late or did not come; and the shares of the teams."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from klash.competitions.models import Competition
from klash.core import access, clock, show, texts
from klash.core.errors import Refused
from klash.mentoring import selectors, services
from klash.mentoring.forms import CodeForm, LateForm, MissingForm
from klash.mentoring.models import MentoringDay, Session
from klash.mentoring.selectors import When
from klash.mentoring.views.pages import chosen_day, competition_of, day_of, page, session_of, to_session
from klash.mentoring.views.sessions import session_page
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def live(request: HttpRequest, competition: Competition) -> HttpResponse:
    days, now = selectors.days_of(request.user, competition), clock.now()
    day = chosen_day(days, request.GET.get("day", ""))
    found = selectors.board(day, now) if day else None
    return page(request, "live", competition, _("The day live"), {
        "days": days, "day": day, "board": found, "at": now, "is_today": day is not None and day.on == now.astimezone(show.ZONE).date(),
        "unmarked": len(found.at(When.UNMARKED)) if found else 0,
    })


@access.needs(Permission.PLAN_MENTORING, day_of)
@require_safe
def poster(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    return page(request, "poster", day.competition, _("Check-in poster"), {
        "day": day, "where": settings.KLASH_URL + reverse("mentoring:check_in", args=[day.chain, day.check_in_code]),
        "typed": settings.KLASH_URL + reverse("mentoring:check_in_code", args=[day.chain]),
        "code": f"{day.check_in_code[:5]} {day.check_in_code[5:]}",
    })


@access.signed_in
@require_safe
def check_in_code(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(competition_of(request.user, competition))
    access.found(selectors.part_of(request.user, found))
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        if (day := selectors.day_to_check_in(request.user, competition, form.cleaned_data["code"])) is not None:
            return redirect("mentoring:check_in", competition, day.check_in_code)
        form.add_error("code", _("None of your days has this code. Check it on the poster at the venue."))
    return page(request, "check_in_code", found, _("Check in"), {"form": form})


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    day = access.found(selectors.day_to_check_in(request.user, competition, code))
    fault = ""
    if request.method == "POST":
        try:
            services.check_in(actor=request.user, day=day)
        except Refused as refused:
            fault = texts.sentence(refused.reason)
        else:
            messages.success(request, _("Thank you. The organiser sees that you are here."))
            return redirect("mentoring:check_in", competition, day.check_in_code)
    lines = selectors.own_lines(request.user, day)
    is_mentor = any(line.session.mentor.person_id == access.person(request).pk for line in lines)
    here = [line.session.mentor_here_at if is_mentor else line.session.team_here_at for line in lines]
    return page(request, "check_in", day.competition, _("Check in"), {
        "day": day, "lines": lines, "is_mentor": is_mentor, "fault": fault, "here_at": next((at for at in here if at), None),
        "is_expected": any(line.when in (When.NOW, When.NEXT, When.COMING) for line in lines),
    })


@require_POST
@access.needs(Permission.CHECK_IN, session_of)
def late(request: HttpRequest, found: Session) -> HttpResponse:
    form = LateForm(request.POST, auto_id="late_%s")
    if not form.is_valid():
        return session_page(request, found, late_form=form)
    services.run_late(actor=request.user, session=found, minutes=form.cleaned_data["minutes"])
    messages.success(request, _("Saved. Those whose sessions move see the new time on their pages."))
    return to_session(found)


@require_POST
@access.needs(Permission.MISS_SESSION, session_of)
def miss(request: HttpRequest, found: Session) -> HttpResponse:
    form = MissingForm(request.POST, sides=services.missable(request.user, found), auto_id="missing_%s")
    if not form.is_valid():
        return session_page(request, found, missing_form=form)
    services.miss_session(actor=request.user, session=found, missing=form.cleaned_data["missing"])
    messages.success(request, _("The session is marked as missed. If it was held after all, mark it as held."))
    return to_session(found)


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def fairness(request: HttpRequest, competition: Competition) -> HttpResponse:
    groups = selectors.shares(competition)
    short = [row for group in groups for row in group.rows if row.behind]
    return page(request, "fairness", competition, _("Help by team"), {"groups": groups, "behind": short})
