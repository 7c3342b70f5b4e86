"""The report as a PDF, read by other programmes than the one that wrote it."""

import io
from datetime import timedelta

import pytest
from django.utils import translation

from klash.core import audit, clock
from klash.reviewing import hashes, pdf, selectors, services, words
from klash.reviewing.models import ConflictKind
from tests.clearing import clear_all
from tests.reviewing.conftest import CODES, full, make_body

pytestmark = pytest.mark.django_db(databases="__all__")
pytest.importorskip("typst")
pikepdf = pytest.importorskip("pikepdf")
pypdfium2 = pytest.importorskip("pypdfium2")
REASONS = {code: f"Perustelu {code}.\n\nToinen kappale: #strong[ei merkintää] *tähdet*." for code in CODES}


@pytest.fixture
def judged(middle):
    body = make_body(jurors=3)
    services.recuse(actor=body.jurors[2], entry=body.entry("K7-MESI"), kind="mentor", reason="Mentoroin Kaarnaa.")
    services.recuse(actor=body.jurors[1], entry=body.entry("T9-LUMO"), kind="competence", reason="En tunne alaa.")
    for seat in (body.chair, *body.jurors[:2]):
        for code in CODES:
            if (seat, code) != (body.jurors[1], "T9-LUMO"):
                services.submit_review(actor=seat, entry=body.entry(code), scores=full({"K7-MESI": 9, "R2-HAKA": 5, "T9-LUMO": 4}[code]), comment="Salainen sana.")
    services.complete_round(actor=body.staff, round=body.round)
    body.round.refresh_from_db()
    body.report = services.draft_report(
        actor=body.chair, round=body.round, reasons=REASONS, remarks="Huomautus kunnille.", clarify={"K7-MESI": "Mitä ylläpito maksaa?", "R2-HAKA": " "}
    )
    return body


def fetch(client, body, language="fi", seat=None):
    client.force_login(body.people[(seat or body.chair).handle])
    return client.get(f"/review/{body.round.code}/report.{language}.pdf")


def text_of(content):
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)).split())


def test_every_kind_of_conflict_has_its_words():
    assert set(words.CONFLICTS) == set(ConflictKind.values)


WORDS = {
    "fi": [
        "Lausunto: Haaste", "Paremmuusjärjestys", "9,00", "Ilmoitettu menetelmä on kriteerien", "Tasapisteissä sija jaetaan.", "Vaikuttavuus 40", "Perustelu K7-MESI.",
        "Selvitettävää", "Mitä ylläpito maksaa?", "Huomautus kunnille.", "1 arvioija jätti koko kierroksen esteellisyyden vuoksi.", "Esteellisyyksiä mentoroinnin vuoksi: 1",
        "Luopumisia puuttuvan asiantuntemuksen vuoksi: 1", "Versio 1", "Ensimmäinen pysyy ensimmäisenä", "#strong[ei merkintää] *tähdet*",
    ],
    "sv": ["Utlåtande: Utmaning", "Rangordning", "Den meddelade metoden är det vägda medelvärdet", "Att klargöra", "Effekt 40", "Jäv på grund av mentorskap: 1", "Version 1"],
}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_pdf_is_tagged_and_tells_everything(client, judged, language):
    answer = fetch(client, judged, language)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    assert [words for words in WORDS[language] if words not in text] == []
    assert judged.report.hash in text.replace(" ", "")
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked) and str(root.Lang) == language and "/StructTreeRoot" in root and bool(root.ViewerPreferences.DisplayDocTitle)
        metadata = root.Metadata.read_bytes().decode()
        assert "<pdfuaid:part>1<" in metadata and WORDS[language][0] in metadata
        assert "/CreationDate" not in document.docinfo
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
        assert fonts and all("KlashSans" in name for name in fonts)


def test_the_same_report_gives_the_same_bytes_whenever_and_whoever(client, judged):
    one = fetch(client, judged).content
    with clock.at(clock.now() + timedelta(days=3)):
        assert fetch(client, judged, seat=judged.jurors[0]).content == one


def test_the_pdf_names_nobody_in_a_round_without_names(client, judged):
    text = text_of(fetch(client, judged).content)
    names = [person.name for person in judged.people.values()] + [seat.handle for seat in judged.seats] + ["Kaarna", "Salainen sana", "En tunne alaa"]
    assert [name for name in names if name in text] == []


def test_an_edit_voids_the_signatures_and_changes_the_fingerprint_in_the_pdf(client, judged):
    services.send_for_signing(actor=judged.chair, report=judged.report)
    first = judged.report.hash
    services.sign_report(actor=judged.jurors[0], report=judged.report, report_hash=first)
    signed = text_of(fetch(client, judged).content)
    assert first in signed.replace(" ", "") and signed.count("allekirjoitettu 7.3.2026") == 1
    new = services.draft_report(actor=judged.chair, round=judged.round, reasons=REASONS, remarks="Huomautus kunnille.", clarify={"K7-MESI": "Kuka ylläpitää?"})
    changed = text_of(fetch(client, judged).content)
    assert new.hash != first and new.version == 2 and selectors.unsigned(new) == 3
    assert new.hash in changed.replace(" ", "") and first not in changed.replace(" ", "") and "allekirjoitettu 7.3.2026" not in changed
    assert "Versio 2" in changed and "Kuka ylläpitää?" in changed


def test_the_fingerprint_covers_every_part_of_the_text(judged):
    parts = ["ranking", "firmness", "reasons", "clarify", "remarks"]
    before = hashes.report_hash(judged.report)
    for part in parts:
        kept = getattr(judged.report, part)
        setattr(judged.report, part, "muu")
        assert hashes.report_hash(judged.report) != before
        setattr(judged.report, part, kept)


def test_only_who_sees_the_report_gets_the_pdf(client, judged, middle):
    assert [fetch(client, judged, language).status_code for language in ("en", "xx")] == [404, 404]
    client.force_login(judged.staff)
    assert client.get(f"/review/{judged.round.code}/report.fi.pdf").status_code == 404
    body = make_body(codes=("A2",))
    assert fetch(client, body).status_code == 404


def test_the_report_page_shows_what_the_pdf_shows(client, judged):
    client.force_login(judged.people[judged.jurors[0].handle])
    page = client.get(f"/review/{judged.round.code}/report/").content.decode()
    for told in ("Mitä ylläpito maksaa?", "Esteellisyyksiä mentoroinnin vuoksi: 1", "1 arvioija jätti koko kierroksen esteellisyyden vuoksi.", "report.fi.pdf", "report.sv.pdf"):
        assert told in page


def test_a_report_tells_that_a_reviewer_left_for_a_conflict(body):
    """Neither whose nor of which entry; and it does not say beside it that there was none."""
    services.stand_down(actor=audit.System(), seat=body.jurors[0])
    with translation.override("en"):
        told = [str(sentence) for sentence in pdf.circumstances(body.round)]
    assert told == ["1 reviewer left the whole round because of a conflict of interest."]  # not absent besides
    assert "No conflict of interest was declared or found." not in told


SWEDISH = "Lösningen är den bästa och den kan tas i bruk av alla kommuner."
FINNISH = "Ratkaisu on hyvä, mutta se ei ole vielä valmis."
NEITHER = "Erinomainen."


@pytest.fixture
def mixed(middle):
    """A round of a Finnish and a Swedish entry, with reasons in the language that the chair chose for each."""
    body = make_body(codes=("K7-MESI", "R2-HAKA"), is_open=False)
    entry = body.entry("R2-HAKA")
    entry.language, entry.title = "sv", "Lösning HAKA"
    entry.save(update_fields=["language", "title"])
    clear_all(body.round)
    services.open_round(actor=body.staff, round=body.round)
    body.round.refresh_from_db()
    for seat in body.seats:
        seat.round = body.round
    body.complete()
    body.round.refresh_from_db()
    body.report = services.draft_report(
        actor=body.chair, round=body.round, reasons={"K7-MESI": SWEDISH, "R2-HAKA": NEITHER}, clarify={"R2-HAKA": FINNISH}, remarks="This is for all of you.",
    )
    return body


def spoken(content):
    """Return what is read aloud of a tagged PDF, by the language in which it is: an element's, unless its piece of the page has one of its own."""
    texts = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        languages = {}
        _languages_of(document.Root.StructTreeRoot.K, str(document.Root.Lang), languages)
        for number, page in enumerate(document.pages):
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "BDC" and "/MCID" in operands[1] and "/Lang" in operands[1]:
                    languages[page.objgen, int(operands[1].MCID)] = str(operands[1].Lang)
            for mark, text in _pieces(content, number):
                texts.setdefault(languages[page.objgen, mark], []).append(text)
    return {language: " ".join(pieces) for language, pieces in texts.items()}


def _languages_of(kids, language, found, page=None):
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            found[page.objgen, kid] = language
        elif "/MCID" in kid:
            found[kid.get("/Pg", page).objgen, int(kid.MCID)] = language
        elif "/K" in kid:
            _languages_of(kid.K, str(kid.get("/Lang", language)), found, kid.get("/Pg", page))


def _pieces(content, number):
    """Return the texts of a page with the marks of their pieces."""
    raw, page = pypdfium2.raw, pypdfium2.PdfDocument(content)[number]
    text_page = page.get_textpage()
    pieces = [(raw.FPDFPageObj_GetMarkedContentID(it.raw), it) for it in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
    return [(mark, text_page.get_text_bounded(*it.get_bounds()).strip()) for mark, it in pieces if mark >= 0]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_what_people_wrote_is_read_aloud_in_its_own_language(client, mixed, language):
    """By its words; where they do not tell, in the language of the entry (WCAG 3.1.2)."""
    heard = spoken(fetch(client, mixed, language).content)
    assert "Lösningen är den bästa" in heard["sv"] and NEITHER in heard["sv"] and "Lösning HAKA" in heard["sv"]
    assert "Ratkaisu on hyvä" in heard["fi"] and "Ratkaisu K7-MESI" in heard["fi"]
    assert heard["en"] == "This is for all of you."
    assert WORDS[language][0] in heard[language]


def test_the_page_of_the_report_tags_each_text_with_its_language(client, mixed):
    client.force_login(mixed.people[mixed.jurors[0].handle])
    page = client.get(f"/review/{mixed.round.code}/report/").content.decode()
    for language, text in (("sv", SWEDISH), ("sv", NEITHER), ("fi", FINNISH), ("en", "This is for all of you.")):
        assert f'<div lang="{language}"><p>{text}</p>' in page
    assert '<span lang="sv">Lösning HAKA</span>' in page and '<span lang="fi">Ratkaisu K7-MESI</span>' in page
