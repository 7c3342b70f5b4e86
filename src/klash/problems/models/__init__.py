from klash.problems.models.problem import PUBLIC_STATES, SECTIONS, Problem, ProblemQuerySet, Tally, Writer
from klash.problems.models.together import Filing, JoinRequest, Support, WriterInvitation

__all__ = ["PUBLIC_STATES", "SECTIONS", "Filing", "JoinRequest", "Problem", "ProblemQuerySet", "Support", "Tally", "Writer", "WriterInvitation"]
