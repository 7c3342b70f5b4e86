from klash.competitions.models.competition import (
    Competition,
    CompetitionQuerySet,
    CriteriaSet,
    Criterion,
    Partner,
    Postponement,
    Ruling,
    RulingLine,
    Stage,
    StageChange,
    StageKind,
    Theme,
)
from klash.competitions.models.forms import FormKind, FormSection, Question, StageForm, usual_form
from klash.competitions.models.promises import NUMBERS, STAGE_OF, Promise, PromiseChange, PromiseKind

__all__ = [
    "Competition", "CompetitionQuerySet", "CriteriaSet", "Criterion", "FormKind", "FormSection", "NUMBERS", "Partner",
    "Postponement", "Promise", "PromiseChange", "PromiseKind", "Question", "Ruling", "RulingLine", "STAGE_OF", "Stage",
    "StageChange", "StageForm", "StageKind", "Theme", "usual_form",
]
