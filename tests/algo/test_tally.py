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


# Where d is left out c counts alone: y gives A 6, not 18/4.
PARTLY = {"A": {"x": {"c": 8, "d": 2}, "y": {"c": 6}}, "B": {"x": {"c": 7, "d": 3}, "y": {"c": 5, "d": 9}}, "C": {"x": {"c": 1}, "y": {"c": 2, "d": 2}}}


@pytest.mark.parametrize(("method", "values"), [
    ("mean", (Fraction(25, 4), 6, Fraction(3, 2))), ("median", (Fraction(25, 4), 6, Fraction(3, 2))), ("borda", (Fraction(7, 8), Fraction(5, 8), 0)),
])
def test_an_optional_criterion_left_out_leaves_its_weight_to_the_others(method, values):
    found = rank(PARTLY, {"c": 3, "d": 1}, method, optional={"d"})
    assert [(line.place, line.entry, line.points) for line in found] == [(place, entry, value) for place, (entry, value) in enumerate(zip("ABC", values, strict=True), 1)]
    assert found[0].disagreement == Fraction(1, 16) and found[1].disagreement == 0


def test_optional_criteria_break_no_tie():
    level = {"A": {"x": {"c": 5}}, "B": {"x": {"c": 5, "d": 5}}, "C": {"x": {"c": 4, "d": 8}}}
    found = rank(level, {"c": 3, "d": 1}, tie_rule="criteria", optional={"d"})
    assert [(line.place, line.entry) for line in found] == [(1, "A"), (1, "B"), (3, "C")]


@pytest.mark.parametrize("given", [{"d": 5}, {}, {"c": 5, "e": 1}])
def test_a_required_score_is_never_taken_for_zero(given):
    with pytest.raises(MissingScore, match="scores of x on A"):
        rank({"A": {"x": given}}, {"c": 3, "d": 1}, optional={"d"})


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


def single(**given):
    """entry=[(reviewer, points), ...] on one criterion."""
    return {entry: {reviewer: {"c": value} for reviewer, value in rows} for entry, rows in given.items()}


def lines(found):
    return [(line.place, line.entry, line.points) for line in found]


def test_median_of_an_even_number_lies_halfway():
    scores = single(A=[("x", 0), ("y", 8), ("z", 9)], B=[("x", 6), ("y", 9)], C=[("z", 1)])
    assert lines(rank(scores, {"c": 1}, "median")) == [(1, "A", Fraction(8)), (2, "B", Fraction(15, 2)), (3, "C", Fraction(1))]


def test_borda_counts_shares_of_each_own_order():
    # x orders A > B = C, y orders B > A, z saw only D: of order z says nothing.
    scores = single(A=[("x", 9), ("y", 1)], B=[("x", 5), ("y", 2)], C=[("x", 5)], D=[("z", 10)])
    assert lines(rank(scores, {"c": 1}, "borda")) == [
        (1, "B", Fraction(5, 8)), (2, "A", Fraction(1, 2)), (2, "D", Fraction(1, 2)), (4, "C", Fraction(1, 4))
    ]


def test_a_harsh_reviewer_tilts_no_borda():
    scores = single(A=[("x", 9), ("y", 3)], B=[("x", 8), ("y", 2)])
    assert lines(rank(scores, {"c": 1}, "borda")) == [(1, "A", Fraction(1)), (2, "B", Fraction(0))]


def test_ties_go_by_the_criteria_in_order_of_weight_then_share():
    level = {"A": {"x": {"c": 4, "d": 6, "e": 5}}, "B": {"x": {"c": 6, "d": 4, "e": 5}}, "C": {"x": {"c": 6, "d": 4, "e": 5}}, "D": {"x": {"c": 5, "d": 5, "e": 5}}}
    assert lines(rank(level, {"c": 1, "d": 1, "e": 2}, tie_rule="criteria")) == [(1, "B", 5), (1, "C", 5), (3, "D", 5), (4, "A", 5)]
    assert [line.entry for line in rank(level, {"e": 2, "d": 1, "c": 1}, tie_rule="criteria")] == ["A", "D", "B", "C"]


def test_a_lot_decides_only_between_level_ones():
    scores = single(A=[("x", 5)], B=[("x", 5)], C=[("x", 6)], D=[("x", 5)])
    lots = {"A": "b", "B": "c", "C": "z", "D": "a"}
    assert [(line.place, line.entry) for line in rank(scores, {"c": 1}, tie_rule="lot", lots=lots)] == [(1, "C"), (2, "D"), (3, "A"), (4, "B")]


@pytest.mark.parametrize("more", [{"method": "mode"}, {"tie_rule": "age"}, {"tie_rule": "lot"}, {"tie_rule": "lot", "lots": {"B": "1"}}])
def test_rank_refuses_unknown_rules_and_missing_lots(more):
    with pytest.raises(ValueError, match="tie rule"):
        rank(single(A=[("x", 5)]), {"c": 1}, **more)


@given(instances(), st.sampled_from(["median", "borda"]), st.sampled_from(["shared", "criteria", "lot"]))
def test_methods_keep_whoever_is_better_with_everyone_ahead(instance, method, tie_rule):
    scores, weights = instance
    found = rank(scores, weights, method, tie_rule, {entry: entry for entry in scores})
    place = {line.entry: line for line in found}
    assert sorted(place) == sorted(scores) and found[0].place == 1 and [line.place for line in found] == sorted(line.place for line in found)
    for one, first in place.items():
        for other, second in place.items():
            if all(a > b for (_, a), (_, b) in zip(first.by_reviewer, second.by_reviewer, strict=True)):
                assert (first.place < second.place, first.points > second.points) == (True, True), (one, other)
