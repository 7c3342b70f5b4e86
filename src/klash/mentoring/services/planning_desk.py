"""The one place where those wait for each other who change days, rules, times, plans or sessions of a competition."""

from klash.competitions.models import Competition
from klash.core import workflow
from klash.mentoring.models import PlanRules


def lock_desk(competition: Competition) -> PlanRules:
    """Return the competition's rules of planning, locked until the transaction ends; the first call makes them. What is read after it is current."""
    rules = PlanRules.objects.get_or_create(competition=competition)[0]
    workflow.lock(rules)
    rules.competition = competition
    return rules
