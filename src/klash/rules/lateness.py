"""When the sessions of a day begin as it goes: one that runs late holds up the next ones of its mentor, its team and its room. No database, no clock."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Sitting:
    """One session as it was planned. holds: whoever and whatever is not free before it ends; late: how much later it was told to begin."""

    key: Hashable
    starts_at: datetime
    ends_at: datetime
    holds: frozenset[Hashable]
    late: timedelta = timedelta()


def expected(sittings: Iterable[Sitting]) -> dict[Hashable, datetime]:
    """Return when each session begins as things stand: never before its time, nor before what was to end before it has ended."""
    begins: dict[Hashable, datetime] = {}
    before: dict[Hashable, list[Sitting]] = defaultdict(list)
    for row in sorted(sittings, key=lambda row: row.starts_at):
        held_up = [
            begins[earlier.key] + (earlier.ends_at - earlier.starts_at)
            for one in row.holds for earlier in before[one] if earlier.ends_at <= row.starts_at
        ]
        begins[row.key] = max([row.starts_at + row.late, *held_up])
        for one in row.holds:
            before[one].append(row)
    return begins
