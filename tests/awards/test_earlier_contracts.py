"""A winner's firm and the pilot municipality are tied by their contract: found for three years, declared by nobody (A26)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Affiliation, Municipality, Organisation
from klash.awards.models import Award, Placing
from klash.awards.receivers import LASTING
from klash.core import clock
from klash.interests import selectors as interests
from klash.interests import services as declaring
from klash.rules.conflicts import Firm, Kind, Party, Tie, conflict
from klash.teams.models import TeamFirm
from klash.teams.selectors import sides
from tests.awards.test_correction import published  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db(databases="__all__")
KAARNA, LUOTO = Firm("Kaarna Oy", "0112038-9"), Firm("Luoto Oy", "0116297-6")


@pytest.fixture
def won(published):  # noqa: F811
    """Kaarna Oy stands behind the winner, Luoto Oy behind another team of the challenge."""
    contest, award = published
    for firm, name in ((KAARNA, "Kaarna"), (LUOTO, "Luoto")):
        TeamFirm.objects.create(team=contest.teams[name], name=firm.name, business_id=firm.business_id, added_at=clock.now())
    return contest, award


def reviewer_of(name, *, municipality=None, firm=None):
    person = accounts.create_account(email=f"{name}@example.org", name=name)
    organisation = firm and Organisation.objects.create(code=name, name={"fi": firm.name}, business_id=firm.business_id)
    Affiliation.objects.create(person=person, municipality=municipality, organisation=organisation)
    return interests.party_at(person.email)


def of_pilot(contest):
    return reviewer_of("kuntalainen", municipality=contest.challenge.pilot_municipality)


def behind(team):
    return replace(sides([team.pk])[team.pk], people=())


def test_who_acts_for_the_pilot_municipality_may_not_judge_the_winners_firm(won):
    contest, _ = won
    reviewer = of_pilot(contest)
    assert [conflict(reviewer, behind(contest.teams[name])) for name in ("Kaarna", "Luoto", "Myrsky")] == [Kind.CONTRACT, None, None]


def test_who_comes_from_the_winners_firm_may_not_judge_the_municipalitys_problem(won):
    contest, _ = won
    place = contest.challenge.pilot_municipality
    problem = {row.code: Party(municipalities=frozenset({row.code})) for row in Municipality.objects.all()}
    found = {code for code, side in problem.items() if conflict(reviewer_of_once("kaarnalainen", KAARNA), side) is Kind.CONTRACT}
    assert found == {place.code}
    assert {conflict(reviewer_of_once("luotolainen", LUOTO), side) for side in problem.values()} == {None}


def reviewer_of_once(name, firm):
    known = interests.party_at(f"{name}@example.org")
    return known if known.people[0].name else reviewer_of(name, firm=firm)


def test_a_municipality_of_which_one_only_told_ties_to_no_firm(won):
    contest, _ = won
    place = contest.challenge.pilot_municipality
    person = accounts.create_account(email="asukas@example.org", name="Asukas")
    declaring.declare_interest(actor=person, kind="municipality", about="municipality", municipality=place)
    assert interests.party_at(person.email).ties == (Tie(Kind.MUNICIPALITY, municipality=place.code),)


@pytest.mark.parametrize(("after", "kind"), [(LASTING - timedelta(milliseconds=1), Kind.CONTRACT), (LASTING, None), (LASTING + timedelta(milliseconds=1), None)])
def test_a_contract_ties_for_three_years(won, after, kind):
    contest, _ = won
    of_pilot(contest)
    with clock.at(Award.objects.get().published_at + after):
        assert conflict(interests.party_at("kuntalainen@example.org"), behind(contest.teams["Kaarna"])) is kind


def test_only_a_published_winner_has_one(won):
    contest, _ = won
    reviewer = of_pilot(contest)
    assert Tie(Kind.CONTRACT, firm=KAARNA) in reviewer.ties
    Placing.objects.update(is_winner=False)
    assert interests.party_at("kuntalainen@example.org").ties == ()


def test_seeded_fault_without_what_awards_tell_the_contract_is_not_found(won, monkeypatch):
    contest, _ = won
    of_pilot(contest)
    monkeypatch.setattr(interests, "_contracts", lambda successors: [])
    assert conflict(interests.party_at("kuntalainen@example.org"), behind(contest.teams["Kaarna"])) is None
