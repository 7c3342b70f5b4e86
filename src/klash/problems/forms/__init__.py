from klash.problems.forms.writing import NamedChoice, ProblemForm, StartForm

__all__ = ["NamedChoice", "ProblemForm", "StartForm"]
