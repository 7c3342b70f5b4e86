"""What has the form of an address, a number or an account is found, and what only resembles one is not."""

import pytest

from klash.algo.leaks import Kind, OwnNames, scan
from klash.algo.leaks.checks import is_business_id, is_iban, is_luhn, is_personal_id

FITS = {
    Kind.EMAIL: [
        "matti.virtanen@kyyti.fi", "matti(at)kyyti.fi", "matti [at] kyyti [dot] fi", "matti at kyyti.fi", "matti ät kyyti.fi", "matti(ät)kyyti.fi",
        "m+kyyti@mail.kyyti.co.uk", "MATTI@KYYTI.FI", "matti＠kyyti.fi", "matti{at}kyyti.fi", "åsa@öhman.fi", "matti (at) kyyti piste fi", "m_v-1@x.org",
        "matti\u200b@kyyti.fi",
    ],
    Kind.URL: [
        "https://kyyti.fi/a?b=c#d", "http://www.kyyti.fi", "www.kyyti.fi", "kyyti.fi", "tuote.kyyti.com/hinta", "kyyti(.)fi", "kyyti.app", "hxxps://kyyti.fi",
        "linkedin.com/in/matti-virtanen", "youtu.be.com", "bygdehjälpen.ax",
    ],
    Kind.PHONE: [
        "040 123 4567", "0401234567", "040-1234567", "+358 40 123 4567", "+358401234567", "+358 (0)40 123 4567", "00358 40 1234567", "(09) 123 4567",
        "09-123 45 67", "+46 70 123 45 67", "070-123 45 67", "+44 20 7946 0958", "+1 (212) 555-0123", "212-555-0123", "puh. 123 4567", "tfn: 12345",
        "358 40 123 4567", "040.123.4567", "０４０ １２３ ４５６７", "018 12 345",
    ],
    Kind.BUSINESS_ID: ["0112038-9", "1572860-0", "FI01120389", "FI 15728600", "0112038 – 9", "Y-tunnus: 01120389", "112038-9", "556036-0793"],
    Kind.PERSONAL_ID: ["131052-308T", "131052–308t", "131052Y308T", "131052X308T", "131052U308T", "010100A900F", "131052 -308T"],
    Kind.IBAN: [
        "FI21 1234 5600 0007 85", "FI2112345600000785", "fi21 1234 5600 0007 85", "SE45 5000 0000 0583 9825 7466", "DE89 3704 0044 0532 0130 00",
        "GB29 NWBK 6016 1331 9268 19", "EE38 2200 2210 2014 5685", "NO93 8601 1117 947", "DK50 0040 0440 1162 43",
    ],
    Kind.HANDLE: ["@matti_v", "@kyyti.fi_tiimi", "Instagram: kyytitiimi", "@matti@mastodon.social", "GitHub: matti-v"],
    Kind.ADDRESS: [
        "Mannerheimintie 5 A 12", "Iso Roobertinkatu 5", "Hämeenkadulla 12", "Rantakuja 3 b", "Runebergin esplanadi 4", "Storgatan 5", "Norra Esplanaden 12",
        "Strandvägen 7 B", "Prästgränden 3", "12 Main Street", "221B Baker Street", "PL 123", "PB 12", "P.O. Box 99", "hämeenkatu 12", "Kauppatori 1",
        "Kirkkopolku 14:ssä",
    ],
    Kind.POSTCODE: ["80100 Joensuu", "FI-80100 Joensuu", "AX-22100 Mariehamn", "SE-113 51 Stockholm"],
}  # fmt: skip
RESEMBLES = [
    "1.3.2027", "01.03.2027", "2027-03-01", "08.00–16.00", "18.00-20.00", "1 200 kilometriä", "45 000 euroa", "1572860-1", "1234567-8", "131052-308U", "320152-308T",
    "FI21 1234 5600 0007 86", "valtatie 5", "Valtatie 5", "Kantatie 62", "a @ b", "12 euroa", "§ 12", "0,5–0,7", "ks. luku 3.2", "12345", "040", "5 A", "esim. ja",
    "2019-2020", "100 000 000 000", "Riksväg 25", "Vaihe 2",
]  # fmt: skip


def patterns(text):
    return scan(text, language="fi", own=OwnNames(), allow=frozenset())


@pytest.mark.parametrize(("kind", "form"), [(kind, form) for kind, forms in FITS.items() for form in forms])
def test_what_fits(kind, form):
    text = f"ja tämä: {form}, sekä muuta"
    found = [finding for finding in patterns(text) if finding.kind == kind]
    assert any(finding.start == 9 and finding.end >= 9 + len(form.rstrip(")")) for finding in found)


@pytest.mark.parametrize("text", RESEMBLES)
def test_what_only_resembles(text):
    assert [finding for finding in patterns(f"noin {text} ja") if finding.layer == "pattern"] == []


def test_account_number_ends_with_its_length():
    (finding,) = patterns("FI21 1234 5600 0007 85 on tilimme")
    assert (finding.start, finding.end, finding.suggestion) == (0, 22, "[tilinumero]")


def test_numbers_in_a_row_are_each_found():
    text = "040 123 4567 050 765 4321 ja +358 40 123 4567"
    assert "".join(text[one.start : one.end] for one in patterns(text)).replace(" ", "") == text.replace("ja", "").replace(" ", "")


def test_point_that_ends_a_sentence_is_no_part():
    text = "Katso https://kyyti.fi/a. Sitten"
    (finding,) = patterns(text)
    assert text[finding.start : finding.end] == "https://kyyti.fi/a"


@pytest.mark.parametrize("sign", "-YXWVU")
def test_signs_of_the_last_century(sign):
    assert is_personal_id("290256", sign, "308", "0123456789ABCDEFHJKLMNPRSTUVWXY"[290256308 % 31])
    assert not is_personal_id("290255", sign, "308", "0123456789ABCDEFHJKLMNPRSTUVWXY"[290255308 % 31])


@pytest.mark.parametrize("sign", "ABCDEF")
def test_signs_of_this_century(sign):
    assert is_personal_id("290200", sign, "308", "0123456789ABCDEFHJKLMNPRSTUVWXY"[290200308 % 31])


def test_check_digits_by_hand():
    assert is_personal_id("131052", "+", "308", "T") and not is_personal_id("131052", "G", "308", "T")
    assert is_business_id("01120389") and not is_business_id("01120380")
    assert is_luhn("5560360793") and not is_luhn("5560360794")
    assert is_iban("FI2112345600000785") and not is_iban("FI21123456000007850")


def test_remainder_of_one_makes_no_business_id():
    # 7 x 1 + 9 x 3 = 34 = 3 x 11 + 1.
    assert not any(is_business_id(f"1300000{check}") for check in range(10))


@pytest.mark.parametrize("digit", range(10))
def test_one_wrong_digit_is_noticed(digit):
    wrong = {f"{place}": "0112038"[:place] + str(digit) + "0112038"[place + 1 :] for place in range(7)}
    assert all(digits == "0112038" or not is_business_id(digits + "9") for digits in wrong.values())
