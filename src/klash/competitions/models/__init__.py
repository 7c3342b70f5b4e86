from klash.competitions.models.competition import (
    ApplicationPart,
    Competition,
    CompetitionQuerySet,
    CriteriaSet,
    Criterion,
    Partner,
    Postponement,
    Ruling,
    RulingLine,
    Section,
    SectionSet,
    Stage,
    StageChange,
    StageKind,
    Theme,
)
from klash.competitions.models.late import CALLS, Call, LateCode, LateUse, Term, late_code_for, term_of
from klash.competitions.models.promises import NUMBERS, STAGE_OF, Promise, PromiseChange, PromiseKind

__all__ = [
    "CALLS", "Call", "LateCode", "LateUse", "Term", "late_code_for", "term_of",
    "ApplicationPart", "Competition", "CompetitionQuerySet", "CriteriaSet", "Criterion", "NUMBERS", "Partner", "Postponement", "Promise", "PromiseChange",
    "PromiseKind", "Ruling", "RulingLine", "STAGE_OF", "Section", "SectionSet", "Stage", "StageChange", "StageKind", "Theme",
]
