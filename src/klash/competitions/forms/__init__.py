from klash.competitions.forms.answering import AnswersForm, DraftField, field_of, register_for
from klash.competitions.forms.copying import CopyForm, SetUpFileForm
from klash.competitions.forms.editing import FormSectionForm, MoveForm, PreviewForm, QuestionForm
from klash.competitions.forms.late import LateCodeForm
from klash.competitions.forms.more import AskMoreForm, MoreForm
from klash.competitions.forms.promises import ChangeForm, MarkForm, PromiseForm
from klash.competitions.forms.setup import (
    BANDS,
    KINDS,
    LIMITS,
    PARTS,
    WORDS_MAX,
    CalendarForm,
    CriterionForm,
    DeadlineForm,
    FoundForm,
    PartnerForm,
    TextsForm,
    ThemeForm,
)

__all__ = [
    "AnswersForm", "AskMoreForm", "BANDS", "CalendarForm", "ChangeForm", "CopyForm", "CriterionForm", "DeadlineForm", "DraftField", "FormSectionForm",
    "FoundForm", "KINDS", "LIMITS", "LateCodeForm", "MarkForm", "MoreForm", "MoveForm", "PARTS", "PartnerForm", "PreviewForm", "PromiseForm",
    "QuestionForm", "SetUpFileForm", "TextsForm", "ThemeForm", "WORDS_MAX", "field_of", "register_for",
]
