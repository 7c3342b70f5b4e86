"""Pages of a reviewer: the task, the entries, the result and the meeting."""

from klash.reviewing.views.entries import ask, entry, questions, recuse, remark, score
from klash.reviewing.views.files import file, picture, read
from klash.reviewing.views.meetings import meeting, minutes
from klash.reviewing.views.results import export, firmness, report, report_pdf, result, sign, weights
from klash.reviewing.views.tasks import decline, preferences, round, rounds, submit, take

__all__ = [
    "ask", "decline", "entry", "export", "file", "firmness", "meeting", "minutes", "picture", "preferences", "questions", "read", "recuse", "remark",
    "report", "report_pdf", "result", "round", "rounds", "score", "sign", "submit", "take", "weights",
]
