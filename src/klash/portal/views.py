from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.competitions.selectors import find
from klash.core import access, clock
from klash.portal.selectors import caching, page
from klash.portal.selectors import tasks as waiting
from klash.portal.selectors.front import current_competition
from klash.portal.selectors.links import where


@access.public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return _front(request, current_competition())


@access.public
@require_safe
def competition(request: HttpRequest, competition: str) -> HttpResponse:
    return _front(request, access.found(find(request.user, competition)))


def _front(request: HttpRequest, found: Competition | None) -> HttpResponse:
    if found is None:
        return render(request, "portal/empty.html")
    now = clock.now()
    tag = caching.tag_of(found, request, get_language() or "", now)
    if tag and request.headers.get("If-None-Match") == tag:
        return caching.mark(HttpResponse(status=304), tag)
    shown = page.front_page(found, request.user, now, request.LANGUAGE_CODE)
    response = render(request, "portal/front.html", {"page": shown, "is_invented": found.is_invented})
    return caching.mark(response, tag) if tag else response


@access.signed_in
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return render(request, "portal/tasks.html", {"tasks": waiting.tasks_of(request.user, clock.now())})


@access.public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


def _go(name: str) -> Any:
    @access.public
    @require_safe
    def go(request: HttpRequest) -> HttpResponse:
        found = current_competition()
        return redirect(where(name, found.code) if found else where("portal:front"))

    return go


problems = _go("problems:list")
challenges = _go("challenges:list")
results = _go("awards:results")
calendar = _go("competitions:calendar")


@access.signed_in
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return redirect("desk:home", competition=access.found(waiting.staffed_competition(request.user)))
