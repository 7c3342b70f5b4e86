"""One session: what it is about, the words of its two sides, how it went."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, clock
from klash.core.once import once
from klash.mentoring import selectors, services
from klash.mentoring.forms import (
    AdviceForm,
    FeedbackForm,
    LateForm,
    MaterialForm,
    MentorFeedbackForm,
    MissingForm,
    NoteForm,
    TeamFeedbackForm,
    WishForm,
    sector_label,
)
from klash.mentoring.models import Advice, Material, Session
from klash.mentoring.selectors import Feedback
from klash.mentoring.views.pages import accepts, page, session_of, to_session
from klash.rules.permissions import Permission
from klash.rules.states import SessionState


@access.signed_in
@require_safe
def session(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(session_of(request.user, competition, code))
    return session_page(request, found)


def session_page(request: HttpRequest, found: Session, **forms: Any) -> HttpResponse:
    """Draw a session as its mentor, its team or the staff sees it. forms: those that were sent with faults, by their name."""
    seen, begins = selectors.feedback_for(request.user, found), selectors.begins_at(found)
    advice, materials = selectors.advice_on(found), selectors.materials_on(found) if seen.side else []  # of advice the staff gets the number
    return page(request, "session", found.slot.day.competition, _("Mentoring session"), {
        "session": found, "day": found.slot.day, "sector": sector_label(found.mentor.sector), "begins_at": begins if begins > found.slot.starts_at else None,
        "feedback": seen, "needs": selectors.needs_of(found.team), "is_mentor": seen.side == "mentor", "is_team": seen.side == "team",
        "advice": advice, "materials": materials,
        "why": selectors.why_sentences(found.why, found.mentor, get_language() or "fi") if seen.side == "team" else [],
        **{name: found.state == name.removeprefix("is_") for name in ("is_planned", "is_held", "is_cancelled", "is_missed")},
        **_day_forms(request, found), **_word_forms(request, found, seen, advice, materials), **forms,
    })


def with_form(request: HttpRequest, found: Session, **form: Form) -> HttpResponse:
    """Draw a session with one form as it was sent; where nothing was, as it is."""
    return session_page(request, found, **{name: sent for name, sent in form.items() if sent.is_bound})


def _day_forms(request: HttpRequest, found: Session) -> dict[str, Any]:
    user, now, is_planned = request.user, clock.now(), found.state == SessionState.PLANNED
    sides = services.missable(user, found) if is_planned and access.may(user, Permission.MISS_SESSION, found, now) else ()
    return {
        "may_hold": found.state in (SessionState.PLANNED, SessionState.MISSED) and access.may(user, Permission.HOLD_SESSION, found, now),
        "may_cancel": is_planned and access.may(user, Permission.PLAN_MENTORING, found, now),
        "late_form": LateForm(initial={"minutes": found.minutes_late}, auto_id="late_%s") if services.may_run_late(user, found) else None,
        "missing_form": MissingForm(sides=sides, initial={"missing": sides[0]}, auto_id="missing_%s") if sides else None,
    }


def _word_forms(request: HttpRequest, found: Session, seen: Feedback, advice: list[Advice], materials: list[Material]) -> dict[str, Any]:
    user, now, forms = request.user, clock.now(), dict[str, Any]()
    if seen.side == "team" and services.may_wish(found):
        forms["wish_form"] = WishForm(initial={"text": found.wish}, auto_id="wish_%s")
    if access.may(user, Permission.WRITE_NOTE, found, now):
        forms["note_form"] = NoteForm(initial={"text": found.note}, auto_id="note_%s")
    if access.may(user, Permission.GIVE_ADVICE, found, now):
        forms["advice_form"] = advice_form(advice)
        if request.htmx:  # type: ignore[attr-defined]  # the part with the form came anew: one writes on where one was
            forms["advice_form"].fields["text"].widget.attrs["autofocus"] = True
    if access.may(user, Permission.GIVE_MATERIAL, found, now):
        forms["material_form"] = material_form(materials)
    if seen.side and seen.own is None and access.may(user, Permission.GIVE_SESSION_FEEDBACK, found, now):
        forms["feedback_form"] = _feedback_form(seen.side)
    return forms


def advice_form(given: list[Advice], data: Any = None) -> AdviceForm:
    """Return the form for the next advice point after those given."""
    return AdviceForm(data, auto_id="advice_%s", taken={"text": given[-1].text} if given else None)


def material_form(given: list[Material], data: Any = None) -> MaterialForm:
    """Return the form for the next material after those given."""
    last = given[-1] if given else None
    return MaterialForm(data, auto_id="material_%s", taken={"title": last.title, "text": last.text, "link": last.link} if last else None)


def _feedback_form(side: str, data: Any = None) -> FeedbackForm:
    return (MentorFeedbackForm if side == "mentor" else TeamFeedbackForm)(data, auto_id="feedback_%s")


@once
@access.needs(Permission.TELL_NEEDS, session_of)
def wish(request: HttpRequest, found: Session) -> HttpResponse:
    form = WishForm(request.POST or None, auto_id="wish_%s")
    if not accepts(request, form, lambda: services.write_wish(actor=request.user, session=found, text=form.cleaned_data["text"])):
        return with_form(request, found, wish_form=form)
    messages.success(request, _("Saved. The mentor sees what you wish to talk about."))
    return to_session(found)


@once
@access.needs(Permission.WRITE_NOTE, session_of)
def note(request: HttpRequest, found: Session) -> HttpResponse:
    form = NoteForm(request.POST or None, auto_id="note_%s")
    if not accepts(request, form, lambda: services.write_note(actor=request.user, session=found, text=form.cleaned_data["text"])):
        return with_form(request, found, note_form=form)
    messages.success(request, _("The note is saved. The team can read it now."))
    return to_session(found)


@once
@access.needs(Permission.GIVE_SESSION_FEEDBACK, session_of)
def feedback(request: HttpRequest, found: Session) -> HttpResponse:
    form = _feedback_form(found.side_of(request.user), request.POST or None)
    if not accepts(request, form, lambda: services.give_feedback(actor=request.user, session=found, **form.cleaned_data)):
        return with_form(request, found, feedback_form=form)
    messages.success(request, _("Thank you. Your feedback is saved."))
    return to_session(found)


@require_POST
@access.needs(Permission.HOLD_SESSION, session_of)
def hold(request: HttpRequest, found: Session) -> HttpResponse:
    services.hold_session(actor=request.user, session=found)
    messages.success(request, _("The session is marked as held. Both sides can give feedback now."))
    return to_session(found)


@access.needs(Permission.PLAN_MENTORING, session_of)
def cancel(request: HttpRequest, found: Session) -> HttpResponse:
    if request.method != "POST":
        context = {"session": found, "day": found.slot.day, "is_planned": found.state == SessionState.PLANNED}
        return page(request, "cancel", found.slot.day.competition, _("Cancel the session"), context, below="plan")
    services.cancel_session(actor=request.user, session=found)
    messages.success(request, _("The session is cancelled. The team and the mentor get a mail about it."))
    return redirect("mentoring:plan", found.chain)
