"""What the file of a competition's set-up says of what teams are asked."""

from typing import Any

from klash.competitions.models import Competition
from klash.competitions.set_up_file import Name, Part, Text, Told, add_part
from klash.teams import selectors
from klash.teams.models import Conditions, TeamRules
from klash.teams.services import add_eligibility_question, publish_conditions, remove_eligibility_question, save_team_rules


class Eligibility(Told):
    text: Name
    wanted: bool
    why: Text = {}
    onward: Text = {}


class Teams(Told):
    one_team: TeamRules.OneTeam = TeamRules.OneTeam.COMPETITION
    asks_declarations: bool = False
    eligibility: list[Eligibility] = []
    conditions: Text = {}


def told(competition: Competition) -> dict[str, Any]:
    rules, conditions = selectors.rules_of(competition), selectors.conditions_of(competition)
    return {
        "one_team": rules.one_team, "asks_declarations": rules.asks_declarations, "conditions": conditions.text if conditions else {},
        "eligibility": list(competition.team_questions.values("text", "wanted", "why", "onward")),
    }


def put(*, actor: Any, competition: Competition, told: Teams) -> None:
    save_team_rules(actor=actor, competition=competition, one_team=told.one_team.value, asks_declarations=told.asks_declarations)
    for question in competition.team_questions.all():
        remove_eligibility_question(actor=actor, question=question)
    for row in told.eligibility:
        add_eligibility_question(actor=actor, competition=competition, **row.model_dump())
    if told.conditions:
        publish_conditions(actor=actor, competition=competition, text=told.conditions)
    else:
        Conditions.objects.filter(competition=competition).delete()  # of a draft, so that nobody has accepted them


add_part(Part("teams", Teams, told, put))
