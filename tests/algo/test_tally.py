"""The tally: by hand, against an oracle that counts in another way, and every input that must raise."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.algo.tally import MissingScore, Place, rank

WEIGHTS = {"impact": 40, "innovativeness": 30, "scalability": 30}


def points(impact, innovativeness, scalability):
    return {"impact": impact, "innovativeness": innovativeness, "scalability": scalability}


def test_rank_by_hand():
    scores = {
        "B": {"y": points(5, 5, 5), "x": points(6, 4, 5)},
        "A": {"x": points(8, 5, 7), "y": points(9, 9, 10)},
    }
    assert rank(scores, WEIGHTS) == (
        Place(1, "A", Fraction(161, 20), (("x", Fraction(34, 5)), ("y", Fraction(93, 10)))),
        Place(2, "B", Fraction(101, 20), (("x", Fraction(51, 10)), ("y", Fraction(5)))),
    )
    assert [place.spread for place in rank(scores, WEIGHTS)] == [(Fraction(34, 5), Fraction(93, 10)), (Fraction(5), Fraction(51, 10))]


def test_rank_equal_points_share_a_place_in_order_of_entry():
    scores = {name: {"x": points(value, value, value)} for name, value in [("D", 3), ("C", 7), ("B", 7), ("A", 9), ("E", 3), ("F", 1)]}
    assert [(line.place, line.entry) for line in rank(scores, WEIGHTS)] == [(1, "A"), (2, "B"), (2, "C"), (4, "D"), (4, "E"), (6, "F")]


def test_rank_tells_thirds_apart_that_floats_join():
    # 1/3 + 1/3 + 1/3 as floats may miss 1; exact fractions make these two equal.
    scores = {"A": {"x": {"c": 1, "d": 0, "e": 0}, "y": {"c": 0, "d": 1, "e": 0}}, "B": {"x": {"c": 0, "d": 0, "e": 1}, "y": {"c": 1, "d": 0, "e": 0}}}
    lines = rank(scores, {"c": 1, "d": 1, "e": 1})
    assert [(line.place, line.entry, line.points) for line in lines] == [(1, "A", Fraction(1, 3)), (1, "B", Fraction(1, 3))]


@pytest.mark.parametrize(
    ("scores", "weights", "error", "words"),
    [
        ({"A": {"x": {"impact": 1}}}, WEIGHTS, MissingScore, "scores of x on A"),
        ({"A": {"x": points(1, 1, 1)}, "B": {}}, WEIGHTS, MissingScore, "a review of B"),
        ({}, WEIGHTS, ValueError, "at least one entry"),
        ({"A": {"x": {"impact": 1, "beauty": 2}}}, {"impact": 1}, ValueError, "beauty"),
        ({"A": {"x": {"impact": 1}}}, {"impact": 0}, ValueError, "above zero"),
        ({"A": {"x": {}}}, {}, ValueError, "above zero"),
    ],
)
def test_rank_refuses(scores, weights, error, words):
    with pytest.raises(error, match=words):
        rank(scores, weights)


@st.composite
def instances(draw):
    criteria = draw(st.lists(st.sampled_from("cdefg"), min_size=1, max_size=4, unique=True))
    reviewers = draw(st.lists(st.sampled_from("uvwxyz"), min_size=1, max_size=5, unique=True))
    entries = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=7, unique=True))
    weights = {criterion: draw(st.integers(1, 100)) for criterion in criteria}
    value = st.integers(0, 10)
    return {e: {r: {c: draw(value) for c in criteria} for r in reviewers} for e in entries}, weights


def oracle(scores, weights):
    """Whole sums only: all entries have equally many reviewers, so no division is needed to compare them."""
    sums = {e: sum(weights[c] * v for given in of.values() for c, v in given.items()) for e, of in scores.items()}
    return sorted((1 + sum(other > mine for other in sums.values()), e) for e, mine in sums.items())


@given(instances())
def test_rank_agrees_with_whole_sums(instance):
    scores, weights = instance
    lines = rank(scores, weights)
    assert [(line.place, line.entry) for line in lines] == oracle(scores, weights)
    for line in lines:
        plain = [sum(weights[c] * v for c, v in given.items()) / sum(weights.values()) for given in scores[line.entry].values()]
        assert float(line.points) == pytest.approx(sum(plain) / len(plain))
        given = [points for _, points in line.by_reviewer]
        assert line.spread == (min(given), max(given))
        assert line.spread[0] <= line.points <= line.spread[1]


@given(instances(), st.integers(2, 9))
def test_rank_does_not_depend_on_the_size_of_weights_or_on_order(instance, factor):
    scores, weights = instance
    turned = {entry: dict(reversed(of.items())) for entry, of in reversed(scores.items())}
    assert rank(turned, {criterion: factor * weight for criterion, weight in reversed(weights.items())}) == rank(scores, weights)
