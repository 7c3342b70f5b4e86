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

__all__ = [
    "Competition", "CompetitionQuerySet", "CriteriaSet", "Criterion", "FormKind", "FormSection", "Partner", "Postponement", "Question", "Ruling", "RulingLine",
    "Stage", "StageChange", "StageForm", "StageKind", "Theme", "usual_form",
]
