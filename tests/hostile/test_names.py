"""A65, A62: names and titles are cleaned in one place by whichever door they come in, are found by whoever searches, and look-alikes are told."""

from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.algo.leaks import skeleton
from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.core import clock, search
from klash.core.errors import Refused
from klash.interests import services as interests
from klash.interests.models import About
from klash.proposals import services as proposals
from klash.proposals.models import Proposal
from klash.rules.reasons import Reason
from klash.teams import services as teams
from klash.teams.bridge import alike
from tests.problems.conftest import make_draft
from tests.proposals.race import make_stage_for
from tests.teams.conftest import make_challenge

pytestmark = pytest.mark.django_db(databases="__all__")

TYPED, KEPT = "\u202eKa\u0301a\u200brna" + "\u0301" * 99 + "\u2069 \u00a0ja\u3164 muut ", "Káarná\u0301 ja muut"


def person_by_sign_up(world, cast):
    return accounts.create_account(email="x@example.org", name=TYPED).name


def person_by_profile(world, cast):
    accounts.save_profile(actor=cast["leader"], name=TYPED, language="fi")
    return cast["leader"].name


def team(world, cast):
    with clock.at(world.middle_of(StageKind.TEAM_CALL)):
        return teams.found_team(actor=cast["leader"], challenge=make_challenge(world, cast["officer"]), name=TYPED).name


def firm(world, cast):
    with clock.at(world.middle_of(StageKind.TEAM_CALL)):
        founded = teams.found_team(actor=cast["leader"], challenge=make_challenge(world, cast["officer"]), name="Kaarna")
        return teams.add_firm(actor=cast["leader"], team=founded, name=TYPED).name


def interest(world, cast):
    return interests.declare_interest(actor=cast["juror"], kind="family", name=TYPED, about=About.PERSON).name


def competition_and_organiser(world, cast):
    operator, _ = accounts.make_operator(email="operator@example.org")
    made, _ = competitions.found_competition(
        actor=operator, name=TYPED, code="toinen", organisation=TYPED, kind="association", email="y@example.org"
    )
    assert made.organiser.name == {"fi": made.name}
    return made.name


def problem(world, cast):
    with clock.at(world.middle_of(StageKind.PROBLEM_CALL)):
        return make_draft(world, cast["officer"], title=TYPED).title


def proposal(world, cast):
    stage = make_stage_for("sealed", clock.now() + timedelta(days=1))
    return proposals.save_proposal(actor=stage.leader, proposal=Proposal.objects.get(), texts={"title": TYPED}, revision=1).title


DOORS = [person_by_sign_up, person_by_profile, team, firm, interest, competition_and_organiser, problem, proposal]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_unicode(world, cast, door):
    assert door(world, cast) == KEPT


def test_seeded_fault_a_service_that_takes_a_name_as_it_comes(world, cast, monkeypatch):
    monkeypatch.setattr(teams.team, "own_name", str.strip)
    assert team(world, cast) != KEPT


@pytest.mark.parametrize("door", [person_by_profile, team], ids=lambda door: door.__name__)
def test_nobody_is_called_by_an_address(world, cast, door, monkeypatch):
    monkeypatch.setitem(globals(), "TYPED", "Kirjaudu klash-palvelu.com")
    with pytest.raises(Refused) as refused:
        door(world, cast)
    assert refused.value.reason is Reason.NAME_IS_ADDRESS


ALIKE = [("Kaarna", "Каarna"), ("Kaarna", "KAARNA"), ("Kaarna", "Kaama"), ("Ilo", "I1o"), ("Vuo", "Vu0"), ("Kuohu", "K-uohu"), ("Wirta", "VVirta"), ("Hanki", "Ηаnkі")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_an_eye_takes_one_for_the_other(one, other):
    assert skeleton(one) == skeleton(other) and alike(["Muu", one, other]) == [[one, other]]


def test_other_names_are_other_names():
    assert alike(["Kaarna", "Kuori", "Luoto", "Myrsky", "Kaarne", "❤️", "★", "★★", "Tiimi 1", "Tiimi 2"]) == []


@pytest.mark.parametrize("typed", ["Pyo\u0308räily", "Pyö\u00adräily", "Pyö\u200bräily", "PYÖRÄILY\u202e"])
def test_searching_still_finds(typed):
    column = search.index(typed, "fi")
    for asked in ("pyöräily", typed):
        (word,) = search.query_words(asked)
        assert any(pattern in column for pattern in search.patterns(word, "fi"))
