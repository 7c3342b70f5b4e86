from klash.problems.models.importing import ProblemImport
from klash.problems.models.problem import PUBLIC_STATES, SECTIONS, Problem, ProblemQuerySet, Tally
from klash.problems.models.screening import EligibilityQuestion, Screening

__all__ = [
    "EligibilityQuestion", "PUBLIC_STATES", "Problem", "ProblemImport", "ProblemQuerySet", "SECTIONS", "Screening", "Tally",
]
