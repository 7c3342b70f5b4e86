"""What a happening is called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.rules.news import Happening

SENTENCES: dict[Happening, Promise] = {
    Happening.PROBLEM_SUBMITTED: _("A new problem was reported."),
    Happening.PROBLEM_CHOSEN: _("The problem was chosen as a challenge."),
    Happening.PROBLEM_NOT_CHOSEN: _("The panel made its choice; the problem was not chosen as a challenge."),
    Happening.PROBLEM_MERGED: _("The report was merged with another that tells of the same problem."),
    Happening.CHALLENGE_PUBLISHED: _("The challenge was published."),
    Happening.CHALLENGE_CHANGED: _("The brief of the challenge was changed."),
    Happening.ANSWERS_PUBLISHED: _("Answers to questions were published."),
    Happening.TEAMS_ADMITTED: _("The teams of the challenge were admitted."),
    Happening.WINNERS_PUBLISHED: _("The winners were published."),
    Happening.WINNERS_CORRECTED: _("The decision on the winners was corrected."),
    Happening.DEADLINE_MOVED: _("A deadline was moved later."),
}
