"""The same network as a linear programme, where a floor under every entry's score, or a second attribute, is no longer a flow."""

from dataclasses import dataclass

import highspy
import numpy as np

from ._network import Network
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
    weight = np.zeros(counted) if whole else np.abs(np.array(found.row_dual[network.nodes :]))
    return Solution(chosen, weight, -float(info.mip_dual_bound if whole else info.objective_function_value))


def _model(network: Network, gain: Floats, floor: float | None, pairs: Ints, whole: bool) -> highspy.HighsLp:
    """Build columns for pairs, other arcs and the lowest score; rows for nodes and for the floors."""
    problem = network.problem
    counted = np.flatnonzero(problem.counted)
    row_of = np.full(problem.entries, -1)
    row_of[counted] = network.nodes + np.arange(len(counted))
    tail, head = np.concatenate((network.pair_tail[pairs], network.tail)), np.concatenate((network.pair_head[pairs], network.head))
    arcs, entry = len(tail), problem.entry[pairs]
    scored = np.flatnonzero(row_of[entry] >= 0)
    row = np.concatenate((tail, head, row_of[entry[scored]], row_of[counted]))
    column = np.concatenate((np.arange(arcs), np.arange(arcs), scored, np.full(len(counted), arcs)))
    value = np.concatenate((np.ones(arcs), -np.ones(arcs), problem.affinity[pairs[scored]], -np.ones(len(counted))))
    order = np.lexsort((row, column))
    supply = network.supply.astype(np.float64)
    supply[[network.minimum, network.rest, network.nobody]] = -network.minima, network.minima - network.filled, network.filled - network.seats
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = arcs + 1, network.nodes + len(counted)
    if floor is None:
        model.col_cost_ = np.append(np.zeros(arcs), -1.0)
    else:
        model.col_cost_ = np.concatenate((-gain[pairs], network.cost, [0.0]))
    model.col_lower_ = np.append(np.zeros(arcs), floor or 0.0)
    model.col_upper_ = np.concatenate((np.full(len(pairs), network.most), network.capacity, [INFINITE if floor is None else floor]))
    model.row_lower_ = np.concatenate((supply, -problem.base[counted]))
    model.row_upper_ = np.concatenate((supply, np.full(len(counted), INFINITE)))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(arcs + 2)).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order].astype(np.int32), value[order]
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(pairs) + [highspy.HighsVarType.kContinuous] * (arcs + 1 - len(pairs))
    return model
