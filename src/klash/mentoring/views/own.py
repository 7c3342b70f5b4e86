"""The mentor's own pages: the profile, the times, a day that is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klash.core import access, clock
from klash.core.templatetags.show import day as show_day
from klash.mentoring import selectors, services
from klash.mentoring.forms import ProfileForm, TimesForm
from klash.mentoring.forms.times import CANNOT, HERE, ONLINE
from klash.mentoring.models import MentoringDay, MentorProfile
from klash.mentoring.templatetags.slots import hours
from klash.mentoring.views.pages import accepts, day_of, page
from klash.rules.permissions import Facts, Permission


def mentor_of(user: Any, competition: str) -> MentorProfile | None:
    return selectors.own_profile(user, competition)


@access.needs(Permission.TELL_TIMES, mentor_of)
def profile(request: HttpRequest, mentor: MentorProfile) -> HttpResponse:
    form = ProfileForm(request.POST or None, mentor=mentor, regions=selectors.regions(get_language() or "fi"))
    if request.method == "POST" and form.is_valid():
        services.save_profile(actor=request.user, mentor=mentor, **form.values())
        if mentor.times_at is None:
            messages.success(request, _("Your profile is saved. Next, say when you can meet teams."))
            return redirect("mentoring:own_times", mentor.chain)
        messages.success(request, _("Your profile is saved."))
        return redirect("mentoring:timetable", mentor.chain)
    return page(request, "profile", mentor.competition, _("Your profile as a mentor"), {"form": form, "mentor": mentor})


@access.needs(Permission.TELL_TIMES, mentor_of)
def own_times(request: HttpRequest, mentor: MentorProfile) -> HttpResponse:
    form = TimesForm(request.POST or None, mentor=mentor, days=selectors.times_of(mentor, clock.now()), auto_id="times_%s")
    if accepts(request, form, lambda: services.tell_times(actor=request.user, mentor=mentor, **form.values())):
        messages.success(request, _("Your times are saved. You can change them until the timetable is made."))
        return redirect(f"{request.path}{_anchor(request)}")
    return page(request, "own_times", mentor.competition, _("When you can meet teams"), {
        "form": form, "mentor": mentor, "online_fills": [(ONLINE, _("The whole day")), (CANNOT, _("Not on this day"))],
        "fills": [(HERE, _("The whole day on site")), (ONLINE, _("The whole day online")), (CANNOT, _("Not on this day"))],
    })


def _anchor(request: HttpRequest) -> str:
    number = request.POST.get("fill", "").partition("/")[0]
    return f"#day-{number}" if number.isascii() and number.isdecimal() else ""


@dataclass(frozen=True)
class _Stay:
    """A mentor's part in one day; the facts are the mentor's."""

    mentor: MentorProfile
    day: MentoringDay

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.mentor.facts_for(actor, now)


def _stay(user: Any, competition: str, number: int) -> _Stay | None:
    mentor, day = mentor_of(user, competition), day_of(user, competition, number)
    return _Stay(mentor, day) if mentor and day else None


@access.needs(Permission.TELL_TIMES, _stay)
def leave(request: HttpRequest, stay: _Stay) -> HttpResponse:
    """Two presses: this page tells what happens, its button does it."""
    mentor, day = stay.mentor, stay.day
    if request.method == "POST":
        services.leave_day(actor=request.user, mentor=mentor, day=day)
        messages.success(request, _("The day is cancelled. The teams concerned and the organiser got a mail."))
        return redirect("mentoring:timetable", mentor.chain)
    consequences = [_("You are no longer expected on this day. The times that you had given for it are withdrawn.")]
    for session in selectors.planned_on(mentor, day, clock.now()):
        consequences.append(_("Cancelled: %(at)s, %(team)s. The team’s leader gets a mail at once.") % {"at": hours(session.slot), "team": session.team.name})
    consequences.append(_("The organiser gets a mail and looks for substitutes."))
    title = _("Cancel the day %(on)s") % {"on": show_day(day.on)}
    return page(request, "leave", mentor.competition, title, {
        "title": title, "text": day.place, "consequences": consequences, "button": _("Cancel the day"),
        "back": reverse("mentoring:timetable", args=[mentor.chain]), "is_danger": True,
    })
