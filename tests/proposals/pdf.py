"""Small PDFs made for tests."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter


def pdf_bytes(pages=1, password="", owner="", title="", width=100):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=width, height=100)
    if title:
        writer.add_metadata({"/Title": title})
    if password or owner:
        writer.encrypt(password, owner_password=owner or None, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def upload(name="plan.pdf", content=None, **options):
    return SimpleUploadedFile(name, pdf_bytes(**options) if content is None else content, content_type="application/pdf")
