"""Who falls behind, as a truth table: minutes and sessions of team A, then of the others of its challenge."""

import pytest

from klash.rules.fairness import Behind, Help, behind, may_tell_askers

TIME, SESSIONS = Behind.TIME, Behind.SESSIONS


@pytest.mark.parametrize(("own", "others", "expected"), [
    # alone there is nobody to fall behind
    ((0, 0), [], set()),
    ((0, 0), [(0, 0), (0, 0)], set()),
    # under three quarters of the median, and at it; the sessions are as many
    ((89, 3), [(120, 3), (120, 3)], {TIME}),
    ((90, 3), [(120, 3), (120, 3)], set()),
    # the median is of all: one team with much more makes nobody fall behind
    ((120, 4), [(120, 4), (600, 5)], set()),
    # two sessions fewer than the others, and one; the time is as long
    ((120, 2), [(120, 4), (120, 4)], {SESSIONS}),
    ((120, 3), [(120, 4), (120, 4)], set()),
    # the others' median lies between two and is rounded in nobody's favour
    ((120, 2), [(120, 3), (120, 4)], set()),
    ((120, 1), [(120, 3), (120, 4)], {SESSIONS}),
    # both, and of two teams
    ((30, 1), [(120, 4), (120, 4)], {TIME, SESSIONS}),
    ((30, 1), [(120, 4)], {TIME, SESSIONS}),
    # whoever has more never falls behind
    ((240, 8), [(120, 4), (120, 4)], set()),
])
def test_who_falls_behind(own, others, expected):
    given = {"A": Help(*own), **{f"other {place}": Help(*row) for place, row in enumerate(others)}}
    assert behind(given)["A"] == expected


@pytest.mark.parametrize(("asked", "answered", "expected"), [
    ((2, 2, 0), 5, True),  # two teams and somebody else
    ((2, 2, 1), 5, True),
    ((2, 2, 0), 4, False),  # too few
    ((5, 0, 0), 5, False),  # all of one team
    ((3, 2, 0), 5, False),  # of two: either knows what the other asked
    ((5, 0, 0), 7, False),
    ((0, 0, 0), 7, False),
])
def test_figures_that_would_give_an_asker_away_are_not_told(asked, answered, expected):
    assert may_tell_askers(dict(enumerate(asked)), answered) is expected
