"""The truth table of conflicts: each way in which a reviewer and the side of an entry can meet, and those that look like one and are none."""

import pytest

from klash.rules.conflicts import (
    DECLARABLE,
    FREE_MAIL,
    Firm,
    Kind,
    Party,
    Person,
    Tie,
    business_id,
    conflict,
    conflicts,
    employer_domain,
    is_same_firm,
    plain_firm,
    today,
)

AINO, BO = Person("Aino Aalto", "aino@kyyti.fi"), Person("Bo Berg", "bo@vantaa.fi")
KYYTI = Firm("Kyyti Oy", "0112038-9")
SIDE = Party(people=(AINO,), firms=(KYYTI,), municipalities=frozenset({"165"}), mentors=(Person("Meri Mentori", "meri@apu.fi"),))


def me(**more):
    return Party(**{"people": (BO,), **more})


@pytest.mark.parametrize("kind", DECLARABLE)
@pytest.mark.parametrize("reach", [
    {"person": Person("Aino Aalto")}, {"person": Person("A. Aalto", "AINO@kyyti.fi")}, {"person": Person("meri  mentori")},
    {"firm": Firm("Toinen nimi", "FI01120389")}, {"firm": Firm("KYYTI, oy")}, {"municipality": "165"},
])
def test_what_is_declared_reaches_people_mentors_firms_and_municipalities(kind, reach):
    assert conflict(me(ties=(Tie(kind, **reach),)), SIDE) is kind


@pytest.mark.parametrize("reach", [
    {"person": Person("Aino Aaltonen")}, {"person": Person("", "")}, {"firm": Firm("Kyyti Oy", "0116297-6")}, {"firm": Firm("")}, {"municipality": "092"},
    {"firm": Firm("Kyytiset Oy")},
])
def test_what_is_declared_of_others_bars_nothing(reach):
    assert conflict(me(ties=(Tie(Kind.FAMILY, **reach),)), SIDE) is None


@pytest.mark.parametrize(("reviewer", "side", "kind"), [
    (me(), SIDE, None),
    (me(firms=(Firm("Kyyti", ""),)), SIDE, Kind.ORGANISATION),
    (me(firms=(Firm("Muu nimi", "0112038-9"),)), SIDE, Kind.ORGANISATION),
    (me(municipalities=frozenset({"165"})), SIDE, Kind.MUNICIPALITY),
    (me(people=(Person("M. M.", "meri@apu.fi"),)), SIDE, Kind.MENTOR),
    (me(people=(Person("Toinen", "toinen@kyyti.fi"),)), SIDE, Kind.ORGANISATION),
    (me(people=(Person("Toinen", "toinen@posti.kyyti.fi"),)), SIDE, Kind.ORGANISATION),
    (me(people=(Person("Toinen", "toinen@eikyyti.fi"),)), SIDE, None),
    (me(people=(AINO,)), SIDE, Kind.ORGANISATION),
    (me(people=(Person("Aino Aalto", "aino@gmail.com"),)), SIDE, None),
    (me(people=(Person("Aino Aalto"),)), SIDE, Kind.OTHER),
    (me(), Party(people=(AINO,), ties=(Tie(Kind.FAMILY, person=Person("Bo Berg")),)), Kind.FAMILY),
    (me(firms=(Firm("Valtti ry"),)), Party(people=(AINO,), ties=(Tie(Kind.CONTRACT, firm=Firm("Valtti rf")),)), Kind.CONTRACT),
    (me(ties=(Tie(Kind.COOPERATION, person=AINO), Tie(Kind.OWNERSHIP, firm=KYYTI)), municipalities=frozenset({"165"})), SIDE, Kind.OWNERSHIP),
])
def test_conflict(reviewer, side, kind):
    assert conflict(reviewer, side) is kind


def test_conflicts_are_told_pair_by_pair():
    reviewers = {"h1": me(municipalities=frozenset({"165"})), "h2": me()}
    assert conflicts(reviewers, {"e2": SIDE, "e1": Party()}) == [("e2", "h1", "municipality")]


@pytest.mark.parametrize("domain", [
    *sorted(FREE_MAIL), "yahoo.fi", "yahoo.co.uk", "hotmail.com", "live.fi", "outlook.com", "protonmail.com", "klash.invalid", "a.example.org", "example.com",
    "iki.fi", "netikka.fi", "mail.yahoo.com.br", "jaska.iki.fi",
])
def test_a_shared_free_address_says_nothing(domain):
    one, other = me(people=(Person("Yksi", f"yksi@{domain}"),)), Party(people=(Person("Kaksi", f"kaksi@{domain}"),))
    assert (employer_domain(f"yksi@{domain}"), conflict(one, other)) == ("", None)


@pytest.mark.parametrize("domain", ["live.helsinki.fi", "yahoo.kunta.fi", "gmx.yritys.co.uk", "com", "eiiki.fi"])
def test_a_providers_name_inside_an_employers_address_frees_nobody(domain):
    assert employer_domain(f"yksi@{domain}") == domain


@pytest.mark.parametrize(("text", "found"), [
    ("0112038-9", "0112038-9"), (" fi 0112038 9", "0112038-9"), ("FI01120389", "0112038-9"), ("112038-9", "0112038-9"), ("0112038-8", ""), ("12", ""), ("", ""),
    ("0116297-6", "0116297-6"), ("1234567-2", ""),
])
def test_business_id(text, found):
    assert business_id(text) == found


@pytest.mark.parametrize(("name", "plain"), [
    ("Kyyti Oy", "kyyti"), ("OY KYYTI AB", "kyyti"), ("Kyyti Oyj", "kyyti"), ("Kylät r.y.", "kylät"), ("Byarna rf", "byarna"), ("Oy Ab", "oy ab"), ("", ""),
    ("Straße Ltd.", "strasse"), ("Ryhmä-Apu ry", "ryhmä apu"),
])
def test_a_firms_name_without_its_legal_form(name, plain):
    assert plain_firm(name) == plain


def test_equal_names_of_firms_with_other_ids_are_two_firms():
    assert not is_same_firm(Firm("Kyyti Oy", "0112038-9"), Firm("Kyyti Oy", "0116297-6"))
    assert is_same_firm(Firm("Kyyti Oy", "0112038-9"), Firm("Kyyti Oy", "0112038-7"))  # a wrong ID says nothing


def test_a_merged_municipality_is_the_one_that_it_became():
    successors = {"001": "002", "002": "003", "x": "y", "y": "x"}
    assert [today(code, successors) for code in ("001", "002", "003", "x")] == ["003", "003", "003", "x"]
