from klash.problems.forms.importing import TableForm
from klash.problems.forms.screening import FIELD_OF, QuestionForm, ScreenForm
from klash.problems.forms.sorting import GatherForm, MergeForm
from klash.problems.forms.talking import MessageForm
from klash.problems.forms.together import AskForm, FileForm, OfferForm, SupportForm, WriterForm
from klash.problems.forms.writing import NamedChoice, ProblemForm, StartForm

__all__ = [
    "AskForm", "FIELD_OF", "FileForm", "GatherForm", "MergeForm", "MessageForm", "NamedChoice", "OfferForm", "ProblemForm", "QuestionForm",
    "ScreenForm", "StartForm", "SupportForm", "TableForm", "WriterForm",
]
