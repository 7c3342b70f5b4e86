from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.models import Competition
from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.templatetags.show import day as show_day
from klash.mentoring import selectors, services
from klash.mentoring.bridge import suggest_timetable
from klash.mentoring.forms import DayForm, FeedbackForm, MentorForm, MentorsForm, NoteForm, SessionForm, WishesForm, sector_label
from klash.mentoring.models import MentoringDay, Session
from klash.mentoring.selectors import Part
from klash.mentoring.templatetags.slots import hours
from klash.rules.permissions import Permission
from klash.rules.states import SessionState


def _competition(user: Any, competition: str) -> Competition | None:
    return selectors.competition_for(user, competition)


def _session(user: Any, competition: str, code: str) -> Session | None:
    return selectors.session_for(user, competition, code)


def _day(user: Any, competition: str, number: int) -> MentoringDay | None:
    return selectors.day_for(user, competition, number)


def _page(request: HttpRequest, template: str, competition: Competition, here: str, context: dict[str, Any], *, below: str = "") -> HttpResponse:
    """Render a page of mentoring with its breadcrumb. below: the name of the staff's page that it lies under."""
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if template != "timetable":
        parents.append({"label": _("Mentoring"), "url": reverse("mentoring:timetable", args=[competition.code])})
    if below:
        label = {"plan": _("Plan the mentoring"), "mentors": _("Mentors")}[below]
        parents.append({"label": label, "url": reverse(f"mentoring:{below}", args=[competition.code])})
    own = {"competition": competition, "is_invented": competition.is_invented, "parents": parents, "here": here}
    return render(request, f"mentoring/{template}.html", {**own, **context})


@access.signed_in
@require_safe
def timetable(request: HttpRequest, competition: str) -> HttpResponse:
    found = _competition(request.user, competition)
    part = found and selectors.part_of(request.user, found)
    if found is None or part is None:
        raise Http404
    days = selectors.days_of(request.user, found)
    # The staff sees everybody's sessions, so it gets one day at a time; the others see their own, all days at once.
    chosen = _chosen_day(days, request.GET.get("day", "")) if part is Part.STAFF else None
    shown = [chosen] if chosen else [] if part is Part.STAFF else days
    columns = selectors.timetable(request.user, shown)
    return _page(request, "timetable", found, _("Mentoring"), {
        "is_staff": part is Part.STAFF, "is_mentor": part is Part.MENTOR, "days": days, "chosen": chosen, "columns": columns,
        "own": [] if part is Part.STAFF else selectors.own_sessions(columns),
    })


def _chosen_day(days: list[MentoringDay], number: str) -> MentoringDay | None:
    """Return the day that was asked for, else the first that is not over, else the last."""
    today = timezone.localdate(clock.now())
    asked = [day for day in days if str(day.number) == number]
    return next(iter(asked or [day for day in days if day.on >= today] or days[-1:]), None)


@access.signed_in
@require_safe
def session(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(_session(request.user, competition, code))
    return _session_page(request, found)


def _session_page(request: HttpRequest, found: Session, note_form: NoteForm | None = None, feedback_form: FeedbackForm | None = None) -> HttpResponse:
    user, now = request.user, clock.now()
    seen = selectors.feedback_for(user, found)
    may_note = access.may(user, Permission.WRITE_NOTE, found, now)
    may_feedback = bool(seen.side) and seen.own is None and access.may(user, Permission.GIVE_SESSION_FEEDBACK, found, now)
    return _page(request, "session", found.slot.day.competition, _("Mentoring session"), {
        "session": found, "day": found.slot.day, "feedback": seen,
        "is_mentor": seen.side == "mentor", "is_held": found.state == SessionState.HELD, "is_cancelled": found.state == SessionState.CANCELLED,
        "may_hold": found.state == SessionState.PLANNED and access.may(user, Permission.HOLD_SESSION, found, now),
        "may_cancel": found.state == SessionState.PLANNED and access.may(user, Permission.PLAN_MENTORING, found, now),
        "note_form": (note_form or NoteForm(initial={"text": found.note}, auto_id="note_%s")) if may_note else None,
        "feedback_form": (feedback_form or FeedbackForm(auto_id="feedback_%s")) if may_feedback else None,
        "sector": sector_label(found.mentor.sector),
    })


def _to_session(found: Session) -> HttpResponse:
    return redirect("mentoring:session", found.chain, found.code)


@once
@access.needs(Permission.WRITE_NOTE, _session)
def note(request: HttpRequest, found: Session) -> HttpResponse:
    form = NoteForm(request.POST or None, auto_id="note_%s")
    if request.method != "POST" or not form.is_valid():
        return _session_page(request, found, note_form=form if form.is_bound else None)
    services.write_note(actor=request.user, session=found, text=form.cleaned_data["text"])
    messages.success(request, _("The note is saved. The team can read it now."))
    return _to_session(found)


@once
@access.needs(Permission.GIVE_SESSION_FEEDBACK, _session)
def feedback(request: HttpRequest, found: Session) -> HttpResponse:
    form = FeedbackForm(request.POST or None, auto_id="feedback_%s")
    if request.method != "POST" or not form.is_valid():
        return _session_page(request, found, feedback_form=form if form.is_bound else None)
    try:
        services.give_feedback(actor=request.user, session=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, texts.sentence(refused.reason))
        return _session_page(request, found, feedback_form=form)
    messages.success(request, _("Thank you. Your feedback is saved."))
    return _to_session(found)


@require_POST
@access.needs(Permission.HOLD_SESSION, _session)
def hold(request: HttpRequest, found: Session) -> HttpResponse:
    services.hold_session(actor=request.user, session=found)
    messages.success(request, _("The session is marked as held. Both sides can give feedback now."))
    return _to_session(found)


@access.needs(Permission.PLAN_MENTORING, _session)
def cancel(request: HttpRequest, found: Session) -> HttpResponse:
    if request.method != "POST":
        context = {"session": found, "day": found.slot.day, "is_planned": found.state == SessionState.PLANNED}
        return _page(request, "cancel", found.slot.day.competition, _("Cancel the session"), context, below="plan")
    services.cancel_session(actor=request.user, session=found)
    messages.success(request, _("The session is cancelled. The team and the mentor get a mail about it."))
    return redirect("mentoring:plan_day", found.chain, found.slot.day.number)


@access.needs(Permission.PLAN_MENTORING, _competition)
@require_safe
def plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    return _page(request, "plan", competition, _("Plan the mentoring"), {"days": selectors.days_of(request.user, competition)})


@once
@access.needs(Permission.PLAN_MENTORING, _competition)
def add_day(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = selectors.challenges_of(competition)
    start = {"number": selectors.next_number(competition), "starts": "09:00", "ends": "16:00", "challenges": [c.code for c in challenges]}
    form = DayForm(request.POST or None, challenges=challenges, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            day = services.add_day(actor=request.user, competition=competition, **form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
        else:
            messages.success(request, _("The mentoring day is added. Choose its mentors next."))
            return redirect("mentoring:plan_day", competition.code, day.number)
    return _page(request, "add_day", competition, _("Add a mentoring day"), {"form": form}, below="plan")


@once
@access.needs(Permission.PLAN_MENTORING, _day)
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
    return _page(request, "plan_day", day.competition, _title(day), {
        "day": day, "columns": selectors.timetable(request.user, [day]), "fault": fault, "has_mentors": bool(mentors),
        "chosen": chosen, "suggestion": suggest_timetable(day, chosen) if chosen else [],
        "mentors_form": MentorsForm({"mentor": [m.code for m in chosen]} if chosen else None, mentors=mentors, auto_id="day_%s"),
    }, below="plan")


def _title(day: MentoringDay) -> str:
    return _("Mentoring day %(on)s") % {"on": show_day(day.on)}


@once
@access.needs(Permission.PLAN_MENTORING, _day)
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
    return _page(request, "add_session", day.competition, _("Add one session"), {"day": day, "title": _title(day), "form": form}, below="plan")


def _of_day(slot: Any, day: MentoringDay) -> Any:
    slot.day = day
    return slot


@access.needs(Permission.PLAN_MENTORING, _competition)
@require_safe
def mentors(request: HttpRequest, competition: Competition) -> HttpResponse:
    return _page(request, "mentors", competition, _("Mentors"), {
        "offers": selectors.offers_of(competition),
        "mentors": [(mentor, sector_label(mentor.sector)) for mentor in selectors.mentors_of(competition)],
    })


@once
@access.needs(Permission.PLAN_MENTORING, _competition)
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
    return _page(request, "add_mentor", competition, _("Invite a mentor"), {"form": form}, below="mentors")
