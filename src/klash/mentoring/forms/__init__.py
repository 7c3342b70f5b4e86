"""Shape and type of what people type about mentoring."""

from klash.mentoring.forms.days import DayForm, MentorsForm, SessionForm, WishesForm
from klash.mentoring.forms.people import MentorForm
from klash.mentoring.forms.profiles import ProfileForm
from klash.mentoring.forms.sessions import FeedbackForm, NoteForm
from klash.mentoring.forms.shared import in_language, mentor_label, sector_label
from klash.mentoring.forms.times import AbsencesForm, TimesForm
from klash.mentoring.forms.wishes import MentorWishesForm, NeedsForm

__all__ = [
    "AbsencesForm", "DayForm", "FeedbackForm", "MentorForm", "MentorWishesForm", "MentorsForm", "NeedsForm", "NoteForm", "ProfileForm", "SessionForm",
    "TimesForm", "WishesForm", "in_language", "mentor_label", "sector_label",
]
