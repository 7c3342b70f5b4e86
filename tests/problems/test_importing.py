"""A table of problems: every fault is told with its row, then all is taken in or nothing."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from klash.competitions.models import StageKind
from klash.core import sheets
from klash.core.errors import Denied, Refused
from klash.core.workflow import faults_of_states
from klash.problems import selectors, services
from klash.problems.models import Problem, ProblemImport
from klash.problems.selectors import Fault, Flaw
from klash.problems.services.records import ASKED_BEFORE as SECTIONS
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState

COLUMNS = ("municipality", "group", "language", "theme", "title", "summary", *SECTIONS)  # of the usual form
pytestmark = pytest.mark.django_db(databases="__all__")
GOOD = {"municipality": "Janakkala", "group": "", "language": "fi", "theme": "public_transport", "title": "Kyyti", "summary": "Ei bussia.", **dict.fromkeys(SECTIONS, "Teksti.")}


def table(*rows, headings=COLUMNS):
    return sheets.Table(tuple(headings), tuple(sheets.Line(number, tuple({**GOOD, **row}[code] for code in headings)) for number, row in enumerate(rows, 2)))


@pytest.fixture
def during(world, at):
    with at(StageKind.PROBLEM_CALL):
        yield world


def check(world, cast, *rows, **more):
    return services.check_import(actor=cast["organiser"], competition=world.competition, table=table(*rows, **more))


def test_every_fault_is_told_at_once_and_nothing_is_kept(during, cast):
    checked, kept = check(
        during, cast, {"municipality": "Atlantis"}, {}, {"title": "", "theme": "xx", "group": "Inkoo, Nowhere"}, {"language": "de", "title": "a" * 151}, {"title": "KYYTI"},
    )
    assert checked.faults == (
        Fault(2, "municipality", Flaw.NO_MUNICIPALITY, "Atlantis"),
        Fault(4, "theme", Flaw.NO_THEME, "xx"), Fault(4, "title", Flaw.EMPTY), Fault(4, "group", Flaw.NO_MUNICIPALITY, "Nowhere"),
        Fault(5, "language", Flaw.NO_LANGUAGE, "de"), Fault(5, "title", Flaw.TOO_LONG, "150"),
        Fault(6, "title", Flaw.TWICE, "3"),
    )
    assert kept is None and not ProblemImport.objects.exists()


def test_a_lacking_column_and_an_empty_table_are_told(during, cast):
    assert check(during, cast, {}, headings=[code for code in COLUMNS if code != "goal"])[0].faults == (Fault(1, "goal", Flaw.NO_COLUMN),)
    assert check(during, cast)[0].faults == (Fault(1, "", Flaw.NO_ROWS),)


def test_problems_are_taken_in_once_and_stand_in_the_log(during, cast):
    _, kept = check(during, cast, {"group": "Inkoo; Vantaa"}, {"municipality": "167", "language": "Svenska", "title": "=1+1"})
    assert not Problem.objects.exists()
    assert services.import_problems(actor=cast["organiser"], kept=kept) == 2
    joint, other = Problem.objects.order_by("pk")
    assert (joint.state, joint.title, joint.answers["goal"], joint.theme.code) == (ProblemState.SUBMITTED, "Kyyti", "Teksti.", "public_transport")
    assert {row.name_fi for row in joint.group.all()} == {"Inkoo", "Vantaa"}
    assert joint.filing.filed_by == cast["organiser"] and joint.filing.taken_over_at is None
    assert (other.language, other.title, other.municipality.code) == ("sv", "=1+1", "167")
    assert selectors.counted(during.competition) == selectors.tallied(during.competition)
    assert not [fault for fault in faults_of_states() if fault.startswith("problem/")]
    with pytest.raises(Refused) as again:
        services.import_problems(actor=cast["organiser"], kept=kept)
    assert again.value.reason == Reason.IMPORTED_BEFORE
    with pytest.raises(Refused) as again:  # the rows in another order are the same table
        check(during, cast, {"municipality": "167", "language": "Svenska", "title": "=1+1"}, {"group": "Inkoo; Vantaa"})
    assert again.value.reason == Reason.IMPORTED_BEFORE


def test_all_or_nothing(during, cast, monkeypatch):
    _, kept = check(during, cast, {}, {"title": "Toinen"}, {"title": "Kolmas"})
    real, calls = services.importing.workflow.move, []

    def fails_at_the_third(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise IntegrityError
        return real(*args, **kwargs)

    monkeypatch.setattr(services.importing.workflow, "move", fails_at_the_third)
    with pytest.raises(IntegrityError):
        services.import_problems(actor=cast["organiser"], kept=kept)
    assert not Problem.objects.exists() and ProblemImport.objects.get().imported_at is None


def test_only_staff_and_only_during_the_call(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        for who in ("officer", "panellist", "outsider"):
            with pytest.raises(Denied):
                services.check_import(actor=cast[who], competition=world.competition, table=table({}))
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Denied) as late:
        check(world, cast, {})
    assert late.value.reason == Reason.DEADLINE_PASSED


def test_from_the_template_to_the_list(during, cast, client):
    client.force_login(cast["organiser"])
    page = "/c/klash-test/problems/import/"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{page}template.xlsx").getvalue()))
    assert len(next(book.active.iter_rows())) == len(COLUMNS)
    book.active.append(["Atlantis", "", "fi", "public_transport", "Otsikko", "Lyhyesti", *["Teksti"] * len(SECTIONS)])

    def send():
        out = io.BytesIO()
        book.save(out)
        return client.post(page, {"file": SimpleUploadedFile("t.xlsx", out.getvalue())})

    faulty = send()
    assert faulty.status_code == 422 and "Atlantis" in faulty.content.decode() and '<th scope="row">2</th>' in faulty.content.decode()
    book.active["A2"] = "Inkoo"
    assert send().status_code == 200
    kept = ProblemImport.objects.get()
    assert client.post(f"{page}{kept.code}/take/").status_code == 302 and Problem.objects.public().count() == 1
    assert send().status_code == 422
    assert client.post(page, {"file": SimpleUploadedFile("t.xlsx", b"PK\x03\x04nothing")}).status_code == 422


def test_near_duplicates_are_warned_of(during, cast, client):
    client.force_login(cast["organiser"])
    said = "Bussi ei kulje kylille iltaisin, eivätkä nuoret pääse harrastuksiin ilman vanhempien kyytiä."
    content = sheets.csv_text(
        [sheets.Column(code, lambda row, code=code: row[code]) for code in COLUMNS],
        [{**GOOD, "summary": said}, {**GOOD, "title": "Kyydit", "municipality": "Vantaa", "summary": said}], "fi",
    )
    shown = client.post("/en/c/klash-test/problems/import/", {"file": SimpleUploadedFile("t.csv", content)}).content.decode()
    assert "Much the same as another problem" in shown and "row 2" in shown
