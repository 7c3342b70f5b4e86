"""Timetable: by hand, against every plan there is on tiny instances, rules and promises on random ones, and every input that must raise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klash.algo.timetable import Addition, Breach, Meeting, Reason, Rule, Rules, check, plan

LIMITS = ("mentor_free", "team_free", "places", "allowed", "rules")


def wish(teams, mentors, days=1, slots=2, **more):
    """Let everybody be free and meet everybody, with no limit but the counts."""
    return {
        "need": np.ones(teams, int),
        "mentor_free": np.ones((mentors, days, slots), bool),
        "team_free": np.ones((teams, days, slots), bool),
        "places": np.full((days, slots), teams),
        "allowed": np.ones((teams, mentors), bool),
        "expertise": np.zeros((teams, mentors)),
        "background": np.zeros((mentors, 1), int),
        "rules": Rules(slots, slots, days * slots, slots, 0),
        **more,
    }


def chance_wish(seed, teams, mentors, days, slots, free=0.7):
    """Draw a wish in which everything may be scarce."""
    chance = np.random.default_rng(seed)
    return {
        "need": chance.integers(0, 4, teams),
        "mentor_free": chance.random((mentors, days, slots)) < free,
        "team_free": chance.random((teams, days, slots)) < free,
        "places": chance.integers(0, 3, (days, slots)),
        "allowed": chance.random((teams, mentors)) < 0.8,
        "expertise": chance.random((teams, mentors)).round(2),
        "background": chance.integers(0, 3, (mentors, 2)),
        "rules": Rules(*(int(chance.integers(low, 4)) for low in (1, 1, 1, 1)), int(chance.integers(0, 3))),
        "wishes": (chance.random((teams, mentors)) < 0.3).astype(float),
    }


def month(seed, teams=9, mentors=10):
    """Draw a month of 4 days x 12 slots, as the benchmark does."""
    chance = np.random.default_rng(seed)
    return {
        "need": np.full(teams, 5),
        "mentor_free": (chance.random((mentors, 4, 1)) < 0.8) & (chance.random((mentors, 4, 12)) < 0.85),
        "team_free": chance.random((teams, 4, 12)) < 0.8,
        "places": np.full((4, 12), 2),
        "allowed": chance.random((teams, mentors)) < 0.95,
        "expertise": chance.random((teams, mentors)),
        "background": chance.integers(0, 4, (mentors, 3)),
        "rules": Rules(2, 4, 6, 3, 1),
    }


def shown(found):
    """Return everything but the time, as plain values that can be compared."""
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(found).items() if name != "seconds"}


def limits(problem):
    return {name: problem[name] for name in LIMITS}


def worth(problem, meetings):
    """Compute the objective from its definition."""
    total = 0.0
    for team, need in enumerate(problem["need"].tolist()):
        mentors = [one[1] for one in meetings if one[0] == team]
        total -= 1000 * max(need - len(mentors), 0)
        if not need:
            continue
        for codes in problem["background"].T:
            total += len(set(codes[mentors])) / min(need, len(set(codes))) / problem["background"].shape[1]
        total += 0.5 * problem["expertise"][team, mentors].sum() / need
        total += 0.25 * problem["wishes"][team, mentors].sum() / need if "wishes" in problem else 0
    return total


def every_plan(problem):
    """Yield every plan that breaks no rule, as tuples of (team, mentor, day, slot)."""
    mentors, days, slots = problem["mentor_free"].shape
    cells = [
        (team, mentor, day, slot)
        for team, mentor, day, slot in np.ndindex(len(problem["need"]), mentors, days, slots)
        if problem["team_free"][team, day, slot]
        and problem["mentor_free"][mentor, day, slot]
        and problem["allowed"][team, mentor]
        and problem["places"][day, slot]
    ]
    for size in range(min(len(cells), int(problem["need"].sum())) + 1):
        for meetings in combinations(cells, size):
            if (np.bincount([one[0] for one in meetings], minlength=len(problem["need"])) <= problem["need"]).all() and not check(meetings, **limits(problem)):
                yield meetings


# --- by hand


def test_plan_by_hand():
    """Two mentors of one sector and one of another: who needs two meets one of each, the better one of the pair."""
    found = plan(**wish(1, 3, need=np.array([2]), background=np.array([[7], [7], [9]]), expertise=np.array([[0.4, 0.8, 0.2]]), wishes=np.array([[0, 0, 1.0]])))
    assert [one[:2] for one in found.meetings] == [(0, 1), (0, 2)]
    assert {one.slot for one in found.meetings} == {0, 1}
    assert {**shown(found), "meetings": ()} == {
        "meetings": (),
        "short": [0],
        "diversity": [1.0],
        "objective": pytest.approx(1 + 0.5 * 0.5 + 0.25 * 0.5),
        "bound": pytest.approx(1.375),
        "proved": True,
        "changed": 0,
        "reasons": (Reason((0,), 0.8, 1, 0.0, False, False), Reason((0,), 0.2, 3, 1.0, False, False)),
        "cures": (),
    }


def test_plan_by_hand_expertise_first():
    found = plan(**wish(1, 3, need=np.array([2]), background=np.array([[7], [7], [9]]), expertise=np.array([[0.4, 0.8, 0.2]])), weights=(0, 0.5, 0.25))
    assert [one.mentor for one in found.meetings] == [0, 1] and found.diversity.tolist() == [0.5]


def test_a_mentor_stays_in_a_place():
    found = plan(**wish(3, 3, slots=3, need=np.array([3, 3, 3])))
    assert len(found.meetings) == 9 and len({(one.mentor, one.place) for one in found.meetings}) == 3


@pytest.mark.parametrize(("teams", "mentors"), [(0, 0), (0, 2), (2, 0)])
def test_plan_of_nobody(teams, mentors):
    found = plan(**wish(teams, mentors))
    assert (found.meetings, found.short.tolist(), found.objective, found.proved) == ((), [1] * teams, -1000.0 * teams, True)


def test_plan_without_attributes_or_days():
    assert plan(**wish(1, 2, background=np.zeros((2, 0), int))).diversity.tolist() == [0.0]
    assert plan(**wish(1, 2, days=0)).short.tolist() == [1]


def test_plan_of_more_than_can_be():
    found = plan(**wish(1, 2, need=np.array([10**9])))
    assert (len(found.meetings), found.short.tolist(), found.proved) == (2, [10**9 - 2], True)


# --- every rule, on everything random


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 2), st.integers(1, 4)))
def test_no_rule_is_ever_broken(seed, size):
    problem = chance_wish(seed, *size)
    found = plan(**problem, seed=seed)
    count = np.bincount([one.team for one in found.meetings], minlength=size[0])
    assert check(found.meetings, **limits(problem)) == []
    assert list(found.meetings) == sorted(found.meetings)
    assert (found.short == problem["need"] - count).all() and (found.short >= 0).all()
    assert found.objective == pytest.approx(worth(problem, found.meetings)) and found.bound >= found.objective
    assert len(found.reasons) == len(found.meetings)
    assert [cure.team for cure in found.cures] == np.flatnonzero(found.short).tolist()
    assert shown(plan(**problem, seed=seed)) == shown(found)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_tiny_plans_are_the_best_there_are(seed, is_wide):
    problem = chance_wish(seed, *((2, 3, 1, 3) if is_wide else (2, 2, 2, 2)), free=0.6)
    problem["need"] = np.minimum(problem["need"], 2)
    found = plan(**problem)
    assert found.objective == pytest.approx(max(worth(problem, meetings) for meetings in every_plan(problem)), abs=1e-5)
    assert found.proved


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_tiny_plans_change_as_little_as_can_be(seed):
    problem = chance_wish(seed, 2, 3, 1, 3)
    problem["need"] = np.minimum(problem["need"], 2)
    before = [one[:4] for one in plan(**problem).meetings]
    chance = np.random.default_rng(seed)
    problem["mentor_free"] &= chance.random((3, 1, 3)) < 0.7
    gone = [one for one in before if chance.random() < 0.2]
    found = plan(**problem, previous=before, cancelled=gone)

    def order(meetings):
        return (len(meetings), len(set(before) & set(meetings)), round(worth(problem, meetings), 6))

    assert check(found.meetings, **limits(problem)) == [] and not {one[:4] for one in found.meetings} & set(gone)
    best = max(order(meetings) for meetings in every_plan(problem) if not set(meetings) & set(gone))
    got = order([one[:4] for one in found.meetings])
    assert got[:2] == best[:2] and found.changed == len(before) - got[1]
    assert got[2] == pytest.approx(best[2], abs=1e-5) or len(set(before) - set(gone)) > got[1]


# --- what is short, and what would cure it


def cured(problem, additions):
    """Grant the additions."""
    problem = {name: np.array(value) if name != "rules" else value for name, value in problem.items()}
    teams, mentors = problem["allowed"].shape
    rules = problem["rules"]
    each = {name: np.broadcast_to(limit, teams if name.startswith("team") else mentors).copy() for name, limit in rules._asdict().items()}
    for one in additions:
        match one.rule:
            case Rule.PLACES:
                problem["places"][one.day, one.slot] += 1
            case Rule.TEAM_FREE:
                problem["team_free"][one.team, one.day, one.slot] = True
            case Rule.MENTOR_FREE if one.mentor is None:
                for name, row in (("mentor_free", np.zeros((1, *problem["places"].shape), bool)), ("background", problem["background"][:1])):
                    problem[name] = np.concatenate((problem[name], row))
                problem["mentor_free"][-1, one.day, one.slot] = True
                for name in ("allowed", "expertise", "wishes"):
                    problem[name] = np.concatenate((problem[name], np.ones((teams, 1), problem[name].dtype)), 1)
                each = {name: limit if name.startswith("team") else np.append(limit, 1) for name, limit in each.items()}
            case Rule.MENTOR_FREE:
                problem["mentor_free"][one.mentor, one.day, one.slot] = True
            case Rule.TEAM_PER_DAY:
                each[one.rule.value][one.team] += 1
            case Rule.MENTOR_PER_DAY | Rule.MENTOR_TOTAL:
                each[one.rule.value][one.mentor] += 1
    return {**problem, "rules": Rules(**each)}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 2), st.integers(2, 4)))
def test_cures_cure(seed, size):
    problem = chance_wish(seed, *size, free=0.5)
    found = plan(**problem)
    for cure in found.cures:
        assert cure.missing == found.short[cure.team] and cure.why
    better = plan(**cured(problem, [one for cure in found.cures for one in cure.additions]), previous=found.meetings)
    assert better.changed == 0
    assert all(better.short[cure.team] < cure.missing for cure in found.cures if cure.additions)


@pytest.mark.parametrize(
    ("change", "why", "addition"),
    [
        ({"places": [[1]]}, Rule.PLACES, Addition(Rule.PLACES, day=0, slot=0)),
        ({"team_free": [[[True]], [[False]]]}, Rule.TEAM_FREE, Addition(Rule.TEAM_FREE, team=1, day=0, slot=0)),
        ({"mentor_free": [[[True]], [[False]]]}, Rule.MENTOR_FREE, Addition(Rule.MENTOR_FREE, mentor=1, day=0, slot=0)),
        ({"allowed": [[True, True], [False, False]]}, Rule.ALLOWED, Addition(Rule.MENTOR_FREE, day=0, slot=0)),
        ({"rules": Rules([1, 0], 1, 1, 1, 0)}, Rule.TEAM_PER_DAY, Addition(Rule.TEAM_PER_DAY, team=1)),
        ({"rules": Rules(1, [1, 0], 1, 1, 0)}, Rule.MENTOR_PER_DAY, Addition(Rule.MENTOR_PER_DAY, mentor=1)),
        ({"rules": Rules(1, 1, [1, 0], 1, 0)}, Rule.MENTOR_TOTAL, Addition(Rule.MENTOR_TOTAL, mentor=1)),
    ],
)
def test_one_addition_is_enough(change, why, addition):
    found = plan(
        **{**wish(2, 2, slots=1, expertise=np.array([[1.0, 0.0], [0.5, 0.5]])), **{name: v if name == "rules" else np.array(v) for name, v in change.items()}}
    )
    [cure] = found.cures
    assert (cure.missing, cure.additions, why in cure.why) == (1, (addition,), True)


def test_short_where_only_more_slots_would_help():
    [cure] = plan(**wish(1, 2, slots=1, need=np.array([2]))).cures
    assert (cure.missing, cure.why[0], cure.additions) == (1, Rule.TEAM_ONCE, ())


# --- pinned, previous, cancelled


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_pinned_meetings_stand(seed):
    problem = chance_wish(seed, 4, 4, 2, 3)
    pins = plan(**problem).meetings[::2]
    problem["expertise"] = 1 - problem["expertise"]
    found = plan(**problem, pinned=pins)
    assert set(pins) <= set(found.meetings) and check(found.meetings, **limits(problem)) == []
    assert [reason.pinned for reason in found.reasons] == [one in pins for one in found.meetings]


def test_pinned_that_break_a_rule_do_not_stand():
    problem = wish(2, 2, slots=1, need=np.array([0, 1]))
    found = plan(**problem, pinned=[(0, 0, 0, 0), (1, 0, 0, 0)])
    assert found.meetings == (Meeting(0, 0, 0, 0, 0), Meeting(1, 1, 0, 0, 1))


@pytest.mark.parametrize("seed", [1, 2])
def test_only_the_meetings_hit_move(seed):
    problem = month(seed)
    before = plan(**problem)
    assert before.objective >= 0.999 * before.bound and check(before.meetings, **limits(problem)) == []
    mentor, day = before.meetings[0].mentor, before.meetings[0].day
    problem["mentor_free"][mentor, day] = False
    hit = [one for one in before.meetings if (one.mentor, one.day) == (mentor, day)]
    after = plan(**problem, previous=before.meetings, cancelled=hit)
    assert set(before.meetings) - set(after.meetings) == set(hit) and after.changed == len(hit) and not after.short.any()
    assert [reason.kept for reason in after.reasons] == [one in before.meetings for one in after.meetings]


def test_previous_is_kept_though_better_could_be_had():
    problem = wish(1, 2, expertise=np.array([[0.1, 0.9]]))
    found = plan(**problem, previous=[(0, 0, 0, 1)])
    assert [one[:4] for one in found.meetings] == [(0, 0, 0, 1)] and found.changed == 0 and not found.proved
    assert found.bound == pytest.approx(1.45)


def test_cancelled_without_more_is_met_otherwise():
    found = plan(**wish(1, 1), previous=[(0, 0, 0, 1)], cancelled=[(0, 0, 0, 1)])
    assert [one[:4] for one in found.meetings] == [(0, 0, 0, 0)] and found.changed == 1


def test_many_teams_by_neighbourhoods():
    """Above 3,000 pairs: the start is greedy and the neighbourhoods close most of the gap."""
    chance = np.random.default_rng(1)
    problem = wish(
        56,
        56,
        days=2,
        slots=6,
        need=np.full(56, 2),
        expertise=chance.random((56, 56)),
        background=chance.integers(0, 4, (56, 2)),
        mentor_free=chance.random((56, 2, 6)) < 0.7,
        rules=Rules(2, 3, 3, 2, 1),
    )
    found = plan(**problem)
    assert check(found.meetings, **limits(problem)) == [] and not found.short.any()
    assert found.objective >= 0.99 * found.bound


def test_plan_in_no_time_breaks_no_rule():
    problem = month(3)
    found = plan(**problem, time_limit_s=1e-9)
    assert check(found.meetings, **limits(problem)) == [] and found.bound >= found.objective


# --- check


def meetings(*rows):
    return tuple(Meeting(*row, -1) for row in rows)


@pytest.mark.parametrize(
    ("rule", "change", "rows", "broken"),
    [
        (Rule.TEAM_FREE, {"team_free": np.zeros((2, 1, 3), bool)}, [(1, 0, 0, 0)], [0]),
        (Rule.MENTOR_FREE, {"mentor_free": np.zeros((3, 1, 3), bool)}, [(1, 0, 0, 0)], [0]),
        (Rule.ALLOWED, {"allowed": np.eye(2, 3, dtype=bool)}, [(0, 0, 0, 0), (1, 0, 0, 1)], [1]),
        (Rule.PAIR_ONCE, {}, [(0, 0, 0, 0), (0, 0, 0, 2), (1, 0, 0, 1)], [0, 1]),
        (Rule.TEAM_ONCE, {}, [(0, 0, 0, 0), (0, 1, 0, 0)], [0, 1]),
        (Rule.MENTOR_ONCE, {}, [(0, 0, 0, 0), (1, 0, 0, 0)], [0, 1]),
        (Rule.PLACES, {"places": np.ones((1, 3), int)}, [(0, 0, 0, 0), (1, 1, 0, 0), (1, 0, 0, 1)], [0, 1]),
        (Rule.TEAM_GAP, {"rules": Rules(3, 3, 3, 3, 1)}, [(0, 0, 0, 0), (0, 1, 0, 1)], [0, 1]),
        (Rule.MENTOR_RUN, {"rules": Rules(3, 3, 3, 1, 0)}, [(0, 0, 0, 1), (1, 0, 0, 0)], [0, 1]),
        (Rule.TEAM_PER_DAY, {"rules": Rules(1, 3, 3, 3, 0)}, [(0, 0, 0, 0), (0, 1, 0, 2)], [0, 1]),
        (Rule.MENTOR_PER_DAY, {"rules": Rules(3, [3, 1, 3], 3, 3, 0)}, [(0, 0, 0, 0), (0, 1, 0, 2), (1, 1, 0, 0)], [1, 2]),
        (Rule.MENTOR_TOTAL, {"rules": Rules(3, 3, [0, 3, 3], 3, 0)}, [(0, 0, 0, 0), (0, 1, 0, 2)], [0]),
    ],
)
def test_check_tells_the_rule_that_is_broken(rule, change, rows, broken):
    problem = {**limits(wish(2, 3, slots=3)), **change}
    assert check(rows, **problem) == [Breach(rule, meetings(*(rows[at] for at in broken)))]


def test_check_tells_of_places_that_two_share_or_nobody_has():
    rows = [(0, 0, 0, 0, 1), (1, 1, 0, 0, 1), (0, 1, 0, 1, 7)]
    assert check(rows, **limits(wish(2, 3))) == [
        Breach(Rule.PLACES, (Meeting(*rows[0]), Meeting(*rows[1]))),
        Breach(Rule.PLACES, (Meeting(*rows[2]),)),
    ]


# --- what must raise


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"need": [1, 1, 1]}, "expertise of shape"),
        ({"need": [[1, 1]]}, "need of shape"),
        ({"need": [1, -1]}, "need of at least 0"),
        ({"need": [1.0, 1.0]}, "whole numbers in need"),
        ({"mentor_free": np.ones((2, 1, 3), bool)}, "mentor_free of shape"),
        ({"mentor_free": np.ones((2, 1, 2))}, "truth values in mentor_free"),
        ({"team_free": np.ones((2, 2, 2), bool)}, "team_free of shape"),
        ({"places": [1, 1]}, "places of shape"),
        ({"places": [[1, -1]]}, "places of at least 0"),
        ({"allowed": np.ones((2, 3), bool)}, "allowed of shape"),
        ({"expertise": np.ones((2, 3))}, "expertise of shape"),
        ({"expertise": np.full((2, 2), np.nan)}, "expertise within 0..1, got nan"),
        ({"expertise": np.full((2, 2), 1.1)}, "expertise within 0..1, got 1.1"),
        ({"wishes": np.full((2, 2), -0.1)}, "wishes within 0..1, got -0.1"),
        ({"wishes": np.ones(2)}, "wishes of shape"),
        ({"background": np.zeros((3, 1), int)}, "background of shape"),
        ({"background": np.zeros((2, 1))}, "whole numbers in background"),
        ({"rules": (1, 1, 1, 1)}, "expected rules"),
        ({"rules": (1, 1, 1, 1, -1)}, "team_gap of at least 0"),
        ({"rules": (1, [1, 1, 1], 1, 1, 0)}, "mentor_per_day of shape"),
        ({"weights": (1, 1)}, "three weights"),
        ({"weights": (1, np.nan, 1)}, "three weights"),
        ({"weights": (1, -1, 1)}, "three weights"),
        ({"pinned": [(0, 0, 0)]}, "expected pinned as"),
        ({"pinned": [(2, 0, 0, 0)]}, "expected pinned as"),
        ({"previous": [(0, 0, 0, 2)]}, "expected previous as"),
        ({"cancelled": [(0, -1, 0, 0)]}, "expected cancelled as"),
        ({"time_limit_s": 0}, "time limit above 0"),
        ({"seed": -1}, "seed of at least 0"),
    ],
)
def test_plan_refuses(change, words):
    with pytest.raises(ValueError, match=words):
        plan(**{**wish(2, 2), **change})
