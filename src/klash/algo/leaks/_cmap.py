"""Which text a font's glyphs stand for, written anew without names, comments and long texts."""

import re
from collections.abc import Iterator

TEXT_UNITS_MAX = 4  # the longest ligature; a longer text behind one glyph is not what it shows
BYTES_MAX = 4_000_000

_SECTION = re.compile(rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefrange|notdefchar)\b(.*?)\bend\1\b", re.S)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|(\d+)|%[^\r\n]*")
_WIDTH = {"codespacerange": 2, "bfchar": 2, "bfrange": 3, "cidchar": 2, "cidrange": 3, "notdefrange": 3, "notdefchar": 2}
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def
/CMapName /{name} def
/CMapType {type} def
"""
_FOOT = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def rewrite(data: bytes, *, to_text: bool) -> bytes:
    """Return the CMap with its ranges alone; to_text: a ToUnicode CMap, whose texts are cut to a ligature's length."""
    parts = [_HEAD.format(ordering="UCS" if to_text else "Identity", name="To-Text" if to_text else "To-Glyphs", type=2 if to_text else 1)]
    for section in _SECTION.finditer(data[:BYTES_MAX]):
        word = section[1].decode()
        rows = list(_rows(section[2], _WIDTH[word], cut=word.startswith("bf")))
        for start in range(0, len(rows), 100):
            chunk = rows[start : start + 100]
            parts.append(f"{len(chunk)} begin{word}\n" + "\n".join(chunk) + f"\nend{word}\n")
    return ("".join(parts) + _FOOT).encode()


def _rows(body: bytes, width: int, *, cut: bool) -> Iterator[str]:
    row: list[str] = []
    inside: list[str] | None = None
    for token in _TOKEN.finditer(body):
        if token[0].startswith(b"%"):
            continue
        if token[2]:
            inside = []
            continue
        if token[3]:
            row.append("[" + " ".join(inside or []) + "]")
            inside = None
        elif inside is not None:
            inside.append(_word(token, cut))
        else:
            row.append(_word(token, cut and len(row) == width - 1))
        if len(row) == width:
            yield " ".join(row)
            row = []


def _word(token: re.Match[bytes], cut: bool) -> str:
    if token[4]:
        return str(int(token[4][:9]))
    digits = b"".join(token[1].split()).decode()
    digits = digits[: TEXT_UNITS_MAX * 4] if cut else digits[:16]
    return f"<{digits.upper()}>"
