"""Fonts under new names."""

import re
from functools import partial
from typing import Any

from pikepdf import Array, Dictionary, Name, PdfError, Stream, String
from pikepdf._data import CHARNAMES_TO_UNICODE

from klash.algo.leaks import _cmap, _content, _program
from klash.algo.leaks._rebuild import Rebuild, keyed, number, numbers, one_of, whole, words

STANDARD = frozenset(
    words(
        "Courier Courier-Bold Courier-Oblique Courier-BoldOblique Helvetica Helvetica-Bold Helvetica-Oblique Helvetica-BoldOblique Times-Roman Times-Bold "
        "Times-Italic Times-BoldItalic Symbol ZapfDingbats"
    )
)
_FIXED, _SERIF, _ITALIC, _BOLD = 1, 2, 64, 1 << 18
_SUBTYPES = ("Type1", "MMType1", "TrueType", "Type3", "Type0")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_GLYPH = re.compile(r"(uni([0-9A-F]{4}){1,3}|u[0-9A-F]{4,6}|[A-Za-z]{1,4}[0-9]{1,5})")
_SUFFIX = re.compile(r"[a-z]{2,5}[0-9]{0,2}")
_CMAP_NAMES = re.compile(r"/(Identity|Uni(GB|CNS|JIS|JIS2004|KS)-(UCS2|UTF8|UTF16|UTF32))-[HV]")
_ORDERINGS = ("Identity", "GB1", "CNS1", "Japan1", "Korea1", "KR")


def font(rebuild: Rebuild, source: Any, used: Any) -> Any:
    """Return a font made anew; its original name is noted. used: makes the resources of a font whose glyphs are drawn by instructions."""
    subtype = str(source.get("/Subtype", ""))[1:]
    if subtype not in _SUBTYPES:
        return None
    return _Font(rebuild, subtype).made(source, used)


class _Font:
    def __init__(self, rebuild: Rebuild, subtype: str) -> None:
        self.rebuild, self.subtype = rebuild, subtype
        self.glyphs: dict[str, str] = {}  # old and new names of glyphs that are drawn by instructions

    def made(self, source: Any, used: Any) -> Any:
        shapes = {
            "/FirstChar": whole, "/LastChar": whole, "/Widths": numbers, "/ToUnicode": self._to_text,
            "/Encoding": self._outer_encoding if self.subtype == "Type0" else self._encoding,
            "/FontDescriptor": lambda value: None, "/BaseFont": lambda value: None, "/DescendantFonts": lambda value: None,
        }  # fmt: skip
        if self.subtype == "Type3":
            shapes |= {"/FontMatrix": numbers, "/FontBBox": numbers, "/CharProcs": lambda value: None}
        new = self.rebuild.kept(source, shapes, Type=Name.Font, Subtype=Name("/" + self.subtype))
        if self.subtype == "Type3":
            new.CharProcs = self._drawn(source, used)
            return new
        original = source
        if self.subtype == "Type0":
            original = source.DescendantFonts[0]
            new.DescendantFonts = Array([self._descendant(original)])
            new.BaseFont = new.DescendantFonts[0].BaseFont
            return new
        descriptor = original.get("/FontDescriptor")
        new.BaseFont = self._named(original, descriptor)
        if descriptor is not None:
            new.FontDescriptor = self._descriptor(descriptor, new.BaseFont)
        return new

    def _named(self, source: Any, descriptor: Any) -> Any:
        """Note the name; return a new one for an embedded font, and for others that of a font which every reader has."""
        old = str(source.get("/BaseFont", "/"))[1:]
        self.rebuild.fonts.add(old.partition("+")[2] or old)
        if descriptor is not None and any(key in descriptor for key in _PROGRAMS):
            self.rebuild.removed.add("font names")
            return self.rebuild.new_font_name()
        if old in STANDARD:
            return Name("/" + old)
        self.rebuild.removed.add("font names")
        return Name("/" + _stand_in(old, whole(descriptor.get("/Flags")) or 0 if descriptor is not None else 0))

    def _descriptor(self, source: Any, name: Any) -> Any:
        shapes = keyed(number, "Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth")
        shapes |= {"/FontBBox": numbers, "/FontName": lambda value: name}
        shapes |= {key: partial(self._once, key) for key in _PROGRAMS}
        return self.rebuild.target.make_indirect(self.rebuild.kept(source, shapes, Type=Name.FontDescriptor))

    def _once(self, key: str, source: Any) -> Any:
        return self.rebuild.once(key, source, partial(self._program, key, source))

    def _program(self, key: str, source: Any) -> Any:
        """Return the font program without its names; None, so that a reader takes another font, where it is not what it should be."""
        try:
            data = source.read_bytes()
            if key == "/FontFile":
                made, clear, secret = _program.type1(data, int(source.get("/Length1", 0)), int(source.get("/Length2", 0)))
                return Stream(self.rebuild.target, made, Length1=clear, Length2=secret, Length3=len(made) - clear - secret)
            if key == "/FontFile2":
                data = _program.sfnt(data)
                return Stream(self.rebuild.target, data, Length1=len(data))
            subtype = one_of("Type1C", "CIDFontType0C", "OpenType")(source.get("/Subtype"))
            if subtype is None:
                return None
            return Stream(self.rebuild.target, (_program.sfnt if subtype == Name.OpenType else _program.cff)(data), Subtype=subtype)
        except (ValueError, IndexError, TypeError, PdfError):
            self.rebuild.removed.add("broken fonts")
            return None

    def _descendant(self, source: Any) -> Any:
        descriptor = source.get("/FontDescriptor")
        name = self._named(source, descriptor)
        shapes = {
            "/Subtype": one_of("CIDFontType0", "CIDFontType2"), "/DW": number, "/W": numbers, "/DW2": numbers, "/W2": numbers,
            "/CIDSystemInfo": _system, "/CIDToGIDMap": self._glyph_numbers, "/BaseFont": lambda value: name,
            "/FontDescriptor": lambda value: self._descriptor(value, name),
        }  # fmt: skip
        return self.rebuild.target.make_indirect(self.rebuild.kept(source, shapes, Type=Name.Font))

    def _glyph_numbers(self, value: Any) -> Any:
        if isinstance(value, Stream):
            return self.rebuild.once("glyphs", value, lambda: Stream(self.rebuild.target, value.read_bytes()[:131_072]))
        return Name.Identity

    def _to_text(self, value: Any) -> Any:
        if not isinstance(value, Stream):
            return one_of("Identity-H", "Identity-V")(value)
        return self.rebuild.once("text", value, lambda: Stream(self.rebuild.target, _cmap.rewrite(value.read_bytes(), to_text=True)))

    def _outer_encoding(self, value: Any) -> Any:
        if isinstance(value, Stream):
            return Stream(
                self.rebuild.target, _cmap.rewrite(value.read_bytes(), to_text=False), Type=Name.CMap, CMapName=Name("/To-Glyphs"),
                CIDSystemInfo=_system(Dictionary()), WMode=1 if value.get("/WMode") == 1 else 0,
            )  # fmt: skip
        return Name(str(value)) if isinstance(value, Name) and _CMAP_NAMES.fullmatch(str(value)) else Name("/Identity-H")

    def _encoding(self, value: Any) -> Any:
        named = one_of("WinAnsiEncoding", "MacRomanEncoding", "MacExpertEncoding", "StandardEncoding")
        if not isinstance(value, Dictionary):
            return named(value)
        return self.rebuild.kept(value, {"/BaseEncoding": named, "/Differences": self._differences}, Type=Name.Encoding)

    def _differences(self, value: Any) -> Any:
        if not isinstance(value, Array):
            return None
        new = Array()
        for part in value:
            if isinstance(part, Name):
                new.append(Name(self._glyph(str(part))))
            elif isinstance(part, int) and not isinstance(part, bool):
                new.append(part)
        return new

    def _glyph(self, name: str) -> str:
        if self.subtype == "Type3":
            return self.glyphs.setdefault(name, f"/g{len(self.glyphs)}")
        if _is_glyph(name[1:]):
            return name
        self.rebuild.removed.add("glyph names")
        return "/.notdef"

    def _drawn(self, source: Any, used: Any) -> Any:
        """Return the glyphs that an encoding names, their instructions made anew."""
        drawings, new = source.get("/CharProcs"), Dictionary()
        if isinstance(drawings, Dictionary):
            for old, name in self.glyphs.items():
                drawing = drawings.get(old)
                if isinstance(drawing, Stream):
                    new[name] = self.rebuild.once("glyph", drawing, partial(self._instructions, drawing, used))
        return new

    def _instructions(self, drawing: Any, used: Any) -> Any:
        self.rebuild.count_content(len(drawing.read_bytes()))
        return Stream(self.rebuild.target, _content.rewrite(self.rebuild, drawing, used))


def _stand_in(name: str, flags: int) -> str:
    """Return the standard font that is nearest to one that the document does not bring along."""
    low = name.lower()
    bold = "bold" in low or bool(flags & _BOLD)
    slanted = "italic" in low or "oblique" in low or bool(flags & _ITALIC)
    if flags & _SERIF and not flags & _FIXED and "arial" not in low:
        return "Times-" + ("BoldItalic" if bold and slanted else "Bold" if bold else "Italic" if slanted else "Roman")
    family = "Courier" if flags & _FIXED or "courier" in low else "Helvetica"
    style = ("Bold" if bold else "") + ("Oblique" if slanted else "")
    return f"{family}-{style}" if style else family


def _is_glyph(name: str) -> bool:
    """Tell whether a glyph's name is one of the customary ones, by which readers find what it stands for."""
    base, _, suffix = name.partition(".")
    if name == ".notdef":
        return True
    if suffix and not _SUFFIX.fullmatch(suffix):
        return False
    return all(f"/{part}" in CHARNAMES_TO_UNICODE or _GLYPH.fullmatch(part) for part in base.split("_"))


def _system(value: Any) -> Any:
    found = str(value.get("/Ordering", "")) if isinstance(value, Dictionary) else ""
    ordering = found if found in _ORDERINGS else "Identity"
    supplement = whole(value.get("/Supplement")) if isinstance(value, Dictionary) else 0
    return Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=min(max(supplement or 0, 0), 9))
