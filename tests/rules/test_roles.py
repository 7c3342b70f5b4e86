from itertools import product

import pytest

from klash.rules.roles import SIDE_OF, Role, Side, may_meet, side_after

SIDES = [side for side in Side if side is not Side.NEUTRAL]


def test_every_role_has_a_side():
    assert set(SIDE_OF) == set(Role)


@pytest.mark.parametrize(("one", "other"), list(product(SIDES, SIDES)))
def test_two_sides_never_meet_in_one_person(one, other):
    roles = [role for role, side in SIDE_OF.items() if side is other]
    for role in roles:
        assert side_after(one, role) == (one if one is other else None)


@pytest.mark.parametrize("role", list(Role))
def test_a_neutral_person_may_join_any_side(role):
    assert side_after(Side.NEUTRAL, role) is SIDE_OF[role]
    assert side_after(None, role) is SIDE_OF[role]


@pytest.mark.parametrize("side", [Side.TEAM, Side.JUDGING, Side.BUYING, Side.AUDITING])
def test_who_competes_or_judges_reports_no_problem_afterwards(side):
    assert side_after(side, Role.OFFICER) is None


def test_may_meet_is_symmetric_and_separates_mentor_from_juror():
    assert all(may_meet(a, b) == may_meet(b, a) for a, b in product(Role, Role))
    assert not may_meet(Role.MENTOR, Role.JUROR)
    assert not may_meet(Role.REGISTRAR, Role.CHAIR)
    assert may_meet(Role.TEAM_LEADER, Role.TEAM_MEMBER)
