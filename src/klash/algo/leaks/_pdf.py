"""PDFs, rebuilt: a new document into which only what draws a page is made anew."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, PdfError, Stream

from klash.algo.leaks import _content
from klash.algo.leaks._rebuild import Rebuild, number, numbers, whole
from klash.algo.leaks._resources import Resources
from klash.algo.leaks._structure import Structure
from klash.algo.leaks.faults import Fault, Unfit

PAGES_MAX = 400
OBJECTS_MAX = 200_000
_ANCESTORS_MAX = 60
_MEMORY = 300_000_000

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_MEMORY, png_max_memory=_MEMORY, run_length_max_memory=_MEMORY, tiff_max_memory=_MEMORY, dct_max_memory=_MEMORY,
    max_stream_filters=6, parser_max_nesting=200, doc_max_warnings=2_000, dct_max_progressive_scans=100, dct_throw_on_corrupt_data=False,
)  # fmt: skip


def rebuild_pdf(data: bytes) -> tuple[bytes, set[str], set[str]]:
    """Return the document made anew, what was left out, and the original names of its fonts.

    Raises Unfit: BROKEN, ENCRYPTED, TOO_LONG, TOO_HEAVY, TOO_MANY_PIXELS, or ACTIVE for one whose pages are only made by a program.
    """
    try:
        with Pdf.open(io.BytesIO(data), suppress_warnings=True) as source:
            return _rebuilt(source, data)
    except pikepdf.PasswordError:
        raise Unfit(Fault.ENCRYPTED)
    except (MemoryError, RecursionError) as error:
        raise Unfit(Fault.TOO_HEAVY, type(error).__name__)
    except (PdfError, pikepdf.exceptions.PdfParsingError, KeyError, AttributeError, TypeError, ValueError, IndexError, OverflowError, RuntimeError) as error:
        words = str(error).rpartition(": ")[2]
        raise Unfit(Fault.TOO_HEAVY if "limit exceeded" in words else Fault.BROKEN, f"{type(error).__name__}: {words}")


def _rebuilt(source: Pdf, data: bytes) -> tuple[bytes, set[str], set[str]]:
    if source.is_encrypted:
        raise Unfit(Fault.ENCRYPTED)
    if len(source.objects) > OBJECTS_MAX:
        raise Unfit(Fault.TOO_HEAVY, f"{len(source.objects)} objects")
    _refuse_programs(source.Root)
    pages = list(source.pages)
    if not pages:
        raise Unfit(Fault.BROKEN, "no pages")
    if len(pages) > PAGES_MAX:
        raise Unfit(Fault.TOO_LONG, str(len(pages)))
    rebuild = Rebuild()
    rebuild.hidden_layers = _hidden_layers(source.Root)
    _note(rebuild, source, data)
    structure = Structure(rebuild, source.Root)
    for page in pages:
        made = _page(rebuild, page.obj, tags=structure.is_kept)
        rebuild.target.pages.append(Page(made))
        structure.place(page.obj, rebuild.target.pages[-1].obj)
    structure.finish()
    return _saved(rebuild.target), rebuild.removed, rebuild.fonts


def _saved(target: Pdf) -> bytes:
    out = io.BytesIO()
    target.save(out, force_version="1.7", deterministic_id=True, object_stream_mode=ObjectStreamMode.generate, fix_metadata_version=False)
    return out.getvalue()


def _refuse_programs(root: Any) -> None:
    """Refuse what would be an empty shell without its program: forms drawn by XFA, and a cover for attachments."""
    form = root.get("/AcroForm")
    if "/Collection" in root or root.get("/NeedsRendering") is True or (isinstance(form, Dictionary) and "/XFA" in form):
        raise Unfit(Fault.ACTIVE)


def _hidden_layers(root: Any) -> set[tuple[int, int]]:
    properties = root.get("/OCProperties")
    default = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(default, Dictionary):
        return set()
    listed = {key: {group.objgen for group in default.get(key, Array([])) if isinstance(group, Dictionary)} for key in ("/ON", "/OFF")}
    if default.get("/BaseState") != Name.OFF:
        return listed["/OFF"]
    return {group.objgen for group in properties.get("/OCGs", Array([]))} - listed["/ON"]


def _note(rebuild: Rebuild, source: Pdf, data: bytes) -> None:
    """Name what stands around the pages and is left behind with the old document."""
    rebuild.kept(source.Root, {"/Type": str, "/Pages": str})
    if "/Info" in source.trailer:
        rebuild.removed.add("info")
    if data.count(b"%%EOF") > (2 if b"/Linearized" in data[:2048] else 1):
        rebuild.removed.add("revisions")
    names = source.Root.get("/Names")
    for key, word in (("/EmbeddedFiles", "attachments"), ("/JavaScript", "scripts")):
        if isinstance(names, Dictionary) and key in names:
            rebuild.removed.add(word)
    action = source.Root.get("/OpenAction")
    if isinstance(action, Dictionary) and action.get("/S") == Name.JavaScript:
        rebuild.removed.add("scripts")


def _page(rebuild: Rebuild, source: Any, *, tags: bool) -> Any:
    resources = Resources(rebuild, _inherited(source, "/Resources"))
    shapes = {"/UserUnit": number, "/Group": resources.group}
    new = rebuild.kept(source, shapes, Type=Name.Page)
    new.MediaBox = _visible_box(source)
    turn = whole(_inherited(source, "/Rotate"))
    if turn and turn % 90 == 0:
        new.Rotate = turn % 360
    if "/Contents" in source:
        rebuild.count_content(_content_bytes(source.Contents))
        new.Contents = Stream(rebuild.target, _content.rewrite(rebuild, source, resources, tags=tags))
    new.Resources = resources.new
    return new


def _content_bytes(contents: Any) -> int:
    parts = contents if isinstance(contents, Array) else [contents]
    return sum(len(part.read_bytes()) for part in parts if isinstance(part, Stream))


def _inherited(page: Any, key: str) -> Any:
    node = page
    for _ in range(_ANCESTORS_MAX):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _visible_box(page: Any) -> Any:
    """Return what a reader shows of the page: the crop box within the sheet."""
    sheet = _box(_inherited(page, "/MediaBox")) or [0, 0, 612, 792]
    crop = _box(_inherited(page, "/CropBox"))
    if crop is None:
        return Array(sheet)
    inner = [max(sheet[0], crop[0]), max(sheet[1], crop[1]), min(sheet[2], crop[2]), min(sheet[3], crop[3])]
    return Array(inner if inner[0] < inner[2] and inner[1] < inner[3] else sheet)


def _box(value: Any) -> list[Any] | None:
    corners = list(numbers(value) or []) if isinstance(value, Array) else []
    if len(corners) != 4:
        return None
    left, right, low, high = *sorted((corners[0], corners[2])), *sorted((corners[1], corners[3]))
    return [left, low, right, high] if left < right and low < high else None

