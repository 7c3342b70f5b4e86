"""Look for planted words in everything that lies in some folders, whichever way they may have been written."""

import base64
import zlib
from os.path import commonprefix
from pathlib import Path

_ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_GZIP_HEAD = b"\x1f\x8b\x08"


def found(folders, words, *more):
    """Return (file's name, word) for each word that the files of the folders, or the texts `more`, hold. Words that begin alike are found faster."""
    told = {path.name: path.read_bytes() for folder in folders for path in sorted(Path(folder).rglob("*")) if path.is_file()}
    told |= {f"text {number}": text.encode() for number, text in enumerate(more)}
    written, stem = {word: forms(word) for word in words}, forms(commonprefix(words))
    hits = [(name, layer) for name, data in told.items() for layer in layers(data) if any(way in layer for way in stem)]
    return {(name, word) for name, layer in hits for word, ways in written.items() if any(way in layer for way in ways)}


def forms(word):
    """Return the ways in which a word may be written: each encoding, plain, as hexadecimal and as base64, there without its last two bytes."""
    ways = []
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = word.encode(encoding)
        ways += [plain, plain.hex().encode(), plain.hex().upper().encode()]
        ways += [_inner(base64.b64encode(b"\0" * shift + plain), shift) for shift in range(3)]
    return ways


def layers(data):
    """Yield the bytes and what every compressed stream within them holds."""
    yield data
    for heads, window in ((_ZLIB_HEADS, zlib.MAX_WBITS), ((_GZIP_HEAD,), zlib.MAX_WBITS | 16)):
        for head in heads:
            at = data.find(head)
            while at >= 0:
                yield _inflated(data[at:], window)
                at = data.find(head, at + 1)


def _inner(encoded, shift):
    """Leave out the signs of a base64 that its neighbours change."""
    return encoded[4 if shift else 0:len(encoded) - 4].rstrip(b"=")


def _inflated(data, window):
    try:
        return zlib.decompressobj(window).decompress(data, 1 << 22)
    except zlib.error:
        return b""
