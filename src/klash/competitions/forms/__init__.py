from klash.competitions.forms.late import LateCodeForm
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
    PlaceForm,
    SectionForm,
    TextsForm,
    ThemeForm,
)

__all__ = [
    "LateCodeForm",
    "ChangeForm", "MarkForm", "PromiseForm",
    "BANDS", "CalendarForm", "CriterionForm", "DeadlineForm", "FoundForm", "KINDS", "LIMITS", "PARTS", "PartnerForm", "PlaceForm", "SectionForm",
    "TextsForm", "ThemeForm", "WORDS_MAX",
]
