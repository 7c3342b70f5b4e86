"""Whether what was promised in public was kept. Facts in, a verdict out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    OVERDUE = "overdue"
    BROKEN = "broken"


@dataclass(frozen=True)
class Done:
    """What has been done of a promise. number: how many there are, where a number was promised; on: the day on which
    it was fulfilled, or on which the last of the number came; None until then."""

    number: int | None = None
    on: date | None = None


def verdict(*, due_on: date, today: date, done: Done, low: int | None = None, high: int | None = None, marked: bool | None = None) -> Verdict:
    """Return how a promise stands.

    due_on: the last day in Helsinki on which it can be kept in time. low, high: both ends of a promised number, included.
    marked: what a person has said of it, True for kept; it goes before what can be counted, None if nobody has said anything.
    A number is judged from the day after due_on on: until then it may still grow.
    """
    if marked is not None:
        return _kept(due_on, done) if marked else Verdict.BROKEN
    if low is not None:
        return _of_number(due_on, today, done, low, high)
    if done.on is not None:
        return _kept(due_on, done)
    return Verdict.OVERDUE if today > due_on else Verdict.OPEN


def _kept(due_on: date, done: Done) -> Verdict:
    return Verdict.KEPT_LATE if done.on is not None and done.on > due_on else Verdict.KEPT


def _of_number(due_on: date, today: date, done: Done, low: int, high: int | None) -> Verdict:
    number = done.number or 0
    if high is not None and number > high:
        return Verdict.BROKEN
    if today <= due_on:
        return Verdict.OPEN
    return _kept(due_on, done) if number >= low else Verdict.OVERDUE


def of_day(*, promised: date, in_force: date, today: date) -> Verdict:
    """Return how the promise of a stage's day stands: what opens or closes later than was promised was not kept from the promised day on."""
    if in_force > promised:
        return Verdict.BROKEN if today > promised else Verdict.OPEN
    return Verdict.KEPT if today > in_force else Verdict.OPEN
