import numpy as np
import pytest

from klash.algo.ranking import power

SETUP = {
    "entries": 12, "reviewers": 6, "reviews": (1, 3, 6), "criteria": 3, "scale": (0, 10, 1), "top": 3, "quality_sd": 1.5, "severity_sd": 1.0, "halo_sd": 0.8,
    "noise_sd": 1.0, "runs": 300, "seed": 3,
}


def test_more_reviews_tell_more():
    found = power(**SETUP)
    assert found.reviews == (1, 3, 6)
    assert found.p_best[0] < found.p_best[1] < found.p_best[2] and found.in_top[0] < found.in_top[1] < found.in_top[2]
    assert np.all(found.p_best_error < 0.03) and np.all((found.in_top > 0.3) & (found.in_top <= 1))


def test_equal_input_gives_equal_output_and_another_seed_another():
    one, same, other = power(**SETUP), power(**SETUP), power(**{**SETUP, "seed": 4})
    assert np.array_equal(one.p_best, same.p_best) and np.array_equal(one.in_top, same.in_top) and not np.array_equal(one.in_top, other.in_top)


def test_without_error_the_best_always_wins():
    found = power(**{**SETUP, "scale": (0, 10, 0.0001), "severity_sd": 0, "halo_sd": 0, "noise_sd": 0, "runs": 50})
    assert found.p_best.tolist() == [1, 1, 1] == found.in_top.tolist()


def test_when_reviewers_cannot_tell_anything_it_is_a_lottery():
    found = power(**{**SETUP, "quality_sd": 1e-9, "runs": 2000})
    assert np.all(np.abs(found.p_best - 1 / 12) < 0.03) and np.all(np.abs(found.in_top - 3 / 12) < 0.03)


@pytest.mark.parametrize("change", [
    {"entries": 1}, {"reviews": ()}, {"reviews": (0,)}, {"reviews": (7,)}, {"top": 0}, {"top": 13}, {"criteria": 0}, {"runs": 1}, {"scale": (5, 5, 1)}, {"scale": (0, 5, 0)},
    {"noise_sd": -1},
])
def test_bad_set_ups_raise(change):
    with pytest.raises(ValueError):
        power(**{**SETUP, **change})
