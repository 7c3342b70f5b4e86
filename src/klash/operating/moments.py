"""One moment of the installation: both databases as they stood then, with every file that their rows name.

Neither "files, then database" nor "database, then files" is enough. A row written between a copy of the files and a snapshot names a file
that was not copied; a file that is discarded between a snapshot and a copy of the files is gone although its row was kept. And two
databases that are read one after the other, in either order, can hold a pair of states that never stood side by side: code names drawn
in one and unknown in the other, which no resumed step mends.

So everybody who writes waits for an instant. While nothing can be committed on either side, both databases are frozen for reading and
every file gets a second name (a hard link). A file's bytes reach the disk before its row, and leave it after its row: at an instant
without commits every row's file is there. What was kept is what a power cut at that instant would have left, and that each service
can take up again. Then writing goes on, and the copies are made from the frozen readers and the second names for as long as it takes.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connections

from klash.core import clock
from klash.operating.engines import engine_of, opened
from klash.operating.errors import Halted

# Every change that spans both databases is an event in each; no file leaves the disk before its row.
TABLES = {"default": ("core_auditchain", "files_storedfile"), "reviewing": ("core_auditchain",)}
PATIENCE_S = 120


@dataclass(frozen=True)
class Moment:
    """readers: alias -> alias of a connection that reads this moment; files: names in `folder`, sorted; paused_s: how long writers waited."""

    at: datetime
    readers: dict[str, str]
    folder: Path
    files: list[str]
    paused_s: float


@contextmanager
def held(folder: Path) -> Iterator[Moment]:
    """Hold the present moment inside the block; `folder`, new and on the disk of the stored files, gets their second names. Raises Halted."""
    with ExitStack() as stack:
        readers = {alias: stack.enter_context(opened(connections[alias].settings_dict, f"{alias}.held")) for alias in settings.DATABASES}
        with paused():
            begun = time.monotonic()
            freeze(readers)
            files = keep_files(folder)
            at, paused_s = clock.now(), time.monotonic() - begun
        yield Moment(at, readers, folder, files, paused_s)


@contextmanager
def paused() -> Iterator[None]:
    """Let nothing be committed inside the block that is an event or takes a file away. Raises Halted if a change goes on for too long.

    Who waits for one database may hold the other: after a short while both are let go and tried anew, so that nobody is refused for it.
    """
    last = time.monotonic() + PATIENCE_S
    with ExitStack() as stack:
        names = {alias: stack.enter_context(opened(connections[alias].settings_dict, f"{alias}.paused")) for alias in settings.DATABASES}
        while not _is_paused(names):
            if time.monotonic() > last:
                raise Halted(f"A change has been going on for {PATIENCE_S} seconds. Try again when it is over.")
            time.sleep(0.2)
        yield


def freeze(readers: dict[str, str]) -> None:
    """Let each of the connections read this instant's rows from now on."""
    for alias, using in readers.items():
        engine_of(connections[alias].settings_dict).freeze(using)


def keep_files(folder: Path) -> list[str]:
    """Give every stored file a second name in `folder`; return the names. What is still being written has no row and is left out."""
    folder.mkdir()
    source = Path(settings.KLASH_HOME) / "files"
    names = sorted(path.name for path in source.iterdir() if path.is_file() and not path.suffix) if source.exists() else []
    for name in names:
        os.link(source / name, folder / name)
    return names


def _is_paused(names: dict[str, str]) -> bool:
    try:
        for alias, using in names.items():
            engine_of(connections[alias].settings_dict).pause(using, TABLES[alias])
    except OperationalError:
        for using in names.values():
            connections[using].close()
        return False
    return True
