"""Municipal subjects in Finnish, Swedish and English, so that texts on one matter meet across languages.

A row is a subject: stems of its words in the three languages, apart by `/`. A stem stands at the beginning of a word; one of five letters or more
also inside a compound. No stem spans two words.
"""

import re
from collections.abc import Sequence

from ._vectors import Space, words

INSIDE = 5  # signs of a stem that is looked for inside a word, too

_ROWS = """
koulu peruskoul alakoul yläkoul / skola skolor skolan grundskol lågstadi högstadi / school
oppila opiskelij / elev studerand studeran / pupil student
opettaj opetus opetta / lärare undervis / teach
lukio / gymnasi / gymnasium
ammattikoulu ammatillis ammattiopis / yrkesskol yrkesutbild yrkesinsti / vocational
varhaiskasvat päiväkot päivähoi esikoul / småbarnspeda daghem dagvård förskol / kindergarten daycare
lapsi lapse lasten lapsia / barn / child
nuori nuore nuorten nuoria nuoriso / ung unga ungdom / young youth
perhe perheit vanhemp / familj föräldr / famil parent
ikäänty ikäihm vanhus vanhuk eläkelä seniori / äldre åldring pensionär senior / elderly older pension
kotihoi kotipalv / hemvård hemtjänst hemservice / homecare
omaisho / närstående anhörigvård / carer
palveluasum hoivakot vanhainkot / servicebo äldreboende vårdhem / nursing
terveys tervey terveydenh / hälsa hälso / health
lääkär sairaal sairaa potila / läkare sjukhus sjuk patient / doctor hospital patient
mielentervey masen / psykisk depress mental / mental
päihde päihte huume / missbruk drog rusmedel / drug addict
hyvinvoin / välfärd välbefinn välmåend / wellbeing welfare
liikunt urheil ulkoil / motion idrott fritidsmotion friluft / exercise sport
syrjäyty / marginaliser utslag utanförskap / marginal exclu
yksinäi / ensam ensligh / lone
osallis osallistu vaikuttam kuulem / delaktig delta medverk påverk / particip involve
demokrat äänest valtuust päätöks / demokrat röst fullmäktig beslut / democra vote council decision
asukka asukas kuntalai kylälä / invånar kommuninvån byabor / resident inhabitant
yhteisö yhdisty järjestö / samfund förening organisation / communit association
vapaaehtoi talkoo / frivillig volontär talko / volunt
maahanmuut pakolais turvapaik kotout kotoutu / invandr flykting asylsök integration / immigra refugee
monikulttuu kielitai kielivähem kieli kielen / mångkultur språkkun språk / multicult language
ruotsinkiel kaksikiel / svenskspråk tvåspråk / swedish bilingual
joukkoliiken bussi linja / kollektivtrafik buss / transport buses transit
juna rautati raide / tåg järnväg spår / train railway
kyyti kyydit kyyde kuljetu taksi kutsuliiken / skjuts transport taxi anropstrafik färdtjänst / ride lift taxi
liikkumi liikenne liikkuv / rörlighet trafik rörelse / mobility traffic
haja harvaan harvaanasu syrjäky / glesbygd glest byb gles / sparsely rural
kylä kylät kylien maaseu / byar byn landsbygd / village countryside
keskusta taajam / centrum tätort / centre center town
saarist saari saaret saaren / skärgård öar holme / archipelago island
yhteysalu lautta lossi / förbindelsefart färja / ferry
pyöräi pyörät polkupyör / cykel cyklis cykling / cycl bicycl
kävely jalankul / gångtrafik fotgäng promenad / walk pedestrian
pysäköi parkki / parker / parking
sähköauto lataus latausp / elbil laddning / charging
tiet teiden tiestö yksityisti katu kadut katujen / vägar vägen vägnät gata gator / road street
lumi lumen aurau liukka / snö plogning halk / snow plough
turvallis vaara onnettom / säker trygg olyck fara / safe danger accident
asunto asunno asumi asuntoj vuokra / bostad bostäder boende hyresbo / housing dwelling home
tyhjä tyhjät tyhjän tyhjill / tom tomma tomt står tom / empty vacant
tila tilat tilojen toimitil kiinteist rakennus rakennuk / lokal utrymme fastighet byggnad / premises building property
sisäilma home kosteus / inomhusluft mögel fukt / indoor mould
korjau remont kunnossapi / renover reparation underhåll / repair renovat maintenance
rakentam rakenna / bygga byggande / construct
kaavoi kaava maankäyt / planlägg detaljplan markanvänd / zoning
puisto viheral luonto luonnon / park grönområd natur / park green nature
metsä metsien / skog / forest
ilmasto hiilineutr päästö hiili / klimat koldioxid utsläpp kolneutr / climate carbon emission
energia sähkö lämmit lämpö aurinko / energi värme uppvärm elektric solen / energy heat solar electric
öljy öljyll / olja olje / oil
jäte jättei kierrä kierto roskaa roska / avfall återvinn kretslopp cirkul skräp / waste recycl circular litter
vesi veden vesist järvi järven jätevesi hulevesi / vatten sjö avlopp dagvatten / water lake sewage
meri meren itämer rehevöi / hav havet östersjö övergöd / sea baltic eutroph
ruoka ruuan ruoan ruokai kouluruok hävikki / mat måltid livsmedel matsvinn / food meal
lähiruo maatal maatil viljeli / närmat jordbruk lantbruk odla / farm agricult
yritys yrityk yrittäj elinkein / företag näringsliv / compan business entrepreneur
työvoim työnteki rekryto työntekij / arbetskraft rekryter arbetstag / labour workforce recruit
työttöm työllis työllisty / arbetslös sysselsätt / unemploy employ
työpaik etätyö / arbetsplats distansarb jobb / workplace job
osaami koulutu kurssi / kompetens kunnande utbildn kurs / skill training course
digi verkkopalv sähköisi sähköinen / digital webbtjänst elektronisk / digital online
tietoturv tietosuo / datasäker dataskydd / cyber privacy
tieto tiedon datan data avoin / data uppgifter information öppna / data information
tekoäly robotti automaat / artificiell intell robot automat / artificial intelligence robot automat
verkko laajakais valokuit yhteydet / bredband fiber nät uppkoppl / broadband network connection
puhelin mobiili sovellu / telefon mobil app / phone mobile app
neuvonta asiakaspal palvelupis / rådgivning kundtjänst servicepunkt / advice customer
viestin tiedottam tiedotu / kommunikat information inform / communicat
kirjasto kirjastoi / bibliotek / librar
kulttuuri taide museo teatteri konsert / kultur konst musei teater konsert / culture art museum theatre
tapahtum festivaal / evenemang festival / event festival
matkail turisti loma / turism turist resenär semester / touris travel holiday
harrastu harrastam vapaa / hobby fritid / hobby leisure
kesämök mökki / stuga sommarstug fritidsbo fritidshus / cottage
hankin kilpailu tarjousp / upphandl konkurrensutsätt anbud / procure tender
talous talouden budjetti säästö kustannu raha / ekonomi budget besparing kostnad pengar / econom budget saving cost money
vero verot verotulo / skatt skatteint / tax
väestö väkiluku muuttoli muuttotap / befolkn flyttn folkmängd / population migration
kuntaliit yhteistyö naapurikun / kommunsammanslag samarbet grannkommun / merger cooperat neighbour
esteettöm vammais vammai / tillgänglig funktionsned handikapp / accessib disab
köyhyys toimeentul pienituloi velka / fattigdom utkomst låginkomst skuld / poverty debt
kiusaami väkival rikos ilkival / mobbning våld brott skadegör / bullying violence crime vandal
eläin koira / djur hund / animal dog
pelastus varautum kriisi huoltovar / räddning beredskap kris försörjningsb / rescue prepared crisis
lähipalv kauppa kaupat kyläkaup / närservice butik affär bybutik / shop
posti paketti jakelu / post paket utdelning / mail parcel delivery
leikkipui leikki leikkipai / lekpark lekplats lek / playground play
uimahal uimaranta uima / simhall badstrand simning / swimming beach
hautaus seurakun kirkko / begravning församling kyrka / cemetery parish church
melu melun ilmanlaat hiukka / buller luftkval partikl / noise air quality
terveyskes neuvola suunhoi hammas / hälsocentral rådgivningsbyrå tandvård / clinic dental
jono jonot odotusai / kö köer väntetid / queue waiting
hakemu lupa luvat lupien / ansök tillstånd lov / application permit
johtami henkilös työhyvin / ledarskap personal arbetshälsa / manage staff
"""


def _stems() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _ROWS.strip().splitlines():
        name = row.split()[0]
        for language in row.split("/"):
            for stem in language.split():
                found.setdefault(stem, name)
    return found


_SUBJECT_OF = _stems()
_BY_LENGTH = sorted(_SUBJECT_OF, key=len, reverse=True)
_AT_START = re.compile("|".join(_BY_LENGTH))
_INSIDE = re.compile("(?=(" + "|".join(stem for stem in _BY_LENGTH if len(stem) >= INSIDE) + "))")


def subjects_of_word(word: str) -> list[str]:
    """Return the subjects of a word in lower case, those of the parts of a compound too, each by the first stem of its row."""
    start = _AT_START.match(word)
    return [_SUBJECT_OF[stem] for stem in ([start[0]] if start else []) + [found[1] for found in _INSIDE.finditer(word, 1)]]


def subjects_of(texts: Sequence[str]) -> Space:
    """Return the space of the subjects of texts."""
    return Space(texts, words, subjects_of_word)
