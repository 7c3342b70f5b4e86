"""The plan of the timetable."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.core import access
from klash.mentoring import selectors
from klash.mentoring.views.pages import competition_of, page
from klash.rules.permissions import Permission


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "plan", competition, _("Plan the mentoring"), {"days": selectors.days_of(request.user, competition)})
