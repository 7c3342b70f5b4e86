"""The neutral words that stand where something identified its writer, in the language of the text."""

from klash.algo.leaks.findings import Kind

# The text's language decides, not the reader's; so these are no interface texts.
_OWN = {
    "fi": {Kind.PERSON: "jäsen", Kind.ORGANISATION: "organisaatio", Kind.DOMAIN: "verkkosivusto", Kind.BRAND: "brändi", Kind.PRODUCT: "tuote"},
    "sv": {Kind.PERSON: "medlem", Kind.ORGANISATION: "organisation", Kind.DOMAIN: "webbplats", Kind.BRAND: "varumärke", Kind.PRODUCT: "produkt"},
    "en": {Kind.PERSON: "member", Kind.ORGANISATION: "organisation", Kind.DOMAIN: "website", Kind.BRAND: "brand", Kind.PRODUCT: "product"},
}
_OTHERS = {
    "fi": {
        Kind.PERSON: "henkilö", Kind.ORGANISATION: "organisaatio", Kind.EMAIL: "sähköpostiosoite", Kind.URL: "verkko-osoite", Kind.PHONE: "puhelinnumero",
        Kind.BUSINESS_ID: "Y-tunnus", Kind.PERSONAL_ID: "henkilötunnus", Kind.IBAN: "tilinumero", Kind.HANDLE: "käyttäjätunnus", Kind.ADDRESS: "katuosoite",
        Kind.POSTCODE: "postinumero ja -toimipaikka",
    },
    "sv": {
        Kind.PERSON: "person", Kind.ORGANISATION: "organisation", Kind.EMAIL: "e-postadress", Kind.URL: "webbadress", Kind.PHONE: "telefonnummer",
        Kind.BUSINESS_ID: "FO-nummer", Kind.PERSONAL_ID: "personbeteckning", Kind.IBAN: "kontonummer", Kind.HANDLE: "användarnamn", Kind.ADDRESS: "gatuadress",
        Kind.POSTCODE: "postnummer och postanstalt",
    },
    "en": {
        Kind.PERSON: "person", Kind.ORGANISATION: "organisation", Kind.EMAIL: "e-mail address", Kind.URL: "web address", Kind.PHONE: "telephone number",
        Kind.BUSINESS_ID: "business ID", Kind.PERSONAL_ID: "personal identity code", Kind.IBAN: "account number", Kind.HANDLE: "user name",
        Kind.ADDRESS: "street address", Kind.POSTCODE: "postcode and town",
    },
}  # fmt: skip
LANGUAGES = tuple(_OWN)


def neutral(kind: Kind, language: str, number: int | None = None) -> str:
    """Return the word for a kind: "[jäsen 2]" for the team's second member, "[henkilö]" for anybody else. language: fi, sv or en."""
    return f"[{_OTHERS[language][kind]}]" if number is None else f"[{_OWN[language][kind]} {number}]"
