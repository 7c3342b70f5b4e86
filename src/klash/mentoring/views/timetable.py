"""The timetable, as each part of the mentoring sees it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.core import access
from klash.mentoring import selectors
from klash.mentoring.selectors import Part
from klash.mentoring.views.afterwards import links
from klash.mentoring.views.pages import chosen_day, competition_of, page


@access.signed_in
@require_safe
def timetable(request: HttpRequest, competition: str) -> HttpResponse:
    found = competition_of(request.user, competition)
    part = selectors.part_of(request.user, found) if found else None
    if found is None or part is None:
        raise Http404
    days = selectors.days_of(request.user, found)
    # The staff sees everybody's sessions, so it gets one day at a time; the others see their own, all days at once.
    chosen = chosen_day(days, request.GET.get("day", "")) if part is Part.STAFF else None
    shown = [chosen] if chosen else [] if part is Part.STAFF else days
    columns = selectors.timetable(request.user, shown)
    return page(request, "timetable", found, _("Mentoring"), {
        "is_staff": part is Part.STAFF, "is_mentor": part is Part.MENTOR, "days": days, "chosen": chosen, "columns": columns,
        "own": [] if part is Part.STAFF else selectors.own_sessions(columns), "afterwards": links(request.user, found, part),
    })
