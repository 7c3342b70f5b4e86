"""Who reviews what, as the machine proposes it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from klash.algo.assignment import Assignment, assign
from klash.algo.themes import affinity, blend, shared
from klash.reviewing import selectors
from klash.reviewing.models import Preference, Review, Round, Wish

DIVERSITY = 0.05  # what two reviewers of one sector on one entry cost, in affinity


def suggest(round_: Round) -> dict[str, Any]:
    """Propose who reviews what, as `Suggestion.content` keeps it: what is assigned stays, conflicts are left out, the worst-off entry comes first.

    Loads are even where the round names no largest one. Five queries; seconds of arithmetic at thousands of entries.
    """
    using = round_._state.db
    entries = list(round_.entries.using(using).filter(is_excluded=False).order_by("code").values_list("code", "title", "sections", "topics"))
    seats = list(round_.seats.using(using).filter(is_absent=False).order_by("handle").values_list("handle", "expertise", "load_max", "sector", "topics"))
    at_entry, at_seat = {row[0]: at for at, row in enumerate(entries)}, {row[0]: at for at, row in enumerate(seats)}
    taken = Review.objects.using(using).filter(seat__round=round_, place__isnull=False).values_list("entry__code", "seat__handle")
    forced = sorted((at_entry[code], at_seat[handle]) for code, handle in taken if code in at_entry and handle in at_seat)
    barred = selectors.barred(round_)
    free = {(at_entry[code], at_seat[handle]) for code in at_entry for handle in at_seat if (code, handle) not in barred}
    pairs = np.array(sorted(free | set(forced)), dtype=int).reshape(-1, 2)
    wishes = _wishes(round_, at_entry, at_seat)
    near = blend([(values, round_.weights_of_match[name]) for name, values in {
        "text": _texts(entries, [row[1] for row in seats]), "topics": shared([row[3] for row in entries], [row[4] for row in seats]),
        "preferences": wishes,
    }.items()])
    wanted = min(round_.reviews_per_entry or len(seats), len(seats))
    even = -(-wanted * len(entries) // max(len(seats), 1))
    most = [load if load is not None else round_.load_max if round_.load_max is not None else even for _, _, load, _, _ in seats]
    sectors = _apart([row[3] for row in seats])
    found = assign(
        entries=len(entries), reviewers=len(seats), pair_entry=pairs[:, 0], pair_reviewer=pairs[:, 1], affinity=near[pairs[:, 0], pairs[:, 1]],
        demand=[wanted] * len(entries), load_min=[min(round_.load_min, load) for load in most], load_max=most, forced=forced, mode="fair", time_limit_s=20,
        attributes=[(sectors, DIVERSITY)] if len(set(sectors)) > 1 else [],
    )
    known = set(forced)
    backgrounds: dict[int, set[str]] = {}
    for entry, seat in found.pairs.tolist():
        if seats[seat][3]:
            backgrounds.setdefault(entry, set()).add(seats[seat][3])
    return {
        "pairs": [[entries[entry][0], seats[seat][0]] for entry, seat in found.pairs.tolist() if (entry, seat) not in known],
        "unmet": {entries[at][0]: int(count) for at, count in enumerate(found.unmet) if count},
        "loads": {row[0]: int(load) for row, load in zip(seats, found.load, strict=True)}, "worst_entry": _worst_off(found, [row[0] for row in entries]),
        "least": int(found.load.min()) if seats else 0, "most": int(found.load.max()) if seats else 0,
        "worst": found.worst, "worst_bound": found.worst_bound, "total": found.total, "total_bound": found.total_bound, "is_proved": found.proved,
        "seconds": found.seconds, "mixed": sum(len(kinds) > 1 for kinds in backgrounds.values()), "entries": len(entries), "solver": "OR-Tools, HiGHS",
        "knows_sectors": any(row[3] for row in seats), "weights": round_.weights_of_match,
        "told": {
            "sectors": sum(bool(row[3]) for row in seats), "text": sum(bool(row[1].strip()) for row in seats),
            "topics": sum(bool(row[4]) for row in seats), "preferences": _who_wished(wishes),
        },
        **_met(wishes, found.pairs),
        "blocking": [
            {"entries": [entries[at][0] for at in block.entries], "full": [seats[at][0] for at in block.full], "barred": [seats[at][0] for at in block.barred]}
            for block in found.blocking
        ],
    }


def _worst_off(found: Assignment, codes: Sequence[str]) -> str:
    """Return the code of an entry that nothing fares worse than, of those that got all their reviews; "" if none did."""
    scores = {code: score for code, score, unmet in zip(codes, found.score.tolist(), found.unmet.tolist(), strict=True) if not unmet}
    return min(scores, key=lambda code: scores[code], default="")


def _texts(entries: Sequence[tuple[Any, ...]], experts: Sequence[str]) -> NDArray[np.float64]:
    """Return how near texts and own words are beside the nearest pair of the round, which is 1; nan for who has written nothing."""
    near = affinity([" ".join([title, *(part["text"] for part in sections)]) for _, title, sections, _ in entries], experts)
    silent = np.array([not words.strip() for words in experts], dtype=bool)
    return np.where(silent[None, :], np.nan, near / (near.max(initial=0.0) or 1.0))


SUITS = {Wish.WANT: 1.0, Wish.CAN: 0.5, Wish.RELUCTANT: 0.0}


def _wishes(round_: Round, at_entry: Mapping[str, int], at_seat: Mapping[str, int]) -> NDArray[np.float64]:
    """Return what reviewers wish, as SUITS tells it; who has said something means of the rest that it can be done, nan for all others."""
    found = np.full((len(at_entry), len(at_seat)), np.nan)
    rows = Preference.objects.using(round_._state.db).filter(seat__round=round_).values_list("entry__code", "seat__handle", "wish")
    said = [(at_entry[code], at_seat[handle], SUITS[Wish(wish)]) for code, handle, wish in rows if code in at_entry and handle in at_seat]
    found[:, sorted({seat for _, seat, _ in said})] = SUITS[Wish.CAN]
    for entry, seat, value in said:
        found[entry, seat] = value
    return found


def _who_wished(wishes: NDArray[np.float64]) -> int:
    return int((~np.isnan(wishes)).any(axis=0).sum()) if wishes.size else 0


def _met(wishes: NDArray[np.float64], pairs: NDArray[np.int64]) -> dict[str, int]:
    """Return how many wishes there are, how many of them are met, and how many entries somebody gets against the own wish."""
    given = wishes[pairs[:, 0], pairs[:, 1]]
    return {
        "wanted": int((wishes == SUITS[Wish.WANT]).sum()), "granted": int((given == SUITS[Wish.WANT]).sum()),
        "against": int((given == SUITS[Wish.RELUCTANT]).sum()),
    }


def _apart(sectors: Sequence[str]) -> list[int]:
    """Return a number per reviewer, equal for equal sectors; who has not said one is like nobody else."""
    known = {name: at for at, name in enumerate(sorted({name for name in sectors if name}))}
    return [known.get(name, len(known) + at) for at, name in enumerate(sectors)]
