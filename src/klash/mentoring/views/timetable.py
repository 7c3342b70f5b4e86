"""The timetable, as each part of the mentoring sees it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.core import access, clock
from klash.mentoring import selectors
from klash.mentoring.models import MentoringDay, Session
from klash.mentoring.selectors import OwnDay, Part
from klash.mentoring.views.afterwards import links
from klash.mentoring.views.pages import chosen_day, competition_of, page
from klash.rules.states import SessionState


@access.signed_in
@require_safe
def timetable(request: HttpRequest, competition: str) -> HttpResponse:
    found = competition_of(request.user, competition)
    part = selectors.part_of(request.user, found) if found else None
    if found is None or part is None:
        raise Http404
    days = selectors.days_of(request.user, found)
    if part is not Part.STAFF:
        return _own_page(request, found, part, days)
    # The staff sees everybody's sessions, so it gets one day at a time; the others see their own, all days at once.
    chosen = chosen_day(days, request.GET.get("day", ""))
    columns = selectors.timetable(request.user, [chosen] if chosen else [])
    return page(request, "timetable", found, _("Mentoring"), {
        "is_staff": True, "days": days, "chosen": chosen, "columns": columns, "afterwards": links(request.user, found, part),
    })


def _own_page(request: HttpRequest, competition: Competition, part: Part, days: list[MentoringDay]) -> HttpResponse:
    person, now = access.person(request), clock.now()
    own = selectors.own_days(person, days, now)
    following, is_mentor = selectors.next_entry(own, now), part is Part.MENTOR
    mentor = selectors.own_profile(person, competition.code) if is_mentor else None
    agenda = [_agenda(request, one, now) for one in own]
    return page(request, "own", competition, _("Mentoring"), {
        "is_mentor": is_mentor, "following": following, "is_on": following is not None and following.slot.starts_at <= now,
        "coming": [one for one in agenda if not one["is_over"]], "past": [one for one in agenda if one["is_over"]], "mentor": mentor,
        "teams": [] if is_mentor else selectors.own_teams(person, competition), "afterwards": links(person, competition, part),
    })


def _agenda(request: HttpRequest, one: OwnDay, now: datetime) -> dict[str, Any]:
    """Return a day with what its page says of each entry: why the team meets the mentor, and whether the session may be cancelled from here."""
    language = get_language() or "fi"
    entries = [(entry, *_about(request, entry.session, language, now)) for entry in one.entries]
    has_own = any(entry.session and entry.session.state == SessionState.PLANNED and entry.session.side_of(request.user) == "mentor" for entry in one.entries)
    return {"day": one.day, "entries": entries, "is_over": one.is_over, "may_leave": not one.is_over and (has_own or one.is_told)}


def _about(request: HttpRequest, session: Session | None, language: str, now: datetime) -> tuple[list[str], bool]:
    if session is None:
        return [], False
    why = selectors.why_sentences(session.why, session.mentor, language) if session.side_of(request.user) == "team" else []
    return why, session.is_booked and session.state == SessionState.PLANNED and session.slot.starts_at > now and session.side_of(request.user) == "team"
