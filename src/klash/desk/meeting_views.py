"""The organiser's pages of a panel's meeting and of its minutes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.competitions.selectors import find
from klash.core import access
from klash.core.databases import reviewing
from klash.desk import selectors
from klash.desk.views import show_round
from klash.proposals.selectors import names_of
from klash.reviewing import agenda, holding, words
from klash.rules.permissions import Permission


def _fetch_meeting_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.open_round_at_desk(found, round) if found else None


@access.needs(Permission.RUN_COMPETITION, _fetch_meeting_round)
def meeting(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Hold the meeting of a panel: who is there, the entry in turn, who goes out and comes back, notes."""
    round_, held, fault = found.round, agenda.meeting_of(found.round), ""
    names = _names(dict(round_.seats.using(reviewing()).values_list("handle", "is_chair")))
    is_part = getattr(request, "htmx", False)
    if request.method == "POST":
        held, fault = holding.hold(request, actor=request.user, round=round_, meeting=held, names=names)
        if not (fault or is_part):
            return redirect("desk:meeting", competition=found.competition.code, round=round_.code)
    shown = holding.host_page(request, actor=request.user, round=round_, meeting=held, names=names, fault=fault)
    if is_part and held is not None:
        return render(request, "reviewing/_noted.html", shown)
    minutes_url = reverse("desk:minutes", args=[found.competition.code, round_.code])
    return show_round(request, "meeting", found, status=409 if fault else 200, **shown, minutes_url=minutes_url)


def _names(seats: Mapping[str, bool]) -> dict[str, str]:
    """Return what the members are called, the chair first, then by name. seats: handle -> whether it is the chair's. One query."""
    known = names_of(seats)
    names = {handle: known.get(handle) or _("a reviewer") for handle in seats}
    order = sorted(names, key=lambda handle: (not seats[handle], names[handle], handle))
    return {handle: words.as_chair(names[handle]) if seats[handle] else names[handle] for handle in order}


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
    approval: dict[str, Any] = {"decisions": decisions, "fewer_reason": fewer_reason, "quota": quota}
    if request.method == "POST":
        fault, is_part = holding.write(request, actor=request.user, meeting=held, **approval), getattr(request, "htmx", False)
        if is_part:
            return render(request, "reviewing/_added.html", {"fault": fault})
        if not fault:
            return redirect("desk:minutes", competition=found.competition.code, round=round_.code)
    held_now = agenda.agenda(held)
    names = _names({handle: handle in held_now.chairs for handle in held_now.handles})
    return show_round(
        request, "minutes", found, fault=fault, status=409 if fault else 200,
        **holding.minutes_page(held_now, names, **approval),
        may_add=access.may(request.user, Permission.WRITE_MINUTES, held), may_approve=access.may(request.user, Permission.APPROVE_MINUTES, held),
    )
