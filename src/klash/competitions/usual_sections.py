"""The sections that a proposal has unless the organiser defines others."""

from typing import Any

USUAL: tuple[dict[str, Any], ...] = (
    {
        "code": "solution", "soft_words": 600, "hard_words": 1200, "carries": "idea",
        "heading": {"fi": "Ratkaisu", "sv": "Lösning", "en": "Solution"},
        "help": {
            "fi": "Mitä ehdotatte, kenelle, ja miten ratkaisu toimii arjessa? Kuvatkaa se niin, että myös alaa tuntematon ymmärtää.",
            "sv": "Vad föreslår ni, för vem, och hur fungerar lösningen i vardagen? Beskriv den så att även den som inte känner branschen förstår.",
            "en": "What do you propose, for whom, and how does it work in everyday life? Describe it so that one who does not know the field understands it.",
        },
    },
    {
        "code": "impact", "soft_words": 400, "hard_words": 800,
        "heading": {"fi": "Vaikuttavuus", "sv": "Effekt", "en": "Impact"},
        "help": {
            "fi": "Mikä muuttuu asukkaille ja kunnalle, kuinka paljon, ja mistä muutoksen huomaa? Kertokaa, mihin arvionne perustuu.",
            "sv": "Vad förändras för invånarna och kommunen, hur mycket, och hur märks förändringen? Berätta vad er bedömning grundar sig på.",
            "en": "What changes for the residents and for the municipality, how much, and how will it be noticed? Tell what you base this on.",
        },
    },
    {
        "code": "novelty", "soft_words": 300, "hard_words": 600,
        "heading": {"fi": "Innovatiivisuus", "sv": "Innovativitet", "en": "Innovativeness"},
        "help": {
            "fi": "Mitä tässä tehdään uudella tavalla, ja mitä muut ovat kokeilleet aiemmin?",
            "sv": "Vad görs här på ett nytt sätt, och vad har andra prövat tidigare?",
            "en": "What is done in a new way here, and what have others tried before?",
        },
    },
    {
        "code": "spreading", "soft_words": 400, "hard_words": 800,
        "heading": {"fi": "Skaalautuvuus", "sv": "Skalbarhet", "en": "Scalability"},
        "help": {
            "fi": "Miten toinen kunta ottaa ratkaisun käyttöön: mitä se tarvitsee, mitä se maksaa, mikä voi olla esteenä?",
            "sv": "Hur tar en annan kommun lösningen i bruk: vad behöver den, vad kostar det, vad kan stå i vägen?",
            "en": "How does another municipality take the solution into use: what does it need, what does it cost, what may stand in the way?",
        },
    },
)
