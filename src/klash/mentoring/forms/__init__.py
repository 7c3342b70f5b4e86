"""Shape and type of what people type about mentoring."""

from klash.mentoring.forms.days import DayForm, JointForm, day_fields, joint_fields
from klash.mentoring.forms.links import LinkField, check_link
from klash.mentoring.forms.people import MentorForm
from klash.mentoring.forms.plan_rules import PairForm, PlanRulesForm
from klash.mentoring.forms.planning import MeetingForm, MoveForm
from klash.mentoring.forms.sessions import FeedbackForm, NoteForm
from klash.mentoring.forms.shared import in_language, mentor_label, sector_label

__all__ = [
    "DayForm", "FeedbackForm", "JointForm", "LinkField", "MeetingForm", "MentorForm", "MoveForm", "NoteForm", "PairForm", "PlanRulesForm",
    "check_link", "day_fields", "in_language", "joint_fields", "mentor_label", "sector_label",
]
