"""What the pages of a challenge share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.challenges import selectors
from klash.challenges.models import Challenge
from klash.competitions.models import Competition


def parents(competition: Competition, challenge: Challenge | None = None, *, is_work: bool = False) -> list[dict[str, Any]]:
    """Return the breadcrumb above a page of a challenge, or of the work on its brief."""
    rows = [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": _("Challenges"), "url": reverse("challenges:list", args=[competition.code])},
    ]
    if challenge is not None:
        rows.append({"label": selectors.shown(challenge.title).text, "url": reverse("challenges:challenge", args=[competition.code, challenge.code])})
    if challenge is not None and is_work:
        rows.append({"label": _("Work on the brief"), "url": reverse("challenges:brief", args=[competition.code, challenge.code])})
    return rows


def writable(person: Any, competition: str, challenge: str) -> Challenge | None:
    """Return a challenge of whose brief the person reads the drafts."""
    found = selectors.find(person, competition, challenge)
    return found if found is not None and selectors.may_read_drafts(person, found) else None


def page(request: HttpRequest, template: str, found: Challenge, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw a page of the work on a brief."""
    competition = found.competition
    context = {"competition": competition, "challenge": found, "is_invented": competition.is_invented, "parents": parents(competition, found, is_work=True)}
    return render(request, f"challenges/{template}.html", {**context, **more}, status=status)
