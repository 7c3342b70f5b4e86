"""Shape and type of what people type about mentoring."""

from klash.mentoring.forms.days import DayForm, MentorsForm, SessionForm, WishesForm
from klash.mentoring.forms.people import MentorForm
from klash.mentoring.forms.sessions import FeedbackForm, MentorFeedbackForm, NoteForm, TeamFeedbackForm
from klash.mentoring.forms.shared import in_language, mentor_label, sector_label
from klash.mentoring.forms.talks import (
    ANSWERS,
    MISSING,
    AdviceForm,
    AnswerForm,
    CodeForm,
    DiaryForm,
    EntryForm,
    LateForm,
    MaterialForm,
    MissingForm,
    WishForm,
)

__all__ = [
    "ANSWERS", "MISSING", "AdviceForm", "AnswerForm", "CodeForm", "DayForm", "DiaryForm", "EntryForm", "FeedbackForm", "LateForm", "MaterialForm",
    "MentorFeedbackForm", "MentorForm", "MentorsForm", "MissingForm", "NoteForm", "SessionForm", "TeamFeedbackForm", "WishForm", "WishesForm",
    "in_language", "mentor_label", "sector_label",
]
