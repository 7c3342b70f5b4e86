"""A member's page of the meeting, and the chair's where the round is blind."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from klash.core import access
from klash.core.databases import reviewing as alias
from klash.reviewing import agenda, holding, selectors, words
from klash.reviewing.models import Meeting, Seat
from klash.reviewing.views.common import own_seat
from klash.rules.permissions import Permission
from klash.rules.states import MeetingState, RoundState, SeatState


def _seat(request: HttpRequest, code: str) -> Seat:
    seat = own_seat(request, code)
    if seat.state != SeatState.ACCEPTED or seat.round.state == RoundState.DRAFT:
        raise Http404
    return seat


def _names(seat: Seat) -> dict[str, str]:
    """Return what the body's members are called among themselves: by number, as in the report; who has left the round has none."""
    names, left = {}, _("a reviewer who has left the round")
    for number, row in enumerate(seat.round.seats.using(alias()).order_by("is_absent", "handle"), 1):
        name = _("Reviewer %(number)s") % {"number": number}
        names[row.handle] = left if row.is_absent else words.as_chair(name) if row.is_chair else name
    return names


@access.signed_in
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """Show the entry in turn, but not to a member in conflict; the chair of a blind round holds the meeting here."""
    seat = _seat(request, code)
    found = agenda.meeting_of(seat.round)
    if seat.round.is_blind and seat.is_chair:
        return _host(request, seat, found)
    if request.method not in ("GET", "HEAD"):
        raise Http404
    has_minutes = found is not None and found.state == MeetingState.APPROVED
    return render(request, "reviewing/meeting.html", {"round": seat.round, "turn": agenda.turn_for(seat), "has_minutes": has_minutes})


def _host(request: HttpRequest, seat: Seat, found: Meeting | None) -> HttpResponse:
    names, is_part, fault = _names(seat), getattr(request, "htmx", False), ""
    if request.method == "POST":
        found, fault = holding.hold(request, actor=seat, round=seat.round, meeting=found, names=names)
        if not (fault or is_part):
            return redirect("reviewing:meeting", seat.round.code)
    shown = holding.host_page(request, actor=seat, round=seat.round, meeting=found, names=names, fault=fault)
    if is_part and found is not None:
        return render(request, "reviewing/_noted.html", shown)
    return render(request, "reviewing/meeting.html", {**shown, "is_host": True, "minutes_url": "../minutes/"}, status=409 if fault else 200)


@access.signed_in
def minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show the minutes: to the chair of a blind round as they grow, to the others once they are approved, without the matters that they left."""
    seat = _seat(request, code)
    found = agenda.meeting_of(seat.round)
    is_host = found is not None and seat.round.is_blind and seat.is_chair
    if found is None or not (is_host or found.state == MeetingState.APPROVED):
        raise Http404
    if request.method == "POST" and not is_host:
        raise Http404
    decisions, fault = _reported(seat), ""
    if request.method == "POST":
        fault, is_part = holding.write(request, actor=seat, meeting=found, decisions=decisions), getattr(request, "htmx", False)
        if is_part:
            return render(request, "reviewing/_added.html", {"fault": fault})
        if not fault:
            return redirect("reviewing:minutes", code)
    hidden = frozenset(entry for entry, handles in agenda.outside(seat.round).items() if seat.handle in handles)
    return render(request, "reviewing/minutes.html", {
        **holding.minutes_page(agenda.agenda(found), _names(seat), decisions, hidden=hidden), "round": seat.round, "fault": fault,
        "may_add": access.may(seat, Permission.WRITE_MINUTES, found), "may_approve": access.may(seat, Permission.APPROVE_MINUTES, found),
    }, status=409 if fault else 200)


def _reported(seat: Seat) -> dict[str, agenda.Decision]:
    """Return what the jury's report says of each entry; a jury ranks and decides nothing. One query."""
    report = selectors.report_of(seat.round)
    return {code: agenda.Decision(None, text) for code, text in (report.reasons if report else {}).items()}
