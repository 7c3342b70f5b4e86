from klash.teams.forms.asked import ConditionsForm, EligibilityForm, NeedsForm, NoticeFactsForm, QuestionForm, RulesForm, country_names
from klash.teams.forms.members import AppointForm, IntentForm, RoleForm, SuccessionForm
from klash.teams.forms.seeking import AdAnswerForm, AdForm
from klash.teams.forms.team import LANGUAGES, ApplicationForm, FirmForm, FoundForm, InviteForm

__all__ = [
    "AdAnswerForm", "AdForm", "ApplicationForm", "AppointForm", "ConditionsForm", "EligibilityForm", "FirmForm", "FoundForm", "IntentForm",
    "InviteForm", "LANGUAGES", "NeedsForm", "NoticeFactsForm", "QuestionForm", "RoleForm", "RulesForm", "SuccessionForm", "country_names",
]
