"""What every page of mentoring begins with."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.competitions.models import Competition
from klash.mentoring import selectors
from klash.mentoring.models import MentoringDay, Session


def competition_of(user: Any, competition: str) -> Competition | None:
    return selectors.competition_for(user, competition)


def session_of(user: Any, competition: str, code: str) -> Session | None:
    return selectors.session_for(user, competition, code)


def day_of(user: Any, competition: str, number: int) -> MentoringDay | None:
    return selectors.day_for(user, competition, number)


def page(request: HttpRequest, template: str, competition: Competition, here: str, context: dict[str, Any], *, below: str = "") -> HttpResponse:
    """Render a page of mentoring with its breadcrumb. below: the name of the staff's page that it lies under."""
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if template not in ("timetable", "own"):
        parents.append({"label": _("Mentoring"), "url": reverse("mentoring:timetable", args=[competition.code])})
    if below:
        label = {"plan": _("Plan the mentoring"), "mentors": _("Mentors")}[below]
        parents.append({"label": label, "url": reverse(f"mentoring:{below}", args=[competition.code])})
    own = {"competition": competition, "is_invented": competition.is_invented, "parents": parents, "here": here}
    return render(request, f"mentoring/{template}.html", {**own, **context})
