"""When a request had arrived: what a deadline is judged by, however long the request then waited for us.

A view hands `moment(request)` to its service as `arrived_at`; the service calls `received(arrived_at, clock.judged())` after its lock and
keeps both times. What was handed in may wait that long in front of us, so a set is fixed `settling()` after its deadline, not at once.
"""

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from klash.core import clock

HEADER = "X-Klash-Received"
STAMP_VALID = timedelta(seconds=120)
SETTLING = timedelta(seconds=180)
_MSEC = re.compile(r"\d{1,11}\.\d{3}", re.ASCII)  # nginx's $msec


def moment(request: HttpRequest) -> datetime | None:
    """Return when the last byte of the request had arrived, as far as we ourselves know it; None: the service's own clock says.

    A form that was kept has the time of its first arrival; else the proxy's stamp counts, if it lies at most 120 s before our clock and not after it.
    One query on PostgreSQL where there is a stamp.
    """
    kept: datetime | None = getattr(request, "first_arrived_at", None)
    if kept is not None or not settings.KLASH_PROXY_STAMP:
        return kept
    stamp = request.headers.get(HEADER, "")
    if not _MSEC.fullmatch(stamp):
        return None
    stamped = clock.moved(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(stamp.replace(".", ""))))
    return stamped if timedelta() <= clock.judged() - stamped <= STAMP_VALID else None


def received(arrived_at: datetime | None, now: datetime) -> datetime:
    """Return the instant that a deadline judges: when the request had arrived, never later than `now`, the clock after the lock."""
    return min(arrived_at or now, now)


def settling() -> timedelta:
    """Return how long after its deadline a set may still grow by what had arrived in time: nothing where no proxy stamps."""
    return SETTLING if settings.KLASH_PROXY_STAMP else timedelta()
