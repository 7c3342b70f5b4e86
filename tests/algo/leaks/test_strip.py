"""Marks are planted in every place that is not seen; what is made anew holds none, and shows the same."""

import io
import time

import pikepdf
import pypdfium2
import pytest
import typst
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops

from klash.algo.leaks import Fault, Unfit, _pdf, strip
from tests.algo.leaks import material
from tests.algo.leaks.material import MARK, PDF_PLACES, PICTURE_PLACES, everything, is_marked, marked_pdf, plain, saved, words_of

PDF = "application/pdf"
TOLD_AS_TEXT = {"hidden layer", "actual text", "text behind a glyph"}  # a reader takes these for words of the page
QUIET = {"resource's name", "graphics state", "comment among instructions", "text behind a glyph"}


def pictures(data, scale=1):
    with pypdfium2.PdfDocument(data) as document:
        return [page.render(scale=scale).to_pil().convert("RGB") for page in document]


def difference(one, other):
    """The greatest difference of a colour on any page, of 255."""
    pairs = zip(pictures(one), pictures(other), strict=True)
    return max(high for pair in pairs for _, high in ImageChops.difference(*pair).getextrema())


@pytest.mark.parametrize("place", PDF_PLACES)
def test_pdf_markers(place):
    data = marked_pdf(place)
    assert is_marked(data), "the mark was not planted"
    stripped = strip(data, mime=PDF)
    assert not is_marked(stripped.data)
    assert words_of(stripped.data)[0] == words_of(data)[0] or place in TOLD_AS_TEXT
    assert difference(stripped.data, data) < 24 or place == "font that is not embedded"  # every reader takes another one
    assert stripped.removed or place in QUIET


def test_pdf_markers_in_the_identifier():
    assert is_marked(material.pdf_id()) and not is_marked(strip(material.pdf_id(), mime=PDF).data)


@pytest.mark.parametrize("make", [material.revised_pdf, material.orphaned_pdf, lambda: saved(plain()) + b"\n" + MARK.encode()])
def test_pdf_revisions(make):
    data = make()
    assert MARK.encode() in data
    assert not is_marked(strip(data, mime=PDF).data)


def test_an_earlier_revision_is_named():
    assert "revisions" in strip(material.revised_pdf(), mime=PDF).removed
    assert "revisions" not in strip(saved(plain()), mime=PDF).removed


@pytest.mark.parametrize("place", PICTURE_PLACES)
def test_image_markers(place):
    mime, data = PICTURE_PLACES[place]()
    assert is_marked(data), "the mark was not planted"
    stripped = strip(data, mime=mime)
    assert not is_marked(stripped.data)
    with Image.open(io.BytesIO(stripped.data)) as image:
        assert image.format == mime.removeprefix("image/").upper() and not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_font_names():
    stripped = strip(marked_pdf("font program"), mime=PDF)
    assert stripped.fonts == (MARK,) and "font names" in stripped.removed
    assert b"DejaVu" not in everything(stripped.data) and words_of(stripped.data) == ["a"]


def test_words_that_are_seen_stay():
    data = saved(plain(content=f"BT /F1 14 Tf 40 700 Td (Tekij\xe4 {MARK}) Tj ET".encode("latin-1")))
    assert words_of(strip(data, mime=PDF).data) == [f"Tekijä {MARK}"]


def test_equal_input_gives_equal_output(tmp_path):
    for place in ("font program", "inline picture", "alternative text"):
        data = marked_pdf(place)
        assert strip(data, mime=PDF) == strip(data, mime=PDF)
    once = strip(saved(plain()), mime=PDF).data
    assert strip(once, mime=PDF).removed == ()


TYPST = """#set document(title: "MARK", author: "MARK")
#set page(paper: "a4")
#set text(lang: "fi")
= Otsikko
== Alaotsikko
Kappale, jossa on *lihavaa* ja #link("https://example.org")[linkki].
- yksi
- kaksi
#table(columns: 2, table.header([Nimi], [Luku]), [Äänekoski], [12])
#figure(rect(width: 2cm, height: 1cm, fill: gradient.linear(red, blue)), alt: "MARK", caption: [Kuvateksti])
"""


@pytest.fixture(scope="module")
def tagged():
    return typst.compile(TYPST.replace("MARK", MARK).encode(), format="pdf", pdf_standards=["ua-1"])


def roles(element):
    kids = element.get("/K", Array([]))
    inner = [roles(kid) for kid in (kids if isinstance(kids, Array) else [kids]) if isinstance(kid, Dictionary) and "/S" in kid]
    return (str(element.get("/S", "/Root"))[1:], inner)


def test_the_order_for_screen_readers_stays(tagged):
    stripped = strip(tagged, mime=PDF)
    assert not is_marked(stripped.data) and "hidden words" in stripped.removed
    with pikepdf.Pdf.open(io.BytesIO(tagged)) as old, pikepdf.Pdf.open(io.BytesIO(stripped.data)) as new:
        assert roles(new.Root.StructTreeRoot) == roles(old.Root.StructTreeRoot)
        assert str(new.Root.Lang) == "fi" and new.Root.MarkInfo.Marked is True
        page = new.pages[0].obj
        parents = list(new.Root.StructTreeRoot.ParentTree.Nums[1])
        pieces = [instruction.operands[1].MCID for instruction in pikepdf.parse_content_stream(page, "BDC") if "/MCID" in instruction.operands[1]]
        assert page.StructParents == 0 and sorted(pieces) == [number for number, parent in enumerate(parents) if parent is not None]
    assert words_of(stripped.data) == words_of(tagged) and difference(stripped.data, tagged) < 3


def test_twenty_pages_take_less_than_two_seconds():
    data = typst.compile(b"#set page(paper: \"a4\")\n= Ehdotus\n#lorem(15000)\n#pagebreak()\n#lorem(300)", format="pdf")
    began = time.process_time()
    stripped = strip(data, mime=PDF)
    assert time.process_time() - began < 2
    assert len(words_of(stripped.data)) >= 20 and difference(stripped.data, data) == 0


def _shown_picture(make):
    pdf = plain()
    make(pdf, pdf.pages[0].obj.Resources.XObject)
    return saved(pdf)


def _mask(pdf, drawings):
    drawings.P1.SMask = pdf.make_stream(
        bytes(range(0, 256, 16)), Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4, BitsPerComponent=8, ColorSpace=Name.DeviceGray)
    )


def _stencil(pdf, drawings):
    drawings.P1 = pdf.make_stream(b"\xa0\x40\xa0", Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=3, Height=3, ImageMask=True, Decode=Array([1, 0])))


def _fax(pdf, drawings):
    image = Image.new("1", (64, 64), 1)
    image.paste(0, (8, 8, 40, 20))
    out = io.BytesIO()
    image.save(out, "TIFF", compression="group4")
    with Image.open(io.BytesIO(out.getvalue())) as tiff:
        start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        black_is_zero = tiff.tag_v2[262] == 1
    drawings.P1 = pdf.make_stream(
        out.getvalue()[start : start + size],
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64, BitsPerComponent=1, ColorSpace=Name.DeviceGray, Filter=Name.CCITTFaxDecode,
            DecodeParms=Dictionary(K=-1, Columns=64, Rows=64, BlackIs1=not black_is_zero),
        ),
    )  # fmt: skip


def _jpeg2000(pdf, drawings):
    drawings.P1 = pdf.make_stream(material.picture_bytes("JPEG2000"), Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=32, Height=32, Filter=Name.JPXDecode))


def _four_colours(pdf, drawings):
    samples = bytes(value * 13 % 256 for value in range(64))
    drawings.P1 = pdf.make_stream(samples, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK))


def _four_colours_as_jpeg(pdf, drawings):
    out = io.BytesIO()
    Image.new("CMYK", (16, 16), (200, 30, 60, 10)).save(out, "JPEG")
    drawings.P1 = pdf.make_stream(
        out.getvalue(),
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=16, Height=16, BitsPerComponent=8, ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode, Decode=Array([1, 0] * 4)
        ),
    )


def _few_bits(pdf, drawings):
    drawings.P1 = pdf.make_stream(
        b"\x1b\xe4",
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=2,
            ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 3, pikepdf.String(b"\xff\0\0\0\xff\0\0\0\xff\0\0\0")]),
        ),
    )  # fmt: skip


def _spot_coloured(pdf, drawings):
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([0, 0.4, 0.2]), N=1)
    drawings.P1 = pdf.make_stream(
        bytes(range(0, 256, 16)),
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4, BitsPerComponent=8, ColorSpace=Array([Name.Separation, Name.Merkki, Name.DeviceRGB, tint])
        ),
    )


@pytest.mark.parametrize("make", [_mask, _stencil, _fax, _jpeg2000, _four_colours, _four_colours_as_jpeg, _few_bits, _spot_coloured])
def test_pictures_look_the_same(make):
    data = _shown_picture(make)
    stripped = strip(data, mime=PDF)
    assert "broken pictures" not in stripped.removed
    assert difference(stripped.data, data) < 24
    assert set(pictures(stripped.data)[0].crop((40, 242, 140, 342)).get_flattened_data()) != {(255, 255, 255)}, "nothing was drawn"


@pytest.mark.parametrize("shown", [True, False])
def test_layers_become_what_they_show(shown):
    pdf = plain()
    material.layer(pdf, "taso", shown=shown)
    material.draw(pdf, b"/OC /L1 BDC 1 0 0 rg 10 10 90 90 re f BT /F1 9 Tf 40 40 Td (Tasolla) Tj ET EMC ")
    stripped = strip(saved(pdf), mime=PDF)
    assert ("Tasolla" in words_of(stripped.data)[0]) is shown and "layers" in stripped.removed
    assert difference(stripped.data, saved(pdf)) < 24


def test_the_crop_is_all_there_is():
    pdf = plain()
    page = pdf.pages[0].obj
    page.CropBox, page.Rotate = Array([20, 400, 400, 780]), 90
    stripped = strip(saved(pdf), mime=PDF)
    with pikepdf.Pdf.open(io.BytesIO(stripped.data)) as new:
        assert set(new.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Rotate", "/Contents", "/Resources"}
        assert list(new.pages[0].obj.MediaBox) == [20, 400, 400, 780]
    assert difference(stripped.data, saved(pdf)) < 24


def test_only_allowed_keys_are_left():
    with pikepdf.Pdf.open(io.BytesIO(strip(marked_pdf("unknown keys"), mime=PDF).data)) as new:
        assert set(new.Root.keys()) == {"/Type", "/Pages"} and "/Info" not in new.trailer
        assert set(new.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}


def _encrypted():
    return saved(plain(), encryption=pikepdf.Encryption(owner="o", user="u"))


def _for_its_owner():
    return saved(plain(), encryption=pikepdf.Encryption(owner="o", user=""))


def _xfa():
    pdf = plain()
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))
    return saved(pdf)


def _portfolio():
    pdf = plain()
    pdf.Root.Collection = Dictionary(View=Name.D)
    return saved(pdf)


UNFIT = [
    (_encrypted, Fault.ENCRYPTED), (_for_its_owner, Fault.ENCRYPTED), (_xfa, Fault.ACTIVE), (_portfolio, Fault.ACTIVE), (lambda: saved(plain(401)), Fault.TOO_LONG),
    (lambda: saved(plain(0)), Fault.BROKEN), (lambda: saved(plain())[:90], Fault.BROKEN), (lambda: b"%PDF-1.7\n", Fault.BROKEN),
]  # fmt: skip


@pytest.mark.parametrize(("make", "fault"), UNFIT)
def test_what_cannot_be_made_anew_is_told(make, fault):
    with pytest.raises(Unfit) as raised:
        strip(make(), mime=PDF)
    assert raised.value.fault == fault


def test_another_kind_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="image/gif"):
        strip(b"GIF89a", mime="image/gif")


def test_a_picture_stands_upright_and_in_srgb():
    exif = Image.Exif()
    exif[0x0112] = 6
    stripped = strip(material.picture_bytes(size=(20, 10), exif=exif), mime="image/jpeg")
    with Image.open(io.BytesIO(stripped.data)) as image:
        assert image.size == (10, 20) and image.mode == "RGB"
    assert stripped.removed == ("exif",)


@pytest.mark.parametrize(("mode", "colour", "shown"), [
    ("1", 1, 255), ("L", 7, 7), ("P", 0, None), ("I;16", 0x8000, 128), ("LA", (9, 0), (255, 255, 255)), ("RGBA", (0, 0, 0, 255), (0, 0, 0)),
])  # fmt: skip
def test_pictures_of_every_mode(mode, colour, shown):
    out = io.BytesIO()
    Image.new(mode, (3, 3), colour).save(out, "PNG")
    with Image.open(io.BytesIO(strip(out.getvalue(), mime="image/png").data)) as image:
        assert image.mode in ("L", "RGB") and (shown is None or image.getpixel((1, 1)) == shown)


def test_a_four_coloured_jpeg_becomes_srgb():
    out = io.BytesIO()
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(out, "JPEG")
    with Image.open(io.BytesIO(strip(out.getvalue(), mime="image/jpeg").data)) as image:
        red, green, blue = image.getpixel((4, 4))
        assert image.mode == "RGB" and red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize("place", ["info", "comment", "unknown keys", "private data", "outline", "attachment", "picture's comment", "font program"])
def test_copying_without_metadata_would_be_seen(monkeypatch, place):
    """The fault that the allow-list is there for: a copy from which Info and XMP are deleted keeps most marks."""

    def copied(source, data):
        for holder, key in ((source.trailer, "/Info"), (source.Root, "/Metadata")):
            if key in holder:
                del holder[key]
        return saved(source), set(), set()

    monkeypatch.setattr(_pdf, "_rebuilt", copied)
    assert is_marked(strip(marked_pdf(place), mime=PDF).data) is (place != "info")
