from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from klash.core import access
from klash.problems import bridge, selectors
from klash.problems.models import Problem
from klash.problems.texts import NEAR


@access.signed_in
@require_safe
def near(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(selectors.own_one(request.user, competition, code))
    return render(request, "problems/_near.html", {"problem": found, "competition": found.competition, **near_to(found)})


def near_to(found: Problem) -> dict[str, Any]:
    """Return the problems near to one that is written, and the sentence above them, as `_near.html` draws them."""
    rows = bridge.nearest(found)
    others = {row.problem.municipality_id for row in rows or []} - {found.municipality_id}
    title = NEAR[len(others)] if rows else ""
    return {"near": rows, "near_title": title, "is_empty": not (found.title or found.summary), "may_edit": not selectors.is_public(found)}
