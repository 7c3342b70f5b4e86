"""A member's page of the meeting, and the chair's where the round is blind."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from klash.core import access, texts
from klash.core.databases import reviewing as alias
from klash.core.errors import IllegalMove, Refused
from klash.reviewing import agenda, holding, selectors, services
from klash.reviewing.models import Meeting, Seat
from klash.rules.permissions import Permission
from klash.rules.states import MeetingState, RoundState, SeatState


def _seat(request: HttpRequest, code: str) -> Seat:
    seat = selectors.seat_in(request.user, code)
    if seat is None or seat.state != SeatState.ACCEPTED or seat.round.state == RoundState.DRAFT:
        raise Http404
    return seat


def _names(seat: Seat) -> dict[str, str]:
    """Return what the body's members are called among themselves: by number, as in the report; who has left the round has none."""
    seats = seat.round.seats.using(alias()).order_by("handle").values_list("handle", "is_absent")
    numbered = {handle: _("Reviewer %(number)s") % {"number": number} for number, handle in enumerate((h for h, has_left in seats if not has_left), 1)}
    return {**{handle: _("a reviewer who has left the round") for handle, has_left in seats if has_left}, **numbered}


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
    fault, posted, names = "", request.POST, _names(seat)
    is_part = getattr(request, "htmx", False)
    if request.method == "POST":
        try:
            if found is None:
                holding.start(actor=seat, round=seat.round, names=names, posted=posted)
                return redirect("reviewing:meeting", seat.round.code)
            found = holding.act(actor=seat, meeting=found, posted=posted)
            if not is_part:
                return redirect("reviewing:meeting", seat.round.code)
        except (Refused, IllegalMove) as error:
            fault = texts.sentence(error.reason)
    context: dict[str, Any] = {"round": seat.round, "is_host": True, "fault": fault}
    if found is None:
        context |= {"members": holding.members_of(seat.round, names), "is_over": agenda.is_over(seat.round)}
    else:
        noted = posted.get("entry", "") if is_part else ""
        context |= {**holding.page(found, names, holding.asked(request), noted), **holding.ending(found, seat, request)}
        context["may_note"] = access.may(seat, Permission.WRITE_MINUTES, found)
        context |= {"typed": posted.get("note") if fault else None, "minutes_url": "../minutes/"}
    if is_part and found is not None:
        return render(request, "reviewing/_noted.html", context)
    return render(request, "reviewing/meeting.html", context, status=409 if fault else 200)


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
        try:
            if "approve" in request.POST:
                services.approve_minutes(actor=seat, meeting=found, seen=request.POST.get("seen", ""), decisions=decisions)
            else:
                services.add_to_minutes(actor=seat, meeting=found, text=request.POST.get("addition", "").replace("\r\n", "\n")[:10000])
            if not getattr(request, "htmx", False):
                return redirect("reviewing:minutes", code)
        except (Refused, IllegalMove) as error:
            fault = texts.sentence(error.reason)
        if getattr(request, "htmx", False):
            return render(request, "reviewing/_added.html", {"fault": fault})
    hidden = frozenset(entry for entry, handles in agenda.outside(seat.round).items() if seat.handle in handles)
    return render(request, "reviewing/minutes.html", {
        **holding.minutes_page(agenda.agenda(found), _names(seat), decisions, hidden=hidden), "round": seat.round, "fault": fault,
        "may_add": access.may(seat, Permission.WRITE_MINUTES, found), "may_approve": access.may(seat, Permission.APPROVE_MINUTES, found),
    }, status=409 if fault else 200)


def _reported(seat: Seat) -> dict[str, agenda.Decision]:
    """Return what the jury's report says of each entry; a jury ranks and decides nothing. One query."""
    report = selectors.report_of(seat.round)
    return {code: agenda.Decision(None, text) for code, text in (report.reasons if report else {}).items()}
