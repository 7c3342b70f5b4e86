"""The dates of a competition file as instants: deadlines close at 16.00 in Helsinki, stages open at 8.00, and nobody works at night."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from klash.core.show import ZONE
from klash.replay.facts import NEEDED, File, When

MORNING, NIGHT = time(7, 30), time(22)  # in Helsinki: office and evening hours


@dataclass(frozen=True)
class Span:
    opens_at: datetime
    closes_at: datetime
    planned_opens_at: datetime | None


def _first(when: When) -> date:
    value = str(when.value)
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return date(*parts)
    return date(parts[0], parts[1] if len(parts) > 1 else 1, 1)


def _last(when: When) -> date:
    first = _first(when)
    if when.precision == "day":
        return first
    if when.precision == "year":
        return date(first.year, 12, 31)
    # The exact day is not known: the last Friday before the month's end is a plausible deadline.
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a wall time in Helsinki as an instant."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


def spans(facts: File) -> dict[str, Span]:
    """Return opening, closing and first promise of each stage; a stage without a start opens when the one before it closes."""
    found: dict[str, Span] = {}
    before: datetime | None = None
    for name in NEEDED:
        phase = facts.phase(name)
        opens = at(_first(phase.start), 8) if phase.start else (before or at(date(2000, 1, 1), 8)) + timedelta(minutes=1)
        closes = at(_last(phase.end), 16) if phase.end else opens + timedelta(days=30)
        if closes <= opens:
            closes = at(opens.date() + timedelta(days=1), 16)
        planned = at(_first(phase.planned_start), 8) if phase.planned_start else None
        found[name] = Span(opens, closes, planned)
        before = closes
    return found


def spread(first: datetime, last: datetime, count: int) -> Iterator[datetime]:
    """Yield `count` instants evenly over the hours of a span at which people work, over all hours if it has none of these."""
    parts = [(begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in _working(first, last)] or [(first, last)]
    gap = sum((end - begin for begin, end in parts), timedelta()) / (count + 1)
    place, begin, end = 0, *parts[0]
    moment = begin
    for _ in range(count):
        moment += gap
        while moment > end and place + 1 < len(parts):
            over, place = moment - end, place + 1
            begin, end = parts[place]
            moment = begin + over
        yield moment


def _working(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the part of each day of the span between MORNING and NIGHT."""
    day = first.astimezone(ZONE).date()
    while (morning := datetime.combine(day, MORNING, tzinfo=ZONE)) < last:
        begin, end = max(first, morning), min(last, datetime.combine(day, NIGHT, tzinfo=ZONE))
        if begin < end:
            yield begin, end
        day += timedelta(days=1)
