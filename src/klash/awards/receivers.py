"""What awards show on a challenge's page, what they tell those who look for conflicts, and what `verify` asks of them: that places and winners
follow from the signed report.
"""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver

from klash.awards.models import Award, Placing
from klash.challenges.models import Challenge
from klash.challenges.selectors import Block, show_on_challenge
from klash.competitions.models import Competition, PromiseKind
from klash.competitions.selectors import counts
from klash.core import audit, clock, show
from klash.interests.selectors import telling_contracts
from klash.proposals.models import BlindLink
from klash.proposals.selectors import round_of
from klash.reviewing.selectors import report_of
from klash.rules.conflicts import Firm
from klash.rules.promises import Done
from klash.rules.states import AwardState

LASTING = timedelta(days=3 * 365)  # so long an earlier contract makes partial


@show_on_challenge
def winner_on_challenge(challenge: Challenge, person: Any) -> Block | None:
    """Return the challenge's winners once they are published. Two queries at most."""
    award = Award.objects.published().filter(challenge=challenge).first()
    if award is None:
        return None
    winners = award.placings.filter(is_winner=True).select_related("team").order_by("team__name")
    return {"order": 5, "template": "awards/_on_challenge.html", "award": award, "winners": winners}


@receiver(telling_contracts)
def contracts_of_winners(**kwargs: Any) -> list[tuple[Firm, str]]:
    """Return the firms behind the winners of the last three years, each with the pilot municipality of its challenge. One query."""
    winners = Placing.objects.filter(is_winner=True, award__state=AwardState.PUBLISHED, award__published_at__gt=clock.now() - LASTING)
    columns = ("team__firms__name", "team__firms__business_id", "award__challenge__pilot_municipality__code")
    rows = winners.exclude(team__firms=None).order_by("team__firms").values_list(*columns)
    return [(Firm(name, business_id), place) for name, business_id, place in rows]


@counts(PromiseKind.WINNERS)
def winners_announced(competition: Competition) -> Done:
    """Return the day on which the winners of every published challenge were announced. One query."""
    awarded = Challenge.objects.published().filter(competition=competition).values_list("award__state", "award__published_at")
    moments = [published_at for state, published_at in awarded if state == AwardState.PUBLISHED and published_at is not None]
    return Done(on=max(moments).astimezone(show.ZONE).date()) if moments and len(moments) == len(awarded) else Done()


@receiver(audit.rechecking)
def faults_of_awards(**kwargs: Any) -> list[str]:
    """Return the awards whose report, places or winners are not those that were signed and decided."""
    logged: dict[tuple[str, str], Any] = {}
    kinds = {"award.report_taken": "report_hash", "award.identities_opened": "report_hash", "award.decided": "winners", "award.corrected": "winners"}
    for event, body in audit.told(*kinds):
        logged[event.thing, kinds[event.what]] = body[kinds[event.what]]
        if event.what == "award.corrected":
            logged[event.thing, "corrected"] = (body["version"], body["decision"])
    awards = Award.objects.select_related("challenge__competition").order_by("challenge__code")
    return [f"award/{award.code}: {fault}" for award in awards for fault in _faults_of_award(award, logged)]


def _faults_of_award(award: Award, logged: dict[tuple[str, str], Any]) -> list[str]:
    faults, thing = [], f"award/{award.code}"
    round_ = round_of(award.challenge)
    report = report_of(round_) if round_ else None
    if (report.hash if report and award.report_hash else "") != award.report_hash or logged.get((thing, "report_hash"), "") != award.report_hash:
        faults.append("the report is not the one of which note was taken")
    places = list(award.placings.select_related("team").order_by("entry_code"))
    if award.opened_at:
        teams = dict(BlindLink.objects.filter(opening__challenge=award.challenge).values_list("entry_code", "version__proposal__team"))
        signed = {row["entry"]: (row["place"], row["points"], teams.get(row["entry"])) for row in (report.ranking if report else [])}
        if {row.entry_code: (row.place, row.points, row.team_id) for row in places} != signed:
            faults.append("the places are not those of the signed report")
    if logged.get((thing, "corrected"), (1, "")) != _newest_version(award):
        faults.append("the decision is not the newest one that the log knows")
    if sorted(row.team.code for row in places if row.is_winner) != logged.get((thing, "winners"), []):
        faults.append("the winners are not those that were decided")
    return faults


def _newest_version(award: Award) -> tuple[int, str]:
    """Return the number of the version that stands and, of a corrected one, the hash of its text."""
    past = award.past.count()
    return past + 1, audit.sha256(award.decision) if past else ""
