"""The pages of an entry's files as pictures with their words, so that a reviewer reads them without opening a file of a stranger.

The files were made anew from an allow-list where they were taken in; what is drawn here is what they show, and nothing is fetched.
"""

import io
import threading
from dataclasses import dataclass

from klash.reviewing.models import EntryFile

PDF = "application/pdf"
SCALE = 1.6  # 115 dots an inch: small print stays readable on a desk
PDFIUM = threading.Lock()  # the library serves one thread at a time


@dataclass(frozen=True)
class Sheet:
    """number: from 1. text: the words of the page, for whoever listens; empty for a picture."""

    number: int
    text: str


def sheets(file: EntryFile) -> list[Sheet]:
    """Return the pages of a file with their words."""
    if file.media_type != PDF:
        return [Sheet(1, "")]
    import pypdfium2  # only who reads a file loads it

    with PDFIUM, pypdfium2.PdfDocument(bytes(file.content)) as document:
        return [Sheet(number + 1, document[number].get_textpage().get_text_bounded().strip()) for number in range(len(document))]


def picture(file: EntryFile, number: int) -> tuple[bytes, str] | None:
    """Return a page as a picture and its media type; None for a page that is not there. Equal input, equal bytes."""
    if file.media_type != PDF:
        return (bytes(file.content), file.media_type) if number == 1 else None
    import pypdfium2

    with PDFIUM, pypdfium2.PdfDocument(bytes(file.content)) as document:
        if not 1 <= number <= len(document):
            return None
        out = io.BytesIO()
        document[number - 1].render(scale=SCALE).to_pil().save(out, "PNG")
        return out.getvalue(), "image/png"
