"""Which spans the stages of a calendar may have. Instants in, faults out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from klash.rules.reasons import Reason

# Who decides on something waits until nothing can be handed in any more.
DECIDES_ON = {"problem_selection": "problem_call", "team_selection": "team_call", "judging": "proposals"}

# So many hours before a deadline, who has nothing that stands is told so.
REMINDER_HOURS = (2, 24)


def reminder_due(closes_at: datetime, now: datetime) -> int | None:
    """Return which reminder is due, by its hours; None before the first and once the deadline is there.

    Only the latest is due: one whose time has passed is not made up for.
    """
    left = closes_at - now
    return next((hours for hours in REMINDER_HOURS if timedelta() < left <= timedelta(hours=hours)), None)


def faults(spans: Mapping[str, tuple[datetime, datetime]]) -> dict[str, Reason]:
    """Return the first fault of each stage that has one.

    spans: kind -> (opens, closes), in the order of the calendar. Stages may overlap, but none opens before the one ahead of it.
    """
    found: dict[str, Reason] = {}
    before: datetime | None = None
    for kind, (opens, closes) in spans.items():
        decided_on = spans.get(DECIDES_ON.get(kind, ""))
        if closes <= opens:
            found[kind] = Reason.CLOSES_TOO_EARLY
        elif before is not None and opens < before:
            found[kind] = Reason.OUT_OF_ORDER
        elif decided_on is not None and opens < decided_on[1]:
            found[kind] = Reason.INPUT_STILL_OPEN
        before = opens
    return found


def bands_fault(bands: list[tuple[int, int]], scale_min: int, scale_max: int) -> Reason | None:
    """Return why the bands do not cover the scale once and without a gap, or None. bands: (first, last) points, both included."""
    wanted = scale_min
    for first, last in sorted(bands):
        if first != wanted or last < first:
            return Reason.BANDS_UNEVEN
        wanted = last + 1
    return None if wanted == scale_max + 1 else Reason.BANDS_UNEVEN
