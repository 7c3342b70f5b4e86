import pytest

from klash.rules.change import Change, change, tellable


@pytest.mark.parametrize(("before", "after", "expected"), [
    ("", "", Change(0, 0, 0)),
    ("", "Kaksi sanaa", Change(0, 2, 0)),
    ("Kaksi sanaa", "", Change(0, 0, 2)),
    ("Kyyti tilataan, kun se tarvitaan.", "Kun se TARVITAAN: kyyti tilataan!", Change(5, 0, 0)),  # moved, otherwise punctuated: the same
    ("kunta kunta kunta", "kunta kunta asukas", Change(2, 1, 1)),  # as often as it stands
    ("Kyyti tilataan.", "Kyyti – tilataan", Change(2, 0, 0)),  # a dash is no word
])
def test_change(before, after, expected):
    assert change(before, after) == expected


def test_share_of_words_without_a_match():
    assert [change(*pair).share for pair in (("", ""), ("a b", "b a"), ("a b", "a c"), ("", "a"), ("a", "b"))] == [0, 0, 1 / 2, 1, 1]


@pytest.mark.parametrize(("groups", "told"), [
    ({}, set()),
    ({"a": 2}, set()),
    ({"a": 3}, {"a"}),
    ({"a": 2, "b": 4, "c": 3}, {"b"}),  # with c told, the total would tell of the two of a
    ({"a": 2, "b": 1, "c": 5}, {"c"}),
    ({"a": 1, "b": 3}, set()),
    ({"a": 0, "b": 3}, {"b"}),
    ({"a": 3, "b": 3, "c": 1}, {"a"}),
])
def test_nothing_is_told_of_fewer_than_three_even_by_subtraction(groups, told):
    assert tellable(groups) == told
