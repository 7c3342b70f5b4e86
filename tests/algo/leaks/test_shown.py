"""What a cleaned file shows, and what in it is to be read but not to be seen."""

import io

import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from klash.algo.leaks import shown, strip
from klash.algo.leaks.shown import Hidden, look
from tests.algo.leaks import material
from tests.algo.leaks.material import CONTENT, plain, saved

PDF = "application/pdf"
WORDS = "Virtanen Oy"


def seen(content, pages=1, alter=lambda pdf: None):
    pdf = plain(pages, content=CONTENT + content)
    alter(pdf)
    return look(strip(saved(pdf), mime=PDF).data, mime=PDF)


def written(before="", size=12, at="40 640", text=WORDS, after=""):
    return f"q {before} BT /F1 {size} Tf {at} Td ({text}) Tj ET {after} Q ".encode()


HIDDEN = {
    "white": written("1 g"),
    "nearly white": written("0.97 g"),
    "tiny": written(size=0.4),
    "tiny by scale": written("0.02 0 0 0.02 0 0 cm", at="4000 9000"),
    "invisible mode": written("3 Tr"),
    "outside the page": written(at="900 600"),
    "below the page": written(at="40 -50"),
    "under a rectangle": written(after="1 0 0 rg 30 630 200 40 re f"),
    "under a picture": written(at="45 540", after="q 100 0 0 100 40 500 cm /P1 Do Q"),
    "clipped away": written("0 0 1 1 re W n"),
    "the colour of its ground": b"0 0 1 rg 30 630 200 40 re f " + written("0 0 1 rg"),
    "white across words that are seen": written(text="Aivan muuta") + written("1 g"),
    "in a drawing": b"/D1 Do ",
}


def white_drawing(pdf):
    page = pdf.pages[0].obj
    page.Resources.XObject.D1 = pdf.make_stream(
        written("1 g"), Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]), Resources=Dictionary(Font=page.Resources.Font))
    )


@pytest.mark.parametrize("place", HIDDEN)
def test_hidden_text(place):
    found = seen(HIDDEN[place], alter=white_drawing)
    assert [hidden.page for hidden in found.hidden] == [1] and found.hidden[0].text in (WORDS, "…")
    if place != "tiny by scale":
        assert WORDS in found.texts[0]


VISIBLE = {
    "black": written(),
    "grey": written("0.7 g"),
    "white on a dark ground": b"0 g 30 630 200 40 re f " + written("1 g"),
    "small": written(size=5),
    "over a picture": written("1 0 0 rg", at="45 540"),
    "turned": b"BT /F1 12 Tf 0 1 -1 0 300 300 Tm (Virtanen Oy) Tj ET ",
    "outlined": written("1 Tr"),
    "in a bold made of two": written() + written(at="40.3 640"),
    "signs alone": written("1 g", text="- . -"),
    "spaces": written(size=12, text="   "),
    "partly beside the page": written(at="560 600"),
}


@pytest.mark.parametrize("place", VISIBLE)
def test_what_is_seen_is_not_hidden(place):
    assert seen(VISIBLE[place]).hidden == ()


def test_a_crowd_that_cannot_be_looked_at_is_hidden(monkeypatch):
    monkeypatch.setattr(shown, "_APART_MAX", 3)
    assert len(seen(b"".join(written(text=word) for word in ("yksi", "kaksi", "kolme", "nelja"))).hidden) == 4


def test_text_of_each_page_and_a_picture_of_the_first():
    found = seen(written(text="Toinen rivi"), pages=3)
    assert found.texts == ("Ehdotus kaupungille\nToinen rivi",) * 3 and found.hidden == ()
    with Image.open(io.BytesIO(found.first_page)) as image:
        assert image.format == "PNG" and max(image.size) == 480 and len(found.first_page) < 60_000


def test_text_can_be_written_down_anywhere():
    found = seen(b"", alter=lambda pdf: pdf.pages[0].obj.Resources.Font.F1.__setitem__("/ToUnicode", pdf.make_stream(
        b"3 beginbfchar <45> <0000> <68> <D800> <64> <D83DDE00> endbfchar")))  # fmt: skip
    assert found.texts[0].encode() and "\0" not in found.texts[0] and "😀" in found.texts[0]


def test_a_page_of_the_other_pages_fault():
    found = seen(b"", pages=2, alter=lambda pdf: setattr(pdf.pages[1].obj, "Contents", pdf.make_stream(written("1 g"))))
    assert found.hidden == (Hidden(2, WORDS),)


def test_a_picture_shows_itself_alone():
    found = look(strip(material.picture_bytes("PNG", size=(960, 100)), mime="image/png").data, mime="image/png")
    with Image.open(io.BytesIO(found.first_page)) as image:
        assert image.size == (480, 50)
    assert found.texts == found.hidden == ()
