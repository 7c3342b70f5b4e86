"""What the form of each stage asks unless the organiser makes another: the questions of the competition that Klash was made for.

Besides these every problem has a title, a theme and a summary, every application the team in two sentences, every proposal a title.
"""

from typing import Any

PROBLEM: tuple[dict[str, Any], ...] = (
    {
        "code": "situation",
        "heading": {"fi": "Mitä tapahtuu", "sv": "Vad som händer", "en": "What happens"},
        "help": {
            "fi": "Mikä on tilanne nyt, kuinka usein ja kuinka paljon? Luvut auttavat raatia.",
            "sv": "Hur är läget nu, hur ofta och hur mycket? Siffror hjälper panelen.",
            "en": "What is the situation now, how often and how much? Figures help the panel.",
        },
    },
    {
        "code": "affected",
        "heading": {"fi": "Ketä ongelma koskee", "sv": "Vem problemet berör", "en": "Whom it touches"},
        "help": {
            "fi": "Kenen arkea ongelma hankaloittaa, ja kuinka monesta ihmisestä on kyse?",
            "sv": "Vems vardag blir svårare, och hur många berörs?",
            "en": "Whose everyday life does it make harder, and how many are they?",
        },
    },
    {
        "code": "tried",
        "heading": {"fi": "Mitä on kokeiltu", "sv": "Vad som har prövats", "en": "What has been tried"},
        "help": {
            "fi": "Mitä kunta on jo tehnyt, ja miksi se ei ole riittänyt?",
            "sv": "Vad har kommunen redan gjort, och varför har det inte räckt?",
            "en": "What has the municipality done already, and why was it not enough?",
        },
    },
    {
        "code": "goal",
        "heading": {"fi": "Mistä näkee, että ongelma on ratkennut", "sv": "Hur man ser att problemet är löst", "en": "How one sees that it is solved"},
        "help": {
            "fi": "Mikä olisi toisin? Kerro tavoite, älä ratkaisua.",
            "sv": "Vad vore annorlunda? Berätta om målet, inte om lösningen.",
            "en": "What would be different? Tell the goal, not the solution.",
        },
    },
    {
        "code": "commitment",
        "heading": {"fi": "Mihin kunta sitoutuu", "sv": "Vad kommunen förbinder sig till", "en": "What the municipality commits itself to"},
        "help": {
            "fi": "Kuka kunnassa vastaa asiasta, ja kuinka paljon työaikaa ja muita voimavaroja kunta antaa siihen? "
            "Tehtävänimike riittää, sillä teksti on julkinen.",
            "sv": "Vem i kommunen ansvarar för saken, och hur mycket arbetstid och andra resurser ger kommunen? "
            "Det räcker med en tjänstebeteckning, eftersom texten är offentlig.",
            "en": "Who in the municipality is responsible, and what time and resources does it give? A job title is enough: the text is public.",
        },
    },
)
APPLICATION: tuple[dict[str, Any], ...] = (
    {
        "code": "know_how",
        "heading": {"fi": "Mitä tiimi osaa", "sv": "Vad teamet kan", "en": "What the team knows"},
        "help": {
            "fi": "Mitä kukin teistä osaa, ja mitä osaatte yhdessä? Kertokaa, mitä olette tehneet aiemmin. 150–300 sanaa riittää.",
            "sv": "Vad kan var och en av er, och vad kan ni tillsammans? Berätta vad ni har gjort tidigare. 150–300 ord räcker.",
            "en": "What can each of you do, and what can you do together? Tell what you have done before. 150–300 words are enough.",
        },
    },
    {
        "code": "idea",
        "heading": {"fi": "Mitä tiimi aikoo", "sv": "Vad teamet tänker göra", "en": "What the team intends"},
        "help": {
            "fi": "Miten alkaisitte ratkaista haastetta? Valmista ratkaisua ei vielä tarvita. 150–300 sanaa riittää.",
            "sv": "Hur skulle ni börja lösa utmaningen? En färdig lösning behövs inte ännu. 150–300 ord räcker.",
            "en": "How would you begin to solve the challenge? A finished solution is not needed yet. 150–300 words are enough.",
        },
    },
    {
        "code": "motivation",
        "heading": {"fi": "Miksi tiimi haluaa mukaan", "sv": "Varför teamet vill delta", "en": "Why the team wants to take part"},
        "help": {
            "fi": "Miksi haaste on juuri teidän, ja miten löydätte sille aikaa? 50–150 sanaa riittää.",
            "sv": "Varför är det här er utmaning, och hur hittar ni tiden? 50–150 ord räcker.",
            "en": "What makes this challenge yours, and how will you find the time? 50–150 words are enough.",
        },
    },
)
PROPOSAL: tuple[dict[str, Any], ...] = (
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
USUAL = {"problem_call": PROBLEM, "team_call": APPLICATION, "proposals": PROPOSAL}
CODES = {stage: tuple(row["code"] for row in rows) for stage, rows in USUAL.items()}
