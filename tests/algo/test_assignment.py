"""Assignment: by hand, against every assignment there is on tiny instances, invariants on random ones, and every input that must raise."""

import inspect
import subprocess
import sys
from dataclasses import asdict
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from klash.algo.assignment import Block, assign

BY_HAND = np.array([[0.9, 0.8, 0.1], [0.9, 0.6, 0.5], [0.3, 0.5, 0.2]])


def wish(affinity, demand=2, load_max=2, load_min=0, barred=(), **more):
    """Allow every pair of a matrix but the barred ones."""
    entries, reviewers = np.shape(affinity)
    pairs = np.array([pair for pair in np.ndindex(entries, reviewers) if pair not in barred], np.int64).reshape(-1, 2)
    return {
        "entries": entries,
        "reviewers": reviewers,
        "pair_entry": pairs[:, 0],
        "pair_reviewer": pairs[:, 1],
        "affinity": np.asarray(affinity)[pairs[:, 0], pairs[:, 1]],
        "demand": np.broadcast_to(demand, entries),
        "load_min": np.broadcast_to(load_min, reviewers),
        "load_max": np.broadcast_to(load_max, reviewers),
        **more,
    }


def shown(found):
    """Return everything but the time, as plain values that can be compared."""
    values = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(found).items() if name != "seconds"}
    return {name: pytest.approx(value) if name in ("score", "total", "total_bound", "worst", "worst_bound") else value for name, value in values.items()}


# --- by hand: everyone gets two of three, so each entry goes without one reviewer, and each reviewer without one entry


def test_assign_by_hand_total():
    found = assign(**wish(BY_HAND), mode="total")
    assert shown(found) == {
        "pairs": [[0, 0], [0, 1], [1, 0], [1, 2], [2, 1], [2, 2]],
        "score": [1.7, 1.4, 0.7],
        "load": [2, 2, 2],
        "unmet": [0, 0, 0],
        "total": 3.8,
        "total_bound": 3.8,
        "worst": 0.7,
        "worst_bound": 0.8,
        "proved": True,
        "blocking": (),
    }


def test_assign_by_hand_fair():
    found = assign(**wish(BY_HAND), mode="fair")
    assert shown(found) == {
        "pairs": [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]],
        "score": [0.9, 1.4, 0.8],
        "load": [2, 2, 2],
        "unmet": [0, 0, 0],
        "total": 3.1,
        "total_bound": 3.1,
        "worst": 0.8,
        "worst_bound": 0.8,
        "proved": True,
        "blocking": (),
    }


def test_assign_by_hand_forced_pair_stands_over_load_and_demand():
    found = assign(**wish(BY_HAND, demand=[0, 1, 1], load_max=[0, 1, 1], forced=[(0, 0), (1, 0)]), mode="total")
    assert found.pairs.tolist() == [[0, 0], [1, 0], [2, 1]]
    assert found.load.tolist() == [2, 1, 0]
    assert found.score.tolist() == [0.9, 0.9, 0.5]
    assert found.unmet.tolist() == [0, 0, 0]


def test_assign_by_hand_attribute_parts_two_of_one_firm():
    affinity = [[0.9, 0.8, 0.7]]
    firm = np.array([7, 7, 9])
    assert assign(**wish(affinity), mode="total").pairs.tolist() == [[0, 0], [0, 1]]
    parted = assign(**wish(affinity, attributes=[(firm, 0.2)]), mode="total")
    assert (parted.pairs.tolist(), parted.total) == ([[0, 0], [0, 2]], pytest.approx(1.6))
    kept = assign(**wish(affinity, attributes=[(firm, 0.05)]), mode="total")
    assert (kept.pairs.tolist(), kept.total) == ([[0, 0], [0, 1]], pytest.approx(1.65))
    beside = assign(**wish(affinity, attributes=[(firm, 0.3)], forced=[(0, 1)]), mode="total")
    assert (beside.pairs.tolist(), beside.total) == ([[0, 1], [0, 2]], pytest.approx(1.5))


def test_assign_by_hand_load_min_comes_before_affinity():
    found = assign(**wish([[0.9, 0.1], [0.9, 0.1]], demand=1, load_min=[0, 1]), mode="total")
    assert (found.load.tolist(), found.total) == ([1, 1], pytest.approx(1.0))


def test_assign_is_called_as_agreed():
    parameters = inspect.signature(assign).parameters.values()
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert {parameter.name: parameter.default for parameter in parameters} == {
        **dict.fromkeys(("entries", "reviewers", "pair_entry", "pair_reviewer", "affinity", "demand", "load_min", "load_max"), inspect.Parameter.empty),
        **{"attributes": (), "forced": (), "mode": "fair", "cap": 1.0, "seed": 0, "time_limit_s": 60.0},
    }


# --- wishes that cannot be had


def test_assign_blocking_names_spent_loads_and_conflicts():
    found = assign(**wish([[0.5, 0.4, 0.3], [0.6, 0.5, 0.4], [0.1, 0.2, 0.3]], demand=1, load_max=[1, 0, 2], barred={(0, 2), (1, 2)}), mode="total")
    assert found.pairs.tolist() == [[1, 0], [2, 2]]
    assert found.unmet.tolist() == [1, 0, 0]
    assert found.blocking == (Block(entries=(0,), rivals=(1,), full=(0, 1), barred=(2,)),)


def test_assign_blocking_parts_the_causes():
    found = assign(**wish(np.full((3, 3), 0.5), demand=[1, 1, 2], load_max=[0, 1, 5], barred={(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)}), mode="fair")
    assert found.pairs.tolist() == [[1, 1], [2, 2]]
    assert found.unmet.tolist() == [1, 0, 1]
    assert found.blocking == (
        Block(entries=(0,), rivals=(), full=(0,), barred=(2,)),
        Block(entries=(2,), rivals=(), full=(), barred=()),
    )


def test_assign_a_wish_for_nothing():
    for mode in ("total", "fair", "random"):
        assert shown(assign(**wish(np.empty((0, 0))), mode=mode)) == {
            "pairs": [],
            "score": [],
            "load": [],
            "unmet": [],
            "total": 0,
            "total_bound": 0,
            "worst": 0,
            "worst_bound": 0,
            "proved": True,
            "blocking": (),
        }
        nobody = assign(**wish(np.empty((2, 0))), mode=mode)
        assert (nobody.pairs.tolist(), nobody.unmet.tolist(), nobody.blocking) == ([], [2, 2], (Block((0,), (), (), ()), Block((1,), (), (), ())))


def test_assign_an_entry_short_of_reviewers_does_not_switch_off_fairness():
    affinity = np.vstack((BY_HAND, np.zeros(3)))
    found = assign(**wish(affinity, barred={(3, 0), (3, 1), (3, 2)}), mode="fair")
    assert (found.worst, found.unmet.tolist(), found.proved) == (pytest.approx(0.8), [0, 0, 0, 2], True)


# --- against every assignment there is


def tiny(seed):
    chance = np.random.default_rng(seed)
    entries, reviewers = (int(count) for count in chance.integers((1, 1), (4, 5)))
    affinity = np.round(chance.random((entries, reviewers)), chance.integers(1, 6))
    barred = {pair for pair in np.ndindex(entries, reviewers) if chance.random() < 0.2}
    load_max = chance.integers(0, 4, reviewers)
    attributes = [(chance.integers(0, 2, reviewers), float(np.round(chance.random() / 2, 2))) for _ in range(chance.integers(0, 3))]
    forced = [pair for pair in np.ndindex(entries, reviewers) if pair not in barred and chance.random() < 0.1]
    return wish(
        affinity,
        chance.integers(0, 3, entries),
        load_max,
        np.minimum(chance.integers(0, 2, reviewers), load_max),
        barred,
        attributes=attributes,
        forced=forced,
    )


def every(problem):
    """Yield (seats filled, minima met, worst, total) of every assignment that keeps to demand, loads and forced pairs."""
    value = {(e, r): a for e, r, a in zip(problem["pair_entry"].tolist(), problem["pair_reviewer"].tolist(), problem["affinity"].tolist(), strict=True)}
    forced, entries, reviewers = set(problem["forced"]), range(problem["entries"]), range(problem["reviewers"])
    choices = []
    for entry in entries:
        fixed = tuple(r for r in reviewers if (entry, r) in forced)
        others = [r for r in reviewers if (entry, r) in value and r not in fixed]
        choices.append([fixed + more for size in range(max(problem["demand"][entry] - len(fixed), 0) + 1) for more in combinations(others, size)])
    allowed = [sum((entry, r) in value for r in reviewers) for entry in entries]
    counted = [e for e in entries if 0 < problem["demand"][e] <= allowed[e]] or [e for e in entries if problem["demand"][e]]
    held = [sum(r == other for _, other in forced) for r in reviewers]
    most = [max(problem["load_max"][r], held[r]) for r in reviewers]
    for sets in product(*choices):
        load = [sum(r in one for one in sets) for r in reviewers]
        if any(load[r] > most[r] for r in reviewers):
            continue
        score = [sum(value[entry, r] for r in one) for entry, one in enumerate(sets)]
        alike = sum(weight * (codes[a] == codes[b]) for codes, weight in problem["attributes"] for one in sets for a, b in combinations(one, 2))
        minima = sum(min(load[r], problem["load_min"][r]) for r in reviewers)
        yield sum(load), minima, min((score[e] for e in counted), default=0.0), sum(score) - alike


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_assign_reaches_the_best_of_all(first):
    for seed in range(first, first + 40):
        problem = tiny(seed)
        possible = list(every(problem))
        possible = [one for one in possible if one[:2] == max(other[:2] for other in possible)]
        filled, minima, worst, _ = max(possible, key=lambda one: one[2])
        total = max(one[3] for one in possible)
        fair_total = max(one[3] for one in possible if one[2] >= worst - 1e-9)
        for mode, best in (("total", total), ("fair", fair_total), ("random", None)):
            found = assign(**problem, mode=mode, seed=seed)
            assert (len(found.pairs), np.minimum(found.load, problem["load_min"]).sum()) == (filled, minima), seed
            assert found.worst_bound >= worst - 1e-9, seed
            assert found.total_bound >= (fair_total if mode == "fair" else total) - 1e-9, seed
            if best is not None:
                assert found.total == pytest.approx(best, abs=1e-6), (seed, mode)
            if mode == "fair":
                assert found.worst == pytest.approx(worst, abs=1e-6), seed


# --- against a linear programme


def best_of_programme(problem):
    """Return (seats filled, minima met, total), each the largest that leaves the ones before as they are; without forced pairs and attributes."""
    pairs, entries, reviewers = len(problem["affinity"]), problem["entries"], problem["reviewers"]
    nobody = np.zeros((entries, reviewers))
    per_entry = np.hstack(((problem["pair_entry"] == np.arange(entries)[:, None]).astype(float), nobody))
    per_reviewer = np.hstack(((problem["pair_reviewer"] == np.arange(reviewers)[:, None]).astype(float), np.zeros((reviewers, reviewers))))
    met = np.hstack((-per_reviewer[:, :pairs], np.eye(reviewers)))
    wishes = np.array((np.repeat((1, 0), (pairs, reviewers)), np.repeat((0, 1), (pairs, reviewers)), np.append(problem["affinity"], np.zeros(reviewers))))
    rows, limits = np.vstack((per_entry, per_reviewer, met)), np.concatenate((problem["demand"], problem["load_max"], np.zeros(reviewers)))
    most = [(0, 1)] * pairs + [(0, low) for low in problem["load_min"]]
    found = []
    for wished in wishes:
        kept = {"A_eq": wishes[: len(found)], "b_eq": found} if found else {}
        found.append(-linprog(-wished, A_ub=rows, b_ub=limits, bounds=most, method="highs", **kept).fun)
        found[:2] = [round(value) for value in found[:2]]
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(1, 14), st.integers(1, 9), st.integers(0, 5), st.sampled_from([0.0, 0.2, 0.6]), st.sampled_from([1, 2, 12]))
def test_assign_total_is_the_optimum_of_the_programme(seed, entries, reviewers, load, share_barred, decimals):
    chance = np.random.default_rng(seed)
    barred = {pair for pair in np.ndindex(entries, reviewers) if chance.random() < share_barred}
    load_max = chance.integers(0, load + 1, reviewers)
    affinity = np.round(chance.random((entries, reviewers)), decimals)
    problem = wish(affinity, chance.integers(0, 4, entries), load_max, chance.integers(0, load_max + 1), barred)
    if not len(problem["affinity"]):
        return
    found = assign(**problem, mode="total")
    filled, minima, total = best_of_programme(problem)
    assert (len(found.pairs), np.minimum(found.load, problem["load_min"]).sum()) == (filled, minima)
    assert found.total == pytest.approx(total, abs=1e-6)
    assert found.total_bound == pytest.approx(total, abs=1e-6) and found.proved


# --- invariants


@st.composite
def problems(draw):
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    entries, reviewers = draw(st.integers(1, 25)), draw(st.integers(1, 12))
    load_max = chance.integers(0, draw(st.integers(1, 9)) + 1, reviewers)
    barred = {pair for pair in np.ndindex(entries, reviewers) if chance.random() < draw(st.sampled_from([0.0, 0.3, 0.7]))} if draw(st.booleans()) else set()
    decimals = draw(st.sampled_from([1, 12]))
    forced = [pair for pair in np.ndindex(entries, reviewers) if pair not in barred and chance.random() < 0.02]
    return wish(
        np.round(chance.random((entries, reviewers)), decimals),
        chance.integers(0, draw(st.integers(1, 5)) + 1, entries),
        load_max,
        chance.integers(0, load_max + 1),
        barred,
        forced=forced,
        seed=draw(st.integers(0, 3)),
        attributes=[(chance.integers(0, 3, reviewers), 0.1) for _ in range(draw(st.integers(0, 2)))],
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems(), st.sampled_from(["total", "fair", "random"]), st.sampled_from([0.3, 1.0]))
def test_assign_keeps_what_it_says(problem, mode, cap):
    found = assign(**problem, mode=mode, cap=cap)
    entry, reviewer = found.pairs[:, 0], found.pairs[:, 1]
    value = {(e, r): a for e, r, a in zip(problem["pair_entry"].tolist(), problem["pair_reviewer"].tolist(), problem["affinity"].tolist(), strict=True)}
    given_pairs = [tuple(pair) for pair in found.pairs.tolist()]
    assert given_pairs == sorted(set(given_pairs)) and set(problem["forced"]) <= set(given_pairs) <= set(value)
    fixed = np.array(problem["forced"], np.int64).reshape(-1, 2)
    seats, held = np.bincount(fixed[:, 0], minlength=problem["entries"]), np.bincount(fixed[:, 1], minlength=problem["reviewers"])
    count = np.bincount(entry, minlength=problem["entries"])
    assert (count <= np.maximum(problem["demand"], seats)).all()
    assert found.load.tolist() == np.bincount(reviewer, minlength=problem["reviewers"]).tolist()
    assert (found.load <= np.maximum(problem["load_max"], held)).all()
    assert found.unmet.tolist() == np.maximum(problem["demand"] - count, 0).tolist()
    score = np.zeros(problem["entries"])
    np.add.at(score, entry, [value[pair] for pair in given_pairs])
    assert found.score == pytest.approx(score)
    assert found.total <= found.total_bound + 1e-9 and found.worst <= found.worst_bound + 1e-9
    assert found.total <= score.sum() + 1e-9
    if mode != "random" or cap == 1:
        assert all(found.load[r] == max(problem["load_max"][r], held[r]) for e, r in set(value) - set(given_pairs) if found.unmet[e])
        assert {e for block in found.blocking for e in block.entries} == set(np.flatnonzero(found.unmet).tolist())


@settings(max_examples=25, deadline=None, derandomize=True)
@given(problems())
def test_assign_fair_is_no_worse_for_the_worst_off_and_fills_as_much(problem):
    fair, total = assign(**problem, mode="fair"), assign(**problem, mode="total")
    assert fair.worst >= total.worst - 1e-9
    assert fair.total <= total.total_bound + 1e-9
    assert (len(fair.pairs), np.minimum(fair.load, problem["load_min"]).sum()) == (len(total.pairs), np.minimum(total.load, problem["load_min"]).sum())


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(5, 60), st.integers(6, 25), st.integers(0, 2), st.sampled_from(["even", "themed"]), st.sampled_from([0.0, 0.1]))
def test_assign_fair_comes_within_a_hundredth_of_its_bound(seed, entries, reviewers, spare, kind, share_barred):
    chance = np.random.default_rng(seed)
    themes = chance.dirichlet(np.full(8, 0.2), entries), chance.dirichlet(np.full(8, 0.2), reviewers)
    affinity = 0.9 * themes[0] @ themes[1].T + 0.1 * chance.random((entries, reviewers)) if kind == "themed" else chance.random((entries, reviewers))
    barred = {pair for pair in np.ndindex(entries, reviewers) if chance.random() < share_barred}
    per_reviewer = -(-3 * entries // reviewers)
    found = assign(**wish(affinity, 3, per_reviewer + spare, max(per_reviewer - 2, 0), barred), mode="fair")
    assert found.worst >= 0.99 * found.worst_bound and found.total >= 0.95 * found.total_bound


def test_assign_does_not_depend_on_the_order_of_pairs_and_repeats_itself_in_another_process():
    problem = wish(np.round(np.random.default_rng(5).random((40, 12)), 1), demand=3, load_max=12, load_min=4, attributes=[(np.arange(12) % 4, 0.1)])
    order = np.random.default_rng(1).permutation(len(problem["affinity"]))
    mixed = {**problem, **{name: problem[name][order] for name in ("pair_entry", "pair_reviewer", "affinity")}}
    code = (
        "import sys, numpy as np; from tests.algo.test_assignment import wish, assign; "
        "p = wish(np.round(np.random.default_rng(5).random((40, 12)), 1), demand=3, load_max=12, load_min=4, attributes=[(np.arange(12) % 4, 0.1)]); "
        "print([assign(**p, mode=m, cap=0.5, seed=3).pairs.tolist() for m in ('total', 'fair', 'random')])"
    )
    here = [assign(**problem, mode=mode, cap=0.5, seed=3).pairs.tolist() for mode in ("total", "fair", "random")]
    assert [assign(**mixed, mode=mode, cap=0.5, seed=3).pairs.tolist() for mode in ("total", "fair", "random")] == here
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()[-1] == str(here)


def test_assign_seed_breaks_ties_only():
    problem = wish(np.full((6, 6), 0.5), demand=1, load_max=1)
    found = [assign(**problem, mode="total", seed=seed) for seed in range(8)]
    assert len({str(one.pairs.tolist()) for one in found}) > 1
    assert {one.total for one in found} == {3.0}


# --- quality on instances of some size


def test_assign_fair_comes_near_its_bounds_where_reviewers_are_sought_after():
    chance = np.random.default_rng(3)
    themes = chance.dirichlet(np.full(12, 0.2), 60), chance.dirichlet(np.full(12, 0.2), 90)
    affinity = 0.9 * themes[0] @ themes[1].T + 0.1 * chance.random((60, 90))
    found = assign(**wish(affinity, demand=3, load_max=3, load_min=1), mode="fair")
    assert found.unmet.sum() == 0 and found.load.min() >= 1
    assert found.worst >= 0.99 * found.worst_bound and found.total >= 0.98 * found.total_bound


def test_assign_attributes_part_the_same_and_cost_little():
    chance = np.random.default_rng(4)
    affinity, codes = chance.random((100, 40)), [np.arange(40) % 5, chance.integers(0, 5, 40)]

    def alike(found, which):
        return sum(int(codes[which][a] == codes[which][b]) for e in range(100) for a, b in combinations(found.pairs[found.pairs[:, 0] == e, 1].tolist(), 2))

    plain = assign(**wish(affinity, demand=3, load_max=9), mode="total")
    one = assign(**wish(affinity, demand=3, load_max=9, attributes=[(codes[0], 0.1)]), mode="total")
    two = assign(**wish(affinity, demand=3, load_max=9, attributes=[(code, 0.1) for code in codes]), mode="total")
    assert alike(one, 0) <= alike(plain, 0) / 2 and one.score.sum() >= 0.98 * plain.total and one.proved
    assert alike(two, 0) + alike(two, 1) <= (alike(plain, 0) + alike(plain, 1)) / 2
    assert two.total >= 0.995 * two.total_bound


def test_assign_settles_a_panel_of_the_usual_size():
    """77 problems, 15 panellists, five reviews each, two attributes; loads ample, just short, and short by a quarter."""
    chance = np.random.default_rng(1)
    themes = chance.dirichlet(np.full(8, 0.2), 77), chance.dirichlet(np.full(8, 0.2), 15)
    affinity = 0.9 * themes[0] @ themes[1].T + 0.1 * chance.random((77, 15))
    barred = {pair for pair in np.ndindex(77, 15) if chance.random() < 0.08}
    attributes = [(chance.integers(0, 4, 15), 0.1), (chance.integers(0, 3, 15), 0.05)]
    for load, short in ((27, 0), (25, 10), (19, 100)):
        found = assign(**wish(affinity, 5, load, 5, barred, attributes=attributes), mode="fair")
        assert (found.unmet.sum(), found.proved) == (short, True)


def test_assign_fair_knows_that_seats_are_whole():
    found = assign(**wish(np.full((60, 30), 0.5), demand=3, load_max=3), mode="fair")
    assert (found.worst, found.worst_bound) == (pytest.approx(0.5), pytest.approx(0.5))
    nothing = assign(**wish(np.full((60, 30), 0.5), demand=3, load_max=1), mode="fair")
    assert (nothing.worst, nothing.worst_bound, nothing.unmet.sum()) == (0, pytest.approx(0, abs=1e-8), 150)


# --- drawing


def test_assign_random_heeds_crossing_attributes():
    chance = np.random.default_rng(4)
    codes = [np.arange(20) % 5, chance.integers(0, 5, 20)]
    problem = wish(chance.random((40, 20)), demand=3, load_max=9, attributes=[(code, 0.2) for code in codes])

    def alike(found):
        return sum(int(code[a] == code[b]) for code in codes for e in range(40) for a, b in combinations(found.pairs[found.pairs[:, 0] == e, 1].tolist(), 2))

    plain = assign(**{**problem, "attributes": ()}, mode="random", cap=0.5)
    assert alike(assign(**problem, mode="random", cap=0.5)) <= alike(plain) / 2


def test_assign_random_draws_no_pair_more_often_than_the_cap():
    problem = wish(np.random.default_rng(8).random((5, 6)), demand=2, load_max=3, load_min=1, forced=[(4, 0)])
    draws, cap = 400, 0.4
    often = np.zeros((5, 6))
    for seed in range(draws):
        found = assign(**problem, mode="random", cap=cap, seed=seed)
        often[tuple(found.pairs.T)] += 1
        assert (found.unmet.tolist(), found.load.min() >= 1, found.load.max() <= 3) == ([0] * 5, True, True)
    assert often[4, 0] == draws
    often[4, 0] = 0
    # five standard deviations over the cap: a right draw fails once in a million
    assert often.max() <= draws * cap + 5 * np.sqrt(draws * cap * (1 - cap))


def test_assign_random_leaves_free_what_the_cap_forbids():
    filled = [len(assign(**wish([[0.5]], demand=1, load_max=1), mode="random", cap=0.25, seed=seed).pairs) for seed in range(400)]
    assert 60 <= sum(filled) <= 140
    assert assign(**wish([[0.5]], demand=1, load_max=1), mode="random", cap=0.25, seed=filled.index(0)).blocking == ()


# --- input that must raise


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entries": -1}, "counts of at least 0"),
        ({"reviewers": -1}, "counts of at least 0"),
        ({"mode": "best"}, "mode to be one of"),
        ({"cap": 0.0}, "cap within"),
        ({"cap": 1.5}, "cap within"),
        ({"cap": np.nan}, "cap within"),
        ({"time_limit_s": 0.0}, "time limit"),
        ({"pair_entry": [[0, 0, 1, 1]]}, "pair_entry of shape"),
        ({"pair_entry": [0, 0, 1]}, "pair_reviewer of shape"),
        ({"pair_entry": [0, 0, 1, 2]}, "pair_entry within 0..1"),
        ({"pair_entry": [0, 0, 1, -1]}, "pair_entry within 0..1"),
        ({"pair_entry": [0.0, 0.0, 1.0, 1.0]}, "whole numbers in pair_entry"),
        ({"pair_reviewer": [0, 1, 0, 2]}, "pair_reviewer within 0..1"),
        ({"pair_reviewer": [0, 1, 0, 0]}, r"no pair twice in pairs, got \(1, 0\)"),
        ({"affinity": [0.1, 0.2, 0.3]}, "affinity of shape"),
        ({"affinity": [0.1, 0.2, 0.3, np.nan]}, "affinity within 0..1, got nan"),
        ({"affinity": [0.1, 0.2, 0.3, 1.1]}, "affinity within 0..1, got 1.1"),
        ({"affinity": [0.1, 0.2, 0.3, -0.1]}, "affinity within 0..1, got -0.1"),
        ({"demand": [1]}, "demand of shape"),
        ({"demand": [1, -1]}, "demand within"),
        ({"demand": [1.5, 1]}, "whole numbers in demand"),
        ({"load_min": [0, -1]}, "load_min within"),
        ({"load_min": [0]}, "load_min of shape"),
        ({"load_max": [1]}, "load_max of shape"),
        ({"load_max": [1, -1]}, "load_max within"),
        ({"load_min": [0, 3]}, "got 3 > 2 of reviewer 1"),
        ({"forced": [0, 1]}, "forced of shape"),
        ({"forced": [(0, 0, 0)]}, "forced of shape"),
        ({"forced": [(0, 0), (0, 0)]}, "no pair twice in forced"),
        ({"forced": [(0, 2)]}, r"forced pairs among the allowed ones, got \(0, 2\)"),
        ({"forced": [(5, 0)]}, "forced pairs among the allowed ones"),
        ({"forced": [(2**62, 0)]}, "forced pairs among the allowed ones"),
        ({"seed": -1}, "non-negative"),
        ({"forced": [(0, -1)]}, "forced within"),
        ({"attributes": [([0], 0.1)]}, "attribute's codes"),
        ({"attributes": [([0.5, 1.0], 0.1)]}, "attribute's codes"),
        ({"attributes": [([0, 1], -0.1)]}, "attribute's weight"),
        ({"attributes": [([0, 1], np.nan)]}, "attribute's weight"),
    ],
)
def test_assign_refuses(change, words):
    problem = wish([[0.1, 0.2], [0.3, 0.4]], demand=1)
    with pytest.raises(ValueError, match=words):
        assign(**{**problem, **change})


def test_assign_takes_immoderate_wishes():
    found = assign(**wish(BY_HAND, demand=10**15, load_max=10**15, load_min=10**15, attributes=[([0, 0, 1], 0.1), ([0, 1, 1], 0.1)]))
    assert (len(found.pairs), found.unmet.tolist(), found.load.tolist()) == (9, [10**15 - 3] * 3, [3, 3, 3])


def test_assign_in_no_time_still_answers():
    found = assign(**wish(BY_HAND, attributes=[([0, 0, 1], 0.1), ([0, 1, 1], 0.1)]), time_limit_s=1e-9)
    assert found.unmet.tolist() == [0, 0, 0]


def test_assignment_is_a_plain_record():
    assert set(asdict(assign(**wish(BY_HAND)))) == {
        "pairs",
        "score",
        "load",
        "unmet",
        "total",
        "total_bound",
        "worst",
        "worst_bound",
        "proved",
        "seconds",
        "blocking",
    }
