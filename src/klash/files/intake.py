"""What becomes of a file that somebody sends: stored, refused for a named reason, or kept for a person to look at."""

import contextlib
import hashlib
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from klash.files import scanner
from klash.files.frames import frame, unframe
from klash.rules.reasons import Reason

PROGRAM = "klash.files.bridge"  # by name: this process must not load what opens files
FILE_BYTES_MAX = 20 * 1024 * 1024
WALL_SECONDS = 30
REPLY_BYTES_MAX = 100_000_000
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


class Outcome(StrEnum):
    STORED = "stored"
    REFUSED = "refused"
    KEPT = "kept"


@dataclass(frozen=True)
class Spot:
    """Words of a page, counted from one, that are there to be read and not to be seen."""

    page: int
    text: str


@dataclass(frozen=True)
class Examined:
    """What became of one file.

    reason: why it was refused or is kept; None when stored. detail: for the log, in no language.
    cleaned: the file made anew, empty when there is none. sha256: of the file as it came, in hex.
    removed: words for what was left out. texts: what each page says. fonts: the original names of the fonts. first_page_png: at most 480 pixels a side.
    """

    state: Outcome
    sha256: str
    reason: Reason | None = None
    detail: str = ""
    mime: str = ""
    cleaned: bytes = b""
    pages: int = 0
    removed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    first_page_png: bytes = b""
    hidden: tuple[Spot, ...] = ()


def examine(data: bytes, name: str, *, seconds: float = WALL_SECONDS) -> Examined:
    """Check a file and make it anew, in a process with limits on memory and time and, where the system can give that, without network and files.

    name: as its sender named it; only its ending counts. Takes a second as a rule, `seconds` at most and those of the scanner. Never raises
    for what is in the file.
    What cannot be checked, for a process that died or a scanner that is down, is kept and not refused.
    """
    digest = hashlib.sha256(data).hexdigest()
    if not data:
        return Examined(Outcome.REFUSED, digest, Reason.FILE_EMPTY)
    if len(data) > FILE_BYTES_MAX:
        return Examined(Outcome.REFUSED, digest, Reason.FILE_TOO_LARGE)
    found = _found(digest, frame({"name": name}, data), seconds)
    return found if found.state is Outcome.REFUSED else _scanned(found, data)


def walls() -> frozenset[str]:
    """Return which of "network" and "files" this system can shut off for the process that opens files."""
    try:
        header, _ = unframe(_converse(frame({}), WALL_SECONDS))
        return frozenset(str(wall) for wall in header["walls"])
    except (_Failed, ValueError, KeyError, TypeError):
        return frozenset()


class _Failed(Exception):
    """The process gave no whole answer."""


def _found(digest: str, request: bytes, seconds: float) -> Examined:
    try:
        header, body = unframe(_converse(request, seconds))
        return _examined(digest, header, body)
    except (_Failed, ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        return Examined(Outcome.KEPT, digest, Reason.FILE_NOT_CHECKED, f"{type(error).__name__}: {error}")


def _examined(digest: str, header: dict[str, Any], body: bytes) -> Examined:
    """Return what the process says. It may have been taken over by the file: nothing of its answer is trusted to have the right shape."""
    if "fault" in header:
        return Examined(Outcome.REFUSED, digest, Reason(f"file_{header['fault']}"), str(header["detail"]))
    if header["mime"] not in ENDINGS:
        raise ValueError(f"an unknown media type {header['mime']!r}")
    end = int(header["cleaned_bytes"])
    hidden = tuple(Spot(int(page), str(text)) for page, text in header["hidden"])
    return Examined(
        Outcome.KEPT if hidden else Outcome.STORED, digest, Reason.FILE_HIDDEN_TEXT if hidden else None, mime=header["mime"], cleaned=body[:end],
        pages=int(header["pages"]), removed=_words(header["removed"]), texts=_words(header["texts"]), fonts=_words(header["fonts"]), first_page_png=body[end:],
        hidden=hidden,
    )  # fmt: skip


def _words(value: list[Any]) -> tuple[str, ...]:
    return tuple(str(word) for word in value)


def _scanned(found: Examined, data: bytes) -> Examined:
    """Return the same, or that the scanner found something or did not answer."""
    try:
        if not scanner.is_infected(data):
            return found
    except scanner.ScannerDown as down:
        return found if found.state is Outcome.KEPT else _kept(found, str(down))
    return Examined(Outcome.REFUSED, found.sha256, Reason.FILE_INFECTED)


def _kept(found: Examined, detail: str) -> Examined:
    return Examined(**{**vars(found), "state": Outcome.KEPT, "reason": Reason.FILE_NOT_SCANNED, "detail": detail})


def _converse(request: bytes, seconds: float) -> bytes:
    """Start the process in an empty folder and environment, give it the request and return its answer. Raises _Failed."""
    cache = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    with tempfile.TemporaryDirectory(prefix="klash-intake-") as folder:
        process = subprocess.Popen(  # noqa: S603 (our own program, no word of it from outside)
            [sys.executable, "-I", *cache, "-m", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env={},
            start_new_session=True,
        )  # fmt: skip
        feeder = threading.Thread(target=_feed, args=(process, request))
        feeder.start()
        try:
            return _heard(process, seconds)
        finally:
            process.kill()
            process.wait()
            feeder.join()
            process.stdout.close()  # type: ignore[union-attr]


def _feed(process: subprocess.Popen[bytes], request: bytes) -> None:
    with contextlib.suppress(OSError), process.stdin as stream:  # type: ignore[union-attr]  # it may end before it has read everything
        stream.write(request)


def _whole(process: subprocess.Popen[bytes], reply: bytes) -> bytes:
    """Return the answer of a process that has nothing more to say and did not die of saying it."""
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return reply
    if code != 0:
        raise _Failed(f"it ended with {code}")
    return reply


def _heard(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    deadline, size = time.monotonic() + seconds, 0
    parts: list[bytes] = []
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        while ready.select(max(deadline - time.monotonic(), 0)):
            part = os.read(process.stdout.fileno(), 1 << 20)  # type: ignore[union-attr]
            if not part:
                return _whole(process, b"".join(parts))
            size += len(part)
            if size > REPLY_BYTES_MAX:
                raise _Failed("too long an answer")
            parts.append(part)
    raise _Failed(f"no answer within {seconds:.0f} s")
