"""The words of the panels' rounds, as they are frozen into entries."""

from klash.core.fields import LANGUAGES, Text
from klash.core.show import pick

PANEL_INTRO = {
    "fi": "Arvioi hakemukset. Tiimit valitaan osaamisensa perusteella, joten nimet näkyvät.",
    "sv": "Bedöm ansökningarna. Teamen väljs utifrån sitt kunnande, så namnen syns.",
    "en": "Score the applications. Teams are chosen for what they know, so names are shown.",
}
_BEFORE = {"fi": "Osallistumishakemukset: ", "sv": "Deltagaransökningar: ", "en": "Applications: "}


def panel_title(title: Text) -> Text:
    """Return the round's title for a challenge's title."""
    return {language: _BEFORE[language] + pick(title, language) for language in LANGUAGES}
