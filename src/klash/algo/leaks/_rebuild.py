"""What the parts of one rebuilding share."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from klash.algo.leaks.faults import Fault, Unfit

PIXELS_MAX = 50_000_000
PIXELS_TOGETHER_MAX = 400_000_000
CONTENT_BYTES_MAX = 24_000_000
DRAWINGS_MAX = 50_000
DEPTH_MAX = 24
NUMBERS = (int, Decimal, float)
Shape = Callable[[Any], Any]

# What the keys that are left out stand for; all others are "other".
WORDS = {
    "/Annots": "annotations", "/AcroForm": "forms", "/Outlines": "outlines", "/Threads": "outlines", "/Names": "names", "/Dests": "names",
    "/PageLabels": "page labels", "/OCProperties": "layers", "/OC": "layers", "/PieceInfo": "private data", "/LastModified": "private data",
    "/Metadata": "metadata", "/OpenAction": "actions", "/AA": "actions", "/URI": "actions", "/Thumb": "thumbnails", "/AF": "attachments",
    "/B": "outlines", "/Alternates": "other pictures", "/OPI": "private data", "/ID": "private data", "/Perms": "signatures", "/DSS": "signatures",
    "/OutputIntents": "colour profiles", "/SpiderInfo": "private data", "/ViewerPreferences": "view", "/PageLayout": "view", "/PageMode": "view",
    "/SeparationInfo": "private data", "/PresSteps": "actions", "/Trans": "actions", "/Dur": "actions", "/VP": "private data",
    "/FontFamily": "font names", "/CharSet": "font names", "/Name": "names", "/Requirements": "actions", "/Legal": "private data",
}  # fmt: skip
SILENT = frozenset((
    "/Type", "/Subtype", "/Length", "/Filter", "/DecodeParms", "/F", "/FFilter", "/FDecodeParms", "/DL", "/Parent", "/Kids", "/Count", "/Version",
    "/StructParent", "/StructParents", "/Pages", "/Contents", "/Resources", "/CIDSet", "/ProcSet", "/Tabs", "/ArtBox", "/BleedBox", "/TrimBox",
    "/MediaBox", "/CropBox", "/Rotate", "/Extensions", "/FontStretch", "/FontWeight", "/Style", "/FormType", "/StructTreeRoot", "/MarkInfo",
    "/Lang", "/BoxColorInfo", "/TK", "/TR", "/TR2", "/BG", "/BG2", "/UCR", "/UCR2", "/HT", "/Properties",
))  # fmt: skip


class Rebuild:
    """The new document, what has been made for it, and what was left out."""

    def __init__(self) -> None:
        self.target, self.scratch = Pdf.new(), Pdf.new()
        self.removed: set[str] = set()
        self.fonts: set[str] = set()
        self.weights: dict[tuple[int, int], int] = {}  # how many drawings one draws, itself and those within it
        self.hidden_layers: set[tuple[int, int]] = set()
        self._made: dict[tuple[str, tuple[int, int]], Any] = {}
        self._open: set[tuple[str, tuple[int, int]]] = set()
        self._pixels = self._content = self._depth = self._names = 0

    def once(self, what: str, source: Any, make: Callable[[], Any]) -> Any:
        """Make the counterpart of a shared object once; None where it lies within itself or too deep."""
        key = (what, source.objgen)
        if not source.is_indirect:
            return self._within(make)
        if key in self._open:
            return None
        if key not in self._made:
            self._open.add(key)
            try:
                made = self._within(make)
            finally:
                self._open.discard(key)
            self._made[key] = self.target.make_indirect(made) if isinstance(made, (Dictionary, Array)) else made
        return self._made[key]

    def _within(self, make: Callable[[], Any]) -> Any:
        if self._depth >= DEPTH_MAX:
            return None
        self._depth += 1
        try:
            return make()
        finally:
            self._depth -= 1

    def kept(self, source: Any, shapes: Mapping[str, Shape], **fixed: Any) -> Any:
        """Return a new dictionary of the keys that have a shape and a value that fits it; name what is left out."""
        new = Dictionary(**fixed)
        for key in sorted(source.keys()):  # they come in no order
            if key in shapes:
                value = shapes[key](source[key])
                if value is not None:
                    new[key] = value
            elif key not in SILENT:
                self.removed.add(WORDS.get(key, "other"))
        return new

    def new_font_name(self) -> Name:
        """Return the next name of an embedded font."""
        self._names += 1
        return Name(f"/AAAAAA+Font{self._names}")

    def count_pixels(self, pixels: int) -> None:
        """Refuse one picture that is too large, or all of them together."""
        self._pixels += pixels
        if pixels > PIXELS_MAX or self._pixels > PIXELS_TOGETHER_MAX:
            raise Unfit(Fault.TOO_MANY_PIXELS, str(pixels))

    def count_content(self, size_bytes: int) -> None:
        """Refuse drawing instructions that are too long together."""
        self._content += size_bytes
        if self._content > CONTENT_BYTES_MAX:
            raise Unfit(Fault.TOO_HEAVY, "content")


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def keyed(shape: Shape, text: str) -> dict[str, Shape]:
    """Return the same shape for several keys."""
    return {f"/{word}": shape for word in text.split()}


def number(value: Any) -> Any:
    return value if isinstance(value, NUMBERS) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def numbers(value: Any) -> Any:
    """Keep an array of numbers, or of such arrays."""
    if not isinstance(value, Array):
        return None
    return Array([item for item in (number(part) if not isinstance(part, Array) else numbers(part) for part in _items(value)) if item is not None])


def _items(value: Any) -> Iterable[Any]:
    return (value[place] for place in range(len(value)))


def one_of(*names: str) -> Shape:
    """Return the shape of a name that may only be one of these."""
    allowed = frozenset(f"/{name}" for name in names)
    return lambda value: Name(str(value)) if isinstance(value, Name) and str(value) in allowed else None
