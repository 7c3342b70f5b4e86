"""PDFs and pictures in which a mark is planted in one place each."""

import io
import struct
import zlib

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, NameTree, Pdf, Stream, String
from PIL import Image, ImageCms, PngImagePlugin

MARK = "Zanzibar7Virtanen"
CONTENT = b"BT /F1 14 Tf 40 700 Td (Ehdotus kaupungille) Tj ET q 100 0 0 100 40 500 cm /P1 Do Q "
DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def picture_bytes(form="JPEG", size=(32, 32), **options):
    out = io.BytesIO()
    image = Image.new("RGB", size)
    image.putdata([(8 * x % 256, 255 - 8 * y % 256, 4 * (x + y) % 256) for y in range(size[1]) for x in range(size[0])])
    image.save(out, form, **options)
    return out.getvalue()


def picture(pdf, data=None, **more):
    data = data or picture_bytes()
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    return pdf.make_stream(
        data, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8, ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode, **more)
    )


def plain(pages=1, content=CONTENT):
    """A document with a line of text and a picture on each page."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding))
    shown = picture(pdf)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(P1=shown))
        page.Contents = pdf.make_stream(content)
    return pdf


def saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, fix_metadata_version=False, **options)
    return out.getvalue()


def page_of(pdf):
    return pdf.pages[0].obj


def draw(pdf, more):
    page_of(pdf).Contents = pdf.make_stream(CONTENT + more)


def layer(pdf, name, shown):
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([] if shown else [group])))
    page_of(pdf).Resources.Properties = Dictionary(L1=group)


def annotation(pdf, **keys):
    page_of(pdf).Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **keys))])


def _info(pdf):
    pdf.docinfo.Author = MARK


def _custom_info(pdf):
    pdf.docinfo["/Yritys"] = MARK


def _xmp(pdf):
    pdf.Root.Metadata = pdf.make_stream(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{MARK}</x:xmpmeta>".encode(), Type=Name.Metadata, Subtype=Name.XML)


def _comment(pdf):
    annotation(pdf, Subtype=Name.Text, F=2, Contents=String(MARK), T=String(MARK))


def _link(pdf):
    annotation(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"https://{MARK}.fi")))


def _form_value(pdf):
    annotation(pdf, Subtype=Name.Widget, FT=Name.Tx, T=String("nimi"), V=String(MARK))
    pdf.Root.AcroForm = Dictionary(Fields=page_of(pdf).Annots)


def _outline(pdf):
    item = pdf.make_indirect(Dictionary(Title=String(MARK)))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def _destination(pdf):
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(MARK), Array([page_of(pdf), Name.Fit])])))


def _layer_name(pdf):
    layer(pdf, MARK, shown=True)
    draw(pdf, b"/OC /L1 BDC 1 1 9 9 re f EMC ")


def _hidden_layer(pdf):
    layer(pdf, "taso", shown=False)
    draw(pdf, f"/OC /L1 BDC BT /F1 9 Tf 40 40 Td ({MARK}) Tj ET EMC ".encode())


def _alternative_text(pdf):
    page = page_of(pdf)
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    figure = pdf.make_indirect(Dictionary(S=Name.Figure, P=tree, Pg=page, K=0, Alt=String(MARK), T=String(MARK), ID=String(MARK), A=Dictionary(O=Name("/" + MARK))))
    tree.K = Array([figure])
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = tree, Dictionary(Marked=True)
    page.Contents = pdf.make_stream(b"/Figure <</MCID 0>> BDC " + CONTENT + b"EMC")


def _actual_text(pdf):
    draw(pdf, f"/Span <</ActualText ({MARK}) /MCID 0>> BDC BT /F1 9 Tf 9 9 Td (a) Tj ET EMC ".encode())


def _named_properties(pdf):
    page_of(pdf).Resources.Properties = Dictionary({"/" + MARK: Dictionary(E=String(MARK))})
    draw(pdf, f"/{MARK} /{MARK} BDC EMC /{MARK} MP ".encode())


def _private_data(pdf):
    page_of(pdf).PieceInfo = pdf.Root.PieceInfo = Dictionary(Illustrator=Dictionary(Private=String(MARK)))


def _attachment(pdf):
    pdf.attachments[MARK + ".txt"] = pikepdf.AttachedFileSpec(pdf, MARK.encode(), filename=MARK + ".txt")


def _script(pdf):
    tree = NameTree.new(pdf)
    tree["a"] = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
    pdf.Root.Names = Dictionary(JavaScript=tree.obj)
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(MARK))


def _page_label(pdf):
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(MARK))]))


def _thumbnail(pdf):
    page_of(pdf).Thumb = picture(pdf, picture_bytes() + MARK.encode())


def _unknown_keys(pdf):
    pdf.Root[f"/{MARK}"] = page_of(pdf)[f"/{MARK}"] = page_of(pdf).Resources[f"/{MARK}"] = String(MARK)


def _picture_comment(pdf):
    exif = Image.Exif()
    exif[0x013B] = MARK
    page_of(pdf).Resources.XObject.P1 = picture(pdf, picture_bytes(exif=exif, comment=MARK), Metadata=pdf.make_stream(MARK.encode()), Name=Name("/" + MARK))


def _picture_tail(pdf):
    page_of(pdf).Resources.XObject.P1 = pdf.make_stream(
        bytes(range(12)) + MARK.encode(), Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=8, ColorSpace=Name.DeviceRGB)
    )


def _palette(pdf):
    table = (b"\xff\0\0\0\xff\0" + MARK.encode()).ljust(768, b"\0")
    page_of(pdf).Resources.XObject.P1 = pdf.make_stream(
        bytes([0, 1, 1, 0]),
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=8, ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 255, String(table)])),
    )


def _inline_picture(pdf):
    draw(pdf, b"q 9 0 0 9 9 9 cm BI /W 1 /H 1 /BPC 8 /CS /RGB /Nimi (" + MARK.encode() + b") ID abc" + MARK.encode() + b"\nEI Q ")


def _colour_profile(pdf):
    profile = pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK.encode(), N=3, Alternate=Name.DeviceRGB)
    page_of(pdf).Resources.ColorSpace = Dictionary(C1=Array([Name.ICCBased, profile]))
    pdf.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, OutputConditionIdentifier=String(MARK), DestOutputProfile=profile)])
    draw(pdf, b"/C1 cs 1 0 0 sc 9 9 9 9 re f ")


def _spot_colour(pdf):
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0]), C1=Array([1, 0, 0]), N=1)
    page_of(pdf).Resources.ColorSpace = Dictionary(C1=Array([Name.Separation, Name("/" + MARK), Name.DeviceRGB, tint]))
    draw(pdf, b"/C1 cs 1 sc 9 9 9 9 re f ")


def _content_comment(pdf):
    draw(pdf, f"% {MARK}\n1 1 9 9 re f /{MARK} {MARK} BX {MARK} EX ".encode())


def _resource_name(pdf):
    page = page_of(pdf)
    page.Resources.Font[f"/{MARK}"] = page.Resources.Font.F1
    draw(pdf, f"BT /{MARK} 9 Tf 9 9 Td (a) Tj ET ".encode())


def _graphics_state(pdf):
    page_of(pdf).Resources.ExtGState = Dictionary(G1=Dictionary(Type=Name.ExtGState, LW=2, HT=String(MARK), BM=Name("/" + MARK)))
    draw(pdf, b"/G1 gs ")


def _form_drawing(pdf):
    inner = pdf.make_stream(
        f"% {MARK}\n1 1 9 9 re f".encode(), Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), PieceInfo=String(MARK), Ref=Dictionary(F=String(MARK)))
    )
    page_of(pdf).Resources.XObject.D1 = inner
    draw(pdf, b"/D1 Do ")


def _calculation(pdf):
    tint = pdf.make_stream(f"{{ % {MARK}\n dup dup }}".encode(), Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 3), Nimi=String(MARK)))
    page_of(pdf).Resources.ColorSpace = Dictionary(C1=Array([Name.Separation, Name.Vari, Name.DeviceRGB, tint]))
    draw(pdf, b"/C1 cs 1 sc 9 9 9 9 re f ")


def embedded_font(pdf, name, program, key="FontFile2"):
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/" + name), FontFamily=String(name), CharSet=String("/" + name), Flags=32, FontBBox=Array([-100, -200, 1000, 900]),
            ItalicAngle=0, Ascent=900, Descent=-200, CapHeight=700, StemV=80, **{key: pdf.make_stream(program)},
        )
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ABCDEF+" + name), FirstChar=97, LastChar=97, Widths=Array([613]), Encoding=Name.WinAnsiEncoding,
            FontDescriptor=descriptor, Name=Name("/" + name),
        )
    )  # fmt: skip


def marked_truetype():
    """DejaVu Sans with the mark in its table of names, in its vendor and in a table of its own."""
    with open(DEJAVU, "rb") as file:
        data = file.read()
    tables = {}
    for place in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16):
        tag, _, offset, length = struct.unpack(">4sIII", data[place : place + 16])
        tables[tag] = data[offset : offset + length]
    words = MARK.encode("utf-16-be")
    tables[b"name"] = struct.pack(">HHH", 0, 1, 18) + struct.pack(">HHHHHH", 3, 1, 0x409, 1, len(words), 0) + words
    tables[b"MARK"] = MARK.encode()
    head, body = data[:4] + struct.pack(">HHHH", len(tables), 0, 0, 0), b""
    for tag, table in sorted(tables.items()):
        head += struct.pack(">4sIII", tag, 0, 12 + 16 * len(tables) + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + body


def _font_program(pdf):
    page_of(pdf).Resources.Font.F1 = embedded_font(pdf, MARK, marked_truetype())
    page_of(pdf).Contents = pdf.make_stream(b"BT /F1 14 Tf 40 700 Td (a) Tj ET")


def _foreign_font(pdf):
    page_of(pdf).Resources.Font.F1 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + MARK), Encoding=Dictionary(Differences=Array([200, Name("/" + MARK)])))


def _to_text(pdf):
    cmap = f"/CMapName /{MARK} def % {MARK}\n1 beginbfchar\n<61> <{(MARK).encode('utf-16-be').hex()}>\nendbfchar"
    page_of(pdf).Resources.Font.F1.ToUnicode = pdf.make_stream(cmap.encode())


PDF_PLACES = {
    "info": _info, "a key of one's own in info": _custom_info, "xmp": _xmp, "comment": _comment, "link": _link, "form value": _form_value, "outline": _outline,
    "destination": _destination, "layer's name": _layer_name, "hidden layer": _hidden_layer, "alternative text": _alternative_text, "actual text": _actual_text,
    "named properties": _named_properties, "private data": _private_data, "attachment": _attachment, "script": _script, "page label": _page_label,
    "thumbnail": _thumbnail, "unknown keys": _unknown_keys, "picture's comment": _picture_comment, "picture's tail": _picture_tail, "palette": _palette,
    "inline picture": _inline_picture, "colour profile": _colour_profile, "spot colour": _spot_colour, "comment among instructions": _content_comment,
    "resource's name": _resource_name, "graphics state": _graphics_state, "drawing within": _form_drawing, "calculation": _calculation,
    "font program": _font_program, "font that is not embedded": _foreign_font, "text behind a glyph": _to_text,
}  # fmt: skip


def marked_pdf(place):
    pdf = plain()
    PDF_PLACES[place](pdf)
    return saved(pdf)


def pdf_id():
    data = saved(plain(), static_id=True)
    start = data.index(b"/ID [<") + 6
    spot = MARK.encode().hex().encode()[:32]
    return data[:start] + spot + data[start + 32 :]


def revised_pdf():
    """A document whose first revision shows the mark, and whose second does not."""
    first = saved(plain(content=CONTENT + f"BT /F1 9 Tf 40 40 Td ({MARK}) Tj ET".encode()), compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with Pdf.open(io.BytesIO(first)) as pdf:
        number = page_of(pdf).Contents.objgen[0]
    start = int(first[first.rindex(b"startxref") + 9 :].split()[0])
    trailer = first[first.rindex(b"trailer") + 7 : first.rindex(b"startxref")].strip()
    place = len(first)
    new = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(CONTENT), CONTENT)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        number, place, trailer[:-2] + b" /Prev %d >>" % start, place + len(new),
    )  # fmt: skip
    return first + new + table


def orphaned_pdf():
    """A document with an object that nothing refers to."""
    data = saved(plain(), compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return data.replace(b"endobj\n", b"endobj\n% " + MARK.encode() + b"\n9999 0 obj\n(" + MARK.encode() + b")\nendobj\n", 1)


def _png(**chunks):
    info = PngImagePlugin.PngInfo()
    for key, value in chunks.items():
        info.add_text(key, value)
    return picture_bytes("PNG", pnginfo=info)


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(kind, body):
    data = picture_bytes("PNG")
    return data[:33] + png_chunk(kind, body) + data[33:]


def _exif():
    exif = Image.Exif()
    exif[0x013B] = MARK
    exif.get_ifd(0x8825)[0x001B] = MARK.encode()
    return exif


def jpeg_segment(code, body):
    data = picture_bytes()
    return data[:2] + b"\xff" + bytes([code]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def named_profile():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    words = MARK.encode()
    place = profile.index("sRGB".encode("utf-16-be"))
    profile[place : place + len(words)] = words
    return bytes(profile)


PICTURE_PLACES = {
    "exif and gps of a jpeg": lambda: ("image/jpeg", picture_bytes(exif=_exif())),
    "exif of a png": lambda: ("image/png", picture_bytes("PNG", exif=_exif())),
    "comment of a jpeg": lambda: ("image/jpeg", picture_bytes(comment=MARK)),
    "iptc": lambda: ("image/jpeg", jpeg_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x16\x1c\x02\x50\0\x11" + MARK.encode())),
    "xmp": lambda: ("image/jpeg", jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + MARK.encode() + b"</x>")),
    "text of a png": lambda: ("image/png", _png(Author=MARK, Comment=MARK)),
    "colour profile's name": lambda: ("image/png", picture_bytes("PNG", icc_profile=named_profile())),
    "a chunk of one's own": lambda: ("image/png", png_with(b"klSh", MARK.encode())),
    "thumbnail": lambda: ("image/jpeg", jpeg_segment(0xE0, b"JFXX\0\x10" + picture_bytes(comment=MARK, size=(8, 8)))),
    "under what is transparent": lambda: ("image/png", transparent_png()),
}  # fmt: skip


def transparent_png():
    out = io.BytesIO()
    words = MARK.encode().ljust(18, b".")
    Image.frombytes("RGBA", (6, 1), b"".join(words[place : place + 3] + b"\0" for place in range(0, 18, 3))).save(out, "PNG")
    return out.getvalue()


def everything(data):
    """All bytes of a file that anyone could look at: as it is, and each stream of a PDF unfolded and each picture decoded."""
    parts = [data]
    if data.startswith(b"%PDF"):
        with Pdf.open(io.BytesIO(data)) as pdf:
            for held in pdf.objects:
                parts.append(held.unparse(resolved=True) if not isinstance(held, Stream) else held.stream_dict.unparse())
                if isinstance(held, Stream):
                    parts += [held.read_raw_bytes(), held.read_bytes(pikepdf.StreamDecodeLevel.all)]
                parts += strings(held)
            parts += [pdf.trailer.unparse(), *strings(pdf.trailer)]
    elif data.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(data)) as image:
            parts += [image.convert("RGB").tobytes(), image.tobytes(), image.info.get("icc_profile", b"")]
    return b"\n".join(parts)


def strings(held, depth=0):
    if depth > 12:
        return []
    if isinstance(held, String):
        return [bytes(held)]
    if isinstance(held, (Dictionary, Stream)):
        return [found for key in set(held.keys()) - {"/Parent", "/P", "/Pg"} for found in strings(held[key], depth + 1)]
    return [found for part in held for found in strings(part, depth + 1)] if isinstance(held, Array) else []


def is_marked(data):
    whole = everything(data)
    spellings = (MARK.encode(), MARK.encode("utf-16-be"), MARK.encode("utf-16-le"), MARK.encode().hex().encode(), MARK.encode().hex()[:32].encode(), MARK[::-1].encode())
    return any(spelling.lower() in whole.lower() for spelling in spellings)


def words_of(data):
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]

