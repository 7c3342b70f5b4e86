"""The day layer: who meets whom on which day, as a mixed integer programme; its relaxation bounds every plan."""

from dataclasses import dataclass

import highspy
import numpy as np

from ._problem import SHORT, Floats, Ints, Problem

INFINITE = highspy.kHighsInf
DIRECT = 20_000  # meetings up to which the simplex method is the faster one


@dataclass(frozen=True)
class Days:
    """chosen: int [n, 3] of (team, mentor, day), sorted. bound: no choice adds more to the objective, what is short included.

    price: [M], what one meeting more of a mentor would add; of a relaxation only.
    """

    chosen: Ints
    bound: float
    price: Floats


class _Rows:
    """Rows of a programme as they come: the sum of some columns is at most the limit."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.limit: list[Floats] = []
        self.count = 0

    def add(self, group: Ints, column: Ints, limit: Floats | Ints) -> Ints:
        """Let the columns of each group sum up to at most its limit; return the rows by group, -1 where the limit cannot bind."""
        binds = np.bincount(group, minlength=len(limit)) > limit
        rows = np.full(len(limit), -1)
        rows[binds] = self.block(limit[binds])
        used = binds[group]
        self.put(rows[group[used]], column[used], 1.0)
        return rows

    def block(self, limit: Floats | Ints) -> Ints:
        """Add rows without columns; return them."""
        self.limit.append(np.asarray(limit, np.float64))
        self.count += len(limit)
        return np.arange(self.count - len(limit), self.count)

    def put(self, row: Ints, column: Ints, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(np.full(len(row), value))


def solve(problem: Problem, triples: Ints, *, whole: bool, by_day: bool = True, gap: float = 0.0, nodes: int = 0, time_limit_s: float = INFINITE) -> Days:
    """Choose among the triples what adds most to the objective, within all limits that can be told without slots.

    triples: int [n, 3] of (team, mentor, day), sorted, all of which can meet. by_day: else the days are taken as one, a looser programme.
    whole: meetings are whole, else shares of them, which gives a bound. gap: how much of the objective may be missed. nodes: how far the search goes.
    """
    if not len(triples):
        return Days(triples, -SHORT * float(problem.need.sum()), np.zeros(problem.shape[1]))
    columns = triples if by_day else triples[np.flatnonzero(np.diff(triples[:, 0] * problem.shape[1] + triples[:, 1], prepend=-1))]
    model, mentor_row = _model(problem, columns, whole, by_day)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", max(gap, 1e-6)),
        ("mip_max_nodes", nodes),
        ("time_limit", max(time_limit_s, 0.01)),
        ("solver", "choose" if whole or len(columns) <= DIRECT else "ipm"),
        ("run_crossover", "off"),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    found, info = highs.getSolution(), highs.getInfo()
    if whole:
        bound = -float(info.mip_dual_bound)
    else:
        bound = -float(info.objective_function_value) if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else np.inf
    chosen = columns[np.array(found.col_value[: len(columns)]) > 0.5] if whole and found.value_valid else columns[:0]
    price = np.zeros(problem.shape[1])
    if not whole and found.dual_valid:
        binding = mentor_row >= 0
        price[binding] = np.abs(np.array(found.row_dual)[mentor_row[binding]])
    return Days(chosen, bound, price)


def _model(problem: Problem, columns: Ints, whole: bool, by_day: bool) -> tuple[highspy.HighsLp, Ints]:
    """Build columns for meetings, categories met and what is short; return the model and the row of each mentor's limit in all, -1 where it has none."""
    team, mentor, _ = columns.T
    meeting, lacking = np.arange(len(columns)), np.flatnonzero(problem.need > 0)
    cell, cell_of = np.unique(team[:, None] * problem.gain.shape[1] + problem.kinds[mentor], return_inverse=True)
    cell_of = cell_of.reshape(problem.kinds[mentor].shape)
    met, short = len(columns) + np.arange(len(cell)), len(columns) + len(cell) + np.arange(len(lacking))
    rows = _Rows()
    mentor_row = _limits(problem, columns, by_day, rows)
    filled = rows.block(np.zeros(len(cell)))  # a category is met by one of its mentors
    rows.put(filled[cell_of].reshape(-1), np.repeat(meeting, cell_of.shape[1]), -1.0)
    rows.put(filled, met, 1.0)
    wanted = rows.block(problem.need[lacking])  # what is not met is short
    row_of = np.full(len(problem.need), -1)
    row_of[lacking] = wanted
    rows.put(row_of[team], meeting, 1.0)
    rows.put(wanted, short, 1.0)
    least = np.full(rows.count, -INFINITE)
    least[wanted] = problem.need[lacking]
    model, width = highspy.HighsLp(), len(columns) + len(cell) + len(lacking)
    model.num_col_, model.num_row_ = width, rows.count
    model.col_cost_ = np.concatenate((-problem.worth[team, mentor], -problem.gain.reshape(-1)[cell], np.full(len(lacking), SHORT)))
    model.col_lower_ = np.zeros(width)
    model.col_upper_ = np.concatenate((np.ones(len(columns) + len(cell)), problem.need[lacking]))
    model.row_lower_, model.row_upper_ = least, np.concatenate(rows.limit)
    row, column, value = np.concatenate(rows.row), np.concatenate(rows.column), np.concatenate(rows.value)
    order = np.lexsort((row, column))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(width + 1)).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order].astype(np.int32), value[order]
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns) + [highspy.HighsVarType.kContinuous] * (width - len(columns))
    return model, mentor_row


def _limits(problem: Problem, columns: Ints, by_day: bool, rows: _Rows) -> Ints:
    """Add the rows of what teams, mentors and days can hold; return the row of each mentor's limit in all."""
    teams, mentors, days, _ = problem.shape
    (team, mentor, day), meeting = columns.T, np.arange(len(columns))
    team_most, mentor_most = problem.team_most(), problem.mentor_most()
    if not by_day:
        rows.add(team, meeting, team_most.sum(1))
        rows.add(np.zeros_like(day), meeting, problem.day_room.sum(keepdims=True))
        return rows.add(mentor, meeting, np.minimum(problem.mentor_total, mentor_most.sum(1)))
    rows.add(team * days + day, meeting, team_most.reshape(-1))
    rows.add(mentor * days + day, meeting, mentor_most.reshape(-1))
    rows.add(day, meeting, np.minimum(np.minimum(problem.places, problem.mentor_free.sum(0)).sum(1), problem.day_room))
    rows.add(team * mentors + mentor, meeting, np.ones(teams * mentors))
    return rows.add(mentor, meeting, problem.mentor_total)
