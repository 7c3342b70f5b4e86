import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.core.own_order import OwnOrder


def laid_out(key, size):
    order = OwnOrder(key, size)
    return [order.number_at(place) for place in range(size)]


@given(st.binary(max_size=64), st.integers(1, 400))
def test_every_number_has_one_place_and_is_found_there(key, size):
    order, numbers = OwnOrder(key, size), laid_out(key, size)
    assert (sorted(numbers), [order.place_of(number) for number in numbers]) == (list(range(size)), list(range(size)))


def test_equal_keys_give_equal_orders_and_others_differ():
    assert laid_out(b"one", 100) == laid_out(b"one", 100)
    assert sum(a == b for a, b in zip(laid_out(b"one", 1000), laid_out(b"other", 1000), strict=True)) < 10


@pytest.mark.parametrize("size", [2, 3, 4])
def test_over_many_keys_every_order_is_equally_likely(size):
    orders, each = math.factorial(size), 600
    found = Counter(tuple(laid_out(key.to_bytes(4, "big"), size)) for key in range(each * orders))
    assert (len(found), max(abs(count - each) for count in found.values()) < 5 * math.sqrt(each)) == (orders, True)


def test_over_many_keys_every_number_comes_to_every_place():
    found = Counter(pair for key in range(5000) for pair in enumerate(laid_out(key.to_bytes(4, "big"), 7)))
    assert (len(found), max(abs(count - 5000 / 7) for count in found.values()) < 5 * math.sqrt(5000 / 7)) == (49, True)


def test_neighbours_do_not_stay_neighbours():
    numbers = laid_out(b"one", 20_000)
    steps = [after - before for before, after in zip(numbers, numbers[1:], strict=False)]
    assert Counter(steps).most_common(1)[0][1] < 12


@pytest.mark.parametrize("place", [-1, 3])
def test_a_place_outside_is_refused(place):
    with pytest.raises(IndexError):
        OwnOrder(b"one", 3).number_at(place)
