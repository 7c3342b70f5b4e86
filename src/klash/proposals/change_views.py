"""What mentoring changed in the team's own proposal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from klash.core import access, clock
from klash.mentoring.models import Advice
from klash.proposals import changes, selectors
from klash.proposals.models import Proposal

# Advice that is not shown with a section, in the order in which a team goes through it.
REST = {
    Advice.Answer.TAKEN: _("Taken, in no single section"), Advice.Answer.LATER: _("For later"), Advice.Answer.NOT_TAKEN: _("Not taken"),
    "": _("Not answered yet"),
}


@access.signed_in
@require_safe
def change(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal = selectors.proposal_of(request.user, competition, team) or Proposal(team=access.found(selectors.team_of(request.user, competition, team)))
    own = proposal.team
    changed = changes.changed(proposal, clock.now())
    return render(request, "proposals/change.html", {
        "team": own, "challenge": own.challenge, "competition": own.challenge.competition, "changed": changed,
        "rest": [(heading, changed.advice[answer]) for answer, heading in REST.items() if changed.advice[answer]],
    })
