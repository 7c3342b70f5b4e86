"""What kind of file some bytes are, told by the bytes; what is two kinds at once, or goes on after its end, is none."""

import re
from collections.abc import Iterator

from klash.algo.leaks.faults import Fault, Unfit

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ENDINGS = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
TAIL_BYTES_MAX = 1024
FIRST = 1024  # readers of PDF and of HTML look this far for the beginning

_BEGINNINGS = {PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
_OTHERS = (  # (where the bytes stand, the bytes, what they tell)
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault.OFFICE),
    (0, b"{\\rtf", Fault.OFFICE),
    (0, b"\x1a\x45\xdf\xa3", Fault.VIDEO),
    (4, b"ftyp", Fault.VIDEO),
    (0, b"OggS", Fault.VIDEO),
    (8, b"AVI ", Fault.VIDEO),
    (8, b"WAVE", Fault.VIDEO),
    (0, b"ID3", Fault.VIDEO),
    (0, b"PK", Fault.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Fault.ARCHIVE),
    (0, b"Rar!", Fault.ARCHIVE),
    (0, b"\x1f\x8b", Fault.ARCHIVE),
    (257, b"ustar", Fault.ARCHIVE),
)
_STILL_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_ELSEWHERE = ((257, b"ustar"), (0x8001, b"CD001"))  # a tar and a disc image begin with what anything may stand in
_BLANKS = b"\0\t\n\f\r "
_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)\b", re.I)


def kind(data: bytes, name: str) -> str:
    """Return the media type of a PDF, PNG or JPEG whose name ends accordingly.

    Raises Unfit: EMPTY, OFFICE, SVG, VIDEO, ARCHIVE or KIND for what is none of the three, WRONG_NAME where the name says another kind,
    TWO_KINDS where another reader may see another file in the same bytes or where they go on after the file's end, BROKEN where they have no end.
    """
    if not data:
        raise Unfit(Fault.EMPTY)
    found = next((mime for mime, beginning in _BEGINNINGS.items() if data.startswith(beginning)), None)
    if found is None:
        raise Unfit(_foreign(data))
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ENDINGS.get(ending) != found:
        raise Unfit(Fault.WRONG_NAME, found)
    end = _END[found](data)
    if end is None:
        raise Unfit(Fault.BROKEN, "cut off")
    if _is_another_too(data, found) or data[end:].strip(_BLANKS) or len(data) - end > TAIL_BYTES_MAX:
        raise Unfit(Fault.TWO_KINDS)
    return found


def _foreign(data: bytes) -> Fault:
    if b"%PDF-" in data[:FIRST]:
        return Fault.TWO_KINDS
    if re.search(rb"<svg\b", data[:4096], re.I):
        return Fault.SVG
    for place, signature, fault in _OTHERS:
        if data.startswith(signature, place):
            if fault is Fault.ARCHIVE and any(part in data for part in _OFFICE_PARTS):
                return Fault.OFFICE
            return Fault.KIND if fault is Fault.VIDEO and data[8:12] in _STILL_PICTURES else fault
    return Fault.KIND


def _is_another_too(data: bytes, found: str) -> bool:
    first = data[:FIRST]
    return (
        _MARKUP.search(first) is not None
        or (found != PDF and b"%PDF-" in first)
        or any(data.startswith(signature, place) for place, signature in _ELSEWHERE)
        or _ends_as_zip(data)
    )


def _ends_as_zip(data: bytes) -> bool:
    """Tell whether a reader of zip files, which looks from the end, would find a directory."""
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 0xFFFF - 22))
    return place >= 0 and b"PK\x01\x02" in data[max(0, place - int.from_bytes(data[place + 12 : place + 16], "little")) : place + 1]


def _pdf_end(data: bytes) -> int | None:
    end = data.rfind(b"%%EOF")
    return end + 5 if end >= 0 else None


def _png_end(data: bytes) -> int | None:
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind_of_chunk = data[place + 4 : place + 8]
        place += 12 + length
        if kind_of_chunk == b"IEND":
            return place
    return None


def _jpeg_end(data: bytes) -> int | None:
    """Return where the last of the pictures ends; telephones put a second one, such as a map of brightness, behind the first."""
    end = 0
    while data.startswith(_BEGINNINGS[JPEG], end):
        found = next((place for code, place in _jpeg_markers(data, end) if code == 0xD9), None)
        if found is None:
            return end or None
        end = found
    return end


def _jpeg_markers(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Return the markers of one picture, each with the place where its segment, and the pixels behind it, end."""
    place = start + 2
    while place + 2 <= len(data):
        code = data[place + 1]
        if data[place] != 0xFF or code == 0xFF:
            place += 1
            continue
        place += 2
        if code != 0xD9:
            place += int.from_bytes(data[place : place + 2], "big")
        if code == 0xDA:
            place = _after_pixels(data, place)
        yield code, place
        if code == 0xD9:
            return


_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _after_pixels(data: bytes, place: int) -> int:
    found = _MARKER.search(data, place)
    return found.start() if found else len(data)


_END = {PDF: _pdf_end, PNG: _png_end, JPEG: _jpeg_end}
