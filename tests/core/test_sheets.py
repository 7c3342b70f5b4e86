"""Tables as files: what is written is read back as it was, and nothing that somebody sends is run, believed or too large."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.core.errors import Refused
from klash.core.sheets import Column, csv_text, read, reading, workbook
from klash.rules.reasons import Reason

COLUMNS = [Column("Otsikko", lambda row: row[0]), Column("Luku", lambda row: row[1]), Column("Milloin", lambda row: row[2])]
ROWS = [("Ääni; \"kylä\"\nkoulu", 5, date(2020, 1, 23)), ("=1+1", Fraction(5, 3), datetime(2020, 1, 23, 14, tzinfo=UTC)), ("", 0, None)]
SIGNS = "=+-@|%'\t\r\n ＝；;,\"ä€a1"


def xlsx(rows=ROWS):
    return workbook(COLUMNS, rows, title="Taulukko: [1]", language="fi")


def remade(content, **parts):
    """Return a workbook with some of its parts written anew or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return out.getvalue()


def sheet_with(rows):
    return remade(xlsx([]), **{"xl/worksheets/sheet1.xml": f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'})


def test_csv_is_written_for_finnish_spreadsheets():
    lines = csv_text(COLUMNS, ROWS, "fi").decode().split("\r\n")
    assert lines == [
        '\ufeff"Otsikko";"Luku";"Milloin"', '"Ääni; ""kylä""\nkoulu";"5";"23.1.2020"', '"\'=1+1";"1,6667";"23.1.2020 klo\xa016.00"', '"";"0";""', "",
    ]


def test_a_workbook_has_typed_cells_and_no_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx())).active
    rows = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert sheet.title == "Taulukko   1"
    assert rows == [
        [(ROWS[0][0], "s"), (5, "n"), (datetime(2020, 1, 23), "d")], [("=1+1", "s"), (pytest.approx(5 / 3), "n"), (datetime(2020, 1, 23, 16), "d")],
        [(None, "n"), (0, "n"), (None, "n")],
    ]


@given(st.lists(st.text(SIGNS, max_size=6), min_size=1, max_size=4))
def test_what_is_written_is_read_back_and_no_cell_begins_a_formula(texts):
    columns = [Column("Otsikko", lambda row: row), Column("Loppu", lambda row: "x")]
    written = csv_text(columns, texts, "fi")
    assert [line.cells[0] for line in read(written).lines] == [text.strip() for text in texts]
    for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert row[0].lstrip(" ")[:1] not in ("=", "+", "-", "@", "|", "%", "\t", "＝")


def test_a_workbook_is_read_as_it_was_written():
    table = read(xlsx())
    assert table.headings == ("Otsikko", "Luku", "Milloin")
    assert [(line.number, line.cells) for line in table.lines] == [
        (2, (ROWS[0][0], "5", "2020-01-23")), (3, ("=1+1", "1.666666666666667", "2020-01-23 16:00:00")), (4, ("", "0", "")),
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(coding, separator):
    content = f'Kunta{separator}"Otsikko"\r\nJämsä{separator}"a, b; c\td"\r\n\r\n{separator}\r\nTöysä\r\n'.encode(coding)
    assert [(line.number, line.cells) for line in read(content).lines] == [(2, ("Jämsä", "a, b; c\td")), (5, ("Töysä", ""))]


@pytest.mark.parametrize(("content", "reason"), [
    (b"", Reason.SHEET_EMPTY), (b"\r\n\r\nKunta;Otsikko", Reason.SHEET_EMPTY), (b"a;b\x00c", Reason.SHEET_KIND), (b"\x81\x8d\xff", Reason.SHEET_KIND),
    (b'a;"b', Reason.SHEET_BROKEN), (b"PK\x03\x04 and no more", Reason.SHEET_BROKEN), (b"a;" + b"x" * 200_000, Reason.SHEET_BROKEN),
    (b";".join(b"x" for _ in range(101)), Reason.SHEET_TOO_LARGE), (b"a\n" * 5002, Reason.SHEET_TOO_LARGE), (b"a" * (reading.FILE_BYTES_MAX + 1), Reason.SHEET_TOO_LARGE),
])
def test_what_is_no_table_is_refused_with_its_reason(content, reason):
    with pytest.raises(Refused) as error:
        read(content)
    assert error.value.reason == reason


def bomb(size):
    return remade(xlsx([]), **{"xl/media/image.xml": "0" * size})


@pytest.mark.parametrize(("content", "reason"), [
    (lambda: remade(xlsx([]), **{"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}), Reason.SHEET_BROKEN),
    (lambda: bomb(reading.UNFOLDED_BYTES_MAX), Reason.SHEET_TOO_LARGE),
    (lambda: remade(xlsx([]), **{f"part{number}": "" for number in range(500)}), Reason.SHEET_TOO_LARGE),
    (lambda: remade(xlsx([]), **{"xl/workbook.xml": "<workbook"}), Reason.SHEET_BROKEN),
    (lambda: sheet_with('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="9000"><c r="A9000"><v>1</v></c></row>'), Reason.SHEET_TOO_LARGE),
])
def test_a_hostile_workbook_is_refused(content, reason):
    with pytest.raises(Refused) as error:
        read(content())
    assert error.value.reason == reason


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(Refused) as error:
        read(out.getvalue())
    assert error.value.reason == Reason.SHEET_KIND


def test_a_formula_gives_what_was_saved_with_it_and_is_never_worked_out():
    cells = '<c r="A1" t="inlineStr"><is><t>Kunta</t></is></c><c r="B1" t="inlineStr"><is><t>Otsikko</t></is></c>'
    formulas = '<c r="A2"><f>HYPERLINK("http://example.org")</f><v>165</v></c><c r="B2"><f>1+1</f></c>'
    assert [line.cells for line in read(sheet_with(f'<row r="1">{cells}</row><row r="2">{formulas}</row>')).lines] == [("165", "")]
