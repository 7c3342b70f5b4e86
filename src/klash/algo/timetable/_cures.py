"""What is short, why, and the fewest additions that would fill it while all that is planned stays where it is."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import numpy as np

from ._breaches import Rule
from ._cells import Group, groups, limit
from ._problem import Bools, Ints, Problem

# Of equally many additions those are taken that trouble people least.
TROUBLE = {
    Rule.PLACES: 0,
    Rule.MENTOR_FREE: 2,
    Rule.MENTOR_PER_DAY: 4,
    Rule.MENTOR_TOTAL: 5,
    Rule.TEAM_PER_DAY: 6,
    Rule.TEAM_FREE: 8,
}
SOMEBODY_NEW = 5  # more trouble than to ask a mentor who is there
EACH = 100  # of an addition; the trouble only breaks ties
FILLED = 10_000  # of a meeting that is no longer short
CELLS = 4_000  # nearest ones looked at, evenly for all meetings that are short
NEVER = np.iinfo(np.int64).max
EFFORT = 1.0


@dataclass(frozen=True, order=True)
class Addition:
    """One more of what a rule limits; what the rule is not about is None.

    PLACES: one place more in (day, slot). MENTOR_FREE: the mentor, or somebody new if None, free in (day, slot). TEAM_FREE: the team free then.
    TEAM_PER_DAY, MENTOR_PER_DAY, MENTOR_TOTAL: one meeting more for this team or mentor.
    """

    rule: Rule
    team: int | None = None
    mentor: int | None = None
    day: int | None = None
    slot: int | None = None


@dataclass(frozen=True)
class Cure:
    """What one team lacks. why: rules that bar the meetings nearest to being possible, the commonest first.

    additions: all teams' together fill all that additions can fill, and no fewer do while the planned meetings stay. Empty where only
    further slots or days would help.
    """

    team: int
    missing: int
    why: tuple[Rule, ...]
    additions: tuple[Addition, ...]


def cures(problem: Problem, cells: Ints, missing: Ints, seed: int, time_limit_s: float) -> tuple[Cure, ...]:
    """Return a cure for every team that lacks meetings, by team; cells: int [n, 4], the plan. missing: [T]."""
    wide = _with_somebody_new(problem)
    left = replace(wide.after(cells), need=missing)
    near, why = [np.empty((0, 4), np.int64)], {}
    lacking = np.minimum(missing, problem.places.size)
    share = max(CELLS // max(int(lacking.sum()), 1), 1)
    chance = np.random.default_rng(seed)
    for team in np.flatnonzero(missing).tolist():
        bars = _bars(wide, left, cells, team)
        near.append(_nearest(bars, team, share * int(lacking[team]), chance))
        why[team] = _why(bars)
    given = _fewest(wide, left, np.concatenate(near), seed, time_limit_s)
    return tuple(Cure(team, int(missing[team]), why[team], tuple(sorted(given[team], key=str))) for team in why)


def _with_somebody_new(problem: Problem) -> Problem:
    """Add a last mentor, who stands for anybody new: allowed to all, never free."""
    teams, _, days, slots = problem.shape
    never = np.zeros((1, days, slots), np.bool_)
    return replace(
        problem,
        mentor_free=np.concatenate((problem.mentor_free, never)),
        taken=np.concatenate((problem.taken, never)),
        allowed=np.concatenate((problem.allowed, np.ones((teams, 1), np.bool_)), 1),
        mentor_day=np.concatenate((problem.mentor_day, np.ones((1, days), np.int64))),
        mentor_total=np.append(problem.mentor_total, 1),
        mentor_run=np.append(problem.mentor_run, 1),
    )


def _bars(problem: Problem, left: Problem, cells: Ints, team: int) -> dict[Rule, Bools]:
    """Return for each rule where it bars the team's meeting: [M, D, S]."""
    _, mentors, days, slots = problem.shape
    own = cells[cells[:, 0] == team]
    at_once, near, met = np.zeros((days, slots), np.bool_), np.zeros((days, slots), np.bool_), np.zeros(mentors, np.bool_)
    gap = int(problem.team_gap[team])
    met[own[:, 1]] = True
    cancelled = np.zeros((mentors, days, slots), np.bool_)
    cancelled[tuple(problem.barred[problem.barred[:, 0] == team, 1:].T)] = True
    for day, slot in own[:, 2:].tolist():
        at_once[day, slot] = True
        near[day, max(slot - gap, 0) : slot + gap + 1] = True
    bars = {
        Rule.TEAM_FREE: ~problem.team_free[team][None],
        Rule.MENTOR_FREE: ~problem.mentor_free,
        Rule.ALLOWED: (~problem.allowed[team] & ~met)[:, None, None],
        Rule.PAIR_ONCE: met[:, None, None] | cancelled,
        Rule.TEAM_ONCE: at_once[None],
        Rule.MENTOR_ONCE: left.taken,
        Rule.PLACES: (left.places <= 0)[None],
        Rule.TEAM_GAP: (near & ~at_once)[None],
        Rule.MENTOR_RUN: _in_a_row(left),
        Rule.TEAM_PER_DAY: (left.team_day[team] <= 0)[None, :, None],
        Rule.MENTOR_PER_DAY: (left.mentor_day <= 0)[:, :, None],
        Rule.MENTOR_TOTAL: (left.mentor_total <= 0)[:, None, None],
    }
    return {rule: np.broadcast_to(bar, (mentors, days, slots)) for rule, bar in bars.items()}


def _in_a_row(problem: Problem) -> Bools:
    """Return where one more meeting would make a run too long: [M, D, S]."""
    before, after = np.zeros(problem.taken.shape, np.int64), np.zeros(problem.taken.shape, np.int64)
    slots = problem.taken.shape[2]
    for slot in range(1, slots):
        before[:, :, slot] = np.where(problem.taken[:, :, slot - 1], before[:, :, slot - 1] + 1, 0)
        after[:, :, slots - 1 - slot] = np.where(problem.taken[:, :, slots - slot], after[:, :, slots - slot] + 1, 0)
    return before + after + 1 > problem.mentor_run[:, None, None]


def _why(bars: dict[Rule, Bools]) -> tuple[Rule, ...]:
    count = np.sum([bar[:-1] for bar in bars.values()], axis=0)
    if not count.size:
        return ()
    nearest = count == count.min()
    often = Counter({rule: int((bar[:-1] & nearest).sum()) for rule, bar in bars.items()})
    return tuple(rule for rule, times in often.most_common() if times)


def _nearest(bars: dict[Rule, Bools], team: int, count: int, chance: np.random.Generator) -> Ints:
    """Return the cells that additions would open to the team, those that ask for the least first, equal ones by chance: int [n, 4]."""
    barred = np.any([bar for rule, bar in bars.items() if rule not in TROUBLE], axis=0)
    cost = np.sum([bars[rule] * (EACH + trouble) for rule, trouble in TROUBLE.items()], axis=0)
    cost[-1] += SOMEBODY_NEW
    cost[barred] = NEVER
    best = np.lexsort((chance.random(cost.size), cost.reshape(-1)))[: min(count, int((~barred).sum()))]
    return np.stack((np.full(len(best), team), *np.unravel_index(best, cost.shape)), 1)


def _fewest(problem: Problem, left: Problem, cells: Ints, seed: int, time_limit_s: float) -> dict[int, list[Addition]]:
    """Choose cells so that the fewest additions fill the most; return the additions by the team that they are for."""
    from ortools.sat.python import cp_model  # loads pandas, a second and 40 MB: who only checks a plan needs neither

    new = len(left.mentor_run) - 1
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(len(cells))]
    more: dict[Addition, cp_model.IntVar] = {}
    needs: list[list[Addition]] = [[] for _ in taken]
    for group, members in [*groups(left, cells).items(), *_frees(cells).items()]:
        most, addition = _limit(problem, left, group, new)
        if most >= len(members):
            continue
        used = cp_model.LinearExpr.sum([taken[at] for at in members])
        if addition is None:
            model.add(used <= most)
            continue
        if addition not in more:
            more[addition] = model.new_int_var(0, len(cells), "")
        model.add(used <= most + more[addition])
        for at in members:
            needs[at].append(addition)
    trouble = [EACH + TROUBLE[addition.rule] + SOMEBODY_NEW * (addition.mentor == new) for addition in more]
    model.minimize(cp_model.LinearExpr.weighted_sum([*taken, *more.values()], [-FILLED] * len(taken) + trouble))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed, solver.parameters.max_deterministic_time = 1, seed % 2**31, EFFORT
    solver.parameters.linearization_level, solver.parameters.max_time_in_seconds = 2, max(time_limit_s, 1.0)
    found: dict[int, list[Addition]] = defaultdict(list)
    if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        rest = {addition: int(solver.value(count)) for addition, count in more.items()}
        for at in np.flatnonzero([solver.boolean_value(variable) for variable in taken]).tolist():
            for addition in needs[at]:
                if rest[addition] > 0:
                    rest[addition] -= 1
                    found[int(cells[at, 0])].append(replace(addition, mentor=None) if addition.mentor == new else addition)
    return found


def _frees(cells: Ints) -> dict[Group, list[int]]:
    found: dict[Group, list[int]] = defaultdict(list)
    for at, (team, mentor, day, slot) in enumerate(cells.tolist()):
        found["team free", team, day, slot].append(at)
        found["mentor free", mentor, day, slot].append(at)
    return found


def _limit(problem: Problem, left: Problem, group: Group, new: int) -> tuple[int, Addition | None]:
    """Return how many cells of the group there may be, and what would make it one more; new: the mentor whom no limit binds."""
    match group:
        case "team free", team, day, slot:
            return int(problem.team_free[team, day, slot]), Addition(Rule.TEAM_FREE, team=team, day=day, slot=slot)
        case "mentor free", mentor, day, slot:
            return int(problem.mentor_free[mentor, day, slot]), Addition(Rule.MENTOR_FREE, mentor=mentor, day=day, slot=slot)
        case "places", day, slot:
            return limit(left, group), Addition(Rule.PLACES, day=day, slot=slot)
        case "team day", team, _:
            return limit(left, group), Addition(Rule.TEAM_PER_DAY, team=team)
        case ("pair", _, mentor) | ("mentor" | "mentor day" | "mentor slot" | "mentor window", mentor, *_) if mentor == new:
            return NEVER, None
        case "mentor day", mentor, _:
            return limit(left, group), Addition(Rule.MENTOR_PER_DAY, mentor=mentor)
        case "mentor", mentor:
            return limit(left, group), Addition(Rule.MENTOR_TOTAL, mentor=mentor)
    return limit(left, group), None
