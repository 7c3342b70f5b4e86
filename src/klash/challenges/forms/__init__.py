from klash.challenges.forms.brief import HELP, LANGUAGE_NAMES, LONGEST, NAMES, REQUIRED, BriefForm, DraftField

__all__ = ["BriefForm", "DraftField", "HELP", "LANGUAGE_NAMES", "LONGEST", "NAMES", "REQUIRED"]
