"""The words of the panels' rounds, as they are frozen into entries."""

from collections.abc import Sequence

from klash.core.fields import LANGUAGES, Text
from klash.core.show import pick
from klash.rules.knowhow import Need

PANEL_INTRO = {
    "fi": "Arvioi hakemukset. Tiimit valitaan osaamisensa perusteella, joten nimet näkyvät.",
    "sv": "Bedöm ansökningarna. Teamen väljs utifrån sitt kunnande, så namnen syns.",
    "en": "Score the applications. Teams are chosen for what they know, so names are shown.",
}
SUMMARY_HEADING = {"fi": "Tiimi kahdella virkkeellä", "sv": "Teamet i två meningar", "en": "The team in two sentences"}
MIX_HEADING = {
    "fi": "Mitä haaste tarvitsee ja mitä tiimissä on", "sv": "Vad utmaningen behöver och vad teamet har",
    "en": "What the challenge needs and what the team has",
}
_HAS = {"fi": "Tiimissä on: ", "sv": "I teamet finns: ", "en": "In the team: "}
_LACKS = {"fi": "Tiimistä puuttuu: ", "sv": "I teamet saknas: ", "en": "Not in the team: "}
_BEFORE = {"fi": "Osallistumishakemukset: ", "sv": "Deltagaransökningar: ", "en": "Applications: "}


def mix_in_words(mix: Sequence[Need], language: str) -> str:
    """Return what a team has and lacks of what its challenge needs, as an entry tells it: without a name."""
    has = [f"{pick(need.name, language)} ({need.holders})" for need in mix if need.holders]
    lacks = [pick(need.name, language) for need in mix if not need.holders]
    lines = [(_HAS, has), (_LACKS, lacks)]
    return "\n\n".join(f"{words[language]}{', '.join(names)}." for words, names in lines if names)


def panel_title(title: Text) -> Text:
    """Return the round's title for a challenge's title."""
    return {language: _BEFORE[language] + pick(title, language) for language in LANGUAGES}
