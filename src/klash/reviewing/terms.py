"""The terms of secrecy that a round carries unless its organiser writes others."""

from klash.core.fields import Text

STANDARD: Text = {
    "fi": (
        "Pidän salassa kaiken, mitä tässä arvioinnissa luen ja kuulen, myös arvioinnin päätyttyä.\n"
        "Arvioin yksin siihen asti, kunnes kaikki ovat jättäneet arvionsa.\n"
        "Ilmoitan heti, jos olen esteellinen tai jos epäilen sitä.\n"
        "En kopioi aineistoa enkä syötä sitä palveluihin, joista se voi päätyä muille."
    ),
    "sv": (
        "Jag hemlighåller allt som jag läser och hör i denna bedömning, också efter att bedömningen har avslutats.\n"
        "Jag bedömer ensam tills alla har lämnat sin bedömning.\n"
        "Jag meddelar genast om jag är jävig eller misstänker att jag är det.\n"
        "Jag kopierar inte materialet och matar inte in det i tjänster från vilka det kan komma andra till del."
    ),
    "en": (
        "I keep secret all that I read and hear in this review, also after it has ended.\n"
        "I judge alone until everyone has submitted.\n"
        "I say at once if I have a conflict of interest or suspect one.\n"
        "I do not copy the material, nor feed it to services from which it may reach others."
    ),
}
