"""The diagnostics of a result, on tables solved by hand and against brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klash.algo.ranking import robustness

# Entries a, b; reviewers 1, 2; criteria 1, 2. a leads by 2 on the first criterion, b by 1 on the second.
TABLE = [[[8, 5], [8, 5]], [[6, 6], [6, 6]]]


def test_weights_of_a_table_solved_by_hand():
    found = robustness(points=TABLE, weights=[1, 1])
    assert (found.winners, found.second, found.gap, found.disagreement) == ((0,), 1, 0.5, 0.0)
    # The lead is 2 s - (1 - s) = 3 s - 1 in the share s of the first criterion.
    assert found.weight_low == pytest.approx([1 / 3, 0]) and found.weight_high == pytest.approx([1, 2 / 3])
    assert found.weight_move == pytest.approx(1 / 6)
    assert found.without == ((0,), (0,)) and found.by_median == found.by_borda == (0,)
    assert found.stands_without_any and not found.is_close


def test_a_winner_by_one_reviewer_alone_falls_without_that_one():
    points = [[[10], [5], [5]], [[6], [6], [6]]]
    found = robustness(points=points, weights=[1])
    assert (found.winners, found.without) == ((0,), ((1,), (0,), (0,))) and not found.stands_without_any
    assert (found.by_median, found.by_borda) == ((1,), (1,))
    assert found.is_close and found.gap == pytest.approx(2 / 3) and found.disagreement == pytest.approx(np.std([4, -1, -1], ddof=1))
    assert found.weight_move is None and (found.weight_low, found.weight_high) == ([0], [1])


def test_disagreement_where_few_judged_both_is_that_of_different_people():
    nan = np.nan
    # The lead is 1. One reviewer saw both: of a difference of one nothing could be told; the others' scores tell it.
    points = [[[9], [8], [7], [nan], [nan]], [[nan], [nan], [7], [9], [5]]]
    found = robustness(points=points, weights=[1])
    assert (found.gap, found.disagreement) == (1, pytest.approx(np.sqrt(np.var([9, 8, 7], ddof=1) + np.var([7, 9, 5], ddof=1)))) and found.is_close


def test_disagreement_of_two_who_agree_by_chance_among_more_is_not_taken_for_agreement():
    nan = np.nan
    found = robustness(points=[[[9], [8], [2], [nan]], [[8], [7], [nan], [3]]], weights=[1])
    assert found.disagreement > 3 and found.is_close


def test_disagreement_is_not_told_where_an_entry_has_one_review():
    nan = np.nan
    found = robustness(points=[[[9], [nan], [nan]], [[nan], [8], [7]]], weights=[1])
    assert (found.winners, found.second, found.disagreement, found.is_close) == ((0,), 1, None, None)


def test_level_winners_are_named_together():
    found = robustness(points=[[[5, 5]], [[5, 5]], [[1, 2]]], weights=[2, 1])
    assert (found.winners, found.second, found.by_borda) == ((0, 1), 2, (0, 1))


def test_an_entry_that_nobody_else_judged_cannot_win_without_its_reviewer():
    nan = np.nan
    found = robustness(points=[[[9], [nan]], [[nan], [4]]], weights=[1])
    assert (found.winners, found.without) == ((0,), ((1,), (0,)))


def test_a_single_entry_wins_whatever_changes():
    found = robustness(points=[[[3, 4]]], weights=[1, 2])
    assert (found.winners, found.second, found.weight_move, found.without, found.is_close) == ((0,), None, None, ((0,),), None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_weights_against_a_fine_grid(seed):
    random = np.random.default_rng(seed)
    points = random.integers(0, 11, (4, 3, 3)).astype(float)
    weights = random.integers(1, 6, 3).astype(float)
    found = robustness(points=points, weights=weights)
    means, shares, steps = points.mean(axis=1), weights / weights.sum(), 40
    others = [entry for entry in range(4) if entry not in found.winners]
    for criterion in range(3):
        for share in np.linspace(0, 1, steps + 1):
            rest = np.delete(shares, criterion)
            trial = np.insert(rest / rest.sum() * (1 - share), criterion, share)
            least, best = min((means @ trial)[list(found.winners)]), max((means @ trial)[others], default=-1)
            # Strictly inside the interval no other passes; outside it somebody is ahead of one of the winners.
            if found.weight_low[criterion] + 1e-9 < share < found.weight_high[criterion] - 1e-9:
                assert least >= best - 1e-9
            elif share < found.weight_low[criterion] - 1e-9 or share > found.weight_high[criterion] + 1e-9:
                assert least < best
    grid = [np.array([a, b, steps - a - b]) / steps for a, b in product(range(steps + 1), repeat=2) if a + b <= steps]
    moves = [np.abs(trial - shares).sum() / 2 for trial in grid for other in others if (means[found.winners[0]] - means[other]) @ trial <= 1e-9]
    if found.weight_move is None:
        assert not moves
    elif moves:
        assert found.weight_move <= min(moves) + 1e-9 and min(moves) - found.weight_move < 0.1


@pytest.mark.parametrize(("points", "weights"), [
    ([], []), ([[1, 2]], [1, 2]), ([[[1, 2]]], [1]), ([[[1, 2]]], [0, 0]), ([[[1, 2]]], [-1, 2]), ([[[1, np.nan]]], [0, 1]), ([[[np.nan, np.nan]]], [1, 1]),
])
def test_bad_tables_raise(points, weights):
    with pytest.raises(ValueError):
        robustness(points=points, weights=weights)


# a has the best median, b the best mean; reviewers 1 to 3, one criterion and then another that only the third uses.
UNEVEN = [[[6, 6], [6, 6], [0, 6]], [[5, 5], [5, 5], [9, 5]]]


def test_the_published_method_names_the_winner():
    found = {method: robustness(points=UNEVEN, weights=[1, 1], method=method) for method in ("mean", "median", "borda")}
    assert {method: row.winners for method, row in found.items()} == {"mean": (1,), "median": (0,), "borda": (0,)}
    assert {(row.by_mean, row.by_median, row.by_borda) for row in found.values()} == {((1,), (0,), (0,))}
    assert (found["median"].gap, found["borda"].gap) == (1, pytest.approx(1 / 3))
    assert found["median"].without == ((1,), (1,), (0,))
    assert found["borda"].is_close and found["borda"].disagreement == pytest.approx(np.std([1, 1, -1], ddof=1))


def test_weights_by_the_median_are_tried_in_steps():
    # By the median a leads on the first criterion by 2 and trails on the second by 1, as by the mean: level at a third.
    found = robustness(points=[[[8, 5], [8, 5]], [[6, 6], [6, 6]]], weights=[1, 1], method="median")
    assert found.weight_low == pytest.approx([1 / 3, 0], abs=0.011) and found.weight_high == pytest.approx([1, 2 / 3], abs=0.011)
    assert found.weight_move == pytest.approx(1 / 6, abs=0.011)
    assert robustness(points=[[[8]], [[6]]], weights=[1], method="borda").weight_move is None


def test_an_unknown_method_raises():
    with pytest.raises(ValueError, match="a method of"):
        robustness(points=[[[1]]], weights=[1], method="mode")


def test_a_criterion_left_out_of_a_review_does_not_count_in_it():
    # b is first: y's 6 counts whole. As a zero on the second criterion it would have been 3.
    found = robustness(points=[[[6, 4], [6, 4]], [[5, 6], [6, np.nan]]], weights=[1, 1])
    assert (found.winners, found.second, found.gap) == ((1,), 0, pytest.approx(0.75))
    # With the share s on the second criterion a has 6 - 2 s, b (5 + s + 6) / 2: level at a fifth.
    assert found.weight_move == pytest.approx(0.3, abs=0.011) and found.weight_low[1] == pytest.approx(0.2, abs=0.011)
    only = robustness(points=[[[np.nan, 5]], [[5, 4]]], weights=[1, 1])
    assert only.winners == (0,) and only.weight_low == pytest.approx([0, 0], abs=0.011)
