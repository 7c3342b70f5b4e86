"""The words of the problem form, of the panel's round and of the states. What is frozen into entries stands in three languages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from klash.rules.screening import Outcome
from klash.rules.states import ProblemState

HEADINGS = {
    "summary": {"fi": "Ongelma lyhyesti", "sv": "Problemet i korthet", "en": "The problem in brief"},
}
# %s: the municipalities that had reported it.
ORIGIN = {"fi": "Yhdistetty ilmoitus: %s", "sv": "Sammanförd anmälan: %s", "en": "Merged report: %s"}
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
    ProblemState.NOT_ELIGIBLE: _("not eligible"),
    ProblemState.MERGED: _("merged with another report"),
}
SIZES: dict[str, Promise] = {
    "under_5000": _("under 5,000"),
    "5000_19999": _("5,000–19,999"),
    "20000_49999": _("20,000–49,999"),
    "50000_99999": _("50,000–99,999"),
    "100000_or_more": _("100,000 or more"),
}
LANGUAGE_NAMES: dict[str, Promise] = {"fi": _("Finnish"), "sv": _("Swedish")}
NEAR: dict[int, Promise] = {
    0: _("Your own municipality has already reported a similar problem"),
    1: _("One other municipality has a similar problem"),
    2: _("Two other municipalities have a similar problem"),
    3: _("Three other municipalities have a similar problem"),
    4: _("Four other municipalities have a similar problem"),
    5: _("Five other municipalities have a similar problem"),
}
OUTCOMES: dict[str, Promise] = {
    Outcome.PASSED: pgettext_lazy("of a screening", "passed"), Outcome.NEEDS_MORE: pgettext_lazy("of a screening", "needs more"),
    Outcome.NOT_ELIGIBLE: pgettext_lazy("of a screening", "not eligible"),
}
WAITING = pgettext_lazy("of a screening", "waiting")
USUAL_QUESTIONS = (
    {"fi": "Onko ilmoittaja kunta?", "sv": "Är den som anmäler en kommun?", "en": "Is it reported by a municipality?"},
    {
        "fi": "Kuvaako ilmoitus ongelman eikä valmista ratkaisua?", "sv": "Beskriver anmälan ett problem och inte en färdig lösning?",
        "en": "Does it describe a problem and not a ready solution?",
    },
    {"fi": "Ovatko tiedot riittävät arviointia varten?", "sv": "Räcker uppgifterna för en bedömning?", "en": "Does it tell enough to be judged?"},
)
IMPORT_HEADINGS = {
    "municipality": {"fi": "Kunta", "sv": "Kommun", "en": "Municipality"},
    "group": {"fi": "Yhdessä kuntien kanssa", "sv": "Tillsammans med kommunerna", "en": "Together with"},
    "language": {"fi": "Kieli", "sv": "Språk", "en": "Language"},
    "theme": {"fi": "Teema", "sv": "Tema", "en": "Theme"},
    "title": {"fi": "Otsikko", "sv": "Rubrik", "en": "Title"},
    **HEADINGS,
}
FLAWS: dict[str, Promise] = {
    "no_column": _("The column is missing. Take its heading from the template and add it."),
    "no_rows": _("The table has headings but no rows. Write each problem on a row of its own."),
    "empty": _("The cell is empty. Every problem needs this; fill it in."),
    "too_long": _("The text is longer than %(value)s characters. Shorten it."),
    "no_municipality": _("“%(value)s” is not a municipality of the register. Write its name or its three-digit code."),
    "no_language": _("“%(value)s” is not a language of reports. Write fi or sv."),
    "no_theme": _("“%(value)s” is not a theme of the competition. Write a theme’s name as the list of problems shows it."),
    "not_in_a_table": _("The form asks for “%(value)s”, which no cell can hold. Make it optional in the form, or report these problems on the pages."),
    "twice": _("The same municipality and title stand on row %(value)s already. Remove one of the two."),
}
