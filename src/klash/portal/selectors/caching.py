"""When a visitor's copy of a public page is still good."""

from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse

from klash.competitions.models import Competition
from klash.core import audit
from klash.core.models import AuditEvent

MINUTE_S = 60
# What changes the page. Nothing else may move the tag: who asks again and again would see when a proposal or an application came.
SHOWN = (
    "competition.published", "competition.finished", "competition.changed", "calendar.set", "stage.moved", "partner.added", "partner.removed",
    "problem.submitted", "problem.withdrawn", "ruling.released", "challenge.published", "mentor.added", "award.published",
)


def tag_of(competition: Competition, request: HttpRequest, language: str, now: datetime) -> str | None:
    """Return the ETag of the competition's page for an anonymous visitor, None for anybody with a session and in the demo. One query.

    The newest event that shows, the language and the minute tell all that the page shows; the visitor's own form token is in the page too.
    What is not among `SHOWN` shows after a minute at the latest.
    """
    if {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES) or settings.KLASH_DEMO or request.method not in ("GET", "HEAD"):
        return None
    last = AuditEvent.objects.filter(chain__competition=competition.code, what__in=SHOWN).aggregate(last=Max("number"))["last"]
    minute = int(now.timestamp() // MINUTE_S)
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return f'W/"{audit.sha256(settings.SECRET_KEY, str(last), request.path, language, competition.state, str(minute), token)[:32]}"'


def mark(response: HttpResponse, tag: str) -> HttpResponse:
    """Write the tag and let the visitor's browser keep the page, as long as it asks again each time."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
