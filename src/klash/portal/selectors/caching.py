"""When a visitor's copy of a public page is still good."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from klash.competitions.models import Competition
from klash.core import audit
from klash.core.models import AuditChain

MINUTE_S = 60


def tag_of(competition: Competition, request: HttpRequest, language: str, now: datetime) -> str | None:
    """Return the ETag of the competition's page for an anonymous visitor, None for anybody with a session and in the demo. One query.

    Every change in a competition moves the head of its log, so the head, the language and the minute tell all that the page shows;
    the visitor's own form token is in the page too.
    """
    if {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES) or settings.KLASH_DEMO or request.method not in ("GET", "HEAD"):
        return None
    head = AuditChain.objects.filter(competition=competition.code).values_list("head", flat=True).first() or ""
    minute = int(now.timestamp() // MINUTE_S)
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return f'W/"{audit.sha256(head, request.path, language, competition.state, str(minute), token)[:32]}"'


def mark(response: HttpResponse, tag: str) -> HttpResponse:
    """Write the tag and let the visitor's browser keep the page, as long as it asks again each time."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
