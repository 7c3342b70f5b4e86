from klash.teams.models.asked import (
    Acceptance,
    Conditions,
    Declaration,
    EligibilityAnswer,
    EligibilityQuestion,
    NeededSkill,
    Needs,
    NoticeFacts,
    TeamRules,
)
from klash.teams.models.leading import Handover
from klash.teams.models.seeking import Ad, AdAnswer, Seeking
from klash.teams.models.succession import Succession
from klash.teams.models.team import WRITABLE, Application, Membership, Right, Team, TeamFirm, TeamQuerySet, asked_facts

__all__ = [
    "Acceptance", "Ad", "AdAnswer", "Application", "Conditions", "Declaration", "EligibilityAnswer", "EligibilityQuestion", "Handover", "Membership",
    "NeededSkill", "Needs", "NoticeFacts", "Right", "Seeking", "Succession", "Team", "TeamFirm", "TeamQuerySet", "TeamRules", "WRITABLE",
    "asked_facts",
]
