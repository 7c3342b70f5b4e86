"""What a person declares: only the owner reads it, every change is an event, and the rule gets it as a description."""

from datetime import date

import pytest

from klash.accounts.models import Affiliation, Municipality, Organisation
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.interests import selectors, services
from klash.interests.models import Declaration, Interest
from klash.rules.conflicts import Firm, Kind, Person, Tie
from klash.rules.reasons import Reason
from tests.conftest import make_municipality, make_person

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def person():
    return make_person("tuomari")


def add(client, **fields):
    return client.post("/interests/", {"action": "add", "about": "organisation", "kind": "employment", "name": "Kyyti Oy", **fields})


def test_a_person_declares_changes_and_confirms(client, person):
    client.force_login(person)
    assert add(client, identifier="fi 0112038 9", email="x@kyyti.fi", municipality="").status_code == 302
    row = Interest.objects.get()
    assert (row.person, row.kind, row.name, row.business_id, row.email, row.municipality) == (person, "employment", "Kyyti Oy", "0112038-9", "", None)
    page = client.get("/interests/").content.decode()
    assert "Kyyti Oy" in page and "0112038-9" in page
    assert client.post("/interests/", {"action": "confirm"}).status_code == 302
    assert client.post("/interests/", {"action": "remove", "interest": row.code}).status_code == 302
    assert (Interest.objects.count(), Declaration.objects.get().person) == (0, person)
    events = AuditEvent.objects.filter(actor=person.code).exclude(what="account.created").order_by("number")
    assert [(event.what, set(event.body)) for event in events] == [("interest.declared", {"hash"}), ("interests.confirmed", set()), ("interest.removed", set())]


def test_the_page_says_one_thing_of_where_the_declaration_stands(client, person):
    client.force_login(person)
    nothing, none, everything = "Et ole vielä ilmoittanut sidoksia.", "Olet vahvistanut, ettei sinulla ole ilmoitettavaa.", "Olet vahvistanut, että kaikki on ilmoitettu."

    def said():
        page = client.get("/interests/").content.decode()
        return [sentence for sentence in (nothing, none, everything) if sentence in page]

    assert said() == [nothing]
    client.post("/interests/", {"action": "confirm"})
    assert said() == [none]
    add(client)
    client.post("/interests/", {"action": "confirm"})
    assert said() == [everything]


@pytest.mark.parametrize("fields", [
    {"name": ""}, {"about": "municipality"}, {"identifier": "0112038-8"}, {"kind": "mentor"}, {"kind": ""}, {"about": "thing"}, {"about": "person", "email": "x"},
])
def test_what_names_nothing_is_asked_for_again(client, person, fields):
    client.force_login(person)
    assert add(client, **fields).status_code == 200
    assert not Interest.objects.exists()


@pytest.mark.parametrize("wish", [{"kind": "mentor", "name": "X"}, {"kind": "family", "name": " "}, {"kind": "other", "about": "municipality", "name": "X"}, {"kind": "other", "name": "X", "identifier": "12"}])
def test_the_service_refuses_it_too(person, wish):
    with pytest.raises(Refused) as refusal:
        services.declare_interest(actor=person, **wish)
    assert refusal.value.reason is Reason.INCOMPLETE


def test_nobody_reads_or_removes_anothers(client, person):
    row = services.declare_interest(actor=person, kind="family", name="Aino Aalto", about="person")
    other = make_person("toinen")
    client.force_login(other)
    assert "Aino Aalto" not in client.get("/interests/").content.decode()
    assert client.post("/interests/", {"action": "remove", "interest": row.code}).status_code == 404
    with pytest.raises(Denied):
        services.remove_interest(actor=other, interest=row)
    assert Interest.objects.count() == 1


def test_the_jury_s_own_face_has_neither_page_nor_table(settings):
    """Whoever judges there declares on the site of the competition: the table lies with the identities."""
    from django.db import connections

    assert "interests_interest" in connections["default"].introspection.table_names()
    assert "interests_interest" not in connections["reviewing"].introspection.table_names()


def test_a_description_of_a_person(person, django_assert_num_queries):
    new = make_municipality("400", "Uusi", "Nya")
    old = Municipality.objects.create(**{**_columns(new), "code": "401", "valid_to": date(2019, 12, 31), "successor": new})
    firm = Organisation.objects.create(code="valtti", name={"fi": "Valtti ry", "sv": "Valtti rf"}, business_id="0116297-6")
    Affiliation.objects.create(person=person, municipality=old)
    Affiliation.objects.create(person=person, organisation=firm)
    services.declare_interest(actor=person, kind="ownership", name="Kyyti Oy", identifier="0112038-9")
    services.declare_interest(actor=person, kind="family", name="Aino Aalto", email="Aino@Kyyti.fi", about="person")
    services.declare_interest(actor=person, kind="contract", municipality=old, about="municipality")
    with django_assert_num_queries(4):
        party = selectors.parties([person, make_party_of_none()])[person.pk]
    kyyti = Firm("Kyyti Oy", "0112038-9")
    assert party.people == (Person("Tuomari", "tuomari@example.org"),)
    assert party.firms == (kyyti, Firm("Valtti ry", "0116297-6"), Firm("Valtti rf", "0116297-6"))
    assert party.municipalities == {"400"}
    assert party.ties == (Tie(Kind.OWNERSHIP, firm=kyyti), Tie(Kind.FAMILY, person=Person("Aino Aalto", "aino@kyyti.fi")), Tie(Kind.CONTRACT, municipality="400"))


def make_party_of_none():
    from klash.accounts.models import User

    return User(pk=10**9, name="Ei kukaan", email="nobody@example.org")


def _columns(row):
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name != "id"}


def test_an_address_without_an_account_tells_its_domain():
    assert selectors.party_at("uusi@kyyti.fi", "Uusi").people == (Person("Uusi", "uusi@kyyti.fi"),)
