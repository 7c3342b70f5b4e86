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
from klash.teams.models.succession import Succession
from klash.teams.models.team import APPLICATION_SECTIONS, WRITABLE, Application, Membership, Right, Team, TeamFirm, TeamQuerySet, asked_facts

__all__ = [
    "APPLICATION_SECTIONS", "Acceptance", "Application", "Conditions", "Declaration", "EligibilityAnswer", "EligibilityQuestion", "Handover", "Membership",
    "NeededSkill", "Needs", "NoticeFacts", "Right", "Succession", "Team", "TeamFirm", "TeamQuerySet", "TeamRules", "WRITABLE", "asked_facts",
]
