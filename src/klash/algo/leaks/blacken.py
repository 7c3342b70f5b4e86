"""A region of a cleaned file made black for good: what lay under it is gone from the bytes, not only covered."""

import ctypes
import io
import math
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageDraw

from klash.algo.leaks.kind import PDF

Share = tuple[float, float, float, float]  # left, top, right, bottom of what is shown, 0..1
_SCALE, _PIXELS_MAX = 2.0, 6_000_000  # 144 dots an inch, less on a very large page
_WIDEN = 0.004  # of the page's side: a sign may stick out of its box
_GONE = ("/Annots", "/Group", "/Rotate", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/StructParents", "/Tabs", "/UserUnit")


def pages(data: bytes) -> list[str]:
    """Return the words of each page of a cleaned PDF, one sign for each place that `boxes` knows."""
    with pypdfium2.PdfDocument(data) as document:
        return [_words(page.get_textpage()) for page in document]


def boxes(data: bytes, *, page: int, start: int, end: int) -> list[Share]:
    """Return where the signs from `start` to `end` of a page's words stand, one box a line. page: from 1."""
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[page - 1]
        words = sheet.get_textpage()
        return _lines([box for place in range(start, end) if (box := _box(sheet, words, place)) is not None])


def blacken(data: bytes, *, mime: str, page: int, regions: Sequence[Share]) -> bytes:
    """Return the file with the regions of one page black, the page otherwise as it looked; its other words stay readable for who listens.

    The page becomes a picture with its remaining words behind it, so that nothing of what was drawn there survives; every sign that touches
    a region goes. page: from 1, 1 of a picture. Equal input, equal bytes. Raises ValueError for a page that is not there.
    """
    if mime != PDF:
        return _blacken_picture(data, regions)
    with pypdfium2.PdfDocument(data) as document:
        if not 1 <= page <= len(document):
            raise ValueError(f"expected a page from 1 to {len(document)}, got {page}")
        sheet = document[page - 1]
        size = sheet.get_size()
        scale = min(_SCALE, math.sqrt(_PIXELS_MAX / max(size[0] * size[1], 1)))
        picture = _painted(sheet.render(scale=scale).to_pil().convert("RGB"), regions)
        words = _remaining(sheet, regions)
    return _with_page(data, page - 1, picture, size, words)


def _words(words: Any) -> str:
    return "".join(_sign(pdfium.FPDFText_GetUnicode(words, place)) for place in range(words.count_chars()))


def _sign(number: int) -> str:
    return "\n" if number in (10, 13) else chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def _box(sheet: Any, words: Any, place: int) -> Share | None:
    """Return the box of one sign as a share of the page as it is shown; None for a sign that has none, as a line's end."""
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(words, place, left, right, low, high) or left.value == right.value:
        return None
    grid = 100_000
    across, down = ctypes.c_int(), ctypes.c_int()
    corners = []
    for x, y in ((left.value, low.value), (right.value, high.value)):
        pdfium.FPDF_PageToDevice(sheet, 0, 0, grid, grid, 0, x, y, across, down)
        corners.append((across.value / grid, down.value / grid))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _lines(found: Sequence[Share]) -> list[Share]:
    """Return the boxes joined where they stand on one line, each a little wider than its signs."""
    joined: list[Share] = []
    for box in found:
        last = joined[-1] if joined else None
        if last is not None and box[1] < last[3] and box[3] > last[1]:
            joined[-1] = min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])
        else:
            joined.append(box)
    return [(max(left - _WIDEN, 0), max(top - _WIDEN, 0), min(right + _WIDEN, 1), min(bottom + _WIDEN, 1)) for left, top, right, bottom in joined]


def _painted(picture: Image.Image, regions: Sequence[Share]) -> Image.Image:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    for left, top, right, bottom in regions:
        draw.rectangle((math.floor(left * width), math.floor(top * height), math.ceil(right * width), math.ceil(bottom * height)), fill=0)
    return picture


def _blacken_picture(data: bytes, regions: Sequence[Share]) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        form = picture.format
        _painted(picture.convert("RGB"), regions).save(out, form, **({"quality": 90} if form == "JPEG" else {}))
    return out.getvalue()


def _remaining(sheet: Any, regions: Sequence[Share]) -> str:
    """Return the words of the page without the signs that touch a region."""
    words = sheet.get_textpage()
    return "".join(" " if _touches(_box(sheet, words, place), regions) else sign for place, sign in enumerate(_words(words)))


def _touches(box: Share | None, regions: Sequence[Share]) -> bool:
    return box is not None and any(box[0] <= right and box[2] >= left and box[1] <= bottom and box[3] >= top for left, top, right, bottom in regions)


def _with_page(data: bytes, number: int, picture: Image.Image, size: tuple[float, float], words: str) -> bytes:
    """Return the PDF with nothing on one page but the picture and, invisibly, the words. What only that page used is not written out."""
    shown, out = io.BytesIO(), io.BytesIO()
    picture.save(shown, "JPEG", quality=90)
    with Pdf.open(io.BytesIO(data)) as document:
        page = document.pages[number].obj
        for key in _GONE:
            if key in page:
                del page[key]
        image = document.make_stream(
            shown.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height, ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page.MediaBox, page.Rotate = Array([0, 0, *size]), 0
        page.Resources = Dictionary(XObject=Dictionary(P=image), Font=Dictionary(F=font))
        page.Contents = document.make_stream(_drawn(size, words))
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _drawn(size: tuple[float, float], words: str) -> bytes:
    width, height = size
    lines = [" ".join(line.split()) for line in words.split("\n") if line.strip()]
    told = "".join(f"<{line.encode('cp1252', 'replace').hex()}> Tj T*\n" for line in lines)
    step = height / (len(lines) + 1)
    text = f"BT 3 Tr /F 6 Tf {step:.2f} TL 9 {height - step:.2f} Td\n{told}ET\n"
    return f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q\n{text}".encode()
