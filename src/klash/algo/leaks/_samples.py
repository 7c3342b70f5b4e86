"""Pictures inside documents: decoded to samples and encoded anew."""

import io
from typing import Any

import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, PdfError, Stream, StreamDecodeLevel
from PIL import Image, Jpeg2KImagePlugin

from klash.algo.leaks._rebuild import Rebuild, number, numbers, one_of, truth, whole

JPEG_QUALITY = 90
_BITONAL = frozenset(("/CCITTFaxDecode", "/JBIG2Decode"))
_HINTS = (b"Exif\0", b"http://ns.adobe.com/", b"ICC_PROFILE\0", b"Photoshop 3.0", b"\xff\xfe")
_MODES = {1: "L", 3: "RGB"}
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}
SIDE_MAX = 60_000


def picture(rebuild: Rebuild, source: Any, colours: Any, *, is_mask: bool = False) -> Any:
    """Return a picture with the same samples and nothing else; None where no reader could show it either.

    colours: makes a colour space anew, giving it with the number of its components.
    is_mask: it gives another picture its transparency, and has none itself.
    """
    try:
        return _Picture(rebuild, source, colours).made(is_mask=is_mask)
    except (PdfError, ValueError, OSError, SyntaxError, TypeError, pypdfium2.PdfiumError):
        rebuild.removed.add("broken pictures")
        return None


class _Picture:
    def __init__(self, rebuild: Rebuild, source: Any, colours: Any) -> None:
        self.rebuild, self.source, self.colours = rebuild, source, colours
        self.width, self.height = whole(source.get("/Width")) or 0, whole(source.get("/Height")) or 0
        if not (0 < self.width <= SIDE_MAX and 0 < self.height <= SIDE_MAX):
            raise ValueError("a picture without a size")
        rebuild.count_pixels(self.width * self.height)
        filters = source.get("/Filter", [])
        self.filters = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]

    def made(self, *, is_mask: bool) -> Any:
        shapes: dict[str, Any] = {
            "/Interpolate": truth, "/ImageMask": truth, "/Decode": numbers,
            "/Intent": one_of("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual"),
            **dict.fromkeys(("/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/SMaskInData", "/SMask", "/Mask"), lambda value: None),
        }  # fmt: skip
        if is_mask:
            shapes["/Matte"] = numbers
        else:
            shapes |= {"/SMask": self._mask, "/Mask": self._mask}
        new = self.rebuild.kept(self.source, shapes, Type=Name.XObject, Subtype=Name.Image, Width=self.width, Height=self.height)
        data, more = self._encoded(bool(new.get("/ImageMask", False)))
        for key, value in more.items():
            new[key] = value
        if "/JPXDecode" in self.filters and "/Decode" in new:
            del new["/Decode"]
        return Stream(self.rebuild.target, data, new)

    def _mask(self, value: Any) -> Any:
        if not isinstance(value, Stream):
            return numbers(value)
        return self.rebuild.once("mask", value, lambda: picture(self.rebuild, value, self.colours, is_mask=True))

    def _encoded(self, is_stencil: bool) -> tuple[bytes, dict[str, Any]]:
        """Return the bytes of the stream and what its dictionary must say of them."""
        if "/JPXDecode" in self.filters:
            return self._photograph(_flat(Image.open(io.BytesIO(self.source.read_raw_bytes()), formats=[Jpeg2KImagePlugin.Jpeg2KImageFile.format])))
        space, components = (None, 1) if is_stencil else self.colours(self.source.get("/ColorSpace"))
        bits = 1 if is_stencil or _BITONAL.intersection(self.filters) else whole(self.source.get("/BitsPerComponent")) or 8
        if not components or bits not in (1, 2, 4, 8, 16):
            raise ValueError("samples that are none")
        more: dict[str, Any] = {"/BitsPerComponent": bits} | ({"/ColorSpace": space} if space is not None else {})
        if "/DCTDecode" in self.filters:
            return self._jpeg(components, more)
        data = self._bits() if _BITONAL.intersection(self.filters) else self.source.read_bytes(StreamDecodeLevel.all)
        samples = _exact(data, self.width * components * bits, self.height)
        if len(data) > len(samples):
            self.rebuild.removed.add("picture data")
        if isinstance(space, Array) and space[0] == Name.Indexed:
            more["/ColorSpace"] = _used_colours(space, samples, bits)
            if bytes(more["/ColorSpace"][3]) != bytes(space[3]):
                self.rebuild.removed.add("picture data")
        return samples, more

    def _jpeg(self, components: int, more: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        raw = self.source.read_raw_bytes()
        if any(hint in raw for hint in _HINTS):
            self.rebuild.removed.add("picture data")
        samples = self.source.read_bytes(StreamDecodeLevel.all)
        if len(samples) != self.width * self.height * components:
            raise ValueError("samples of another size")
        more["/BitsPerComponent"] = 8
        if components not in _MODES:
            return samples, more
        return _as_jpeg(Image.frombytes(_MODES[components], (self.width, self.height), samples)), {**more, "/Filter": Name.DCTDecode}

    def _photograph(self, image: Image.Image) -> tuple[bytes, dict[str, Any]]:
        self.rebuild.count_pixels(image.width * image.height)
        space = Name(_SPACES[image.mode])
        return _as_jpeg(image), {
            "/BitsPerComponent": 8, "/ColorSpace": space, "/Filter": Name.DCTDecode, "/Width": image.width, "/Height": image.height,
        }  # fmt: skip

    def _bits(self) -> bytes:
        """Return the samples of a fax or JBIG2 picture, as the library that draws pages decodes them."""
        with Pdf.new() as sheet:
            page = sheet.add_blank_page(page_size=(100, 100)).obj
            copy = sheet.copy_foreign(self.source) if self.source.is_indirect else Stream(sheet, self.source.read_raw_bytes(), _decoding(self.source))
            for key in ("/ImageMask", "/Decode", "/SMask", "/Mask", "/Metadata"):
                if key in copy:
                    del copy[key]
            copy.ColorSpace, copy.BitsPerComponent, copy.Subtype = Name.DeviceGray, 1, Name.Image
            page.Resources = Dictionary(XObject=Dictionary(P=copy))
            page.Contents = sheet.make_stream(b"100 0 0 100 0 0 cm /P Do")
            out = io.BytesIO()
            sheet.save(out)
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            image = next(iter(document[0].get_objects())).get_bitmap(render=False).to_pil()
            if image.size != (self.width, self.height):
                raise ValueError("samples of another size")
            bits: bytes = image.convert("L").convert("1", dither=Image.Dither.NONE).tobytes()
            return bits


def _decoding(source: Any) -> Any:
    return Dictionary({key: source[key] for key in ("/Width", "/Height", "/Filter", "/DecodeParms") if key in source})


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA"):
        seen, ground = image.convert("RGBA"), Image.new("RGB", image.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image if image.mode in _SPACES else image.convert("L" if image.mode in ("1", "I", "I;16") else "RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    Image.frombytes(image.mode, image.size, image.tobytes()).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _exact(data: bytes, row_bits: int, rows: int) -> bytes:
    """Cut or fill the samples to their size, and clear the bits that fill up each row."""
    stride, spare = (row_bits + 7) // 8, -row_bits % 8
    samples = bytearray(data[: stride * rows].ljust(stride * rows, b"\0"))
    if spare:
        keep = bytes(value & (0xFF << spare) & 0xFF for value in range(256))
        samples[stride - 1 :: stride] = samples[stride - 1 :: stride].translate(keep)
    return bytes(samples)


def _used_colours(space: Any, samples: bytes, bits: int) -> Any:
    """Blot out the colours of a palette that no sample has."""
    steps = range(0, 8, bits) if bits < 8 else (0,)
    used = {(value >> step) & ((1 << bits) - 1) for value in set(samples) for step in steps}
    table = bytes(space[3])
    width = len(table) // (int(number(space[2])) + 1)
    blotted = b"".join(table[place * width : (place + 1) * width] if place in used else b"\0" * width for place in range(int(space[2]) + 1))
    return Array([space[0], space[1], space[2], blotted])
