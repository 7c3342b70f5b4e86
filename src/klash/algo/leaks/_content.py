"""Drawing instructions, made anew: known operators with operands of the known types, names replaced, nothing else."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from pikepdf import Array, Dictionary, Name, Operator, String, parse_content_stream, unparse_content_stream

from klash.algo.leaks._rebuild import Rebuild, whole, words

_NUMBERS = frozenset((int, Decimal, float))
_PLAIN = frozenset(
    words("w J j M i cm m l c v y h re S s f F f* B B* b b* n W W* q Q BT ET Tc Tw Tz TL Tr Ts Td TD Tm T* g G rg RG k K d0 d1 sc SC scn SCN")
)
_NAMED = {"Tf": "/Font", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace", "sh": "/Shading", "Do": "/XObject", "scn": "/Pattern", "SCN": "/Pattern"}
_SHOWING_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_PAINTING_PATHS = frozenset(words("S s f F f* B B* b b*"))
_PAINTING = _PAINTING_PATHS | _SHOWING_TEXT | {"sh", "Do"}
_SILENT = frozenset(("MP", "DP", "BX", "EX", "ri"))
_INTENTS = frozenset(("/AbsoluteColorimetric", "/RelativeColorimetric", "/Saturation", "/Perceptual"))
TAGS = frozenset(
    f"/{tag}"
    for tag in words(
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot "
        "Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form Title FENote Sub Em Strong Artifact"
    )
)


class Used(Protocol):
    """The resources that instructions name; each is made anew when it is first named."""

    def use(self, kind: str, name: str) -> Any:
        """Return the new name, or None where there is nothing to name."""

    def inline(self, image: Any) -> Any:
        """Return the name of a picture that stood among the instructions."""

    def is_hidden(self, properties: Any) -> bool:
        """Tell whether a layer is off."""

    def properties(self, operand: Any) -> Any:
        """Return the dictionary of a marked piece, given itself or by name."""


def rewrite(rebuild: Rebuild, source: Any, used: Used, *, tags: bool = False) -> bytes:
    """Return the instructions of a page or a stream made anew.

    tags: keep which piece belongs to which element of the document's structure. What a hidden layer paints is left out.
    """
    return bytes(unparse_content_stream(list(_Writer(rebuild, used, tags).instructions(source))))


class _Writer:
    def __init__(self, rebuild: Rebuild, used: Used, tags: bool) -> None:
        self.rebuild, self.used, self.tags = rebuild, used, tags
        self.marked: list[tuple[bool, bool]] = []  # of each piece that is open: whether it is written, whether it is hidden
        self.hidden = 0

    def instructions(self, source: Any) -> Any:
        parsed: Iterable[Any] = parse_content_stream(source)
        for instruction in parsed:
            operator = str(instruction.operator)
            if operator == "INLINE IMAGE":
                yield from self._inline(instruction.iimage)
            elif operator in ("BDC", "BMC"):
                yield from self._begin(instruction.operands)
            elif operator == "EMC":
                yield from self._end()
            elif self.hidden and operator in _PAINTING:
                yield from _unpainted(operator, list(instruction.operands))
            elif operator in _PLAIN and all(type(operand) in _NUMBERS for operand in instruction.operands):
                yield instruction
            else:
                operands = self._operands(operator, list(instruction.operands))
                if operands is not None:
                    yield operands, Operator(operator)
        yield from (([], Operator("EMC")) for written, _ in self.marked if written)

    def _operands(self, operator: str, operands: list[Any]) -> list[Any] | None:
        if operator in _NAMED:
            return self._named(operator, operands)
        if operator in _SHOWING_TEXT:
            return _text(operator, operands)
        if operator == "d" and len(operands) == 2 and isinstance(operands[0], Array):
            return [Array([part for part in operands[0] if type(part) in _NUMBERS]), operands[1] if type(operands[1]) in _NUMBERS else 0]
        if operator == "ri" and operands and str(operands[0]) in _INTENTS:
            return operands[:1]
        if operator not in _SILENT:
            self.rebuild.removed.add("other")
        return None

    def _named(self, operator: str, operands: list[Any]) -> list[Any] | None:
        """Replace the name, which stands first with a font and last with everything else."""
        place = 0 if operator == "Tf" else -1
        if not operands or not isinstance(operands[place], Name):
            return None
        rest = operands[1:] if operator == "Tf" else operands[:-1]
        name = self.used.use(_NAMED[operator], str(operands[place]))
        if name is None or not all(type(operand) in _NUMBERS for operand in rest):
            return None
        return [name, *rest] if operator == "Tf" else [*rest, name]

    def _inline(self, image: Any) -> Any:
        name = None if self.hidden else self.used.inline(image)
        if name is not None:
            yield [name], Operator("Do")

    def _begin(self, operands: Any) -> Any:
        tag = str(operands[0]) if len(operands) and isinstance(operands[0], Name) else ""
        properties = self.used.properties(operands[1]) if len(operands) > 1 else None
        hidden = tag == "/OC" and self.used.is_hidden(properties)
        piece = self._piece(tag, properties)
        if tag == "/OC":
            self.rebuild.removed.add("layers")
        self.marked.append((piece is not None, hidden))
        self.hidden += hidden
        if piece is not None:
            yield piece

    def _piece(self, tag: str, properties: Any) -> Any:
        if not isinstance(properties, Dictionary):
            properties = Dictionary()
        if tag != "/OC" and set(properties.keys()) - {"/MCID", "/Type", "/BBox", "/Attached", "/Subtype"}:
            self.rebuild.removed.add("hidden words")
        if tag == "/Artifact":
            return [Name.Artifact], Operator("BMC")
        number = whole(properties.get("/MCID"))
        if not self.tags or tag == "/OC" or number is None or not 0 <= number < 100_000:
            return None
        return [Name(tag if tag in TAGS else "/Span"), Dictionary(MCID=number)], Operator("BDC")

    def _end(self) -> Any:
        if self.marked:
            written, hidden = self.marked.pop()
            self.hidden -= hidden
            if written:
                yield [], Operator("EMC")


def _text(operator: str, operands: list[Any]) -> list[Any] | None:
    if operator == "TJ":
        parts: Iterable[Any] = operands[0] if operands and isinstance(operands[0], Array) else ()
        return [Array([part for part in parts if type(part) in _NUMBERS or isinstance(part, String)])]
    spacing = operands[:-1]
    if not operands or not isinstance(operands[-1], String) or len(spacing) != (2 if operator == '"' else 0):
        return None
    return operands if all(type(operand) in _NUMBERS for operand in spacing) else None


def _unpainted(operator: str, operands: list[Any]) -> Any:
    """Return what an instruction does besides painting: it ends a path, moves to the next line, sets spacing."""
    if operator in _PAINTING_PATHS:
        yield [], Operator("n")
    if operator == '"' and len(operands) == 3 and all(type(operand) in _NUMBERS for operand in operands[:2]):
        yield operands[:1], Operator("Tw")
        yield operands[1:2], Operator("Tc")
    if operator in ("'", '"'):
        yield [], Operator("T*")
