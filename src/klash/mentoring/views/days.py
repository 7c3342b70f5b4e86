"""Mentoring days and what all do together on them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.templatetags.show import day as show_day
from klash.mentoring import selectors, services
from klash.mentoring.forms import DayForm, JointForm, day_fields, joint_fields
from klash.mentoring.models import JointSession, MentoringDay
from klash.mentoring.views.pages import accepts, competition_of, day_of, joint_session_of, of_others, page, seen_in
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def days(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "days", competition, _("Mentoring days"), {"held": selectors.held_days(competition)}, below="plan")


@once
@access.needs(Permission.PLAN_MENTORING, competition_of)
def add_day(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = selectors.challenges_of(competition)
    start = {"number": selectors.next_number(competition), "starts": "09:00", "ends": "16:00", "challenges": [c.code for c in challenges]}
    form = DayForm(request.POST or None, challenges=challenges, initial=start)

    def act() -> None:
        services.add_day(actor=request.user, competition=competition, number=form.cleaned_data["number"], **form.values())

    if accepts(request, form, act):
        messages.success(request, _("The mentoring day is added."))
        return redirect("mentoring:days", competition.code)
    return page(request, "add_day", competition, _("Add a mentoring day"), {"form": form}, below="days")


@access.needs(Permission.PLAN_MENTORING, day_of)
def edit_day(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    challenges, revision = selectors.challenges_of(day.competition), day.revision
    form, seen = DayForm(request.POST or None, challenges=challenges, has=day, initial=day_fields(day)), seen_in(request, revision)
    if accepts(request, form, lambda: services.change_day(actor=request.user, day=day, seen=seen, **form.values())):
        messages.success(request, _("The mentoring day is saved."))
        return redirect("mentoring:days", day.competition.code)
    return page(request, "edit_day", day.competition, _title(day), {
        "form": form, "day": day, "seen": revision, "theirs": of_others(form, seen, revision),
    }, below="days")


@access.needs(Permission.PLAN_MENTORING, day_of)
def remove_day(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            services.remove_day(actor=request.user, day=day)
        except Refused as refused:
            fault = texts.sentence(refused.reason)
        else:
            messages.success(request, _("The mentoring day is removed."))
            return redirect("mentoring:days", day.competition.code)
    return page(request, "remove_day", day.competition, _("Remove the mentoring day"), {"day": day, "title": _title(day), "fault": fault}, below="days")


@once
@access.needs(Permission.PLAN_MENTORING, day_of)
def add_joint_session(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    form = JointForm(request.POST or None, day=day)
    if accepts(request, form, lambda: services.add_joint_session(actor=request.user, day=day, words=form.values())):
        messages.success(request, _("The joint session is added. No other session is planned at that time."))
        return redirect("mentoring:days", day.competition.code)
    return page(request, "add_joint_session", day.competition, _("Add a joint session"), {"form": form, "title": _title(day)}, below="days")


@access.needs(Permission.PLAN_MENTORING, joint_session_of)
def edit_joint_session(request: HttpRequest, joint: JointSession) -> HttpResponse:
    day, revision, form = joint.day, joint.sequence, JointForm(request.POST or None, day=joint.day, initial=joint_fields(joint))
    seen = seen_in(request, revision)
    if accepts(request, form, lambda: services.change_joint_session(actor=request.user, joint=joint, words=form.values(), seen=seen)):
        messages.success(request, _("The joint session is saved."))
        return redirect("mentoring:days", day.competition.code)
    return page(request, "edit_joint_session", day.competition, _("Edit the joint session"), {
        "form": form, "joint": joint, "title": _title(day), "seen": revision, "theirs": of_others(form, seen, revision),
    }, below="days")


@require_POST
@access.needs(Permission.PLAN_MENTORING, joint_session_of)
def remove_joint_session(request: HttpRequest, joint: JointSession) -> HttpResponse:
    services.remove_joint_session(actor=request.user, joint=joint)
    messages.success(request, _("The joint session is removed."))
    return redirect("mentoring:days", joint.day.competition.code)


def _title(day: MentoringDay) -> str:
    return _("Mentoring day %(on)s") % {"on": show_day(day.on)}
