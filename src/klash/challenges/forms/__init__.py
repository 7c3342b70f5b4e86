from klash.challenges.forms.asking import AnswerForm, AskForm, InformationSessionForm, QuestionTimeForm, RoundTimeForm
from klash.challenges.forms.brief import HELP, LANGUAGE_NAMES, LONGEST, NAMES, REQUIRED, BriefForm, DraftField
from klash.challenges.forms.discussing import ChangeForm, CommentForm, DecisionForm, ScheduleForm, SuggestionForm
from klash.challenges.forms.notice import INDICATOR_NAMES, NOTICE_NAMES, PLACE_NAMES, IndicatorForm, NoticeForm

__all__ = [
    "AnswerForm", "AskForm", "BriefForm", "ChangeForm", "CommentForm", "DecisionForm", "DraftField", "HELP", "INDICATOR_NAMES", "IndicatorForm",
    "InformationSessionForm", "LANGUAGE_NAMES", "LONGEST", "NAMES", "NOTICE_NAMES", "NoticeForm", "PLACE_NAMES", "QuestionTimeForm", "REQUIRED",
    "RoundTimeForm", "ScheduleForm", "SuggestionForm",
]
