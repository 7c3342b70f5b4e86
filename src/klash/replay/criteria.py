"""Meanings and bands of the criteria. Only the definition of suitability is known; the others are written for the rehearsal and say so."""

from typing import Any

from klash.core.fields import Text


def _band(first: int, last: int, fi: str, sv: str, en: str) -> dict[str, Any]:
    return {"from": first, "to": last, "text": {"fi": fi, "sv": sv, "en": en}}


def _three(low: tuple[str, str, str], middle: tuple[str, str, str], high: tuple[str, str, str], *, is_inferred: bool = True) -> list[dict[str, Any]]:
    return [{**band, "is_inferred": is_inferred} for band in (_band(0, 3, *low), _band(4, 6, *middle), _band(7, 10, *high))]


MEANINGS: dict[str, tuple[Text, list[dict[str, Any]]]] = {
    "suitability": (
        {"fi": "Valmista ratkaisua ei ole, ja ongelman voi ratkaista usealla tavalla noin 18 kuukaudessa.",
         "sv": "Det finns ingen färdig lösning, och problemet kan lösas på flera sätt inom cirka 18 månader.",
         "en": "There is no ready solution, and the problem can be solved in several ways within about 18 months."},
        _three(
            ("Täyttää hyvän haasteen tuntomerkit heikosti ja on vaikea ymmärtää.", "Uppfyller kännetecknen för en bra utmaning dåligt och är svår att förstå.",
             "Meets the marks of a good challenge poorly and is hard to understand."),
            ("Täyttää useimmat tuntomerkit, mutta sanamuodossa on aukkoja.", "Uppfyller de flesta kännetecknen, men formuleringen har luckor.",
             "Meets most of the marks; the wording has gaps."),
            ("Täyttää kaikki tuntomerkit ja on selvästi ymmärrettävä.", "Uppfyller alla kännetecken och är lätt att förstå.", "Meets all the marks and is clearly understood."),
            is_inferred=False,
        ),
    ),
    "impact": (
        {"fi": "Kuinka paljon asukkaiden elämä tai kunnan toiminta paranisi.", "sv": "Hur mycket invånarnas vardag eller kommunens verksamhet skulle förbättras.",
         "en": "How much residents’ lives or the municipality’s work would improve."},
        _three(
            ("Hyöty on pieni tai perusteluja ei ole.", "Nyttan är liten eller saknar motivering.", "The benefit is small or not argued."),
            ("Hyöty on selvä mutta rajallinen tai vaikea mitata.", "Nyttan är tydlig men begränsad eller svår att mäta.", "The benefit is clear but limited or hard to measure."),
            ("Hyöty on suuri, uskottavasti perusteltu ja mitattavissa.", "Nyttan är stor, trovärdigt motiverad och mätbar.", "The benefit is great, credibly argued and measurable."),
        ),
    ),
    "innovativeness": (
        {"fi": "Kuinka uusi ratkaisu on verrattuna siihen, mitä kunnissa jo tehdään.", "sv": "Hur ny lösningen är jämfört med det som kommunerna redan gör.",
         "en": "How new the solution is compared with what municipalities already do."},
        _three(
            ("Ratkaisu on jo tavallinen.", "Lösningen är redan vanlig.", "The solution is already common."),
            ("Ratkaisussa on uutta, mutta pääosa siitä on koeteltua muualla.", "Lösningen har något nytt, men det mesta är beprövat på annat håll.",
             "Something is new, but most of it has been tried elsewhere."),
            ("Ratkaisu on aidosti uusi tai yhdistää tunnettua uudella tavalla.", "Lösningen är genuint ny eller förenar det kända på ett nytt sätt.",
             "The solution is truly new or joins known things in a new way."),
        ),
    ),
    "scalability": (
        {"fi": "Kuinka hyvin ratkaisu sopii muihin kuntiin.", "sv": "Hur väl lösningen passar andra kommuner.", "en": "How well the solution suits other municipalities."},
        _three(
            ("Sopii vain yhteen kuntaan.", "Passar bara en kommun.", "Suits one municipality only."),
            ("Sopii muuallekin, mutta vaatii työtä kunnittain.", "Passar också på andra håll men kräver arbete i varje kommun.", "Suits others but needs work in each."),
            ("Kunta voi ottaa käyttöön pienellä työllä.", "En kommun kan ta den i bruk med litet arbete.", "A municipality can take it into use with little work."),
        ),
    ),
    "commitment": (
        {"fi": "Kuinka kunta on sitoutunut ratkaisun kokeilemiseen.", "sv": "Hur kommunen har förbundit sig att pröva lösningen.", "en": "How committed the municipality is to trying the solution."},
        _three(
            ("Sitoutumista ei ole kuvattu.", "Engagemanget beskrivs inte.", "Commitment is not described."),
            ("Vastuuhenkilö on nimetty, mutta aikaa ei ole varattu.", "En ansvarig är utsedd, men ingen tid är avsatt.", "A person is named, but no time is set aside."),
            ("Vastuuhenkilö, aika ja johdon tuki ovat olemassa.", "Ansvarig person, tid och ledningens stöd finns.", "Person, time and leadership’s support are there."),
        ),
    ),
    "many_sided_know_how": (
        {"fi": "Kuinka hyvin tiimin osaaminen kattaa sen, mitä haaste vaatii.", "sv": "Hur väl teamets kunnande täcker det som utmaningen kräver.",
         "en": "How well the team’s knowledge covers what the challenge needs."},
        _three(
            ("Tärkeää osaamista puuttuu.", "Viktigt kunnande saknas.", "Important knowledge is missing."),
            ("Pääosa osaamisesta on koossa.", "Det mesta av kunnandet finns.", "Most of the knowledge is there."),
            ("Osaaminen on monipuolista, ja jäsenet täydentävät toisiaan.", "Kunnandet är mångsidigt, och medlemmarna kompletterar varandra.", "The knowledge is many-sided, and the members complement each other."),
        ),
    ),
}


def announced(criteria: list[tuple[str, Text, int]]) -> list[dict[str, Any]]:
    """Return the criteria in the form in which they are announced; without known weights all weigh the same, and the first takes the rest.

    criteria: code, name, weight or 0.
    """
    share, rest = divmod(100, len(criteria))
    found = []
    for i, (code, name, weight) in enumerate(criteria):
        meaning, bands = MEANINGS.get(code, MEANINGS["impact"])
        capital = {language: text[:1].upper() + text[1:] for language, text in name.items()}
        found.append({
            "code": code, "name": capital, "meaning": meaning, "weight": weight or share + (rest if i == 0 else 0), "scale_min": 0, "scale_max": 10, "bands": bands,
        })
    return found
