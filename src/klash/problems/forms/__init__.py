from klash.problems.forms.importing import TableForm
from klash.problems.forms.screening import FIELD_OF, QuestionForm, ScreenForm
from klash.problems.forms.writing import NamedChoice, ProblemForm, StartForm

__all__ = [
    "FIELD_OF", "NamedChoice", "ProblemForm", "QuestionForm", "ScreenForm", "StartForm", "TableForm",
]
