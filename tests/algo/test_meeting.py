"""The order of business against every order there is."""

from itertools import permutations
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klash.algo import meeting
from klash.algo.meeting import count_moves, order

SETS = st.lists(st.frozensets(st.integers(0, 5), max_size=4), max_size=6)


def sets(*words):
    return [frozenset(word) for word in words]


def as_ordered(out, found):
    return [out[place] for place in found.sequence]


def test_one_who_must_leave_twice_leaves_once():
    out = sets("a", "", "b", "a", "ab")
    found = order(out)
    assert (found.sequence, found.moves, found.bound, found.proved) == ((1, 0, 3, 4, 2), 4, 4, True)


def test_without_conflicts_the_order_stays_and_nobody_moves():
    assert order(sets("", "", "")) == meeting.Order((0, 1, 2), 0, 0, True)
    assert order([]) == meeting.Order((), 0, 0, True)


def test_everybody_outside_is_one_walk_there_and_one_back():
    assert order(sets("abc", "abc")).moves == 6


@given(SETS)
@settings(max_examples=300, deadline=None)
def test_no_other_order_needs_fewer_moves(out):
    found = order(out)
    assert sorted(found.sequence) == list(range(len(out)))
    assert found.moves == count_moves(as_ordered(out, found)) == min((count_moves(list(other)) for other in permutations(out)), default=0)
    assert found.proved and found.bound == found.moves


@given(SETS)
@settings(max_examples=200, deadline=None)
def test_the_quick_way_stays_above_its_bound_and_below_the_given_order(out):
    exact, kept = order(out).moves, meeting.EXACT
    try:
        meeting.EXACT = 0
        found = order(out)
    finally:
        meeting.EXACT = kept
    assert found.bound <= exact <= found.moves == count_moves(as_ordered(out, found))
    assert found.proved is (not any(out))


@given(SETS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_moves_do_not_hang_on_the_order_given(out, random):
    mixed = random.sample(out, len(out))
    assert order(mixed).moves == order(out).moves
    assert order(out) == order(list(out))


@pytest.mark.parametrize(("entries", "people"), [(77, 15), (200, 8), (40, 5)])
def test_a_large_meeting_is_ordered_while_one_waits(entries, people):
    random = Random(entries)
    out = [frozenset(random.sample(range(people), random.choice([0, 0, 0, 1, 1, 2]))) for _ in range(entries)]
    begun = perf_counter()
    found = order(out)
    assert perf_counter() - begun < 8
    assert found.moves <= count_moves(out) and found.bound <= found.moves


def test_thirteen_sets_that_hang_together_are_solved_exactly():
    out = [frozenset((number, number + 1)) for number in (7, 0, 12, 3, 9, 5, 1, 11, 4, 8, 2, 10, 6)]
    found = order(out)
    assert (found.proved, found.moves) == (True, 28)  # each of fourteen leaves once: along the chain
