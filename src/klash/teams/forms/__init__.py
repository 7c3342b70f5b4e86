from klash.teams.forms.team import LANGUAGES, ApplicationForm, FirmForm, FoundForm, InviteForm

__all__ = ["ApplicationForm", "FirmForm", "FoundForm", "InviteForm", "LANGUAGES"]
