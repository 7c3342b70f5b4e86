"""What came of the mentoring, in figures."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.competitions.selectors import find
from klash.core import access, clock
from klash.desk.views import show
from klash.mentoring import selectors
from klash.mentoring.showing import challenge_filters, chosen_challenge
from klash.proposals.changes import shares_of_change
from klash.rules.permissions import Permission


def _fetch(user: Any, competition: str) -> Competition | None:
    return find(user, competition)


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def mentoring(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = selectors.challenges_of(competition)
    chosen = chosen_challenge(request, challenges)
    shares = shares_of_change(competition, challenges, clock.now())
    return show(
        request, "mentoring", competition, tab="mentoring", advice=selectors.advice_figures(competition, challenges), shares=shares,
        sections=_sections(competition, shares), questions=_questions(selectors.marks(competition, chosen)),
        offer=selectors.badge_offer(competition.code), filters=challenge_filters(challenges, chosen),
    )


def _sections(competition: Competition, shares: list[Any]) -> list[Any]:
    """Return the rows of the table: each section with its shares, challenge by challenge, None where it is not told."""
    return [(section.heading, [(row, row.shares.get(section.code)) for row in shares]) for section in competition.sections()] if shares else []


def _questions(marks: selectors.Marks) -> list[dict[str, Any]]:
    rows = [(_("Use, say the teams"), marks.team), (_("Frankness, say the teams"), marks.frankness), (_("Use, say the mentors"), marks.mentor)]
    return [
        {"label": label, "answers": sum(counts), "counts": [(mark, count, sum(counts)) for mark, count in zip(selectors.MARKS, counts, strict=True)]}
        for label, counts in rows
    ]
