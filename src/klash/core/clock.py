"""The only source of time. A service reads it once, after the row lock."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

_frozen: ContextVar[datetime | None] = ContextVar("klash_clock", default=None)
_demo: tuple[int, timedelta] | None = None


def now() -> datetime:
    """Return the present instant in UTC, or the replay's or the demo's instant where one is set."""
    if (frozen := _frozen.get()) is not None:
        return frozen
    real = datetime.now(UTC)
    return real + _demo_offset() if settings.KLASH_DEMO else real


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
