from klash.problems.models.importing import ProblemImport
from klash.problems.models.problem import PUBLIC_STATES, Problem, ProblemQuerySet, Tally, Writer
from klash.problems.models.screening import EligibilityQuestion, Screening
from klash.problems.models.together import Filing, JoinRequest, Support, WriterInvitation

__all__ = [
    "EligibilityQuestion", "Filing", "JoinRequest", "PUBLIC_STATES", "Problem", "ProblemImport", "ProblemQuerySet", "Screening", "Support", "Tally",
    "Writer", "WriterInvitation",
]
