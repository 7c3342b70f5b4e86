"""Roles and know-how as data, and what a challenge needs against what a team has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, str]

# What a person does in the team.
ROLES: dict[str, Words] = {
    "coordination": {"fi": "vie työtä eteenpäin", "sv": "för arbetet framåt", "en": "keeps the work going"},
    "software": {"fi": "ohjelmoi", "sv": "programmerar", "en": "writes software"},
    "design": {"fi": "muotoilee palvelun", "sv": "utformar tjänsten", "en": "designs the service"},
    "research": {"fi": "tutkii ja arvioi", "sv": "forskar och utvärderar", "en": "studies and evaluates"},
    "business": {"fi": "rakentaa liiketoiminnan", "sv": "bygger upp verksamheten", "en": "builds the business"},
    "users": {"fi": "tuo käyttäjien äänen", "sv": "för fram användarnas röst", "en": "speaks for the users"},
    "expert": {"fi": "tuntee alan", "sv": "känner branschen", "en": "knows the field"},
    "communication": {"fi": "viestii", "sv": "kommunicerar", "en": "communicates"},
}
KNOW_HOW: dict[str, Words] = {
    "municipal": {"fi": "kunta-ala", "sv": "kommunsektorn", "en": "municipal services"},
    "mobility": {"fi": "liikkuminen ja joukkoliikenne", "sv": "mobilitet och kollektivtrafik", "en": "mobility and public transport"},
    "education": {"fi": "koulutus ja oppiminen", "sv": "utbildning och lärande", "en": "education and learning"},
    "participation": {"fi": "osallisuus ja demokratia", "sv": "delaktighet och demokrati", "en": "participation and democracy"},
    "health": {"fi": "sosiaali- ja terveysala", "sv": "social- och hälsovård", "en": "health and social services"},
    "environment": {"fi": "ympäristö ja energia", "sv": "miljö och energi", "en": "environment and energy"},
    "young": {"fi": "lapset ja nuoret", "sv": "barn och unga", "en": "children and young people"},
    "integration": {"fi": "kotoutuminen ja monikielisyys", "sv": "integration och flerspråkighet", "en": "integration and languages"},
    "rural": {"fi": "maaseutu ja kylät", "sv": "landsbygd och byar", "en": "rural areas and villages"},
    "service_design": {"fi": "palvelumuotoilu", "sv": "tjänstedesign", "en": "service design"},
    "software": {"fi": "ohjelmistokehitys", "sv": "programvaruutveckling", "en": "software development"},
    "data": {"fi": "data ja analytiikka", "sv": "data och analys", "en": "data and analysis"},
    "accessibility": {"fi": "saavutettavuus", "sv": "tillgänglighet", "en": "accessibility"},
    "privacy": {"fi": "tietosuoja ja tietoturva", "sv": "dataskydd och informationssäkerhet", "en": "privacy and security"},
    "procurement": {"fi": "julkiset hankinnat", "sv": "offentlig upphandling", "en": "public procurement"},
    "business": {"fi": "liiketoiminta ja talous", "sv": "affärsverksamhet och ekonomi", "en": "business and finance"},
    "research": {"fi": "tutkimus ja arviointi", "sv": "forskning och utvärdering", "en": "research and evaluation"},
}


@dataclass(frozen=True)
class Need:
    """Something that a challenge needs. holders: how many of the team know it."""

    code: str
    name: Words
    holders: int


def mix(needs: Sequence[tuple[str, Words]], known: Iterable[Collection[str]]) -> tuple[Need, ...]:
    """Return what a challenge needs, in its order, against what a team has.

    needs: (code, name) of each; known: the codes that each member has, whatever they are of.
    """
    people = [set(codes) for codes in known]
    return tuple(Need(code, name, sum(code in codes for codes in people)) for code, name in needs)
