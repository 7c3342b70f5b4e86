"""A58: the report as a PDF reads no file and no address that stands in what people write, and takes none of it for markup."""

import io
import re
import shutil
import socket

import pytest

from klash.reviewing import pdf, services
from tests.hostile.words import MARK, plant
from tests.reviewing.conftest import CODES, full, make_body, middle  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
pytest.importorskip("typst")
pikepdf = pytest.importorskip("pikepdf")
pypdfium2 = pytest.importorskip("pypdfium2")

SECRET = "salainenkirje"
LICENCE = "SIL OPEN FONT LICENSE"  # of the one text that lies beside the page's frame
# Markup, code, paths and addresses: what reads, shows, links or leaves out if it is taken for more than text.
CORPUS = (
    '#read("OFL.txt")', '#read("{secret}")', '#read("../../../../../../..{secret}")', '#image("{secret}")', "#image(\"file://{secret}\")", '#include "OFL.txt"', '#import "@preview/cetz:0.3.0"',
    '#import "http://127.0.0.1:{port}/a"', '#link("http://127.0.0.1:{port}/")[x]', "http://127.0.0.1:{port}/b.png", "file://{secret}", "#sys.inputs.data", "#eval(\"1+1\")", "$ sum_(i=0)^n $",
    "= Otsikko", "*lihava* _kursiivi_ `koodi`", "// poissa", "/* poissa */", "<nimi> @nimi", "#pagebreak() #hide[poissa]", "\\u{{41}} ~ --- ]]]] )))) }}}} \"\"", "#", "#[", "#(", "![x](file://{secret})",
    "<img src=file://{secret}>", "\\input{{{secret}}}", "%PDF-1.7 endobj /URI (http://x)",
)
SHOWN = {  # what the report prints of what people write
    "reviewing.Round.title", "reviewing.Round.competition_name", "reviewing.Entry.title", "reviewing.Criterion.name", "reviewing.Report.reasons", "reviewing.Report.clarify", "reviewing.Report.remarks",
}


@pytest.fixture
def report(middle):  # noqa: F811
    body = make_body(jurors=2)
    for seat in body.seats:
        for code in CODES:
            services.submit_review(actor=seat, entry=body.entry(code), scores=full(5), comment="Sana.")
    services.complete_round(actor=body.staff, round=body.round)
    body.round.refresh_from_db()
    texts = dict.fromkeys(CODES, "Sana.")
    return services.draft_report(actor=body.chair, round=body.round, reasons=texts, remarks="Sana.", clarify=texts)


@pytest.fixture
def trap(tmp_path):
    """A file that nobody may read and a port that nobody may call: the words of the corpus that name them, and whether somebody called."""
    (tmp_path / "secret").write_text(SECRET)
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        line.setblocking(False)
        yield lambda text: text.format(secret=tmp_path / "secret", port=line.getsockname()[1]), line


def printed(report, write):
    """Write into every field of the report; return the columns that it then prints and its pages' text without blanks and hyphens."""
    columns = plant(write, app="reviewing")
    report = type(report).objects.select_related("round").get(pk=report.pk)
    made = pdf.report_pdf(report, "fi")
    with pikepdf.open(io.BytesIO(made)) as document:
        dictionaries = [one for one in document.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)]
        assert {str(one.get("/Subtype", "")) for one in dictionaries} & {"/Link", "/Image", "/FileAttachment", "/Widget"} == set()
        assert [one for one in dictionaries if {"/URI", "/EmbeddedFiles", "/JS", "/F"} & set(one.keys())] == []
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    return {columns[mark] for mark in MARK.findall(text.lower()) if mark in columns}, _bare(text)


def _bare(text):
    return re.sub(r"[^\w#@<>$=*/()\[\]{}]", "", text)


def test_pdf_fetch(report, trap):
    fill, line = trap
    words = [fill(one) for one in CORPUS]
    columns, text = printed(report, lambda mark: f"{mark}\n\n" + "\n\n".join(words))
    assert columns >= SHOWN
    assert [one for one in words if _bare(one) not in text] == []  # each stands there as it was written
    assert (SECRET in text, _bare(LICENCE) in text) == (False, False)
    with pytest.raises(BlockingIOError):
        line.accept()


def test_seeded_fault_a_frame_that_takes_texts_for_markup(report, trap, tmp_path, monkeypatch):
    shutil.copytree(pdf.SOURCES, tmp_path / "report")
    frame = tmp_path / "report/report.typ"
    frame.write_text(frame.read_text().replace("prose(it.paragraphs)", 'for part in it.paragraphs { par(eval(part, mode: "markup")) }'))
    monkeypatch.setattr(pdf, "SOURCES", tmp_path / "report")
    assert _bare(LICENCE) in printed(report, lambda mark: f'{mark} #read("OFL.txt")')[1]
