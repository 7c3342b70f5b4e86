from klash.challenges.forms.brief import HELP, LANGUAGE_NAMES, LONGEST, NAMES, REQUIRED, BriefForm, DraftField
from klash.challenges.forms.discussing import ChangeForm, CommentForm, DecisionForm, ScheduleForm, SuggestionForm
from klash.challenges.forms.notice import INDICATOR_NAMES, NOTICE_NAMES, IndicatorForm, NoticeForm

__all__ = [
    "BriefForm", "ChangeForm", "CommentForm", "DecisionForm", "DraftField", "HELP", "INDICATOR_NAMES", "IndicatorForm", "LANGUAGE_NAMES", "LONGEST",
    "NAMES", "NOTICE_NAMES", "NoticeForm", "REQUIRED", "ScheduleForm", "SuggestionForm",
]
