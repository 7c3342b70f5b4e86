"""Two URL tables: the jury's face has accounts and reviewing only."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_safe

from klash.core import access

handler404 = "klash.core.middleware.not_found"
handler500 = "klash.core.middleware.broken"



@access.public
@require_safe
def to_reviews(request: HttpRequest) -> HttpResponse:
    return redirect("reviewing:rounds")


_all: list[Any] = [
    path("", include("klash.portal.urls")), path("desk/", include("klash.desk.urls")), path("", include("klash.competitions.urls")),
    path("", include("klash.interests.urls")), path("", include("klash.following.urls")), path("", include("klash.problems.urls")),
    path("", include("klash.challenges.urls")), path("", include("klash.teams.urls")), path("", include("klash.mentoring.urls")),
    path("", include("klash.proposals.urls")), path("", include("klash.api.urls")), path("", include("klash.awards.urls")),
] if settings.KLASH_FACE == "all" else [path("", to_reviews, name="to_reviews")]
if settings.KLASH_DEMO and settings.KLASH_FACE == "all":
    _all.append(path("demo/", include(import_module("klash.replay.urls"))))

urlpatterns = i18n_patterns(
    path("accounts/", include("klash.accounts.urls")), path("review/", include("klash.reviewing.urls")), *_all,
    prefix_default_language=False,
)
