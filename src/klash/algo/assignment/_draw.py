"""Dependent rounding: a flow in hundredths becomes a flow in whole units by chance, each arc as likely as its fraction says."""

import numpy as np

from ._problem import Ints


def draw(tail: Ints, head: Ints, flow: Ints, units: int, seed: int) -> Ints:
    """Return a whole flow: every arc rounded down or up, in the mean what it was, and what enters a node still leaves it.

    tail, head, flow: int [arcs], flow in `units`; at every node the sum out less the sum in is a whole multiple of `units`.
    While arcs with a fraction are left they hold a cycle; shifting flow along it, either way as chance has it, ends at least one of them.
    Source: Gandhi, Khuller, Parthasarathy, Srinivasan, Dependent rounding and its applications to approximation algorithms, J. ACM 53 (2006).
    """
    rest = (flow % units).tolist()
    ends = tail.tolist(), head.tolist()
    open_arcs: dict[int, list[int]] = {}
    for broken in np.flatnonzero(flow % units).tolist():
        for end in ends:
            open_arcs.setdefault(end[broken], []).append(broken)
    chance = np.random.default_rng((seed, 1))
    whole: Ints = flow // units
    for begin in list(open_arcs):
        nodes, arcs, place = [begin], list[int](), {begin: 0}
        while (arc := _next(open_arcs[nodes[-1]], rest, units, arcs)) is not None:
            node = ends[1][arc] if ends[0][arc] == nodes[-1] else ends[0][arc]
            arcs.append(arc)
            if node not in place:
                place[node] = len(nodes)
                nodes.append(node)
                continue
            first = place[node]
            cycle = arcs[first:]
            along = [ends[0][a] == n for a, n in zip(cycle, nodes[first:], strict=True)]
            _shift(cycle, along, rest, units, chance)
            cut = next(at for at, a in enumerate(arcs) if at >= first and rest[a] in (0, units))
            for gone in nodes[cut + 1 :]:
                del place[gone]
            del nodes[cut + 1 :], arcs[cut:]
    return whole + np.array(rest, np.int64) // units


def _next(arcs: list[int], rest: list[int], units: int, path: list[int]) -> int | None:
    """Return an arc with a fraction that is not the one just walked; arcs that have none any more are dropped on the way."""
    kept: int | None = None
    while arcs:
        arc = arcs[-1]
        if rest[arc] in (0, units):
            arcs.pop()
        elif path and arc == path[-1]:
            kept = arcs.pop()
        else:
            break
    found = arcs[-1] if arcs else None
    if kept is not None:
        arcs.append(kept)
    return found


def _shift(cycle: list[int], along: list[bool], rest: list[int], units: int, chance: np.random.Generator) -> None:
    ahead = min(units - rest[arc] if same else rest[arc] for arc, same in zip(cycle, along, strict=True))
    back = min(rest[arc] if same else units - rest[arc] for arc, same in zip(cycle, along, strict=True))
    step = ahead if chance.random() * (ahead + back) < back else -back
    for arc, same in zip(cycle, along, strict=True):
        rest[arc] += step if same else -step
