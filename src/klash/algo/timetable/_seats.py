"""Which of a slot's places a meeting has: what stood before stands, and a mentor moves as seldom as can be."""

from collections import defaultdict

import numpy as np

from ._problem import Ints


def seat(rows: Ints, places: Ints) -> Ints:
    """Return the meetings with a place each, sorted; int [n, 5] both, the place -1 where none is wished.

    places: [D, S], in every slot as many as it has meetings or more. A wished place is given to the first who wishes it;
    who wishes none stays where the mentor last sat that day, else takes the first that is free.
    """
    rows = rows[np.lexsort(rows.T[::-1])].copy()
    by_slot: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, (day, slot) in enumerate(rows[:, 2:4].tolist()):
        by_slot[day, slot].append(at)
    sits: dict[tuple[int, int], int] = {}
    for (day, slot), members in sorted(by_slot.items()):
        free, given = set(range(int(places[day, slot]))), dict[int, int]()
        wished = {at: int(rows[at, 4]) for at in members}
        usual = {at: sits.get((int(rows[at, 1]), day), -1) for at in members}
        for choice in (wished, usual):
            for at in members:
                if at not in given and choice[at] in free:
                    given[at] = choice[at]
                    free.remove(choice[at])
        for at in members:
            if at not in given:
                given[at] = min(free)
                free.remove(given[at])
            rows[at, 4] = sits[int(rows[at, 1]), day] = given[at]
    return rows
