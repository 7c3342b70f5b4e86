"""The grounds for exclusion that each person and each organisation of a team confirms not to be met, as data.

Source: act on public procurement and concession contracts (1397/2016), sections 80 and 81, in plain words. A change of a word is a new version.
"""

from collections.abc import Mapping

VERSION = 1
GROUNDS: tuple[Mapping[str, str], ...] = (
    {
        "fi": "Minua tai organisaatiota ei ole tuomittu lainvoimaisesti rikoksesta, joka hankintalain mukaan sulkee pois kilpailusta (80 §).",
        "sv": "Jag eller organisationen har inte genom lagakraftvunnen dom dömts för ett brott som enligt upphandlingslagen leder till uteslutning (80 §).",
        "en": "Neither I nor the organisation has been finally convicted of an offence that excludes from a contest under the procurement act (section 80).",
    },
    {
        "fi": "Verot ja sosiaaliturvamaksut on maksettu, tai niiden maksamisesta on sovittu (80 §).",
        "sv": "Skatter och socialförsäkringsavgifter är betalda, eller betalningen av dem är överenskommen (80 §).",
        "en": "Taxes and social security contributions are paid, or their payment is agreed on (section 80).",
    },
    {
        "fi": "Organisaatio ei ole konkurssissa eikä lopettamassa toimintaansa (81 §).",
        "sv": "Organisationen är inte i konkurs och håller inte på att avveckla sin verksamhet (81 §).",
        "en": "The organisation is not bankrupt and is not winding up its activities (section 81).",
    },
    {
        "fi": "Ammattitoiminnassa ei ole tehty vakavaa virhettä, joka asettaisi luotettavuuden kyseenalaiseksi (81 §).",
        "sv": "I yrkesutövningen har inte begåtts något allvarligt fel som skulle ifrågasätta tillförlitligheten (81 §).",
        "en": "There has been no grave professional misconduct that would put reliability in question (section 81).",
    },
    {
        "fi": "Kilpailun tuloksesta ei ole sovittu muiden osallistujien kanssa (81 §).",
        "sv": "Tävlingens resultat är inte avtalat med andra deltagare (81 §).",
        "en": "The outcome of the contest has not been agreed on with other participants (section 81).",
    },
    {
        "fi": "Annetut tiedot ovat oikeita, ja muutoksista kerrotaan järjestäjälle (81 §).",
        "sv": "De uppgifter som lämnats är riktiga, och arrangören får veta om de ändras (81 §).",
        "en": "What has been told is correct, and the organiser is told of changes (section 81).",
    },
)
