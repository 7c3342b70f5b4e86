"""What came of a competition, as the replay prints it."""

from typing import Any

from django.conf import settings

from klash.awards.models import Placing
from klash.challenges.models import Challenge
from klash.core import audit
from klash.core.databases import reviewing as reviewing_alias
from klash.mentoring.models import Advice, MentorProfile, Session
from klash.problems.models import Problem, Tally
from klash.proposals.models import Baseline, Proposal
from klash.proposals.selectors import round_of
from klash.replay.scene import Scene
from klash.reviewing import selectors as reading
from klash.reviewing.models import Round
from klash.teams.models import Application, Team


def results(scene: Scene) -> dict[str, Any]:
    """Return counts, rankings, winners and log heads. Costs the recomputation of both logs."""
    challenges = scene.challenges()
    ranking, winners = {}, {}
    for name, challenge in challenges:
        round_ = round_of(challenge)
        ranking[name] = [row.entry_code for row in reading.ranking(round_)] if round_ else []
        if (first := Placing.objects.filter(award__challenge=challenge, is_winner=True).select_related("team").order_by("team__name").first()) is not None:
            winners[name] = first.team.name
    log = {using: {row.competition: {"head": row.head, "length": row.length} for row in audit.verify(using)} for using in settings.DATABASES}
    return {"counts": {**_counts(scene.code), "reviews": _reviews(scene.code)}, "ranking": ranking, "winners": winners, "log": log}


def _counts(code: str) -> dict[str, int]:
    return {
        "municipalities": Tally.objects.filter(competition__code=code).values("municipality").distinct().count(),  # alone or with others
        "problems": Problem.objects.public().filter(competition__code=code).count(),
        "challenges": Challenge.objects.filter(competition__code=code).count(),
        "applications": Application.objects.filter(team__challenge__competition__code=code).exclude(submitted_at=None).count(),
        "teams": Team.objects.admitted().filter(challenge__competition__code=code).count(),
        "mentors": MentorProfile.objects.filter(competition__code=code).count(),
        "sessions": Session.objects.filter(slot__day__competition__code=code).exclude(state="cancelled").count(),
        "advice": Advice.objects.filter(session__slot__day__competition__code=code).count(),
        "advice_taken": Advice.objects.filter(session__slot__day__competition__code=code, answer=Advice.Answer.TAKEN).count(),
        "baselines": Baseline.objects.filter(proposal__team__challenge__competition__code=code).count(),
        "proposals": Proposal.objects.filter(team__challenge__competition__code=code).exclude(versions=None).count(),
    }


def _reviews(code: str) -> dict[str, int]:
    rounds = Round.objects.using(reviewing_alias()).filter(chain=code).order_by("kind", "key")
    return {row.key: reading.progress(row)[0] for row in rounds}
