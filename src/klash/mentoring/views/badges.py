"""Open badges: offered by the organiser, taken and deleted by a team's member, verified by anybody who is shown one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.models import Competition
from klash.core import access
from klash.core.errors import Denied, Refused
from klash.mentoring import openbadges, selectors, services
from klash.mentoring.models import Badge
from klash.mentoring.views.pages import competition_of, page
from klash.rules.permissions import Permission


@require_POST
@access.needs(Permission.PLAN_MENTORING, competition_of)
def offer_badges(request: HttpRequest, competition: Competition) -> HttpResponse:
    services.offer_badges(actor=request.user, competition=competition)
    messages.success(request, _("The badge is offered. Members of teams that have met a mentor can take it."))
    return redirect("desk:mentoring", competition.code)


def _own(request: HttpRequest, competition: str) -> Competition:
    """Return the competition where a badge is offered to the person, or the person has one."""
    found = access.found(competition_of(request.user, competition))
    if not selectors.badge_offer(competition) or not (selectors.teams_met(request.user, found) or selectors.own_badge(request.user, found)):
        raise Http404
    return found


@access.signed_in
@require_safe
def badge(request: HttpRequest, competition: str) -> HttpResponse:
    found = _own(request, competition)
    own = selectors.own_badge(request.user, found)
    return page(request, "badge", found, _("Your open badge"), {
        "badge": own, "address": openbadges.address("assertion", competition, own.code) if own else "",
    })


@access.signed_in
@require_POST
def take_badge(request: HttpRequest, competition: str) -> HttpResponse:
    try:
        services.take_badge(actor=request.user, competition=access.found(competition_of(request.user, competition)))
    except (Denied, Refused):
        raise Http404 from None
    return redirect("mentoring:badge", competition)


@access.signed_in
@require_POST
def delete_badge(request: HttpRequest, competition: str) -> HttpResponse:
    own = access.found(selectors.own_badge(request.user, _own(request, competition)))
    services.delete_badge(actor=request.user, badge=own)
    messages.success(request, _("The badge is deleted. Its address does not answer any more."))
    return redirect("mentoring:timetable", competition)


def _offered(competition: str) -> Competition:
    return access.found(selectors.badge_offer(competition)).competition


def _badge(competition: str, code: str) -> Badge:
    return access.found(selectors.badge_of(competition, code))


def _json(content: dict[str, Any]) -> HttpResponse:
    # Verifiers run in other sites' pages, too; there is nothing here but what its address gives to anybody.
    return JsonResponse(content, content_type="application/ld+json", headers={"Access-Control-Allow-Origin": "*"})


def _svg(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="image/svg+xml", headers={"Access-Control-Allow-Origin": "*"})


@access.public
@require_safe
def badge_issuer(request: HttpRequest, competition: str) -> HttpResponse:
    return _json(openbadges.issuer(_offered(competition)))


@access.public
@require_safe
def badge_class(request: HttpRequest, competition: str) -> HttpResponse:
    return _json(openbadges.badge_class(_offered(competition)))


@access.public
@require_safe
def badge_image(request: HttpRequest, competition: str) -> HttpResponse:
    return _svg(openbadges.picture(_offered(competition)))


@access.public
@require_safe
def badge_assertion(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    return _json(openbadges.assertion(_badge(competition, code)))


@access.public
@require_safe
def badge_picture(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = _badge(competition, code)
    return _svg(openbadges.picture(found.offer.competition, found))
