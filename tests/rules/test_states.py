from itertools import product

import pytest

from klash.rules.permissions import RULES, Facts, Permission, why_not
from klash.rules.reasons import Reason
from klash.rules.states import MOVES, permission_for


def test_every_permission_has_rules_and_every_move_a_permission():
    assert set(RULES) == set(Permission)
    assert all(permission in RULES for moves in MOVES.values() for permission in moves.values())


@pytest.mark.parametrize("lifecycle", list(MOVES))
def test_every_pair_of_states_that_is_no_move_has_no_permission(lifecycle):
    states = {state for pair in MOVES[lifecycle] for state in pair}
    for pair in product(states, states):
        assert permission_for(lifecycle, *pair) == MOVES[lifecycle].get(pair)


@pytest.mark.parametrize("permission", list(Permission))
def test_nothing_is_granted_to_somebody_who_is_not_signed_in(permission):
    assert why_not(permission, Facts(is_open=True, is_owner=True, is_member=True)) is Reason.NOT_SIGNED_IN


@pytest.mark.parametrize("permission", list(Permission))
def test_bare_facts_grant_nothing(permission):
    assert why_not(permission, Facts(is_signed_in=True)) is not None


def test_a_submitted_review_cannot_be_saved():
    facts = Facts(is_signed_in=True, has_seat=True, state="submitted", is_open=True, has_begun=True)
    assert why_not(Permission.SAVE_REVIEW, facts) is Reason.WRONG_STATE


def test_the_second_person_of_an_opening_is_another_one():
    from klash.rules.roles import Role

    facts = Facts(is_signed_in=True, roles=frozenset({Role.REGISTRAR}), has_begun=True, is_same_person=True)
    assert why_not(Permission.CONFIRM_OPENING, facts) is Reason.SAME_PERSON
