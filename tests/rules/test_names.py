"""A65, A62: what a name may hold."""

import unicodedata

import pytest

from klash.rules.names import MARKS_MAX, holds_address, one_line, visible

# what was typed -> the name
LINES = {
    "  Kaarna \t ja\r\nkuori ": "Kaarna ja kuori", "A\u0308a\u0308ni": "Ääni", "Kaa\u200brna": "Kaarna", "Kaa\u00adrna": "Kaarna", "\ufeffKaarna\u2060": "Kaarna",
    "\u202egpj.anraaK\u202c": "gpj.anraaK", "\u2066Kaarna\u2069\u200f": "Kaarna", "Kaarna\U000e0041": "Kaarna", "Kaarna\u3164": "Kaarna", "\u2800": "", "Kaarna\x00\x1b[2J": "Kaarna [2J",
    "Kaa\u034frna": "Kaarna", "Ka" + "\u0301" * 10_000 + "rna": "Ká" + "\u0301" * (MARKS_MAX - 1) + "rna", "Việt": "Việt", "Kuiskaus ja Söner & Co. #1": "Kuiskaus ja Söner & Co. #1",
    "❤️ Turku": "❤️ Turku", "": "", "\ud800Kaarna": "Kaarna",
}
ADDRESSES = (
    "https://klash.example", "Kaarna http://x", "www.kaarna.fi", "kaarna.fi", "Kaarna.FI voittaa", "kirjaudu: klash-palvelu.com/a", "a@b", "kaarna．fi", "kaarna。fi",
    "192.168.1.1", "ftp:/x", "x.co",
)
NAMES = ("Kaarna", "St. Olof", "T.Virtanen", "Tiimi 2.0", "Åsa Öhman-Lind", "Kuori & Co.", "A. B. Nord", "J.R.R. Tolkien", "24/7", "Me: kaikki", "…ja muut")


@pytest.mark.parametrize("typed", LINES, ids=ascii)
def test_unicode(typed):
    assert one_line(typed) == LINES[typed] == one_line(LINES[typed])


def test_what_two_keyboards_write_is_one_name():
    assert {one_line(unicodedata.normalize(form, "Pyöräily Ähtärissä")) for form in ("NFC", "NFD", "NFKC", "NFKD")} == {"Pyöräily Ähtärissä"}


def test_lines_of_a_text_stay():
    assert visible("eka\u200b\n\ntoka\u202e\tx") == "eka\n\ntoka\tx"


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_seen(name):
    assert holds_address(one_line(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_address(name):
    assert not holds_address(name)
