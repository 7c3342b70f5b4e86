"""The organiser's pages of a panel's meeting and of its minutes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.competitions.selectors import find
from klash.core import access, texts
from klash.core.errors import IllegalMove, Refused
from klash.desk import selectors
from klash.desk.views import show
from klash.proposals.selectors import names_of
from klash.reviewing import agenda, holding
from klash.reviewing import services as reviews
from klash.rules.permissions import Permission


def _fetch_meeting_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.open_round_at_desk(found, round) if found else None


@access.needs(Permission.RUN_COMPETITION, _fetch_meeting_round)
def meeting(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Hold the meeting of a panel: who is there, the entry in turn, who goes out and comes back, notes."""
    round_, held, posted, fault = found.round, agenda.meeting_of(found.round), request.POST, ""
    names = {row.seat.handle: row.name or _("a reviewer") for row in selectors.sittings(round_)}
    is_part = getattr(request, "htmx", False)
    if request.method == "POST":
        try:
            if held is None:
                holding.start(actor=request.user, round=round_, names=names, posted=posted)
            else:
                holding.act(actor=request.user, meeting=held, posted=posted)
            if not is_part:
                return redirect("desk:meeting", competition=found.competition.code, round=round_.code)
        except (Refused, IllegalMove) as error:
            fault = texts.sentence(error.reason)
    shown: dict[str, Any] = {"round": round_, "fault": fault}
    if held is None:
        shown |= {"members": holding.members_of(round_, names), "is_over": agenda.is_over(round_)}
    else:
        noted = posted.get("entry", "") if is_part else ""
        shown |= {**holding.page(held, names, holding.asked(request), noted), **holding.ending(held, request.user, request)}
        shown["may_note"] = access.may(request.user, Permission.WRITE_MINUTES, held)
        shown |= {"typed": posted.get("note") if fault else None, "minutes_url": reverse("desk:minutes", args=[found.competition.code, round_.code])}
    if is_part and held is not None:
        return render(request, "reviewing/_noted.html", shown)
    return show(request, "meeting", found.competition, status=409 if fault else 200, **shown)


def _fetch_minutes_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.open_round_at_desk(found, round, "report", "firmness") if found else None


@access.needs(Permission.RUN_COMPETITION, _fetch_minutes_round)
def minutes(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Show the minutes that write themselves; take the secretary's addition and the organiser's approval."""
    round_, held, fault = found.round, agenda.meeting_of(found.round), ""
    if held is None:
        return redirect("desk:meeting", competition=found.competition.code, round=round_.code)
    decisions, fewer_reason, quota = selectors.decisions_on(round_)
    if request.method == "POST":
        try:
            if "approve" in request.POST:
                seen = request.POST.get("seen", "")
                reviews.approve_minutes(actor=request.user, meeting=held, seen=seen, decisions=decisions, fewer_reason=fewer_reason, quota=quota)
            else:
                reviews.add_to_minutes(actor=request.user, meeting=held, text=request.POST.get("addition", "").replace("\r\n", "\n")[:10000])
            if not getattr(request, "htmx", False):
                return redirect("desk:minutes", competition=found.competition.code, round=round_.code)
        except (Refused, IllegalMove) as error:
            fault = texts.sentence(error.reason)
        if getattr(request, "htmx", False):
            return render(request, "reviewing/_added.html", {"fault": fault})
    held_now = agenda.agenda(held)
    known = names_of(held_now.handles)
    names = {handle: known.get(handle) or _("a reviewer") for handle in held_now.handles}
    return show(
        request, "minutes", found.competition, round=round_, fault=fault, status=409 if fault else 200,
        **holding.minutes_page(held_now, names, decisions, fewer_reason=fewer_reason, quota=quota),
        may_add=access.may(request.user, Permission.WRITE_MINUTES, held), may_approve=access.may(request.user, Permission.APPROVE_MINUTES, held),
    )
