"""What the log of a server says of a fault: when, of which kind, on which page and where in the code.

Of everything else nothing is written: no address, no message and no value, for in them stand the words of people, their teams and the code names
of their blind copies, and one file must never hold two of these.
"""

import json
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

FRAMES_MAX = 30


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return what makes a line of JSON of each record."""
    return structlog.stdlib.ProcessorFormatter(processors=[allowed, _as_line], use_get_message=False, pass_foreign_args=True)


def allowed(logger: Any, method: str, told: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return what may be written of a record.

    Its sentence is written without what was put into it, and only if something was: a sentence without gaps may have been put together before.
    """
    record = told["_record"]
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    error = told["exc_info"][1] if isinstance(told.get("exc_info"), tuple) else None
    at = datetime.fromtimestamp(record.created, UTC)
    report = {
        "at": at.isoformat(timespec="milliseconds"), "level": record.levelname, "logger": record.name,
        "what": told["event"] if told.get("positional_args") else "", "status": getattr(record, "status_code", None),
        "method": getattr(request, "method", None), "view": getattr(match, "view_name", None), "faults": list(_kinds(error)), "frames": _frames(error),
    }
    return {name: value for name, value in report.items() if value}


def _kinds(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException | None) -> list[str]:
    found = traceback.extract_tb(error.__traceback__) if error else []
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in found[-FRAMES_MAX:]]


def _as_line(logger: Any, method: str, told: MutableMapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
