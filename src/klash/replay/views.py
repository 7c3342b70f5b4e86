"""The demo's bar: enter as any of the cast, move the clock, read the mail. Not in an installation: its URLs exist in the demo only."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from klash.core import access, paging
from klash.post.models import Message
from klash.replay import moves
from klash.replay.cast import CAST, person
from klash.replay.engine import END
from klash.replay.facts import NEEDED
from klash.replay.names import name_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@access.public
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    who = request.POST.get("who", "")
    if who not in dict(CAST):
        raise Http404
    request.session.flush()
    login(request, person(who), backend=BACKEND)
    return redirect("portal:tasks")


@access.public
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("stage", "")
    if to not in (*NEEDED, END):
        raise Http404
    if moves.is_back(to) and "sure" not in request.POST:
        return render(request, "replay/back.html", {"to": to, "stage": name_of(to), "next": _next(request.POST, request)})
    moves.begin(to)  # if one is under way, its page is what both get to see
    return redirect(f"{reverse('replay:moving')}?{urlencode({'next': _next(request.POST, request)})}")


@access.public
@require_safe
def moving(request: HttpRequest) -> HttpResponse:
    now = moves.present()
    if now is None:
        return redirect("portal:front")
    if request.headers.get("HX-Request") and now.state != "moving":
        return HttpResponse(headers={"HX-Refresh": "true"})  # the clock stands elsewhere: the whole page is out of date
    return render(request, "replay/moving.html", {
        "move": now, "to": name_of(now.to), "steps": _steps(now), "percent": round(now.share * 100), "stage": name_of(now.stage),
        "next": _next(request.GET, request), "here": name_of(moves.here()),
    })


@access.public
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    page, boxes = paging.asked(request), [Message.objects.using(using).order_by("-queued_at", "-pk") for using in ("default", "reviewing")]
    first, last = page * paging.PAGE, (page + 1) * paging.PAGE
    rows = sorted((row for box in boxes for row in box[:last]), key=lambda row: row.queued_at, reverse=True)[first:last]
    return render(request, "replay/mail.html", {"rows": rows, **paging.links(page, sum(box.count() for box in boxes))})


def _next(given: Any, request: HttpRequest) -> str:
    target = str(given.get("next", ""))
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else reverse("portal:front")


def _steps(now: moves.Move) -> list[dict[str, Any]]:
    """Return the stages with what is behind, being played and ahead; none of it for a way back."""
    order = [*NEEDED, END]
    if now.is_back or now.stage not in order or order.index(now.to) <= order.index(now.stage):
        return []
    at, to = order.index(now.stage), order.index(now.to)
    return [{"title": name_of(name), "text": "", "state": "done" if i < at else "now" if i == at else "open"} for i, name in enumerate(order[:to + 1])]
