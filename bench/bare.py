"""The bare Django view that every page is measured against: what `startproject` gives, signed in, and one list.

Three indexed queries (session, person, 50 problems), one template without inheritance, 26 kB. Same database, same server, same flags.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.bare_settings")

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

application = get_wsgi_application()

from klash.problems.models import Problem  # noqa: E402  (the applications are loaded only now)
from klash.rules.states import ProblemState  # noqa: E402

ROWS = 50


def rows(request: WSGIRequest) -> HttpResponse:
    found = Problem.objects.filter(competition__code="bench", state=ProblemState.SUBMITTED).select_related("municipality", "theme").order_by("title", "code")
    shown = found.only("code", "title", "summary", "submitted_at", "municipality__name_fi", "theme__name")[:ROWS]
    return render(request, "bare.html", {"rows": shown, "name": request.user.name if request.user.is_authenticated else ""})


def row(request: WSGIRequest, code: str) -> HttpResponse:
    return HttpResponse(code)


urlpatterns = [path("", rows), path("<slug:code>/", row, name="row")]
