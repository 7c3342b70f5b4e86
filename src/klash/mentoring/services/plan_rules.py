"""What every plan must hold: the rules of the timetable, and pairs who must meet or must not."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from klash.competitions.models import Competition
from klash.core import access, audit
from klash.core.errors import Refused
from klash.mentoring.models import MentorProfile, PairRule, PlanRules
from klash.mentoring.services.planning_desk import lock_desk
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Team

LIMITS = ("sessions_per_team", "team_per_day", "team_gap", "mentor_per_day", "mentor_total", "mentor_run")
WEIGHTS = ("weight_diversity", "weight_expertise", "weight_wishes")


@transaction.atomic
def save_plan_rules(*, actor: Any, competition: Competition, values: Mapping[str, int]) -> PlanRules:
    """Save the rules of the timetable; a draft is judged by them from now on. values: all of LIMITS and WEIGHTS. Raises Denied."""
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    rules = lock_desk(competition)
    for name in (*LIMITS, *WEIGHTS):
        setattr(rules, name, values[name])
    rules.save(update_fields=[*LIMITS, *WEIGHTS])
    audit.record("mentoring_rules.saved", actor=actor, competition=competition.code, thing="mentoring_rules", body=dict(values))
    return rules


@transaction.atomic
def set_pair(*, actor: Any, competition: Competition, team: Team, mentor: MentorProfile, kind: str) -> PairRule:
    """Say that a team and a mentor must meet, or must not; what was said of the pair before is replaced.

    Raises Denied, or Refused(NOT_ADMITTED) for a team or a mentor of elsewhere.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    lock_desk(competition)
    is_own = Team.objects.told().filter(pk=team.pk, challenge__competition=competition).exists()
    if not is_own or mentor.competition_id != competition.pk:
        raise Refused(Reason.NOT_ADMITTED)
    pair, _ = PairRule.objects.update_or_create(team=team, mentor=mentor, defaults={"competition": competition, "kind": kind})
    _record("set", actor, pair)
    return pair


@transaction.atomic
def remove_pair(*, actor: Any, pair: PairRule) -> None:
    """Forget what was said of a pair. Raises Denied."""
    access.ensure(actor, Permission.PLAN_MENTORING, pair.competition)
    lock_desk(pair.competition)
    _record("removed", actor, pair)
    pair.delete()


def _record(what: str, actor: Any, pair: PairRule) -> None:
    body = {"team": pair.team.code, "mentor": pair.mentor.code, "kind": pair.kind}
    audit.record(f"mentoring_pair.{what}", actor=actor, competition=pair.competition.code, thing=f"mentor/{pair.mentor.code}", body=body)
