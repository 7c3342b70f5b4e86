"""What a cleaned file shows: its text, a picture of its first page, and what can be read but not be seen."""

import ctypes
import io
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from klash.algo.leaks.faults import Fault, Unfit
from klash.algo.leaks.kind import PDF

PREVIEW_PIXELS = 480  # the longer side of the first page's picture
SEEN_FROM = 16  # of 255: the least difference from its ground that an eye tells
SIZE_MIN_POINTS = 2.0
_SHEET_PIXELS = 1_200_000
_APART_MAX = 60  # pieces that lie on each other and are looked at one by one
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Hidden:
    """Words of a page, counted from one, that are there to be read and not to be seen."""

    page: int
    text: str


@dataclass(frozen=True)
class Shown:
    """`texts`: one a page, empty for a picture; `first_page`: a PNG of at most 480 pixels a side."""

    texts: tuple[str, ...]
    hidden: tuple[Hidden, ...]
    first_page: bytes


@dataclass
class _Piece:
    """The signs that one instruction shows."""

    drawn: Any
    text: str
    box: Box  # left, low, right, high in points
    height: float


def look(data: bytes, *, mime: str) -> Shown:
    """Return what a file from `strip` shows.

    A piece of text is hidden where the page looks the same without it: drawn in the colour of its ground, beside the page, under a picture, clipped
    away or invisible; or where it is smaller than two points. Raises Unfit: BROKEN.
    """
    if mime != PDF:
        with Image.open(io.BytesIO(data)) as image:
            return Shown((), (), _preview(image))
    try:
        with pypdfium2.PdfDocument(data) as document:
            return _look(document)
    except pypdfium2.PdfiumError as error:
        raise Unfit(Fault.BROKEN, str(error))


def _look(document: Any) -> Shown:
    texts: list[str] = []
    hidden: list[Hidden] = []
    first = b""
    for number in range(len(document)):
        page = document[number]
        if number == 0:
            first = _preview(page.render(scale=2 * PREVIEW_PIXELS / max(*page.get_size(), 1)).to_pil())
        words = page.get_textpage()
        texts.append(_storable(words.get_text_range()))
        hidden += (Hidden(number + 1, _storable(text)) for text in _Sheet(page, words).hidden())
        page.close()
    return Shown(tuple(texts), tuple(hidden), first)


def _storable(text: str) -> str:
    """Return the text without what no database takes: half signs and, but for ends of lines, control signs."""
    whole = text.replace("\r\n", "\n").encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return "".join(sign for sign in whole if sign.isprintable() or sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cn"))


def _preview(image: Image.Image) -> bytes:
    out = io.BytesIO()
    small = image.convert("RGB")
    small.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    small.save(out, "PNG")
    return out.getvalue()


class _Sheet:
    """One page, drawn with its text and without."""

    def __init__(self, page: Any, words: Any) -> None:
        self.page, self.words = page, words
        width, height = page.get_size()
        self.scale = min(1.5, math.sqrt(_SHEET_PIXELS / max(width * height, 1)))
        self.drawn = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]))
        self.pieces = list(self._pieces())

    def hidden(self) -> Iterator[str]:
        if not self.drawn:
            return
        with_text = self._picture()
        modes = [pdfium.FPDFTextObj_GetTextRenderMode(drawn) for drawn in self.drawn]
        for drawn in self.drawn:
            pdfium.FPDFTextObj_SetTextRenderMode(drawn, _INVISIBLE)
        self.bare = self._picture()
        self.modes = {_address(drawn.raw): mode for drawn, mode in zip(self.drawn, modes, strict=True)}
        seen = _difference(with_text, self.bare)
        apart = self._crowded()
        for number, piece in enumerate(self.pieces):
            if not any(sign.isalnum() for sign in piece.text):
                continue
            if piece.height < SIZE_MIN_POINTS or not self._is_seen(piece, seen) or (number in apart and not self._is_seen_alone(piece, apart)):
                yield piece.text
        known = {_address(piece.drawn) for piece in self.pieces}
        if any(_address(drawn.raw) not in known and _points(drawn) < SIZE_MIN_POINTS / 10 for drawn in self.drawn):
            yield "…"

    def _pieces(self) -> Iterator[_Piece]:
        """Return the signs of the page, those of one instruction together."""
        left, low, right, high = (ctypes.c_double() for _ in range(4))
        loose = pdfium.FS_RECTF()
        piece: _Piece | None = None
        for place in range(self.words.count_chars()):
            drawn = pdfium.FPDFText_GetTextObject(self.words, place)
            if not drawn:
                continue
            pdfium.FPDFText_GetCharBox(self.words, place, left, right, low, high)
            box = (left.value, low.value, right.value, high.value)
            sign = chr(pdfium.FPDFText_GetUnicode(self.words, place))
            if piece is not None and _address(piece.drawn) == _address(drawn):
                piece.text += sign
                piece.box = (min(piece.box[0], box[0]), min(piece.box[1], box[1]), max(piece.box[2], box[2]), max(piece.box[3], box[3]))
                continue
            if piece is not None:
                yield piece
            pdfium.FPDFText_GetLooseCharBox(self.words, place, loose)
            piece = _Piece(drawn, sign, box, max(abs(loose.top - loose.bottom), abs(loose.right - loose.left)))
        if piece is not None:
            yield piece

    def _picture(self) -> Image.Image:
        drawn: Image.Image = self.page.render(scale=self.scale).to_pil()
        return drawn.convert("RGB")

    def _is_seen(self, piece: _Piece, seen: Image.Image) -> bool:
        spot = self._spot(piece.box)
        return spot is not None and seen.crop(spot).getbbox() is not None

    def _is_seen_alone(self, piece: _Piece, apart: list[int]) -> bool:
        """Tell whether the piece is seen where nothing else is written; of a crowd too large to look at, say no."""
        if len(apart) > _APART_MAX:
            return False
        pdfium.FPDFTextObj_SetTextRenderMode(piece.drawn, self.modes[_address(piece.drawn)])
        alone = _difference(self._picture(), self.bare)
        pdfium.FPDFTextObj_SetTextRenderMode(piece.drawn, _INVISIBLE)
        return self._is_seen(piece, alone)

    def _crowded(self) -> list[int]:
        """Return the pieces that share most of their place with another."""
        order = sorted(range(len(self.pieces)), key=lambda number: self.pieces[number].box[1])
        found: set[int] = set()
        for place, number in enumerate(order):
            for other in order[place + 1 : place + 200]:
                if self.pieces[other].box[1] >= self.pieces[number].box[3]:
                    break
                found |= {one for one, two in ((number, other), (other, number)) if _share(self.pieces[one].box, self.pieces[two].box) > 0.3}
        return sorted(found)

    def _spot(self, box: Box) -> tuple[int, int, int, int] | None:
        """Return where a box lies on the picture; None where it lies beside it."""
        corners = [self._pixel(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        width, height = self.bare.size
        spot = (max(min(across), 0), max(min(down), 0), min(max(across) + 1, width), min(max(down) + 1, height))
        return spot if spot[0] < spot[2] and spot[1] < spot[3] else None

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        width, height = self.bare.size
        pdfium.FPDF_PageToDevice(self.page, 0, 0, width, height, 0, x, y, across, down)
        return across.value, down.value


def _address(drawn: Any) -> int | None:
    return ctypes.cast(drawn, ctypes.c_void_p).value


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    bands = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return most.point([255 if value >= SEEN_FROM else 0 for value in range(256)])


def _share(one: Box, other: Box) -> float:
    """Return how much of the first box the second covers, 0 to 1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0


def _points(drawn: Any) -> float:
    size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
    pdfium.FPDFTextObj_GetFontSize(drawn, size)
    pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
    return abs(size.value) * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
