"""What mentoring leaves behind: who met whom, what both sides say, letters of thanks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.core import access, paging
from klash.core.downloads import attachment
from klash.mentoring import letters, selectors
from klash.mentoring.models import MentorProfile
from klash.mentoring.selectors import Part
from klash.mentoring.showing import challenge_filters, chosen_challenge
from klash.mentoring.views.pages import competition_of, page
from klash.rules.permissions import Permission

SAID = 30


def links(person: Any, competition: Competition, part: Part) -> list[tuple[str, str]]:
    """Return what mentoring has left to this person, each with its address. At most three queries."""
    if part is Part.STAFF:
        return [(reverse("desk:mentoring", args=[competition.code]), _("What came of the mentoring"))]
    if part is Part.MENTOR:
        own = [row for mentor in competition.mentors.filter(person=person) for row in selectors.deeds(competition, mentor)]
        return [(reverse("mentoring:thanks_pdf", args=[competition.code, row.mentor.code]), _("Letter of thanks (PDF)")) for row in own]
    teams = selectors.teams_met(person, competition)
    found = [(reverse("proposals:change", args=[competition.code, team.code]), _("What mentoring changed")) for team in teams]
    if teams and selectors.badge_offer(competition.code):
        found.append((reverse("mentoring:badge", args=[competition.code]), _("Your open badge")))
    return found


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def network(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "network", competition, _("Who met whom"), {"contacts": selectors.contacts(competition)})


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def said(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = selectors.challenges_of(competition)
    chosen, number = chosen_challenge(request, challenges), paging.asked(request)
    rows, count = selectors.said(competition, chosen, number, SAID)
    where = f"challenge={chosen.code}&" if chosen else ""
    return page(request, "said", competition, _("What teams and mentors say"), {
        "rows": rows, "filters": challenge_filters(challenges, chosen),
        "first_url": f"?{where}" if number else "", "next_url": f"?{where}page={number + 2}" if (number + 1) * SAID < count else "",
    })


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def thanks(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "thanks", competition, _("Letters of thanks"), {"rows": selectors.deeds(competition)})


@access.signed_in
@require_safe
def thanks_pdf(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    mentor: MentorProfile = access.found(selectors.mentor_for(request.user, competition, code))
    rows = selectors.deeds(mentor.competition, mentor)
    if not rows:
        raise Http404
    return attachment(letters.thanks_pdf(rows[0]), "application/pdf", letters.thanks_name(rows[0]))


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def thanks_zip(request: HttpRequest, competition: Competition) -> HttpResponse:
    return attachment(letters.thanks_zip(selectors.deeds(competition)), "application/zip", f"{competition.code}-thanks.zip")
