"""Words of code names: four letters, everyday Finnish, none that a team or a place could be known by."""

WORDS: tuple[str, ...] = (
    "AAMU", "AHJO", "AITA", "AITO", "AKKU", "ALKU", "ARKI", "ASIA", "ASTE", "HAKA", "HANA", "HELA", "HIHA", "HILA", "HUVI", "HYMY",
    "IDEA", "ILTA", "ISKU", "JAKO", "JANA", "JOKI", "JUNA", "JYVÄ", "KAJO", "KALA", "KARI", "KASA", "KATU", "KELA", "KELO", "KERO",
    "KERÄ", "KESÄ", "KIDE", "KIVI", "KOHO", "KOJU", "KOLO", "KORI", "KOTA", "KOTI", "KUJA", "KUMU", "KUPU", "KUVA", "KYLÄ", "KYNÄ",
    "KÄPY", "KÄSI", "LAKI", "LANA", "LATO", "LATU", "LAVA", "LEPO", "LOMA", "LUMI", "LUMO", "MAJA", "MERI", "MESI", "MUKI", "MURU",
    "MÄKI", "NAVA", "NIMI", "NIVA", "OHRA", "OKSA", "OLKI", "ONKI", "OPAS", "ORAS", "OSIO", "OTSA", "PAJU", "PATO", "PELI", "PESÄ",
    "PIHA", "PINO", "PITO", "PORO", "PUHE", "PURO", "PYRY", "RAJA", "RAKO", "RATA", "REKI", "RIVI", "RUIS", "RUNO", "SAHA", "SALI",
    "SALO", "SANA", "SARA", "SATO", "SAVU", "SOLA", "SOPU", "SUVI", "SÄDE", "SÄLE", "SÄVY", "TALO", "TAPA", "TASO", "TEKO", "TERÄ",
    "TILA", "TORI", "TUKI", "TULI", "TUPA", "TYVI", "UUNI", "VAHA", "VAKO", "VALO", "VANA", "VENE", "VESI", "VIRE", "VÄRI", "YDIN",
    "ÄÄNI",
)
