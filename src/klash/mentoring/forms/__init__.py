"""Shape and type of what people type about mentoring."""

from klash.mentoring.forms.days import DayForm, JointForm, day_fields, joint_fields
from klash.mentoring.forms.links import LinkField, check_link
from klash.mentoring.forms.people import MentorForm
from klash.mentoring.forms.plan_rules import PairForm, PlanRulesForm
from klash.mentoring.forms.planning import MeetingForm, MoveForm
from klash.mentoring.forms.profiles import ProfileForm
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
from klash.mentoring.forms.times import AbsencesForm, TimesForm
from klash.mentoring.forms.wishes import MentorWishesForm, NeedsForm

__all__ = [
    "ANSWERS", "AbsencesForm", "AdviceForm", "AnswerForm", "CodeForm", "DayForm", "DiaryForm", "EntryForm", "FeedbackForm", "JointForm", "LateForm",
    "LinkField", "MISSING", "MaterialForm", "MeetingForm", "MentorFeedbackForm", "MentorForm", "MentorWishesForm", "MissingForm",
    "MoveForm", "NeedsForm", "NoteForm", "PairForm", "PlanRulesForm", "ProfileForm", "TeamFeedbackForm", "TimesForm", "WishForm",
    "check_link", "day_fields", "in_language", "joint_fields", "mentor_label", "sector_label",
]
