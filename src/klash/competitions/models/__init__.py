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
from klash.competitions.models.files import AnswerFile
from klash.competitions.models.forms import FormKind, FormSection, Question, StageForm, usual_form
from klash.competitions.models.late import CALLS, Call, LateCode, LateUse, Term, late_code_for, term_of
from klash.competitions.models.more import SUMMARY, MoreInformation
from klash.competitions.models.promises import NUMBERS, STAGE_OF, Promise, PromiseChange, PromiseKind

__all__ = [
    "AnswerFile", "CALLS", "Call", "Competition", "CompetitionQuerySet", "CriteriaSet", "Criterion", "FormKind", "FormSection", "LateCode", "LateUse",
    "MoreInformation", "NUMBERS", "Partner", "Postponement", "Promise", "PromiseChange", "PromiseKind", "Question", "Ruling", "RulingLine",
    "STAGE_OF", "SUMMARY", "Stage", "StageChange", "StageForm", "StageKind", "Term", "Theme", "late_code_for", "term_of", "usual_form",
]
