"""An order of business that sends people out of the room and back as seldom as possible."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Members = frozenset[Hashable]
# Beyond so many different sets that hang together the exact search takes longer than a person waits.
EXACT = 13


@dataclass(frozen=True)
class Order:
    """sequence: places of the entries as they were given. moves: how often somebody passes the door, from an empty doorway to an empty one.

    bound: no order needs fewer moves. proved: this one is known to need the fewest.
    """

    sequence: tuple[int, ...]
    moves: int
    bound: int
    proved: bool


def order(out: Sequence[Members]) -> Order:
    """Order entries so that the fewest pass the door; equal needs keep the order in which they were given.

    out: for each entry, who must stay outside while it is dealt with. Everybody is inside before the first entry and after the last.
    Entries with equal sets stand together, which costs nothing; those without a conflict come first. Sets that share nobody, even through
    others, never gain by standing in each other's midst, so each part is solved alone: by dynamic programming over its subsets up to
    `EXACT` different sets (Held and Karp, J. SIAM 10, 1962), else from each nearest neighbour, improved by 2-opt. Same input, same output.
    """
    groups: dict[Members, list[int]] = {}
    for place, members in enumerate(out):
        groups.setdefault(frozenset(members), []).append(place)
    parts = _parts([members for members in groups if members])
    solved = [_exact(part) if len(part) <= EXACT else _improved(part) for part in parts]
    path = [frozenset(), *(members for part in solved for members in part)]
    moves, proved = count_moves(path), all(len(part) <= EXACT for part in parts)
    sequence = tuple(place for members in path for place in groups.get(members, []))
    return Order(sequence, moves, moves if proved else max(_bound(path[1:]), 0), proved)


def count_moves(out: Sequence[Members]) -> int:
    """Return how often somebody passes the door when entries are dealt with in this order."""
    return sum(len(before ^ after) for before, after in pairwise([frozenset(), *out, frozenset()]))


def _parts(sets: Sequence[Members]) -> list[list[Members]]:
    """Divide the sets into those that hang together through shared members."""
    parts: list[list[Members]] = []
    for one in sets:
        near = [part for part in parts if any(one & other for other in part)]
        parts = [part for part in parts if part not in near]
        parts.append([other for part in near for other in part] + [one])
    place = {members: number for number, members in enumerate(sets)}
    ordered = [sorted(part, key=place.__getitem__) for part in parts]
    return sorted(ordered, key=lambda part: place[part[0]])


def _exact(sets: list[Members]) -> list[Members]:
    """Return the best path: kept[subset][last] is the most that neighbours can share on a path through the subset to its last set."""
    shared = [[len(a & b) for b in sets] for a in sets]
    size = len(sets)
    kept = [[-1] * size for _ in range(1 << size)]
    came = [[-1] * size for _ in range(1 << size)]
    for first in range(size):
        kept[1 << first][first] = 0
    for subset in range(1 << size):
        for last, value in enumerate(kept[subset]):
            if value < 0:
                continue
            for new in range(size):
                grown = subset | 1 << new
                if grown != subset and value + shared[last][new] > kept[grown][new]:
                    kept[grown][new], came[grown][new] = value + shared[last][new], last
    subset = (1 << size) - 1
    last = max(range(size), key=lambda end: (kept[subset][end], end))
    path = []
    while last >= 0:
        path.append(sets[last])
        subset, last = subset & ~(1 << last), came[subset][last]
    return path[::-1]


def _improved(sets: list[Members]) -> list[Members]:
    """Return a good path: the best of the nearest-neighbour paths, with stretches turned round as long as that helps."""
    path = min((_nearest(sets, first) for first in range(len(sets))), key=count_moves)
    best, is_better = count_moves(path), True
    while is_better:
        is_better = False
        for start in range(len(path) - 1):
            for end in range(start + 2, len(path) + 1):
                turned = path[:start] + path[start:end][::-1] + path[end:]
                if (moves := count_moves(turned)) < best:
                    path, best, is_better = turned, moves, True
    return path


def _nearest(sets: list[Members], first: int) -> list[Members]:
    left = sets[:first] + sets[first + 1:]
    path = [sets[first]]
    while left:
        path.append(left.pop(min(range(len(left)), key=lambda place: (len(path[-1] ^ left[place]), place))))
    return path


def _bound(sets: Sequence[Members]) -> int:
    """Return a number of moves that no order goes below: everyone leaves once, and no set shares more with its two neighbours than with the nearest two."""
    everyone = 2 * len(frozenset().union(*sets))
    most = sum(sum(sorted((len(one & other) for other in sets if other != one), reverse=True)[:2]) for one in sets)
    return max(everyone, 2 * sum(map(len, sets)) - most)
