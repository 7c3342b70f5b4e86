"""A program of its own, behind walls: one file in, what became of it out. Imports nothing of Django.

It reads a frame from standard input, whose header holds the file's name and whose body is the file, and writes one to standard output, whose header holds
the facts and whose body is the cleaned file and then the picture of its first page. To an empty header it answers which walls stand.
"""

import io
import sys
from typing import Any

from pikepdf import Dictionary, Encryption, Name, Pdf
from PIL import Image, ImageCms

from klash.algo.leaks import Unfit, strip
from klash.algo.leaks.kind import PDF, kind
from klash.algo.leaks.shown import look
from klash.files import walls
from klash.files.frames import frame, unframe


def answer(name: str, data: bytes) -> bytes:
    """Return the frame that tells what became of a file."""
    try:
        mime = kind(data, name)
        stripped = strip(data, mime=mime)
        shown = look(stripped.data, mime=mime)
    except Unfit as unfit:
        return frame({"fault": unfit.fault, "detail": unfit.detail[:200]})
    except MemoryError:
        return frame({"fault": "too_heavy", "detail": "memory"})
    facts = {
        "mime": mime, "removed": stripped.removed, "fonts": stripped.fonts, "texts": shown.texts, "pages": len(shown.texts) if mime == PDF else 0,
        "hidden": [(hidden.page, hidden.text) for hidden in shown.hidden], "cleaned_bytes": len(stripped.data),
    }  # fmt: skip
    return frame(facts, stripped.data, shown.first_page)


def rehearse() -> None:
    """Do everything once with small files of our own, since nothing can be loaded behind the walls."""
    exif, profile = Image.Exif(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif[0x0112] = 6
    for form, name in (("PNG", "a.png"), ("JPEG", "a.jpg")):
        answer(name, _picture(form, exif=exif, icc_profile=profile))
    photograph = _picture("JPEG2000")
    with Pdf.new() as document:
        page = document.add_blank_page().obj
        picture = document.make_stream(photograph, Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, Filter=Name.JPXDecode)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(P=picture))
        page.Contents = document.make_stream(b"BT /F 9 Tf 9 9 Td (a) Tj ET BI /W 1 /H 1 /BPC 8 /CS /G ID a EI /P Do")
        for encryption in (False, Encryption(owner="a", user="")):
            sheet = io.BytesIO()
            document.save(sheet, encryption=encryption)
            answer("a.pdf", sheet.getvalue())


def _picture(form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form, **options)
    return out.getvalue()


def main() -> None:
    rehearse()
    walls.limit()
    standing = walls.close()
    header, data = unframe(sys.stdin.buffer.read())
    reply = frame({"walls": standing}) if not header else answer(header["name"], data)
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
