from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.algo.roster import Meeting, roster

few = st.integers(0, 9)


@st.composite
def busy_days(draw):
    teams, mentors, slots = draw(few), draw(few), draw(few)
    pairs = [(slots, teams), (slots, mentors), (teams, mentors)]
    return (teams, mentors, slots), [draw(st.sets(st.sampled_from(list(product(range(a), range(b)))))) if a * b else set() for a, b in pairs]


def largest(teams, mentors, slots):
    """The most meetings of a tiny day, found by trying every set of them."""
    every = list(product(range(slots), range(teams), range(mentors)))
    for size in range(len(every), 0, -1):
        if any(is_sound(meetings) for meetings in combinations(every, size)):
            return size
    return 0


def is_sound(meetings):
    views = ([(s, t) for s, t, _ in meetings], [(s, m) for s, _, m in meetings], [(t, m) for _, t, m in meetings])
    return all(len(set(view)) == len(view) for view in views)


def spread(counts):
    return max(counts) - min(counts) if counts else 0


def test_roster_by_hand():
    assert roster(3, 2, 2) == [Meeting(0, 0, 0), Meeting(0, 1, 1), Meeting(1, 0, 1), Meeting(1, 2, 0)]


def test_roster_of_nine_teams_and_two_mentors_is_whole_in_nine_slots():
    assert {(m.team, m.mentor) for m in roster(9, 2, 9)} == set(product(range(9), range(2)))


@pytest.mark.parametrize(("teams", "mentors", "slots"), [size for size in product(range(4), repeat=3) if size[0] * size[1] * size[2] <= 12])
def test_roster_is_the_largest_there_is(teams, mentors, slots):
    assert len(roster(teams, mentors, slots)) == largest(teams, mentors, slots) == min(slots, max(teams, mentors)) * min(teams, mentors)


@given(few, few, few)
def test_roster_of_an_empty_day_is_sound_largest_and_fair(teams, mentors, slots):
    meetings = roster(teams, mentors, slots)
    assert meetings == sorted(meetings)
    assert is_sound(meetings)
    assert len(meetings) == min(slots, max(teams, mentors)) * min(teams, mentors)
    assert spread([sum(m.team == team for m in meetings) for team in range(teams)]) <= 1
    assert spread([sum(m.mentor == mentor for m in meetings) for mentor in range(mentors)]) <= 1


@given(busy_days())
def test_roster_of_a_busy_day_respects_it_and_leaves_nothing_that_fits(day):
    (teams, mentors, slots), (team_busy, mentor_busy, met) = day
    meetings = roster(teams, mentors, slots, team_busy=team_busy, mentor_busy=mentor_busy, met=met)
    at_teams, at_mentors = {(m.slot, m.team) for m in meetings}, {(m.slot, m.mentor) for m in meetings}
    pairs = {(m.team, m.mentor) for m in meetings}
    assert is_sound(meetings)
    assert not (at_teams & team_busy or at_mentors & mentor_busy or pairs & met)
    for slot, team, mentor in product(range(slots), range(teams), range(mentors)):
        fits = (slot, team) not in at_teams | team_busy and (slot, mentor) not in at_mentors | mentor_busy and (team, mentor) not in pairs | met
        assert not fits


def test_roster_is_equal_for_equal_input():
    taken = {"team_busy": {(0, 1), (2, 0)}, "mentor_busy": {(1, 1)}, "met": {(3, 0)}}
    assert roster(5, 3, 4, **taken) == roster(5, 3, 4, **taken)


@pytest.mark.parametrize("counts", [(-1, 2, 2), (2, -1, 2), (2, 2, -1)])
def test_roster_of_a_negative_count_raises(counts):
    with pytest.raises(ValueError, match="expected counts of at least 0"):
        roster(*counts)


@pytest.mark.parametrize("name", ["team_busy", "mentor_busy", "met"])
def test_roster_of_a_pair_outside_the_counts_raises(name):
    with pytest.raises(ValueError, match=f"expected {name} within 2 x 2, got \\(0, 2\\)"):
        roster(2, 2, 2, **{name: [(0, 2)]})
