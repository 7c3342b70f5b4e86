"""The only source of time. A service reads it once, after the row lock.

On PostgreSQL the time is the database's, so that a web process whose own clock is wrong changes nothing: each new connection asks it once,
and the process only counts on from there. On SQLite both are one machine.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.dispatch import receiver

_frozen: ContextVar[datetime | None] = ContextVar("klash_clock", default=None)
_demo: tuple[int, timedelta] | None = None
_asked: tuple[datetime, float] | None = None  # the database's time, and how far this process had counted then


def now() -> datetime:
    """Return the present instant in UTC, or the replay's or the demo's instant where one is set."""
    if (frozen := _frozen.get()) is not None:
        return frozen
    return moved(_asked[0] + timedelta(seconds=time.monotonic() - _asked[1]) if _asked else datetime.now(UTC))


def judged(using: str = "default") -> datetime:
    """Return the instant by which a deadline is judged: as `now`, asked of the database at this moment. Call after the lock; one query on PostgreSQL."""
    if _frozen.get() is None:
        _ask(connections[using])
    return now()


def moved(real: datetime) -> datetime:
    """Return a real instant as this clock tells it: the demo's lies elsewhere."""
    return real + _demo_offset() if settings.KLASH_DEMO else real


@receiver(connection_created)
def _follow(connection: Any, **kwargs: Any) -> None:
    _ask(connection)


def _ask(connection: Any) -> None:
    global _asked
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        _asked = cursor.fetchone()[0].astimezone(UTC), time.monotonic()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` inside the block (replay and tests)."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def hold(moment: datetime | None) -> None:
    """Hold the clock at `moment` until the next call; None lets it run again (replay)."""
    _frozen.set(moment)


def set_demo(moment: datetime) -> None:
    """Let the demo's clock go on from `moment`."""
    offset = moment - datetime.now(UTC)
    part = _demo_file().with_suffix(".part")
    part.write_text(json.dumps({"offset_s": offset.total_seconds()}))
    part.replace(_demo_file())  # others read it at any moment


def _demo_file() -> Path:
    return Path(settings.KLASH_HOME) / "clock.json"


def _demo_offset() -> timedelta:
    global _demo  # several processes share the file; its mtime tells when to read it again
    try:
        changed = _demo_file().stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    if _demo is None or _demo[0] != changed:
        _demo = changed, timedelta(seconds=json.loads(_demo_file().read_text())["offset_s"])
    return _demo[1]
