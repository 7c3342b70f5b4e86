"""The result as files: the same as the page, for whoever may see it, safe to open."""

import csv
import io
import json
from fractions import Fraction

import openpyxl
import pytest

from klash.reviewing import exports, selectors
from tests.clearing import clear_all
from tests.reviewing.conftest import make_body, new_entry, services

pytestmark = pytest.mark.django_db(databases="__all__")
POINTS = [{"K7-MESI": 10, "R2-HAKA": 6, "T9-LUMO": 2}, {"K7-MESI": 5, "R2-HAKA": 6, "T9-LUMO": 1}, {"K7-MESI": 6, "R2-HAKA": 7, "T9-LUMO": 2}]


@pytest.fixture
def judged(middle):
    body = make_body()
    body.complete(value=lambda number, code: POINTS[number][code])
    return body


def fetch(client, body, form, seat=None, language=""):
    client.force_login(body.people[(seat or body.jurors[0]).handle])
    return client.get(f"{language}/review/{body.round.code}/result.{form}")


def test_every_form_tells_what_the_page_tells(client, judged):
    page = [(row.place, row.entry_code, row.title, row.points) for row in selectors.ranking(judged.round)]
    told = json.loads(fetch(client, judged, "json").content)
    assert [(row["place"], row["code"], row["title"], Fraction(row["points"])) for row in told["ranking"]] == page
    assert told["announced_hash"] == judged.round.announced_hash and told["announced"]["method"] == "mean"
    assert "lot_seed" not in told  # nor does the page tell it where no lot decides
    rows = list(csv.reader(io.StringIO(fetch(client, judged, "csv").content.decode("utf-8-sig")), delimiter=";"))
    assert [(int(row[0]), row[1], row[2], Fraction(row[4])) for row in rows[1:]] == page
    assert rows[0][:4] == ["Sija", "Tunnus", "Otsikko", "Pisteet"] and rows[1][3] == "7,0000"
    assert fetch(client, judged, "csv", language="/sv").content.decode("utf-8-sig").startswith('"Placering"')
    sheet = openpyxl.load_workbook(io.BytesIO(fetch(client, judged, "xlsx").content)).active
    cells = list(sheet.iter_rows(values_only=True))
    assert [(row[0], row[1], row[2], Fraction(row[4])) for row in cells[1:]] == page and cells[1][3] == 7


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_same_result_gives_the_same_bytes_and_names_nobody(client, judged, form):
    one, other = fetch(client, judged, form).content, fetch(client, judged, form, seat=judged.chair).content
    assert one == other
    assert not any(seat.handle.encode() in one for seat in judged.seats) and "Perustelu" not in one.decode(errors="ignore")


def test_a_file_is_called_by_what_it_holds(client, judged):
    judged.round.title = {"fi": "Kylän äänet: arviointi", "sv": "Byns röster", "en": "Voices"}
    judged.round.save(using="reviewing", update_fields=["title"])
    names = [fetch(client, judged, "csv", language=language)["Content-Disposition"] for language in ("", "/sv")]
    assert names == ['attachment; filename="tulos-kylan-aanet-arviointi.csv"', 'attachment; filename="resultat-byns-roster.csv"']


def test_only_named_rounds_tell_the_author(client, middle):
    for is_blind in (True, False):
        body = make_body(codes=(), is_open=False, is_blind=is_blind)
        services.write_entries(actor=body.staff, round=body.round, entries=[new_entry(f"A{int(is_blind)}", author="Janakkala")])
        clear_all(body.round)
        services.open_round(actor=body.staff, round=body.round)
        body.complete()
        assert [b"Janakkala" in fetch(client, body, form).content for form in ("csv", "json")] == [not is_blind] * 2


def test_nobody_gets_a_file_before_the_end_or_without_a_seat(client, middle, judged):
    body = make_body(codes=("A2", "B3"))
    assert [fetch(client, body, form, seat=body.chair).status_code for form in exports.MEDIA] == [404] * 3
    assert fetch(client, judged, "pdf").status_code == 404
    client.force_login(judged.staff)
    assert client.get(f"/review/{judged.round.code}/result.csv").status_code == 404


@pytest.mark.parametrize("title", ["=1+1", "+358", "-1", "@SUM(A1)", " =1+1", "\t=1", "|calc", "%x"])
def test_no_cell_is_a_formula(client, middle, title):
    body = make_body(codes=(), is_open=False)
    services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("A1", title=title)])
    clear_all(body.round)
    services.open_round(actor=body.staff, round=body.round)
    body.complete()
    assert f"\"'{title}\"" in fetch(client, body, "csv").content.decode()
    cell = openpyxl.load_workbook(io.BytesIO(fetch(client, body, "xlsx").content)).active["C2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", title, True)
