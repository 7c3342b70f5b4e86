"""What drawing instructions refer to, made anew under new names when it is first used."""

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, PdfError, Stream

from klash.algo.leaks import _content, _samples
from klash.algo.leaks._font import font
from klash.algo.leaks._rebuild import DRAWINGS_MAX, Rebuild, keyed, number, numbers, one_of, truth, whole, words
from klash.algo.leaks.faults import Fault, Unfit

_DEVICES = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4, "/G": 1, "/RGB": 3, "/CMYK": 4, "/CalGray": 1, "/CalRGB": 3, "/CalCMYK": 4}
_BY_COMPONENTS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_BLEND = words(
    "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference Exclusion Hue Saturation Color Luminosity"
)
_CALCULATIONS = frozenset(
    words(
        "abs add and atan bitshift ceiling copy cos cvi cvr div dup eq exch exp false floor ge gt idiv if ifelse index le ln log lt mod mul ne neg not or pop "
        "roll round sin sqrt sub true truncate xor { }"
    )
)
_LETTERS = {"/Font": "F", "/XObject": "X", "/ExtGState": "G", "/ColorSpace": "C", "/Pattern": "P", "/Shading": "S"}


class Resources:
    """The resources of one page, form, pattern or font; `new` holds those that were used."""

    def __init__(self, rebuild: Rebuild, source: Any, parent: "Resources | None" = None) -> None:
        self.rebuild = rebuild
        inherited: Any = parent.source if parent else Dictionary()
        self.source: Any = source if isinstance(source, Dictionary) else inherited
        self.new = Dictionary()
        self.weight = 1
        self._names: dict[tuple[str, str], Any] = {}

    def use(self, kind: str, name: str) -> Any:
        if kind == "/ColorSpace" and name in _DEVICES or name == "/Pattern":
            return Name(name)
        if (kind, name) not in self._names:
            self._names[kind, name] = self._add(kind, self._make(kind, self._found(kind, name)))
        new = self._names[kind, name]
        if kind in ("/XObject", "/Pattern") and new is not None:
            self._weigh(self.new[kind][new])
        return new

    def _weigh(self, drawing: Any) -> None:
        """Refuse drawings that draw drawings until there are more of them than anybody draws."""
        self.weight += self.rebuild.weights.get(drawing.objgen, 1)
        if self.weight > DRAWINGS_MAX:
            raise Unfit(Fault.TOO_HEAVY, "drawings within drawings")

    def inline(self, image: Any) -> Any:
        stream = Stream(self.rebuild.scratch, image.read_raw_bytes(), Dictionary({key: image.obj[key] for key in set(image.obj.keys()) - {"/Length"}}))
        return self._add("/XObject", _samples.picture(self.rebuild, stream, self.colours))

    def is_hidden(self, properties: Any) -> bool:
        return is_hidden(self.rebuild, properties)

    def properties(self, operand: Any) -> Any:
        return self._found("/Properties", str(operand)) if isinstance(operand, Name) else operand

    def _found(self, kind: str, name: str) -> Any:
        group = self.source.get(kind)
        return group.get(name) if isinstance(group, Dictionary) else None

    def _add(self, kind: str, made: Any) -> Any:
        if made is None:
            return None
        if kind not in self.new:
            self.new[kind] = Dictionary()
        name = Name(f"/{_LETTERS[kind]}{len(self.new[kind].keys())}")
        self.new[kind][name] = made
        return name

    def _make(self, kind: str, source: Any) -> Any:
        if source is None:
            return None
        makers: dict[str, Callable[[Any], Any]] = {
            "/Font": lambda it: font(self.rebuild, it, self._font_resources(it)), "/XObject": self._drawing, "/ExtGState": self._state,
            "/ColorSpace": lambda it: self.colours(it)[0], "/Pattern": self._pattern, "/Shading": self._shading,
        }  # fmt: skip
        if kind != "/ColorSpace" and not isinstance(source, (Dictionary, Stream)):
            return None
        return self.rebuild.once(kind, source, lambda: makers[kind](source)) if not isinstance(source, Name) else makers[kind](source)

    def _font_resources(self, source: Any) -> "Resources":
        return Resources(self.rebuild, source.get("/Resources"), self)

    def _drawing(self, source: Any) -> Any:
        if not isinstance(source, Stream) or is_hidden(self.rebuild, source.get("/OC")):
            return None
        if source.get("/Subtype") == Name.Image:
            return _samples.picture(self.rebuild, source, self.colours)
        return self._form(source) if source.get("/Subtype") == Name.Form else None

    def _form(self, source: Any) -> Any:
        shapes = {"/BBox": numbers, "/Matrix": numbers, "/Group": self.group}
        return self._drawn(source, shapes, Type=Name.XObject, Subtype=Name.Form)

    def _drawn(self, source: Any, shapes: dict[str, Any], **fixed: Any) -> Any:
        inner = Resources(self.rebuild, source.get("/Resources"), self)
        new = self.rebuild.kept(source, shapes, **fixed)
        self.rebuild.count_content(len(source.read_bytes()))
        data = _content.rewrite(self.rebuild, source, inner)
        new.Resources = inner.new
        made = Stream(self.rebuild.target, data, new)
        self.rebuild.weights[made.objgen] = inner.weight
        return made

    def group(self, source: Any) -> Any:
        if not isinstance(source, Dictionary):
            return None
        shapes = {"/S": one_of("Transparency"), "/I": truth, "/K": truth, "/CS": lambda it: self.colours(it)[0]}
        return self.rebuild.kept(source, shapes, Type=Name.Group)

    def _state(self, source: Any) -> Any:
        shapes = keyed(number, "LW LC LJ ML OPM FL SM CA ca") | keyed(truth, "OP op SA AIS TK")
        shapes |= {"/D": numbers, "/BM": _blend, "/SMask": self._soft_mask, "/Font": self._state_font}
        shapes["/RI"] = one_of("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual")
        if isinstance(source.get("/D"), Array) and len(source.D) == 2 and isinstance(source.D[0], Array):
            shapes["/D"] = lambda it: Array([numbers(it[0]), number(it[1]) or 0])
        return self.rebuild.kept(source, shapes, Type=Name.ExtGState)

    def _state_font(self, source: Any) -> Any:
        made = self._make("/Font", source[0]) if isinstance(source, Array) and len(source) == 2 else None
        return Array([made, number(source[1]) or 0]) if made is not None else None

    def _soft_mask(self, source: Any) -> Any:
        if not isinstance(source, Dictionary):
            return one_of("None")(source)
        shapes = {"/S": one_of("Alpha", "Luminosity"), "/G": lambda it: self._make("/XObject", it), "/BC": numbers}
        new = self.rebuild.kept(source, shapes, Type=Name.Mask)
        return new if "/G" in new and "/S" in new else None

    def _pattern(self, source: Any) -> Any:
        if isinstance(source, Stream):
            shapes = keyed(number, "PaintType TilingType XStep YStep") | keyed(numbers, "BBox Matrix") | {"/PatternType": whole}
            return self._drawn(source, shapes, Type=Name.Pattern)
        shapes = {
            "/PatternType": whole, "/Matrix": numbers, "/Shading": lambda it: self._make("/Shading", it), "/ExtGState": lambda it: self._make("/ExtGState", it),
        }  # fmt: skip
        return self.rebuild.kept(source, shapes, Type=Name.Pattern)

    def _shading(self, source: Any) -> Any:
        shapes = keyed(whole, "ShadingType BitsPerCoordinate BitsPerComponent BitsPerFlag VerticesPerRow")
        shapes |= keyed(numbers, "Background BBox Coords Domain Matrix Decode")
        shapes |= {"/AntiAlias": truth, "/ColorSpace": lambda it: self.colours(it)[0], "/Function": self._functions}
        shapes["/Extend"] = _truths
        new = self.rebuild.kept(source, shapes)
        return Stream(self.rebuild.target, source.read_bytes(), new) if isinstance(source, Stream) else new

    def _functions(self, source: Any) -> Any:
        if isinstance(source, Array):
            made = [self._function(part) for part in source]
            return Array(made) if None not in made else None
        return self._function(source)

    def _function(self, source: Any) -> Any:
        if not isinstance(source, (Dictionary, Stream)):
            return None
        return self.rebuild.once("function", source, lambda: self._made_function(source))

    def _made_function(self, source: Any) -> Any:
        shapes = keyed(numbers, "Domain Range C0 C1 Bounds Encode Decode Size") | keyed(number, "FunctionType N BitsPerSample Order")
        new = self.rebuild.kept(source, shapes | {"/Functions": self._functions})
        if not isinstance(source, Stream):
            return new
        data = source.read_bytes()
        if new.get("/FunctionType") == 4:
            return Stream(self.rebuild.target, _calculation(data), new)
        size = int(new.get("/BitsPerSample", 8)) * len(new.get("/Range", [])) // 2
        for side in new.get("/Size", []):
            size *= int(side)
        return Stream(self.rebuild.target, data[: (size + 7) // 8], new)

    def colours(self, source: Any) -> tuple[Any, int]:
        """Return a colour space made anew and the number of its components; (None, 0) where there is none."""
        if isinstance(source, Name):
            if str(source) in _DEVICES:
                return Name(_BY_COMPONENTS[_DEVICES[str(source)]]), _DEVICES[str(source)]
            named = self._found("/ColorSpace", str(source))
            return (Name.Pattern, 0) if source == Name.Pattern else self.colours(named) if isinstance(named, Array) else _device_named(named)
        if not isinstance(source, Array) or not len(source) or not isinstance(source[0], Name):
            return None, 0
        components = [0]

        def make() -> Any:
            made, components[0] = self._family(str(source[0])[1:], source)
            return made

        made = self.rebuild.once("colours", source, make)
        return made, components[0] or (_components(made) if made is not None else 0)

    def _family(self, family: str, source: Any) -> tuple[Any, int]:
        if family in ("CalGray", "CalRGB", "CalCMYK", "DeviceGray", "DeviceRGB", "DeviceCMYK", "G", "RGB", "CMYK"):
            return self.colours(source[0])
        if family == "ICCBased":
            self.rebuild.removed.add("colour profiles")
            found = whole(source[1].get("/N")) or 0
            return (Name(_BY_COMPONENTS[found]), found) if found in _BY_COMPONENTS else (None, 0)
        if family == "Lab":
            return Array([Name.Lab, self.rebuild.kept(source[1], dict.fromkeys(("/WhitePoint", "/BlackPoint", "/Range"), numbers))]), 3
        if family == "Pattern":
            return (Array([Name.Pattern, self.colours(source[1])[0]]) if len(source) > 1 else Name.Pattern), 0
        if family in ("Indexed", "I"):
            return self._palette(source)
        return self._inks(family, source)

    def _palette(self, source: Any) -> tuple[Any, int]:
        base, width = self.colours(source[1])
        last = min(whole(source[2]) or 0, 255)
        table = source[3].read_bytes() if isinstance(source[3], Stream) else bytes(source[3])
        size = (last + 1) * width
        return (Array([Name.Indexed, base, last, table[:size].ljust(size, b"\0")]), 1) if width else (None, 0)

    def _inks(self, family: str, source: Any) -> tuple[Any, int]:
        """Return spot colours under neutral names; how they look without their inks is kept."""
        if family not in ("Separation", "DeviceN") or len(source) < 4:
            return None, 0
        alternate, transform = self.colours(source[2])[0], self._function(source[3])
        if alternate is None or transform is None:
            return None, 0
        self.rebuild.removed.add("ink names")
        if family == "Separation":
            return Array([Name.Separation, _ink(source[1], 0), alternate, transform]), 1
        names = Array([_ink(name, place) for place, name in enumerate(source[1])])
        return Array([Name.DeviceN, names, alternate, transform]), len(names)


def _truths(value: Any) -> Any:
    return Array([bool(truth(part)) for part in value]) if isinstance(value, Array) else None


def is_hidden(rebuild: Rebuild, group: Any) -> bool:
    """Tell whether a layer, or a rule over layers, is off when the document is opened."""
    if not isinstance(group, Dictionary):
        return False
    if group.get("/Type") != Name.OCMD:
        return group.objgen in rebuild.hidden_layers
    members = group.get("/OCGs", Array([]))
    off = [member.objgen in rebuild.hidden_layers for member in (members if isinstance(members, Array) else [members]) if isinstance(member, Dictionary)]
    if not off:
        return False
    policy = str(group.get("/P", "/AnyOn"))
    shown = {"/AllOn": not any(off), "/AnyOff": any(off), "/AllOff": all(off)}.get(policy, not all(off))
    return not shown


def _device_named(named: Any) -> tuple[Any, int]:
    found = _DEVICES.get(str(named), 0) if isinstance(named, Name) else 0
    return (Name(_BY_COMPONENTS[found]), found) if found else (None, 0)


def _components(space: Any) -> int:
    if isinstance(space, Name):
        return _DEVICES.get(str(space), 0)
    family = str(space[0])
    return 3 if family == "/Lab" else len(space[1]) if family == "/DeviceN" else 0 if family == "/Pattern" else 1


def _ink(name: Any, place: int) -> Any:
    process = ("/None", "/All", "/Cyan", "/Magenta", "/Yellow", "/Black")
    return Name(str(name)) if str(name) in process else Name(f"/Ink{place}")


def _blend(value: Any) -> Any:
    known = one_of(*_BLEND)
    return known(value) if not isinstance(value, Array) else next((name for name in map(known, value) if name is not None), None)


def _calculation(data: bytes) -> bytes:
    """Return a calculator function without its comments; one with an unknown word calculates nothing."""
    lines = [line.partition("%")[0] for line in data.decode("latin-1").replace("\r", "\n").split("\n")]
    words = " ".join(lines).replace("{", " { ").replace("}", " } ").split()
    if not all(word in _CALCULATIONS or _is_number(word) for word in words):
        raise PdfError("an unknown calculation")
    return " ".join(words).encode()


def _is_number(word: str) -> bool:
    return word.lstrip("+-").replace(".", "", 1).isdigit()
