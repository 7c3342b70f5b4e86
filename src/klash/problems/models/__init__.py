from klash.problems.models.importing import ProblemImport
from klash.problems.models.problem import PUBLIC_STATES, Problem, ProblemQuerySet, Tally, Writer
from klash.problems.models.screening import EligibilityQuestion, Screening
from klash.problems.models.sorting import Apart, Merge
from klash.problems.models.talking import FeedbackSeen, Talk, TalkMessage
from klash.problems.models.together import Filing, JoinRequest, Support, WriterInvitation

__all__ = [
    "Apart", "EligibilityQuestion", "FeedbackSeen", "Filing", "JoinRequest", "Merge", "PUBLIC_STATES", "Problem", "ProblemImport", "ProblemQuerySet",
    "Screening", "Support", "Talk", "TalkMessage", "Tally", "Writer", "WriterInvitation",
]
