"""Shape and type of what people type about mentoring."""

from klash.mentoring.forms.days import DayForm, MentorsForm, SessionForm, WishesForm
from klash.mentoring.forms.people import MentorForm
from klash.mentoring.forms.sessions import FeedbackForm, NoteForm
from klash.mentoring.forms.shared import in_language, mentor_label, sector_label

__all__ = ["DayForm", "FeedbackForm", "MentorForm", "MentorsForm", "NoteForm", "SessionForm", "WishesForm", "in_language", "mentor_label", "sector_label"]
