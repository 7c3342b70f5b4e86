"""The drill: back up, restore elsewhere, and hold the restored installation against the running one."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from klash.core import clock
from klash.operating import selectors
from klash.operating.engines import engine_of, opened
from klash.operating.errors import Halted
from klash.operating.manifests import Manifest
from klash.operating.places import Place, working
from klash.operating.services.backing import back_up
from klash.operating.services.restoring import restore
from klash.operating.telling import Say
from klash.operating.vaults import Vault

NOTE = "drill.json"


def run_drill(*, vault: Vault | None, say: Say) -> None:
    """Restore a backup elsewhere and prove that it is this installation at an earlier moment; remember when that succeeded.

    vault: an existing backup; None makes one now. Raises Halted with every difference.
    """
    running = Place.running()
    with working(running.home, "drill") as work:
        if vault is None:
            vault = Vault(work / "backup")
            if lost := back_up(vault=vault, say=say).lost:
                raise Halted("Files that rows name are not on the disk:\n" + "\n".join(lost))
        with _elsewhere(running, work / "home") as place:
            manifest = restore(vault=vault, place=place, say=say)
            if differences := list(_differences(manifest, place)):
                raise Halted("What was restored is not this installation:\n" + "\n".join(differences))
    say("The logs go on from those of the backup, and every receipt in it is the one that was given.")
    _remember(running.home, manifest)


def last_success(home: Path) -> datetime | None:
    """Return when a drill last succeeded."""
    try:
        return datetime.fromisoformat(json.loads((home / NOTE).read_text())["succeeded_at"])
    except FileNotFoundError:
        return None


def _remember(home: Path, manifest: Manifest) -> None:
    part = home / f"{NOTE}.part"
    part.write_text(json.dumps({"succeeded_at": clock.now().isoformat(), "made_at": manifest.made_at.isoformat()}))
    part.replace(home / NOTE)


def _differences(manifest: Manifest, place: Place) -> Iterator[str]:
    """Yield what the restored installation says that the running one does not. The running one may have gone on."""
    with ExitStack() as stack:
        restored = {alias: stack.enter_context(opened(row, f"{alias}.restored")) for alias, row in place.databases.items()}
        for alias, row in manifest.databases.items():
            for log in row.logs:
                if selectors.told(restored[alias], log) != selectors.told(alias, log):
                    yield f"{alias} {log.competition}: the first {log.length} events are others"
        given = selectors.receipts("default")
        for receipt, parts in selectors.receipts(restored["default"]).items():
            if given.get(receipt) != parts:
                yield f"receipt {receipt}: its parts are others"


@contextmanager
def _elsewhere(running: Place, home: Path) -> Iterator[Place]:
    """Give an empty place like the running one: a folder, and on PostgreSQL databases that are dropped at the end."""
    home.mkdir(mode=0o700)
    place = running.within(home)
    with ExitStack() as stack:
        databases = {
            alias: row if engine_of(row).name == "sqlite" else stack.enter_context(_made_database(alias, row)) for alias, row in place.databases.items()
        }
        yield Place(home, databases)


@contextmanager
def _made_database(alias: str, row: Any) -> Iterator[dict[str, Any]]:
    name = f"{row['NAME']}_drill"
    _ask(alias, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # what a killed drill left
    _ask(alias, f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING \'UTF8\'')
    try:
        _ask(alias, f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        yield {**row, "NAME": name}
    finally:
        _ask(alias, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _ask(alias: str, statement: str) -> None:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        role = settings.DATABASES[alias]["USER"]
        raise Halted(f"{statement}: {error}. A drill makes databases of its own: ALTER ROLE {role} CREATEDB, or drill on another machine.") from error
