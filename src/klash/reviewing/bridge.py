"""Rows to a ranking problem and its result back. The only file here that knows both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from klash.algo import leaks
from klash.algo.assignment import Assignment, assign
from klash.algo.language import language_of_text
from klash.algo.meeting import order
from klash.algo.ranking import power, robustness
from klash.algo.ranking import rank as rank_calibrated
from klash.algo.tally import Place, rank
from klash.algo.themes import affinity, blend, shared
from klash.reviewing import agenda, selectors, sheets
from klash.reviewing.hashes import lot
from klash.reviewing.models import Criterion, Entry, EntryFile, Preference, Review, Round, Wish

SWEEPS, DRAWN = 2000, 12_000_000  # draws at most, and draws times scores: where scores are many, fewer draws tell as much
# Entries squared times reviewers: beyond it the arithmetic takes longer than a reader waits.
LARGEST = {"mean": 5_000_000, "median": 500_000, "borda": 250_000}
DIVERSITY = 0.05  # what two reviewers of one sector on one entry cost, in affinity


@selectors.count_by
def rank_round(round_: Round) -> Sequence[Place]:
    """Rank the entries of a round by its announced method and tie rule, absent seats and excluded entries left out. Two queries.

    The one place that counts: pages, report, log and files all print what is counted here.
    Raises ValueError if a reviewer lacks a required score on an entry.
    """
    criteria = list(round_.criteria.using(round_._state.db).values_list("code", "weight", "is_required"))
    weights, optional = {code: weight for code, weight, _ in criteria}, {code for code, _, is_required in criteria if not is_required}
    scores: dict[str, dict[str, dict[str, int]]] = {}
    for entry, handle, given in selectors.counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores"):
        scores.setdefault(entry, {})[handle] = given
    counted = selectors.counted_of(round_)
    return rank(scores, weights, round_.method, round_.tie_rule, {entry: lot(round_.lot_seed, counted, entry) for entry in scores}, optional)


def as_signed(places: Sequence[Place]) -> list[dict[str, Any]]:
    """Return a ranking in the form in which a report carries it."""
    return [selectors.signed_line(place) for place in places]


def weigh(round_: Round) -> dict[str, Any] | None:
    """Tell how firm the result of a complete round is, as `Firmness.content` keeps it. Two queries, seconds of arithmetic.

    None where there is nothing to compare (fewer than two entries or reviewers), where criteria have different scales, or where there is more
    than can be worked out while somebody waits.
    """
    table = _table(round_)
    return None if table is None else {**_on_what(round_, table), **_calibrated(table, round_.quota)}


def hinges(round_: Round) -> dict[str, Any] | None:
    """Tell what the winner of a complete round hangs on, the part of `weigh` that is quick; a report keeps it. Two queries."""
    table = _table(round_)
    return None if table is None else _on_what(round_, table)


def told_in_report(round_: Round) -> dict[str, Any]:
    """Return what a report says of how firm its ranking is, in whole numbers and fractions, so that it is hashed alike everywhere; {} if nothing."""
    return selectors.as_told(hinges(round_))


@dataclass(frozen=True)
class Moved:
    """An entry under other weights beside its announced place."""

    place: int
    points: Fraction
    announced: selectors.Ranked


@dataclass(frozen=True)
class Trial:
    """The ranking under tried weights, [(criterion, its weight, its share in per cent)], and whether the same entries are first."""

    rows: list[Moved]
    weights: list[tuple[Criterion, int, int]]
    stays: bool
    most: int

    @property
    def first(self) -> list[str]:
        return [row.announced.name for row in self.rows if row.place == 1]


def what_if(round_: Round, typed: Mapping[str, str]) -> Trial:
    """Try the weights that were typed, as `w_CODE` from 0 to 100; where none is sensible, or an entry has no score that weighs, the announced ones.

    Changes nothing. Five queries, six where the announced ones are taken.
    """
    criteria, announced = selectors.criteria_of(round_), {row.entry_code: row for row in selectors.ranking(round_)}
    most = max([100, *(criterion.weight for criterion in criteria)])
    words = {row.code: typed.get(f"w_{row.code}", "") for row in criteria}
    tried = {code: min(int(word), most) for code, word in words.items() if word.isascii() and word.isdigit() and len(word) < 9}
    weights = {row.code: tried.get(row.code, row.weight) for row in criteria}
    places = under_weights(round_, weights)
    if not places:
        weights = {row.code: row.weight for row in criteria}
        places = under_weights(round_, weights)
    total = sum(weights.values())
    return Trial(
        [Moved(row.place, row.points, announced[row.entry]) for row in places],
        [(row, weights[row.code], (200 * weights[row.code] + total) // (2 * total)) for row in criteria],
        {row.entry for row in places if row.place == 1} == {row.entry_code for row in announced.values() if row.place == 1}, most,
    )


def under_weights(round_: Round, weights: Mapping[str, int]) -> Sequence[Place]:
    """Rank a complete round as if its criteria had other weights, by its own method; equal values share a place. Changes nothing. One query.

    weights: criterion code -> 0 or more; a criterion of weight 0 does not count, nor does a review that scores no other.
    Empty where an entry has no review that counts.
    """
    rows = selectors.counted_reviews(round_).values_list("entry__code", "seat__handle", "counted_scores")
    counted = {code: weight for code, weight in weights.items() if weight}
    scores: dict[str, dict[str, dict[str, int]]] = {}
    for entry, handle, scored in rows:
        of_entry, given = scores.setdefault(entry, {}), {code: value for code, value in scored.items() if code in counted}
        if given:
            of_entry[handle] = given
    # What is missing was allowed to be: the round is complete.
    return rank(scores, counted, round_.method, optional=counted) if all(scores.values()) else ()


@dataclass(frozen=True)
class _Table:
    """Points [entries, reviewers, criteria] of the reviews that count, nan where there is none or a criterion was left out."""

    points: NDArray[np.float64]
    entries: list[str]
    criteria: list[Criterion]
    scale: tuple[int, int]

    @property
    def weights(self) -> list[int]:
        return [criterion.weight for criterion in self.criteria]


def _table(round_: Round) -> _Table | None:
    criteria = selectors.criteria_of(round_)
    rows = list(selectors.counted_reviews(round_).order_by("entry__code", "seat__handle").values_list("entry__code", "seat__handle", "counted_scores"))
    entries, reviewers = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    scales = {(criterion.scale_min, criterion.scale_max) for criterion in criteria}
    is_full = all(len(row[2]) == len(criteria) for row in rows)
    most = LARGEST[round_.method] if is_full else min(LARGEST[round_.method], LARGEST["median"])
    if min(len(entries), len(reviewers)) < 2 or len(scales) > 1 or len(entries) ** 2 * len(reviewers) > most:
        return None
    number = {code: at for at, code in enumerate(entries)}, {handle: at for at, handle in enumerate(reviewers)}
    points = np.full((len(entries), len(reviewers), len(criteria)), np.nan)
    for entry, handle, scores in rows:
        points[number[0][entry], number[1][handle]] = [scores.get(criterion.code, np.nan) for criterion in criteria]
    return _Table(points, entries, criteria, scales.pop())


def _on_what(round_: Round, table: _Table) -> dict[str, Any]:
    """Return what the winner hangs on, by codes; which reviewer it hangs on is told to nobody, only on how many."""
    found = robustness(points=table.points, weights=table.weights, method=round_.method)
    first = {"winners": found.winners, "by_mean": found.by_mean, "by_median": found.by_median, "by_borda": found.by_borda}
    return {
        **{name: [table.entries[at] for at in places] for name, places in first.items()}, "method": round_.method,
        "second": None if found.second is None else table.entries[found.second], "gap": None if found.second is None else round(found.gap, 9),
        "disagreement": None if found.disagreement is None else round(found.disagreement, 9), "is_close": found.is_close, "weight_move": found.weight_move,
        "reviewers": len(found.without), "hangs_on": sum(set(without) != set(found.winners) for without in found.without),
        "criteria": [
            {"code": row.code, "name": row.name, "share": float(share), "low": float(low), "high": float(high)}
            for row, share, low, high in zip(table.criteria, found.weight, found.weight_low, found.weight_high, strict=True)
        ],
    }


def _calibrated(table: _Table, quota: int) -> dict[str, Any]:
    """Return the ranking with the reviewers' habits taken out. The seed is fixed: the same scores tell the same."""
    points = table.points
    at = np.argwhere(~np.isnan(points))
    # Of a criterion that nobody scored nothing is known, so that it says nothing.
    weights = np.where(np.isnan(points).all(axis=(0, 1)), 0, table.weights)
    found = rank_calibrated(
        entry=at[:, 0], reviewer=at[:, 1], criterion=at[:, 2], score=points[tuple(at.T)], weights=weights,
        scale=(*table.scale, 1), top=quota, sweeps=max(400, min(SWEEPS, DRAWN // len(at)))
    )
    rows = {
        code: {
            "rank": int(found.rank[i]), "rank_low": int(found.rank_low[i]), "rank_high": int(found.rank_high[i]), "value": float(found.value[i]),
            "low": float(found.value_low[i]), "high": float(found.value_high[i]), "p_first": float(found.p_first[i]), "p_top": float(found.p_top[i]),
        }
        for i, code in enumerate(table.entries)
    }
    return {"calibrated": rows, "quota": quota, "parts": int(found.components.max()) + 1, "rhat": found.rhat}


@dataclass(frozen=True)
class Rehearsed:
    """With so many reviews an entry: the chance that the best one wins, and the share of the right ones within the quota, in whole per cent."""

    reviews: int
    best: int
    within: int


# How far apart qualities, severities, one reviewer's view of one entry and single scores lie, as shares of the scale: an ordinary expert panel.
QUALITY, SEVERITY, HALO, NOISE = 0.2, 0.15, 0.1, 0.15
DRAWS = 30_000_000  # scores that are drawn at most: some seconds


def rehearse(*, entries: int, reviewers: int, criteria: int, low: int, high: int, quota: int, planned: int) -> list[Rehearsed]:
    """Rehearse a body on invented entries for one review an entry up to everyone's, twelve numbers at most. No query, seconds of arithmetic.

    planned: a number that is always among them. The seed is fixed: the same set-up tells the same. Raises ValueError as `power` does.
    """
    few = {1 + step * (reviewers - 1) // 10 for step in range(11)} if reviewers > 12 else set(range(1, reviewers + 1))
    numbers, width = sorted(few | {planned}), high - low
    runs = max(60, min(500, DRAWS // (entries * sum(numbers) * (criteria + 1))))
    found = power(
        entries=entries, reviewers=reviewers, reviews=numbers, criteria=criteria, scale=(low, high, 1), top=quota, runs=runs,
        quality_sd=QUALITY * width, severity_sd=SEVERITY * width, halo_sd=HALO * width, noise_sd=NOISE * width,
    )
    return [Rehearsed(*row) for row in zip(found.reviews, _percents(found.p_best), _percents(found.in_top), strict=True)]


def _percents(shares: NDArray[np.float64]) -> list[int]:
    return [round(100 * share) for share in shares.tolist()]


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


def order_of_business(round_: Round, present: Collection[str]) -> list[str]:
    """Return the codes of a round's entries in the order in which the fewest of those present pass the door. Three queries.

    Where nothing else decides, the best entry comes first in a complete round, else they stand by code.
    """
    entries = round_.entries.using(round_._state.db).filter(is_excluded=False)
    codes = list(entries.order_by(F("place").asc(nulls_last=True), "code").values_list("code", flat=True))
    outside = agenda.outside(round_)
    found = order([frozenset(outside.get(code, frozenset()) & set(present)) for code in codes])
    return [codes[at] for at in found.sequence]


@dataclass(frozen=True)
class Flagged:
    """Words of a blind copy that could tell whose it is. part: "title", "section/0" or "file/1"; page: of a file; start, end: signs of that text."""

    part: str
    page: int
    start: int
    end: int
    before: str
    words: str
    after: str
    kind: str
    p: float


def spots(entry: Entry, files: Sequence[EntryFile]) -> list[Flagged]:
    """Return what in a blind copy could tell whose it is, by patterns and guesses alone: the team's own names are not known here. One read of each file.

    It only suggests: the registrar decides.
    """
    texts = [("title", 0, entry.title), *((f"section/{number}", 0, section["text"]) for number, section in enumerate(entry.sections))]
    for file in files:
        texts += [(f"file/{file.number}", page, text) for page, text in enumerate(_pages(file), 1)]
    return [one for part, page, text in texts for one in _flagged(entry.round, part, page, text, entry.language)]


def spots_in(round_: Round, text: str) -> list[Flagged]:
    """Return what in a question or an answer could tell who wrote an entry, as `spots` does in a copy."""
    return _flagged(round_, "", 0, text, language_of_text(text))


def _flagged(round_: Round, part: str, page: int, text: str, language: str) -> list[Flagged]:
    allow = frozenset([*round_.title.values(), *round_.intro.values()])
    return [
        Flagged(part, page, one.start, one.end, before, text[one.start : one.end], after, one.kind, one.p)
        for one in leaks.scan(text, language=language, own=leaks.OwnNames(), allow=allow)
        for before, after in [leaks.around(text, one)]
    ]


def blackened(file: EntryFile, page: int, regions: Sequence[leaks.Share], signs: tuple[int, int] | None = None) -> bytes:
    """Return the file with regions of a page black, or the signs of its words from one place to another. Raises ValueError for a place that is not there."""
    content = bytes(file.content)
    with sheets.PDFIUM:
        chosen = list(regions) if signs is None else leaks.boxes(content, page=page, start=signs[0], end=signs[1])
        if not chosen or any(not (0 <= left < right <= 1 and 0 <= top < bottom <= 1) for left, top, right, bottom in chosen):
            raise ValueError(f"expected regions within the page, got {chosen}")
        return leaks.blacken(content, mime=file.media_type, page=page, regions=chosen)


def _pages(file: EntryFile) -> list[str]:
    if file.media_type != sheets.PDF:
        return []
    with sheets.PDFIUM:
        return leaks.pages(bytes(file.content))
