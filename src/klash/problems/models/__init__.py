from klash.problems.models.problem import PUBLIC_STATES, Problem, ProblemQuerySet, Tally

__all__ = ["PUBLIC_STATES", "Problem", "ProblemQuerySet", "Tally"]
