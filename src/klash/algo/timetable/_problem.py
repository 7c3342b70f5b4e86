"""What is to be planned, checked, and what is left of it once some meetings stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHORT = 1000.0  # what a missing meeting costs


class Meeting(NamedTuple):
    """A team meets a mentor; all five are indexes from 0. place: one of the places that the slot has."""

    team: int
    mentor: int
    day: int
    slot: int
    place: int


class Rules(NamedTuple):
    """Limits in meetings, each one number for all or one for each team or mentor.

    mentor_run: most meetings in a row. team_gap: free slots between two meetings of a team on one day.
    """

    team_per_day: ArrayLike
    mentor_per_day: ArrayLike
    mentor_total: ArrayLike
    mentor_run: ArrayLike
    team_gap: ArrayLike


class Weights(NamedTuple):
    """What the three parts of a team's worth count, each part within 0..1."""

    diversity: float = 1.0
    expertise: float = 0.5
    wishes: float = 0.25


@dataclass(frozen=True)
class Problem:
    """Meetings still wanted, of teams T and mentors M on days D with slots S, and everything that is left for them.

    need: [T]. mentor_free: [M, D, S]. team_free: [T, D, S]; a slot too near to a standing meeting is not free. places: [D, S].
    allowed: [T, M]; a pair that has met is not. worth: [T, M], what a meeting adds to the objective by expertise and wishes.
    team_day: [T, D], mentor_day: [M, D], mentor_total: [M], meetings that the limits leave. mentor_run: [M]. team_gap: [T].
    day_room: [D], meetings that a day has places for. taken: [M, D, S], slots of standing meetings, which count in a run.
    barred: [n, 4] of (team, mentor, day, slot), meetings that may not be. kinds: [M, A], a mentor's categories, numbered through all
    attributes. gain: [T, categories], what the first of a category adds to the objective; 0 where the team has met the category.
    """

    need: Ints
    mentor_free: Bools
    team_free: Bools
    places: Ints
    allowed: Bools
    worth: Floats
    team_day: Ints
    mentor_day: Ints
    mentor_total: Ints
    mentor_run: Ints
    team_gap: Ints
    day_room: Ints
    taken: Bools
    barred: Ints
    kinds: Ints
    gain: Floats

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Return the counts of teams, mentors, days and slots."""
        mentors, days, slots = self.mentor_free.shape
        return len(self.need), mentors, days, slots

    @cached_property
    def can_meet(self) -> Bools:
        """Return which pairs have a slot for each other on which day: [T, M, D]."""
        open_slots = self.team_free & (self.places > 0)
        common = np.einsum("tds,mds->tmd", open_slots.astype(np.float32), self.mentor_free.astype(np.float32))
        team, mentor, day, slot = self.barred.T
        np.subtract.at(common, (team, mentor, day), (open_slots[team, day, slot] & self.mentor_free[mentor, day, slot]).astype(np.float32))
        left = (self.need > 0)[:, None, None] & (self.team_day > 0)[:, None, :] & (self.mentor_day > 0)[None] & (self.mentor_total > 0)[None, :, None]
        can: Bools = (common > 0) & left & self.allowed[:, :, None]
        return can

    def team_most(self) -> Ints:
        """Count the meetings that a team has slots and leave for on a day: [T, D]."""
        most = np.zeros_like(self.team_day)
        blocked = np.zeros_like(self.team_day)  # slots to pass over, from here
        for slot in range(self.places.shape[1]):
            meets = self.team_free[:, :, slot] & (self.places[:, slot] > 0) & (blocked == 0)
            blocked = np.where(meets, self.team_gap[:, None], np.maximum(blocked - 1, 0))
            most += meets
        return np.minimum(most, self.team_day)

    def mentor_most(self) -> Ints:
        """Count the meetings that a mentor has slots and leave for on a day: [M, D]."""
        most, run = np.zeros_like(self.mentor_day), np.zeros_like(self.mentor_day)
        for slot in range(self.places.shape[1]):
            meets = self.mentor_free[:, :, slot] & (self.places[:, slot] > 0) & (run < self.mentor_run[:, None])
            run = np.where(meets, run + 1, 0)
            most += meets
        return np.minimum(np.minimum(most, self.mentor_day), self.mentor_total[:, None])

    def is_open(self, team: int, mentor: int, day: int, slot: int) -> bool:
        """Return whether the meeting could be added, whatever the team needs."""
        taken, run = self.taken[mentor, day].tolist(), 1
        for side in (taken[:slot][::-1], taken[slot + 1 :]):
            run += side.index(False) if False in side else len(side)
        return bool(
            self.team_free[team, day, slot]
            and self.mentor_free[mentor, day, slot]
            and self.places[day, slot] > 0
            and self.allowed[team, mentor]
            and self.team_day[team, day] > 0
            and self.mentor_day[mentor, day] > 0
            and self.mentor_total[mentor] > 0
            and run <= self.mentor_run[mentor]
        )

    def after(self, meetings: Iterable[Sequence[int]]) -> "Problem":
        """Return what is left when these meetings, none of which breaks a rule, stand."""
        rows = np.array([tuple(meeting)[:4] for meeting in meetings], np.int64).reshape(-1, 4)
        if not len(rows):
            return self
        team, mentor, day, slot = rows.T
        need, places, allowed, gain = self.need.copy(), self.places.copy(), self.allowed.copy(), self.gain.copy()
        mentor_free, team_free, taken = self.mentor_free.copy(), self.team_free.copy(), self.taken.copy()
        team_day, mentor_day, mentor_total = self.team_day.copy(), self.mentor_day.copy(), self.mentor_total.copy()
        np.subtract.at(need, team, 1)
        np.subtract.at(places, (day, slot), 1)
        np.subtract.at(team_day, (team, day), 1)
        np.subtract.at(mentor_day, (mentor, day), 1)
        np.subtract.at(mentor_total, mentor, 1)
        day_room = self.day_room - np.bincount(day, minlength=len(places))
        allowed[team, mentor] = False
        gain[team[:, None], self.kinds[mentor]] = 0
        mentor_free[mentor, day, slot] = False
        taken[mentor, day, slot] = True
        for one, on, at in zip(team.tolist(), day.tolist(), slot.tolist(), strict=True):
            gap = int(self.team_gap[one])
            team_free[one, on, max(at - gap, 0) : at + gap + 1] = False
        return replace(
            self,
            need=np.maximum(need, 0),
            places=places,
            allowed=allowed,
            gain=gain,
            mentor_free=mentor_free,
            team_free=team_free,
            taken=taken,
            team_day=team_day,
            mentor_day=mentor_day,
            mentor_total=mentor_total,
            day_room=day_room,
        )

    def of_teams(self, teams: Ints, others: Ints) -> "Problem":
        """Return what these teams can have on which day when the meetings of other teams stand; others: int [n, 3] of (team, mentor, day).

        Slots are told apart no more: nothing of the others is taken from them.
        """
        _, mentor, day = others.T
        return replace(
            self,
            need=np.where(np.isin(np.arange(len(self.need)), teams), self.need, 0),
            mentor_day=self.mentor_most() - _count((mentor, day), self.mentor_day.shape),
            mentor_total=self.mentor_total - np.bincount(mentor, minlength=len(self.mentor_total)),
            day_room=self.day_room - np.bincount(day, minlength=len(self.day_room)),
        )

    def objective(self, chosen: Ints) -> float:
        """Return what these meetings add, less what is short; chosen: int [n, 2 or more], team and mentor first, no pair twice."""
        return self.quality(chosen) - SHORT * float(self.short(chosen).sum())

    def short(self, chosen: Ints) -> Ints:
        """Count the meetings that a team lacks: [T]; chosen: as above."""
        short: Ints = np.maximum(self.need - np.bincount(chosen[:, 0], minlength=len(self.need)), 0)
        return short

    def quality(self, pairs: Ints) -> float:
        """Sum up what these pairs add to the objective, what is short left out; pairs: int [n, 2], none twice."""
        team, mentor = pairs[:, 0], pairs[:, 1]
        met = np.zeros(self.gain.shape, np.bool_)
        met[team[:, None], self.kinds[mentor]] = True
        return float(self.worth[team, mentor].sum() + self.gain[met].sum())


def _count(places: tuple[Ints, ...], shape: tuple[int, ...]) -> Ints:
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, places, 1)
    return counts


def diversity(need: Ints, background: Ints, pairs: Ints) -> Floats:
    """Return for every team the mean over the attributes of the categories met, of the most that could be: float [T], 0..1.

    A team without a need, like everyone where no attributes are given, has 0. pairs: int [n, 2] of (team, mentor).
    """
    share = np.zeros((len(need), background.shape[1]))
    for attribute in range(background.shape[1]):
        names, codes = np.unique(background[:, attribute], return_inverse=True)
        met = np.zeros((len(need), len(names)), np.bool_)
        met[pairs[:, 0], codes[pairs[:, 1]]] = True
        most = np.minimum(need, len(names))
        share[:, attribute] = np.minimum(met.sum(1), most) / np.maximum(most, 1)
    return share.mean(1) if background.shape[1] else np.zeros(len(need))
