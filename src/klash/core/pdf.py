"""Tagged PDF (PDF/UA-1): a frame and the words that it prints. Equal words in an equal frame give equal bytes."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TYPESET = Path(__file__).parent / "typeset"


def typeset(frame: Path, content: Mapping[str, Any]) -> bytes:
    """Return the PDF that the frame makes of the content. Nothing in the content is read as markup.

    content: at least lang, title, competition and footer, which `typeset/sheet.typ` prints; the frame reads all of it as `data`.
    """
    compiler, fonts = _tools()
    made: bytes = compiler.compile(
        (TYPESET / "sheet.typ").read_bytes() + frame.read_bytes(), root=str(TYPESET), font_paths=fonts, ignore_system_fonts=True, format="pdf",
        pdf_standards=["ua-1"], sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return made


@cache
def _tools() -> tuple[Any, Any]:
    import typst  # 30 MB of compiler, needed only when somebody asks for a document

    return typst, typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(TYPESET)])
