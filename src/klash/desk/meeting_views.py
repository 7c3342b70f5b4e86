"""The organiser's pages of a panel's meeting and of its minutes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.competitions.selectors import find
from klash.core import access
from klash.desk import selectors
from klash.desk.views import show
from klash.reviewing import agenda, holding, words
from klash.reviewing.models import Round
from klash.rules.permissions import Permission


def _fetch_meeting_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.open_round_at_desk(found, round) if found else None


@access.needs(Permission.RUN_COMPETITION, _fetch_meeting_round)
def meeting(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Hold the meeting of a panel: who is there, the entry in turn, who goes out and comes back, notes."""
    round_, held, fault = found.round, agenda.meeting_of(found.round), ""
    names, is_part = _names(round_), getattr(request, "htmx", False)
    if request.method == "POST":
        held, fault = holding.hold(request, actor=request.user, round=round_, meeting=held, names=names)
        if not (fault or is_part):
            return redirect("desk:meeting", competition=found.competition.code, round=round_.code)
    shown = holding.host_page(request, actor=request.user, round=round_, meeting=held, names=names, fault=fault)
    if is_part and held is not None:
        return render(request, "reviewing/_noted.html", shown)
    minutes_url = reverse("desk:minutes", args=[found.competition.code, round_.code])
    return show(request, "meeting", found.competition, status=409 if fault else 200, **shown, minutes_url=minutes_url)


def _names(round_: Round) -> dict[str, str]:
    """Return who sits in the round, the chair first, then by name."""
    rows = [(row.seat.handle, row.name or _("a reviewer"), row.is_chair) for row in selectors.sittings(round_)]
    return {handle: words.as_chair(name) if is_chair else name for handle, name, is_chair in rows}


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
    return show(
        request, "minutes", found.competition, round=round_, fault=fault, status=409 if fault else 200,
        **holding.minutes_page(agenda.agenda(held), _names(round_), **approval),
        may_add=access.may(request.user, Permission.WRITE_MINUTES, held), may_approve=access.may(request.user, Permission.APPROVE_MINUTES, held),
    )
