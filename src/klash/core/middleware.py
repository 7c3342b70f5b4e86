"""Deny by default, errors to pages, and no caching of what a person sees."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from klash.core import access, kept, texts
from klash.core.errors import Denied, IllegalMove, KlashError, Refused
from klash.rules.reasons import TOLD, Reason

Next = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST")


class Guard:
    """Refuse views without a declared rule; turn refusals into pages; put back what was kept; forbid shared caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kept.settle(request, response)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "same-origin"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if access.rule_of(view) is None and not request.path.startswith(settings.STATIC_URL):
            raise Http404
        if request.method not in METHODS:  # before anything is looked up, so that the answer tells nothing
            return HttpResponseNotAllowed(METHODS)
        if request.method == "POST" and kept.SENT_AGAIN in request.POST and not kept.put_back(request):
            return redirect("accounts:kept")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, KlashError):
            return None
        if isinstance(error, Denied) and error.reason not in TOLD:
            return not_found(request)
        status = 409 if isinstance(error, IllegalMove | Refused) else 403
        return render(request, f"errors/{status}.html", {"reason": texts.sentence(error.reason)}, status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not ours: one that a page of ours drew for an account is kept, to be sent by a press on a page that shows it."""
    rule = access.rule_of(request.resolver_match.func) if request.resolver_match else None
    answer = kept.answer(request) if rule is not None and rule.kind != "public" else None
    return answer or render(request, "errors/403.html", {"reason": texts.sentence(Reason.PAGE_CHANGED)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer with the one 404 page: not found, not yours and not now look alike."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer with the page of a fault on our side."""
    return render(request, "errors/500.html", status=500)
