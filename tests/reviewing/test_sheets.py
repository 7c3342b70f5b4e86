"""A reviewer reads an entry's files page by page: pictures with their words, the same for everyone, and nothing for others."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from klash.reviewing import services, sheets
from klash.reviewing.models import EntryFile
from tests.clearing import clear_all
from tests.reviewing.conftest import make_body

pytestmark = pytest.mark.django_db(databases="__all__")


def png():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def two_pages():
    import typst

    return typst.compile(b"Ensimm\xc3\xa4inen sivu\n#pagebreak()\nToinen sivu")


@pytest.fixture
def body(middle):
    made = make_body(is_open=False, jurors=2)
    files = (services.NewFile("application/pdf", 2, two_pages()), services.NewFile("image/png", 0, png()))
    new = services.NewEntry(code="M4-SARA", title="Kyyti", author="", language="fi", sections=[], files=files)
    services.write_entries(actor=made.staff, round=made.round, entries=[new])
    clear_all(made.round)
    services.open_round(actor=made.staff, round=made.round)
    services.take_seat(actor=made.chair, terms_hash=made.round.terms_hash)
    return made


def address(body, name, *more):
    return reverse(f"reviewing:{name}", args=[body.round.code, "M4-SARA", *more])


def test_pages_are_pictures_with_their_words(client, body):
    client.force_login(body.people[body.chair.handle])
    page = client.get(address(body, "read", 1)).content.decode()
    assert "Ensimmäinen sivu" in page and "Toinen sivu" in page and address(body, "picture", 1, 2) in page and "M4-SARA-1.pdf" in page
    first, again, second = (client.get(address(body, "picture", 1, number)) for number in (1, 1, 2))
    assert first.content == again.content != second.content and first["Content-Type"] == "image/png" and "sandbox" in first["Content-Security-Policy"]
    assert Image.open(io.BytesIO(first.content)).size[0] > 900
    assert client.get(address(body, "picture", 1, 3)).status_code == client.get(address(body, "read", 3)).status_code == 404


def test_a_picture_is_its_own_page(client, body):
    client.force_login(body.people[body.chair.handle])
    assert "M4-SARA-2.png" in client.get(address(body, "read", 2)).content.decode()
    assert client.get(address(body, "picture", 2, 1)).content == png() and client.get(address(body, "picture", 2, 2)).status_code == 404


def test_who_does_not_review_the_entry_sees_no_page(client, body):
    for person in (None, body.staff):
        if person is not None:
            client.force_login(person)
        assert client.get(address(body, "picture", 1, 1)).status_code in (302, 404)


def test_words_are_those_of_the_page(body):
    assert [(row.number, row.text) for row in sheets.sheets(EntryFile.objects.using("reviewing").get(number=1))] == [(1, "Ensimmäinen sivu"), (2, "Toinen sivu")]
