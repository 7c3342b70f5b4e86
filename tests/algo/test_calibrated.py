"""The calibrated ranking: against simulated bodies whose true order is known, and one row per input that must raise."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from klash.algo.ranking import rank


def body(seed, *, entries=40, reviewers=8, each=4, criteria=3, scale=(1, 5), severity=0.6, spread=0.25, missing=0.1):
    """Return the columns of an invented body and the true qualities."""
    random = np.random.default_rng(seed)
    quality, aspect = random.normal(0, 0.8, entries), random.normal(0, 0.4, (entries, criteria))
    severe, bold = random.normal(0, severity, reviewers), np.maximum(0.3, random.normal(1, spread, reviewers))
    rows = []
    for entry in range(entries):
        for turn in range(each):
            reviewer, halo = (entry * each + turn + entry // reviewers) % reviewers, random.normal(0, 0.4)
            for criterion in range(criteria):
                seen = sum(scale) / 2 - severe[reviewer] + bold[reviewer] * (quality[entry] + aspect[entry, criterion]) + halo + random.normal(0, 0.6)
                if criterion == 0 or random.random() >= missing:
                    rows.append((entry, reviewer, criterion, float(np.clip(np.rint(seen), *scale))))
    columns = dict(zip(("entry", "reviewer", "criterion", "score"), (list(column) for column in zip(*rows, strict=True)), strict=True))
    return {**columns, "weights": [1.0] * criteria, "scale": (*scale, 1), "top": 5}, quality + aspect.mean(axis=1), severe


def agreement(one, other):
    return kendalltau(one, other).statistic


def test_the_habits_of_reviewers_are_taken_out():
    gains, found_severity = [], []
    for seed in range(4):
        columns, quality, severe = body(seed)
        found = rank(**columns, sweeps=800)
        gains.append(agreement(found.value, quality) - agreement(found.mean, quality))
        found_severity.append(np.corrcoef(found.reviewers.severity, severe)[0, 1])
        assert found.rhat < 1.15
    assert np.mean(gains) > 0.02 and min(found_severity) > 0.8


def test_where_reviewers_agree_nothing_is_lost():
    losses = []
    for seed in range(4):
        columns, quality, _ = body(seed, severity=0.02, spread=0.01)
        found = rank(**columns, sweeps=800)
        losses.append(agreement(found.mean, quality) - agreement(found.value, quality))
    assert np.mean(losses) < 0.01


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    covered = []
    for seed in range(6):
        columns, quality, _ = body(seed)
        found = rank(**columns, sweeps=800)
        covered.append(np.mean((found.value_low <= 3 + quality) & (3 + quality <= found.value_high)))
    assert 0.82 < np.mean(covered) < 0.97


def test_equal_input_gives_equal_output_and_another_seed_nearly_the_same():
    columns, _, _ = body(1)
    one, same, other = (rank(**columns, seed=seed, sweeps=1600) for seed in (1, 1, 2))
    assert np.array_equal(one.value, same.value) and np.array_equal(one.p_first, same.p_first)
    assert agreement(one.value, other.value) > 0.96


def test_the_summary_hangs_together():
    columns, _, _ = body(2)
    found = rank(**columns, sweeps=400)
    assert sorted(found.rank) == list(range(1, 41)) and np.array_equal(np.argsort(-found.value, kind="stable"), np.argsort(found.rank))
    assert found.p_first.sum() == pytest.approx(1) and found.p_top.sum() == pytest.approx(5)
    assert np.all((found.value_low <= found.value) & (found.value <= found.value_high) & (found.rank_low <= found.rank_high))
    assert found.close_call.tolist() == np.flatnonzero((found.p_top >= 0.1) & (found.p_top <= 0.9)).tolist()
    assert set(found.components) == {0}


def test_the_mean_is_the_published_one_where_nothing_is_missing():
    found = rank(entry=[0, 0, 1, 1], reviewer=[0, 0, 0, 0], criterion=[0, 1, 0, 1], score=[4, 2, 1, 5], weights=[3, 1], scale=(1, 5, 1), top=1, sweeps=40)
    assert found.mean.tolist() == [3.5, 2.0]


def test_entries_that_share_no_reviewer_are_told_apart():
    found = rank(
        entry=[0, 1, 1, 2, 3, 4], reviewer=[0, 0, 1, 1, 2, 2], criterion=[0] * 6, score=[3, 4, 4, 2, 5, 1], weights=[1], scale=(1, 5, 1), top=1, sweeps=40
    )
    assert found.components.tolist() == [0, 0, 0, 1, 1]


def test_scores_that_are_all_alike_rank_nobody_first_for_sure():
    found = rank(entry=[0, 1, 2] * 2, reviewer=[0, 0, 0, 1, 1, 1], criterion=[0] * 6, score=[5] * 6, weights=[1], scale=(1, 5, 1), top=1, sweeps=400)
    assert np.isfinite(found.value).all() and found.p_first.max() < 0.6


GOOD = {"entry": [0, 1], "reviewer": [0, 0], "criterion": [0, 0], "score": [1, 2], "weights": [1], "scale": (1, 5, 1), "top": 1}


@pytest.mark.parametrize("change", [
    {"entry": [], "reviewer": [], "criterion": [], "score": []}, {"entry": [0]}, {"entry": [0, -1]}, {"entry": [0, 2]}, {"criterion": [0, 1]}, {"weights": [0]},
    {"weights": [-1]}, {"weights": [float("nan")]}, {"score": [0, 2]}, {"score": [1, 6]}, {"score": [1, 2.5]}, {"score": [1, float("nan")]}, {"scale": (5, 1, 1)},
    {"scale": (1, 5, 0)}, {"top": 0}, {"entry": [0.5, 1.0]}, {"entry": 0, "reviewer": 0, "criterion": 0, "score": 1}, {"weights": 1}, {"weights": []},
    {"scale": (1, 5)}, {"scale": (1, float("nan"), 1)}, {"scale": (1, 5, float("nan"))}, {"scale": (1, float("inf"), 1)}, {"sweeps": 0},
])
def test_bad_input_raises(change):
    with pytest.raises(ValueError):
        rank(**{**GOOD, **change})
