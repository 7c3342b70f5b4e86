"""The tables that reviewers read and write."""

from klash.reviewing.models.clearing import Exclusion, ExclusionKind, Redaction
from klash.reviewing.models.meetings import AgendaItem, Attendance, Meeting
from klash.reviewing.models.questions import ANSWER_SIGNS_MAX, QUESTION_SIGNS_MAX, AnswerText, Question, QuestionBatch
from klash.reviewing.models.reports import Firmness, Report, Signature
from klash.reviewing.models.rounds import (
    MATCH_WEIGHTS,
    Conflict,
    ConflictKind,
    Criterion,
    Entry,
    EntryFile,
    Method,
    PeerView,
    Preference,
    Remark,
    Review,
    Round,
    RoundKind,
    Seat,
    SecondReview,
    Sector,
    Suggestion,
    TieRule,
    Wish,
)

__all__ = [
    "ANSWER_SIGNS_MAX", "AgendaItem", "AnswerText", "Attendance", "Conflict", "ConflictKind", "Criterion", "Entry", "EntryFile", "Exclusion",
    "ExclusionKind", "Firmness", "MATCH_WEIGHTS", "Meeting", "Method", "PeerView", "Preference", "QUESTION_SIGNS_MAX", "Question",
    "QuestionBatch", "Redaction", "Remark", "Report", "Review", "Round", "RoundKind", "Seat", "SecondReview", "Sector", "Signature",
    "Suggestion", "TieRule", "Wish",
]
