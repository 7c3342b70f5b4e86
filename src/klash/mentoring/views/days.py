"""Mentoring days and the sessions of one day."""

from typing import Any

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
from klash.mentoring.bridge import suggest_timetable
from klash.mentoring.forms import DayForm, JointForm, MentorsForm, SessionForm, WishesForm, day_fields, joint_fields
from klash.mentoring.models import JointSession, MentoringDay
from klash.mentoring.templatetags.slots import hours
from klash.mentoring.views.pages import competition_of, day_of, joint_session_of, page
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
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            services.add_day(actor=request.user, competition=competition, number=number, **form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The mentoring day is added."))
            return redirect("mentoring:days", competition.code)
    return page(request, "add_day", competition, _("Add a mentoring day"), {"form": form}, below="days")


@access.needs(Permission.PLAN_MENTORING, day_of)
def edit_day(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    challenges = selectors.challenges_of(day.competition)
    form = DayForm(request.POST or None, challenges=challenges, has=day, initial=day_fields(day))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_day(actor=request.user, day=day, **form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The mentoring day is saved."))
            return redirect("mentoring:days", day.competition.code)
    return page(request, "edit_day", day.competition, _title(day), {"form": form, "day": day}, below="days")


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
    if request.method == "POST" and form.is_valid():
        try:
            services.add_joint_session(actor=request.user, day=day, words=form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The joint session is added. No other session is planned at that time."))
            return redirect("mentoring:days", day.competition.code)
    return page(request, "add_joint_session", day.competition, _("Add a joint session"), {"form": form, "title": _title(day)}, below="days")


@access.needs(Permission.PLAN_MENTORING, joint_session_of)
def edit_joint_session(request: HttpRequest, joint: JointSession) -> HttpResponse:
    day, form = joint.day, JointForm(request.POST or None, day=joint.day, initial=joint_fields(joint))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_joint_session(actor=request.user, joint=joint, words=form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The joint session is saved."))
            return redirect("mentoring:days", day.competition.code)
    return page(request, "edit_joint_session", day.competition, _("Edit the joint session"), {"form": form, "joint": joint, "title": _title(day)}, below="days")


@require_POST
@access.needs(Permission.PLAN_MENTORING, joint_session_of)
def remove_joint_session(request: HttpRequest, joint: JointSession) -> HttpResponse:
    services.remove_joint_session(actor=request.user, joint=joint)
    messages.success(request, _("The joint session is removed."))
    return redirect("mentoring:days", joint.day.competition.code)


@once
@access.needs(Permission.PLAN_MENTORING, day_of)
def plan_day(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    if request.method != "POST":
        return _plan_page(request, day, asked=request.GET)
    mentors, teams = selectors.mentors_of(day.competition), selectors.teams_of(day)
    form = WishesForm(request.POST.getlist("wish"), slots=list(day.slots.all()), teams=teams, mentors=mentors)
    if not form.is_valid():
        return _plan_page(request, day, asked=request.POST, fault=str(form.non_field_errors()[0]))
    wishes = [(_of_day(slot, day), team, mentor) for slot, team, mentor in form.cleaned_data["wishes"]]
    try:
        services.plan_sessions(actor=request.user, wishes=wishes)
    except Refused as refused:
        return _plan_page(request, day, asked=request.POST, fault=texts.sentence(refused.reason))
    messages.success(request, _("The timetable is confirmed. The teams' leaders and the mentors get a mail about their sessions."))
    return redirect("mentoring:plan_day", day.competition.code, day.number)


def _plan_page(request: HttpRequest, day: MentoringDay, *, asked: Any, fault: str = "") -> HttpResponse:
    mentors = selectors.mentors_of(day.competition)
    codes = asked.getlist("mentor")
    chosen = [mentor for mentor in mentors if mentor.code in codes]
    return page(request, "plan_day", day.competition, _title(day), {
        "day": day, "columns": selectors.timetable(request.user, [day]), "fault": fault, "has_mentors": bool(mentors),
        "chosen": chosen, "suggestion": suggest_timetable(day, chosen) if chosen else [],
        "mentors_form": MentorsForm({"mentor": [m.code for m in chosen]} if chosen else None, mentors=mentors, auto_id="day_%s"),
    }, below="plan")


def _title(day: MentoringDay) -> str:
    return _("Mentoring day %(on)s") % {"on": show_day(day.on)}


@once
@access.needs(Permission.PLAN_MENTORING, day_of)
def add_session(request: HttpRequest, day: MentoringDay) -> HttpResponse:
    slots = [(slot, hours(slot)) for slot in day.slots.all()]
    form = SessionForm(request.POST or None, slots=slots, teams=selectors.teams_of(day), mentors=selectors.mentors_of(day.competition))
    if request.method == "POST" and form.is_valid():
        wish = form.values()
        try:
            services.plan_session(actor=request.user, slot=_of_day(wish["slot"], day), team=wish["team"], mentor=wish["mentor"])
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The session is added. The team's leader and the mentor get a mail about it."))
            return redirect("mentoring:plan_day", day.competition.code, day.number)
    return page(request, "add_session", day.competition, _("Add one session"), {"day": day, "title": _title(day), "form": form}, below="plan")


def _of_day(slot: Any, day: MentoringDay) -> Any:
    slot.day = day
    return slot
