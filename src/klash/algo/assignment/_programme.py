"""The same network as a linear programme, where a floor under every entry's score, or a second attribute, is no longer a flow."""

from dataclasses import dataclass

import highspy
import numpy as np

from ._network import Network, categories
from ._problem import Floats, Ints

INFINITE = highspy.kHighsInf
DIRECT = 20_000  # pairs up to which the simplex method is the faster one


@dataclass(frozen=True)
class Solution:
    """chosen: pairs, empty if no whole solution was found. weight: price of every counted entry's floor. bound: nothing does better."""

    chosen: Ints
    weight: Floats
    bound: float


def solve(
    network: Network,
    gain: Floats,
    *,
    floor: float | None,
    pairs: Ints,
    whole: bool,
    nodes: int = 0,
    time_limit_s: float = INFINITE,
) -> Solution:
    """Gain most with no counted entry's score below the floor; without a floor, lift the lowest score as high as it goes.

    pairs: positions of the only ones to use. whole: seats are given whole, else they may be shared out in fractions.
    nodes: how far the search for whole solutions goes; it ends the work at the same point on every machine, time_limit_s only in need.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-7),
        ("mip_max_nodes", nodes),
        ("time_limit", time_limit_s),
        ("solver", "choose" if whole or len(pairs) <= DIRECT else "ipm"),
        ("run_crossover", "off"),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_model(network, gain, floor, pairs, whole))
    highs.run()
    found, info = highs.getSolution(), highs.getInfo()
    counted = int(network.problem.counted.sum())
    if not (found.value_valid or found.dual_valid):
        return Solution(np.empty(0, np.int64), np.zeros(counted), np.inf)
    chosen = pairs[np.array(found.col_value[: len(pairs)]) > 0.5] if whole and found.value_valid else np.empty(0, np.int64)
    weight = np.zeros(counted) if whole else np.abs(np.array(found.row_dual[network.nodes : network.nodes + counted]))
    return Solution(chosen, weight, -float(info.mip_dual_bound if whole else info.objective_function_value))


def _model(network: Network, gain: Floats, floor: float | None, pairs: Ints, whole: bool) -> highspy.HighsLp:
    """Build columns for pairs, other arcs, the lowest score and what crossing attributes cost; rows for nodes, the floors and the cells of these."""
    problem = network.problem
    counted = np.flatnonzero(problem.counted)
    row_of = np.full(problem.entries, -1)
    row_of[counted] = network.nodes + np.arange(len(counted))
    tail, head = np.concatenate((network.pair_tail[pairs], network.tail)), np.concatenate((network.pair_head[pairs], network.head))
    arcs, entry = len(tail), problem.entry[pairs]
    scored = np.flatnonzero(row_of[entry] >= 0)
    crossing = _crossing(network, pairs, network.nodes + len(counted), arcs + 1)
    row = np.concatenate((tail, head, row_of[entry[scored]], row_of[counted], crossing.row))
    column = np.concatenate((np.arange(arcs), np.arange(arcs), scored, np.full(len(counted), arcs), crossing.column))
    value = np.concatenate((np.ones(arcs), -np.ones(arcs), problem.affinity[pairs[scored]], -np.ones(len(counted)), crossing.value))
    order = np.lexsort((row, column))
    supply = network.supply.astype(np.float64)
    supply[[network.minimum, network.rest, network.nobody]] = -network.minima, network.minima - network.filled, network.filled - network.seats
    columns, extra = arcs + 1 + len(crossing.cost), len(crossing.cost)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, network.nodes + len(counted) + crossing.rows
    if floor is None:
        model.col_cost_ = np.concatenate((np.zeros(arcs), [-1.0], np.zeros(extra)))
    else:
        model.col_cost_ = np.concatenate((-gain[pairs], network.cost, [0.0], crossing.cost))
    model.col_lower_ = np.concatenate((np.zeros(arcs), [floor or 0.0], np.zeros(extra)))
    model.col_upper_ = np.concatenate((np.full(len(pairs), network.most), network.capacity, [INFINITE if floor is None else floor], np.ones(extra)))
    model.row_lower_ = np.concatenate((supply, -problem.base[counted], np.zeros(crossing.rows)))
    model.row_upper_ = np.concatenate((supply, np.full(len(counted), INFINITE), np.zeros(crossing.rows)))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(columns + 1)).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order].astype(np.int32), value[order]
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(pairs) + [highspy.HighsVarType.kContinuous] * (columns - len(pairs))
    return model


@dataclass(frozen=True)
class _Crossing:
    """Matrix entries (row, column, value) that make a cell's pairs, and its cost columns, come out equal. rows: of the cells."""

    rows: int
    row: Ints
    column: Ints
    value: Floats
    cost: Floats


def _crossing(network: Network, pairs: Ints, first_row: int, first_column: int) -> _Crossing:
    rows, row, column, value, cost = 0, [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)], [np.empty(0)]
    for attribute in network.problem.attributes[1:]:
        cells = categories(network.problem, attribute)
        units = len(cells.cell)
        row += [first_row + rows + cells.of_pair[pairs], first_row + rows + cells.cell]
        column += [np.arange(len(pairs)), first_column + sum(map(len, cost)) + np.arange(units)]
        value += [np.ones(len(pairs)), -np.ones(units)]
        cost.append(cells.cost)
        rows += cells.count
    return _Crossing(rows, np.concatenate(row), np.concatenate(column), np.concatenate(value), np.concatenate(cost))
