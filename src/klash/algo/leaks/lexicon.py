"""Short lists that the search leans on: given names, marks of surnames and organisations, titles, ordinary words with a capital."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# As in running text, but small.
LEGAL_FORMS = _words(
    """
    oy ab oyj abp ky tmi osk ay kb ry rf oü ltd inc llc gmbh plc corp co hb ek.för säätiö stiftelse osuuskunta
    """
)
PARTICLES = _words("von af de la van der den del di da du le av ter bin ibn")
GENERIC = _words(
    """
    suomen suomi finland finnish nordic pohjois etela ita lansi kunta kunnan kylan kyla kaupunki palvelu palvelut palveluiden ratkaisu ratkaisut
    konsultointi consulting consultants solutions services service group holding design digital digi studio media software systems technologies technology
    tech labs partners partner yhdistys yhtiot yritys yritykset osuuskunta saatio stiftelse forening foreningen tjanster kommun liikenne kuljetus
    kuljetukset hoiva kehitys suunnittelu toimisto insinooritoimisto arkkitehdit tutkimus koulutus innovation innovations international global smart green
    future health care mobility transport logistics energia energy rakennus rakennuspalvelu taksi taxi bussi matka matkat tiimi team https http www mail
    gmail hotmail outlook info app
    """
)
# Two or three capitals that are ordinary words of proposals; a person's initials are not looked for where they are one of these.
ABBREVIATIONS = _words(
    """
    AB AI AKT ALV AMK API BKT CE CO CV DI EEC EN EU FI FM FO GPS HR HSL HTML HTTP ICT ID IOT IP IPR IT KELA KL KPI KTM LED LVM MAAS MM MVP NGO NLP NY OECD
    OK OM OKM OP OY PC PDF PK PR QA QR RFID RY SAAS SDG SM SMS SOTE SQL STM SV TE TEM THL TKI TV UI UK UN URL US UX VAT VM VR WC WWW XML YH YK YM YT
    """
)

GIVEN = _words(
    """
    aada aaro aarne aapo aatu aki aila aimo aino airi aku aleksi aleksanteri allan anders anita anja anna anne anneli annika anniina ansa anssi anton antti
    anu ari arja armas arto arttu arvo asko atte aulis auli auri benjamin birgitta eeli eelis eemeli eemil eero eetu eeva eija eila eino eira elias eliel
    elina elisa elli ellen elma elsa elviira emilia emma emmi enni ensio erik erika erkki ernesti esa esko essi ester eveliina fanni frans hanna hannele
    hannes hannu harri heidi heikki heimo heini helena heli helka helmi helvi henna henni henri henrik henriikka hilja hilkka hilma iida iikka iina iiris
    iiro iivari ilkka ilmari ilona ilpo ilta inari inka inkeri irene irja irma isto ismo iris irmeli jaakko jaana jalmari jani janika janina janita janna
    janne jari jarkko jarmo jarno jasmin jenna jenni jere jesse jiri joel johanna johannes joni jonna jonne joona joonas joonatan jooseppi jorma josefiina
    jouko jouni juha juhana juhani juho jukka julia juliaana julius jussi justiina juuso jyri jyrki kaapo kaarina kaarlo kai kaija kaino kaisa kaisla
    kalervo kalevi kalle kari karoliina kasper kasperi katariina kati katja katri katriina kauko keijo kerttu kimi kimmo kirsi kirsikka kirsti klaus krista
    kristian kristiina kyllikki kyosti laila lari lasse laura lauri lea leena leevi leila leo liisa lilja linnea lotta lumi luukas maarit maija maiju maire
    maisa manu marianne marika marianna maria mari marita marja marjatta marjo marjut markku marko markus martta martti matias matleena matti mauno mauri
    meeri mervi merja mia mika mikael mikko milja milla mimosa minea minna minttu mira mirja mirjami mirka miro moona nea nelli nestori niina niilo niklas
    niko noora oiva olavi oliver olivia olli oona orvokki osmo oskari ossi otso otto outi paavo paivi pasi paula pauliina pekka pentti perttu pertti petra
    petri petteri piia pinja pirjo pirkko pyry raija raila raili raimo raine rami rasmus rauha rauno reeta reetta reijo reino riikka riina riitta risto
    ritva ronja roni roope roosa saara saija saila sakari saku salla salli sami samu samuel samuli sandra sanelma sanna sanni santeri santtu sari satu seija
    seppo siiri simo sini sinikka sirkka sirpa sisko sofia sohvi sointu soile sonja suvi susanna sylvi taina taisto tanja tapani tapio taru tarja tarmo tatu
    teemu teija tenho teppo terhi tero tertta terttu teuvo tiia tiina timi timo toini toivo tommi toni topi topias touko tuija tuire tuomas tuomo tuukka
    tuula tuulikki tyyne tytti ulla unto urho urpo usko valtteri valto vappu vaino veera veijo veikko veli venla vera verneri vesa viivi vilho vili vilja
    viljami viljo vilma ville vilppu virpi virva voitto agneta albin alexandra alfred alice alva amanda andreas andreea ann annette arvid astrid axel barbro
    bengt berit bernt birgit bjarne bjorn bo boris borje britt camilla carina carita carl carola caroline cecilia charlotte christer christian christina
    christoffer clas claes daniel david dennis ebba edith edvin elin elisabeth emil eva fanny felix filip fredrik frida gabriel gerd gertrud gosta goran
    greta gun gunilla gunnar gunnel gustaf gustav hakan hannah hans harriet hedvig helene henrika hjalmar hugo ida ingeborg inger ingmar ingrid isabella
    jakob jan jenny jens jesper joakim joachim johan john jonas jonathan josefin karin karl karolina katarina kaj kenneth kerstin kjell klara kristin
    kristina kurt lars leif lena lennart linda linn linus lisa lisbeth lovisa ludvig magdalena magnus maja malin margareta margit marie marina martin mats
    matilda matthias michael mikaela moa mona monica nils nina ola olof oscar oskar ove patrik per peter petter pia ragnar rebecka richard rickard robert
    robin roger roland rolf runar sara sebastian signe sigrid simon siv sofie solveig stefan stig stina susanne sven svante sverker tage tobias tom tomas
    tommy tor tore torsten ulf ulrika urban veronica victor viktor vivan walter wilhelm wilma yngve yvonne ake asa osten adam alan alex alexander alison amy
    andrew angela anthony ben brian charles chris claire diana donald edward elizabeth emily eric fatima francis frank george gordon graham harry helen
    henry hugh ian jack james jane jason jennifer jessica jim joe joseph joshua judith karen kate katherine kevin liam louise lucy mark martha mary matthew
    megan mohammed muhammad ahmed ali ivan natalia olga igor dmitri elena nancy neil nicholas nicole pamela patricia patrick paul philip rachel rebecca ryan
    sally sarah scott sean sharon sophie stephen steven susan thomas timothy victoria william
    """
)
# Given names that begin sentences as ordinary words.
ALSO_WORDS = _words(
    """
    anna arvo armas auri elin eija erika esa frank helmi hilja ilta into ilona inari kari kaino kai kaisla lumi lea lilja mark manu martin meri oiva onni
    otso orvokki pasi per pyry rauha salli satu sini sisko sointu suvi taisto tarmo taru toivo tor tuuli tom urho usko valto vappu veli vera vilja voitto
    ola ove moa maja siv linn linda ida stig ann ben joe jan bo ali mona pia mari aatu ansa asko mats gun osten asa ake urban will
    """
)
# How surnames end, folded; the stems of these are looked for in case forms.
SURNAME_ENDS = (
    r"(?:[a-z]{2,}(?:nen|se(?:n|t|lla|lle|lta|ssa|sta|ksi|na|lta)|s(?:ta|ten))"
    r"|[a-z]{2,}(?:sson|ssons|strom|stroms|strand|berg|bergs|qvist|kvist|quist|gren|lund|lunds|holm|holms|stedt|blom|bloms|dahl|dahls|roos|fors|hjelm|stjerna|"
    r"skog|vall|wall|mark|stam|felt|felter|back|backa|nas|sten|dal|man|mans)(?:i[a-z]{1,6})?"
    r"|[a-z]{2,}(?:maki|maen|maelle|maella|niemi|niemen|niemelle|jarvi|jarven|jarvelle|koski|kosken|koskelle|lahti|lahden|lahdelle|ranta|rannan|rannalle|talo|talon|"
    r"talolle|aho|ahon|aholle|ala|alan|alalle|salo|salon|salolle|oja|ojan|ojalle|suo|suon|vuori|vuoren|kangas|kankaan|harju|harjun|luoma|luoman))"
)
ORGANISATION_ENDS = _words(
    """
    yliopisto yliopiston ammattikorkeakoulu ammattikorkeakoulun osuuskunta osuuskunnan säätiö säätiön yhdistys yhdistyksen konsultit konsultointi group
    holding consulting solutions oyj oy ab abp ky tmi ry rf ltd inc gmbh llc oü universitet högskola stiftelse stiftelsen förening föreningen andelslag
    university foundation association institute
    """
)
TITLES = _words(
    """
    toimitusjohtaja toimitusjohtajamme johtaja professori tohtori dosentti arkkitehti diplomi-insinööri projektipäällikkö perustaja perustajamme
    puheenjohtaja tutkija kehittäjä yrittäjä herra rouva neiti insinööri lääkäri maisteri kollegamme jäsenemme tiiminvetäjämme vd verkställande direktör
    professor doktor docent arkitekt grundare grundaren ordförande ordföranden forskare herr fru ingenjör projektledare projektledaren kollega ceo cto mr
    mrs ms miss dr prof founder co-founder chair chairman chairperson director architect engineer researcher colleague
    """
)
# Ordinary words that stand with a capital within sentences.
ORDINARY = _words(
    """
    suomi suomen suomessa suomesta suomeen eurooppa pohjoismaa ruotsi norja tanska viro saksa venäjä ahvenanmaa lappi uusimaa savo karjala häme pohjanmaa
    kainuu satakunta kymenlaakso pirkanmaa keski-suomi itä-suomi länsi-suomi pohjois-suomi etelä-suomi kela traficom valvira thl kuntaliitto sitra tulli
    verohallinto hankintalaki tietosuoja-asetus euro internet excel word powerpoint teams zoom android iphone linux windows google facebook microsoft apple
    finland sverige norge danmark estland tyskland europa norden åland österbotten nyland lappland fpa kommunförbundet skärgården östersjön skandinavien
    sweden norway denmark estonia germany europe finnish swedish english norwegian danish european nordic baltic lapland january february march april may
    june july august september october november december monday tuesday wednesday thursday friday saturday sunday christmas easter parliament government
    ministry north south east west northern southern eastern western lake sea gulf bay river island islands archipelago appendix annex chapter section table
    figure public university association institute centre municipality municipalities council city region union act directive regulation i i'm i'd i'll gdpr
    covid bluetooth wifi joulu pääsiäinen juhannus itämeri jäämeri pohjanlahti suomenlahti saimaa päijänne klash haaste challenge kommun kommunen kunta
    kaupunki
    """
)
