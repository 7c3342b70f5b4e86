"""The words of the problem form, of the panel's round and of the states. What is frozen into entries stands in three languages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.rules.states import ProblemState

HEADINGS = {
    "summary": {"fi": "Ongelma lyhyesti", "sv": "Problemet i korthet", "en": "The problem in brief"},
}
PANEL_TITLE = {"fi": "Kuntien ongelmat", "sv": "Kommunernas problem", "en": "The municipalities’ problems"}
PANEL_INTRO = {
    "fi": "Arvioi jokainen ongelma annetuilla kriteereillä. Ryhmän ilmoitus arvioidaan kokonaisuutena.",
    "sv": "Bedöm varje problem enligt de angivna kriterierna. En gemensam anmälan bedöms som en helhet.",
    "en": "Score each problem on the given criteria. A joint report is scored as a whole.",
}
STATES: dict[str, Promise] = {
    ProblemState.DRAFT: _("draft, not submitted"),
    ProblemState.SUBMITTED: _("submitted"),
    ProblemState.WITHDRAWN: _("withdrawn"),
    ProblemState.CHOSEN: _("chosen as a challenge"),
    ProblemState.NOT_CHOSEN: _("not chosen"),
}
SIZES: dict[str, Promise] = {
    "under_5000": _("under 5,000"),
    "5000_19999": _("5,000–19,999"),
    "20000_49999": _("20,000–49,999"),
    "50000_99999": _("50,000–99,999"),
    "100000_or_more": _("100,000 or more"),
}
