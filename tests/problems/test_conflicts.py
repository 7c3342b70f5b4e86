"""A panellist's conflicts with municipalities and officers are found whenever one of the two sides changes."""

from datetime import date

import pytest

from klash.accounts.models import Affiliation, User
from klash.core.databases import reviewing
from klash.interests import services as interests
from klash.problems import services
from klash.problems.models import Problem
from klash.reviewing import services as rounds
from klash.reviewing.models import Conflict, Round
from tests.conftest import make_municipality, make_person
from tests.problems.conftest import make_round, refreshed

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def panel(world, cast, at, submitted):
    """The round of the three problems: Janakkala with Inkoo, Joensuu, Vantaa."""
    with at("problem_selection"):
        make_round(world, cast)
        refreshed(submitted)
        yield submitted


def seat(world, cast, person):
    return services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=person)


def found(*kinds):
    """Return (title of the problem, kind) of what was found."""
    titles = dict(Problem.objects.values_list("entry_code", "title"))
    rows = Conflict.objects.using(reviewing()).filter(is_declared=False).values_list("entry__code", "kind")
    return sorted((titles[code], kind) for code, kind in rows)


@pytest.mark.parametrize(("place", "title"), [("Inkoo", "Kyyti puuttuu kylistä"), ("Janakkala", "Kyyti puuttuu kylistä"), ("Vantaa", "Tyhjät tilat")])
def test_the_own_municipality_is_found_before_anything_is_dealt_out(world, cast, panel, place, title):
    Affiliation.objects.create(person=cast["panellist"], municipality=world.municipalities[place])
    seat(world, cast, cast["panellist"])
    assert found() == [(title, "municipality")]


def test_a_municipality_that_was_merged_is_found(world, cast, panel):
    new = world.municipalities["Joensuu"]
    old = make_municipality("045", "Eno", "Eno", valid_to=date(2020, 12, 31), successor=new)
    Affiliation.objects.create(person=cast["panellist"], municipality=old)
    seat(world, cast, cast["panellist"])
    assert found() == [("Nuoret putoavat opinnoista", "municipality")]


def test_a_declaration_that_changes_frees_what_was_dealt_out(world, cast, panel):
    one = seat(world, cast, cast["panellist"])
    seat(world, cast, make_person("toinen"))
    rounds.open_round(actor=cast["organiser"], round=Round.objects.using(reviewing()).get())
    assert found() == []
    row = interests.declare_interest(actor=cast["panellist"], kind="employment", about="municipality", municipality=world.municipalities["Vantaa"])
    assert found() == [("Tyhjät tilat", "employment")]
    one.refresh_from_db()
    assert one.assigned_count == 2
    interests.remove_interest(actor=cast["panellist"], interest=row)
    assert found() == [("Tyhjät tilat", "employment")]  # what was found stays


def test_what_an_officer_declares_counts_too(world, cast, panel):
    seat(world, cast, cast["panellist"])
    interests.declare_interest(actor=User.objects.get(email="other_officer@example.org"), kind="family", about="person", name=cast["panellist"].name)
    assert found() == [("Tyhjät tilat", "family")]


def test_an_officers_employer_is_found_by_address_and_other_towns_of_the_officer_bar_nobody(world, cast, panel):
    """The officer of Janakkala reports for Joensuu too; a panellist of Joensuu may judge Janakkala's."""
    User.objects.filter(email="other_officer@example.org").update(email="other@vantaa.fi")
    one, two = make_person("yksi"), make_person("kaksi")
    User.objects.filter(pk=one.pk).update(email="yksi@vantaa.fi")
    Affiliation.objects.create(person=two, municipality=world.municipalities["Joensuu"])
    seat(world, cast, one)
    seat(world, cast, two)
    assert found() == [("Nuoret putoavat opinnoista", "municipality"), ("Tyhjät tilat", "organisation")]


def test_queries_do_not_grow(world, cast, panel, django_assert_max_num_queries):
    for number in range(4):
        seat(world, cast, make_person(f"panellisti-{number}"))
    with django_assert_max_num_queries(13):
        services.find_conflicts(competition=world.competition)
