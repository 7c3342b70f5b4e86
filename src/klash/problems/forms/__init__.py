from klash.problems.forms.together import AskForm, FileForm, OfferForm, SupportForm, WriterForm
from klash.problems.forms.writing import NamedChoice, ProblemForm, StartForm

__all__ = ["AskForm", "FileForm", "NamedChoice", "OfferForm", "ProblemForm", "StartForm", "SupportForm", "WriterForm"]
