"""One session: its words, held or cancelled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.mentoring import selectors, services
from klash.mentoring.forms import FeedbackForm, NoteForm, sector_label
from klash.mentoring.models import Session
from klash.mentoring.views.pages import page, session_of
from klash.rules.permissions import Permission
from klash.rules.states import SessionState


@access.signed_in
@require_safe
def session(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(session_of(request.user, competition, code))
    return _session_page(request, found)


def _session_page(request: HttpRequest, found: Session, note_form: NoteForm | None = None, feedback_form: FeedbackForm | None = None) -> HttpResponse:
    user, now = request.user, clock.now()
    seen = selectors.feedback_for(user, found)
    may_note = access.may(user, Permission.WRITE_NOTE, found, now)
    may_feedback = bool(seen.side) and seen.own is None and access.may(user, Permission.GIVE_SESSION_FEEDBACK, found, now)
    return page(request, "session", found.slot.day.competition, _("Mentoring session"), {
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
@access.needs(Permission.WRITE_NOTE, session_of)
def note(request: HttpRequest, found: Session) -> HttpResponse:
    form = NoteForm(request.POST or None, auto_id="note_%s")
    if request.method != "POST" or not form.is_valid():
        return _session_page(request, found, note_form=form if form.is_bound else None)
    services.write_note(actor=request.user, session=found, text=form.cleaned_data["text"])
    messages.success(request, _("The note is saved. The team can read it now."))
    return _to_session(found)


@once
@access.needs(Permission.GIVE_SESSION_FEEDBACK, session_of)
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
@access.needs(Permission.HOLD_SESSION, session_of)
def hold(request: HttpRequest, found: Session) -> HttpResponse:
    services.hold_session(actor=request.user, session=found)
    messages.success(request, _("The session is marked as held. Both sides can give feedback now."))
    return _to_session(found)


@access.needs(Permission.PLAN_MENTORING, session_of)
def cancel(request: HttpRequest, found: Session) -> HttpResponse:
    if request.method != "POST":
        context = {"session": found, "day": found.slot.day, "is_planned": found.state == SessionState.PLANNED}
        return page(request, "cancel", found.slot.day.competition, _("Cancel the session"), context, below="plan")
    services.cancel_session(actor=request.user, session=found)
    messages.success(request, _("The session is cancelled. The team and the mentor get a mail about it."))
    return redirect("mentoring:plan", found.chain)
