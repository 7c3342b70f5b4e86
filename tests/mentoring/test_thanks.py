"""The letter of thanks: what it tells, in whose language, to whom; the same bytes whenever it is made."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest

from klash.core import clock
from klash.mentoring import letters, selectors, services
from klash.mentoring.models import Advice
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__")
BASE = "/c/klash-test/mentoring/thanks/"


@pytest.fixture
def held(mentoring):
    """The first mentor met two teams and gave three pieces of advice, of which one was taken."""
    sessions = [mentoring.plan(slot=0, team=0), mentoring.plan(slot=1, team=1), mentoring.plan(slot=2, team=0, mentor=1)]
    with clock.at(DAY + timedelta(hours=2)):
        for session in sessions[:2]:
            services.hold_session(actor=mentoring.mentors[0].person, session=session)
    for number, answer in enumerate(("taken", "later", "")):
        Advice.objects.create(session=sessions[0], number=number, text="x", given_at=DAY, answer=answer, answered_at=DAY if answer else None)
    return mentoring


def test_deeds_of_those_who_held_a_session(held):
    rows = selectors.deeds(held.world.competition)
    assert [(r.mentor, r.days, r.teams, r.sessions, r.length, r.given, r.taken) for r in rows] == [(held.mentors[0], 1, 2, 2, timedelta(hours=1), 3, 1)]


@pytest.mark.parametrize(("language", "words"), [
    ("fi", ["Kiitos mentoroinnista", "Pidettyjä tapaamisia", "Kiittäen"]), ("sv", ["Tack för mentorskapet", "Hållna samtal", "Med tack"]),
    ("en", ["Thank you for mentoring", "Sessions held", "With thanks"]),
])
def test_letter_speaks_the_mentors_language(held, language, words):
    person = held.mentors[0].person
    person.language = language
    person.save(update_fields=["language"])
    [deeds] = selectors.deeds(held.world.competition)
    made = letters.thanks_pdf(deeds)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    assert [word for word in [*words, person.name, held.world.competition.name] if word not in text] == []
    with pikepdf.open(io.BytesIO(made)) as document:
        assert (bool(document.Root.MarkInfo.Marked), str(document.Root.Lang)[:2]) == (True, language)


def test_letters_are_the_same_bytes_whenever_they_are_made(held, cast, client):
    client.force_login(cast["organiser"])
    made = []
    for later in (1, 400):
        with clock.at(DAY + timedelta(days=later)):
            made.append(client.get(f"{BASE}all.zip").content)
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as package:
        [name] = package.namelist()
        client.force_login(held.mentors[0].person)
        assert client.get(f"{BASE}{held.mentors[0].code}.pdf").content == package.read(name)


def test_letter_is_the_mentors_own(held, cast, client):
    address, seen = f"{BASE}{held.mentors[0].code}.pdf", {}
    for who, person in {**cast, "other": held.mentors[1].person}.items():
        client.force_login(person)
        seen[who] = client.get(address).status_code
    assert {who for who, status in seen.items() if status == 200} == {"mentor", "organiser", "organiser_2", "registrar"}
    client.force_login(held.mentors[1].person)  # has held none
    assert client.get(f"{BASE}{held.mentors[1].code}.pdf").status_code == 404
