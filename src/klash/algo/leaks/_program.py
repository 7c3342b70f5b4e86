"""Font programs: the outlines stay, names, notices and tables that draw nothing go."""

import re
import struct
from collections.abc import Iterator

# What a reader needs to draw a glyph; "post" goes on without names, "name" and all signatures, layouts and private tables go.
_TABLES = (b"OS/2", b"cmap", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep", b"vhea", b"vmtx", b"VORG", b"CFF ")


def sfnt(data: bytes) -> bytes:
    """Return a TrueType or OpenType program of the drawing tables alone. Raises ValueError if it is not one."""
    kept: dict[bytes, bytes] = {}
    head = data[:4]
    if head not in (b"\0\1\0\0", b"true", b"OTTO"):
        raise ValueError("no TrueType or OpenType program")
    for place in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16):
        tag, _, offset, length = struct.unpack(">4sIII", data[place : place + 16].ljust(16, b"\0"))
        if tag in _TABLES:
            kept[tag] = data[offset : offset + length]
    if b"OS/2" in kept:
        kept[b"OS/2"] = _without_vendor(kept[b"OS/2"])
    if b"CFF " in kept:
        kept[b"CFF "] = cff(kept[b"CFF "])
    kept[b"post"] = struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0)
    return _assembled(head, kept)


def _without_vendor(table: bytes) -> bytes:
    return table[:58] + b"\0\0\0\0" + table[62:] if len(table) >= 62 else table


def _assembled(head: bytes, tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">4sHHHH", head, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    body, offset = b"", 12 + 16 * count
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, offset + len(body), len(table))
        body += padded
    return directory + body


_STANDARD_STRINGS = 391
_TEXT_OPERATORS = frozenset((0, 1, 2, 3, 4, (12, 0), (12, 21), (12, 22), (12, 38)))


def cff(data: bytes) -> bytes:
    """Return a compact font program with its name, notices and PostScript blotted out in place. Raises ValueError if it is not one."""
    if len(data) < 4 or data[0] != 1:
        raise ValueError("no compact font program")
    blotted = bytearray(data)
    names, place = _index(data, data[2])
    dictionaries, place = _index(data, place)
    strings, _ = _index(data, place)
    spans = list(names)
    pending = [data[start:end] for start, end in dictionaries]
    for top in pending:
        for operator, operands in _operators(top):
            if operator in _TEXT_OPERATORS and operands:
                number = operands[-1] - _STANDARD_STRINGS
                spans += strings[number : number + 1] if number >= 0 else []
            if operator == (12, 36) and operands:  # the font dictionaries of a font with many
                pending += [data[start:end] for start, end in _index(data, operands[-1])[0]]
    for start, end in spans:
        blotted[start:end] = b"A" * (end - start)
    return bytes(blotted)


def _index(data: bytes, place: int) -> tuple[list[tuple[int, int]], int]:
    """Return where the items of an INDEX lie, and where it ends."""
    count = int.from_bytes(data[place : place + 2], "big")
    if count == 0:
        return [], place + 2
    size = data[place + 2]
    base = place + 3 + (count + 1) * size - 1
    if not 1 <= size <= 4 or base > len(data):
        raise ValueError("an INDEX that is none")
    offsets = [base + int.from_bytes(data[start : start + size], "big") for start in range(place + 3, base + 1, size)]
    if offsets != sorted(offsets) or offsets[-1] > len(data):
        raise ValueError("an INDEX out of order")
    return list(zip(offsets, offsets[1:], strict=False)), offsets[-1]


def _operators(dictionary: bytes) -> Iterator[tuple[int | tuple[int, int], list[int]]]:
    """Return the operators of a DICT with their whole operands; of fractions only that they are there."""
    operands: list[int] = []
    place = 0
    padded = dictionary + b"\0" * 5
    while place < len(dictionary):
        byte = padded[place]
        place += 1
        if byte <= 21:
            operator: int | tuple[int, int] = byte
            if byte == 12:
                operator = (12, padded[place])
                place += 1
            yield operator, operands
            operands = []
        elif byte == 30:
            while place < len(dictionary) and padded[place] & 0x0F != 0x0F:
                place += 1
            place += 1
            operands.append(0)
        else:
            value, used = _integer(byte, padded[place : place + 4])
            place += used
            operands.append(value)


def _integer(byte: int, rest: bytes) -> tuple[int, int]:
    if byte == 28:
        return struct.unpack(">h", rest[:2])[0], 2
    if byte == 29:
        return struct.unpack(">i", rest)[0], 4
    if 32 <= byte <= 246:
        return byte - 139, 0
    if 247 <= byte <= 250:
        return (byte - 247) * 256 + rest[0] + 108, 1
    return -(byte - 251) * 256 - rest[0] - 108, 1


_EEXEC = b"currentfile eexec"
_ENTRY = re.compile(rb"/(FontMatrix|FontBBox|PaintType|FontType)\s*([\[{][-+.\d\sEe]*[\]}]|\d+)")
_CODE = re.compile(rb"dup\s+(\d{1,3})\s*/([A-Za-z0-9._]{1,31})\s+put")


def type1(data: bytes, clear: int, secret: int) -> tuple[bytes, int, int]:
    """Return a Type 1 program whose clear part is written anew, and the lengths of its two parts.

    clear, secret: Length1 and Length2 as the document gives them; only the place of "eexec" is trusted. Raises ValueError if it is not one.
    """
    found = data.find(_EEXEC)
    if not data.startswith((b"%!", b"\x80\x01")) or found < 0:
        raise ValueError("no Type 1 program")
    if data.startswith(b"\x80\x01"):
        raise ValueError("a Type 1 program in segments")
    start = found + len(_EEXEC)
    while data[start : start + 1] in (b" ", b"\r", b"\n", b"\t"):
        start += 1
    private = data[start : clear + secret] if start < clear + secret <= len(data) else data[start:]
    header = _clear_part(data[:found])
    return header + private + (b"0" * 64 + b"\n") * 8 + b"cleartomark\n", len(header), len(private)


def _clear_part(text: bytes) -> bytes:
    entries = {entry[1]: entry[2] for entry in _ENTRY.finditer(text)}
    lines = [b"%!PS-AdobeFont-1.0: A", b"12 dict begin", b"/FontInfo 1 dict dup begin end readonly def", b"/FontName /A def"]
    lines += [b"/" + key + b" " + entries.get(key, value) + b" readonly def" for key, value in _DEFAULTS.items()]
    lines += _encoding(text)
    return b"\n".join([*lines, b"currentdict end", _EEXEC]) + b"\n"


_DEFAULTS = {b"PaintType": b"0", b"FontType": b"1", b"FontMatrix": b"[0.001 0 0 0.001 0 0]", b"FontBBox": b"{0 0 0 0}"}


def _encoding(text: bytes) -> list[bytes]:
    codes = [code.groups() for code in _CODE.finditer(text)]
    if not codes:
        return [b"/Encoding StandardEncoding def"]
    rows = [b"dup " + number + b" /" + name + b" put" for number, name in codes]
    return [b"/Encoding 256 array", b"0 1 255 {1 index exch /.notdef put} for", *rows, b"readonly def"]
