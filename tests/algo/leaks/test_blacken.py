"""A region made black is gone from the bytes; the rest of the page stays to be seen and to be heard."""

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from klash.algo.leaks import blacken, boxes, pages
from tests.algo.leaks.material import plain, saved

CONTENT = b"BT /F1 12 Tf 40 640 Td (Soita Virtaselle) Tj 0 -40 Td (Toinen rivi) Tj ET"


@pytest.fixture
def document():
    return saved(plain(pages=2, content=CONTENT))


def black(document, words="Virtaselle", page=1):
    start = pages(document)[page - 1].index(words)
    regions = boxes(document, page=page, start=start, end=start + len(words))
    return regions, blacken(document, mime="application/pdf", page=page, regions=regions)


def test_the_words_are_gone_and_the_others_stay_in_order(document):
    regions, made = black(document)
    first, second = pages(made)
    assert len(regions) == 1 and first.split() == ["Soita", "Toinen", "rivi"] and second == pages(document)[1]
    left, top, right, bottom = regions[0]
    with pypdfium2.PdfDocument(made) as shown:
        picture = shown[0].render(scale=2).to_pil().convert("L")
    inside = (int((left + right) / 2 * picture.width), int((top + bottom) / 2 * picture.height))
    assert picture.getpixel(inside) < 16 and picture.getpixel((5, 5)) > 240


def test_nothing_of_the_old_page_is_written_out(document):
    _, made = black(document)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image"]
    assert sum(b"Virtaselle" in stream for stream in streams) == 1  # that of the second page
    assert b"Virtaselle".hex().encode() not in b"".join(streams)


def test_covering_alone_leaves_the_words(document):
    """The seeded fault: a black box drawn over the page hides the words from the eye only."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.pages[0].contents_add(b"0 0 600 800 re f")
        out = io.BytesIO()
        pdf.save(out)
    assert "Virtaselle" in pages(out.getvalue())[0]


def test_equal_input_gives_equal_bytes_and_a_page_that_is_not_there_is_refused(document):
    assert black(document)[1] == black(document)[1]
    with pytest.raises(ValueError, match="from 1 to 2"):
        blacken(document, mime="application/pdf", page=3, regions=[(0, 0, 1, 1)])


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_is_black_where_the_words_are_seen(rotation):
    with pikepdf.open(io.BytesIO(saved(plain(content=CONTENT)))) as pdf:
        pdf.pages[0].Rotate = rotation
        out = io.BytesIO()
        pdf.save(out)
    regions, made = black(out.getvalue())
    assert "Virtaselle" not in pages(made)[0] and "Toinen" in pages(made)[0] and regions


@pytest.mark.parametrize(("form", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_painted_over(form, mime):
    out = io.BytesIO()
    Image.new("RGB", (100, 50), "white").save(out, form)
    with Image.open(io.BytesIO(blacken(out.getvalue(), mime=mime, page=1, regions=[(0, 0, 0.5, 1)]))) as made:
        assert made.format == form and made.convert("L").getpixel((20, 25)) < 16 and made.convert("L").getpixel((80, 25)) > 240
