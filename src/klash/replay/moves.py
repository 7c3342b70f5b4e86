"""Moves of the demo's clock: one at a time, in a process of its own, told on a page.

A process of its own, because a play holds the clock and draws from a seed: neither may ever happen in a process that serves.
The lock lives in the open file that the process inherits, so that it ends with the process, however that ends.
"""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from django.conf import settings

from klash.replay import engine, stages
from klash.replay.engine import END, Play, Tell
from klash.replay.facts import NEEDED, File
from klash.replay.reader import read
from klash.replay.scene import Say

SEED = 2019
CODE = "klash-2019"
PATIENCE = 100  # tenths of a second
FINEST = 0.005  # of the progress, that is written down


@dataclass(frozen=True)
class Move:
    """to, stage: of NEEDED, or END. share: 0 to 1. state: moving, arrived or broken. is_back: what was done since is lost."""

    to: str
    stage: str
    share: float = 0.0
    state: str = "moving"
    is_back: bool = False


def klash() -> File:
    """Return the facts of Klash 2018-2020."""
    return read(Path(str(resources.files("klash.replay").joinpath("data/klash-2019.yaml"))))


def new_play(say: Say, tell: Tell) -> Play:
    """Return the demo's play: with a way back to the opening of each stage."""
    return Play(klash(), SEED, say, tell, keep=stages.keep, whole=stages.whole)


def here() -> str:
    """Return the stage in which the demo stands."""
    return engine.here(CODE)


def ways() -> tuple[list[str], list[str]]:
    """Return the stages that one can go back to, the present one last, and those that lie ahead."""
    order = [*NEEDED, END]
    at = order.index(here()) if here() in order else 0
    kept = stages.kept()
    return [name for name in order[: at + 1] if name in kept], order[at + 1:]


def is_back(to: str) -> bool:
    """Return whether a move to this stage brings the databases back to what they were."""
    return to in ways()[0]


@contextmanager
def alone() -> Iterator[bool]:
    """Give whether nobody else moves; the lock is held inside the block."""
    with (_home() / "move.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def begin(to: str) -> bool:
    """Start a move in a process of its own; return False if one is under way."""
    with (_home() / "move.lock").open("a") as lock:
        if not _takes(lock):
            return False
        _write(Move(to, here(), is_back=is_back(to)))
        with (_home() / "move.log").open("a") as log:
            subprocess.Popen(  # noqa: S603 (own interpreter, own command)
                [sys.executable, "-m", "klash", "move_clock", to], pass_fds=[lock.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
    return True


def _takes(lock: IO[str]) -> bool:
    """Take the lock; one whose move has arrived is waited for, since its process is on its way out."""
    for _ in range(PATIENCE):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if (now := present()) is not None and now.state == "moving":
                return False
            time.sleep(0.1)
        else:
            return True
    return False


def present() -> Move | None:
    """Return the newest move as it stands; one that says it moves while no process holds the lock is broken."""
    try:
        move = Move(**json.loads((_home() / "move.json").read_text()))
    except FileNotFoundError:
        return None
    with alone() as nobody:
        # Read again under the lock: it may have arrived since.
        if nobody and (move := Move(**json.loads((_home() / "move.json").read_text()))).state == "moving":
            return Move(move.to, move.stage, move.share, "broken")
    return move


def go(to: str, say: Say) -> None:
    """Move to the opening of a stage: back by its copy, forward by letting the play go on from what has been done."""
    tell = _teller(to)
    try:
        stages.mend()
        if is_back(to):
            order = [*NEEDED]
            stages.go_back(to, order[order.index(to) + 1:])
        else:
            new_play(say, tell).run("" if to == END else to)
    except BaseException:
        _write(Move(to, here(), state="broken"))
        raise
    _write(Move(to, here(), 1.0, "arrived"))


def _teller(to: str) -> Callable[[str, float], None]:
    told = -1.0

    def tell(stage: str, share: float) -> None:
        nonlocal told
        if share - told >= FINEST:
            told = share
            _write(Move(to, stage, share))

    return tell


def _write(move: Move) -> None:
    part = _home() / "move.part"
    part.write_text(json.dumps(asdict(move)))
    part.replace(_home() / "move.json")


def _home() -> Path:
    return Path(settings.KLASH_HOME)
