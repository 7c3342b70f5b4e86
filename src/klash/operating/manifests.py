"""What a backup says of itself: `backup.json`, written last. A folder without it is no backup."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from klash.operating.errors import Halted
from klash.operating.vaults import Vault, Written

NAME, FORMAT = "backup.json", "klash-backup/1"
SAFE = re.compile(r"(databases|files|notes)/[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True)
class Log:
    """The head of one competition's log in one database."""

    competition: str
    length: int
    head: str


@dataclass(frozen=True)
class Database:
    """file: its name in the backup; migrations: those applied, as app.name; logs: sorted by competition."""

    engine: str
    file: str
    migrations: list[str]
    logs: list[Log]


@dataclass(frozen=True)
class Manifest:
    made_at: datetime
    databases: dict[str, Database]
    files: dict[str, Written]

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files.values())

    def write(self, vault: Vault) -> None:
        """Make the folder a backup."""
        vault.write(NAME, [json.dumps({"format": FORMAT, **asdict(self)}, indent=1, default=datetime.isoformat).encode()])

    @classmethod
    def read(cls, vault: Vault) -> "Manifest":
        """Return what the folder's backup holds. Raises Halted where there is none, or one that another version made."""
        if not vault.holds(NAME):
            raise Halted(f"{vault.folder} is no whole backup: {NAME}, which is written last, is not there.")
        try:
            found = json.loads(b"".join(vault.read(NAME)))
        except ValueError as error:
            raise Halted(f"{vault.folder / NAME} was changed: {error}") from error
        if found.get("format") != FORMAT:
            raise Halted(f"{vault.folder}: expected a backup of format {FORMAT}, found {found.get('format')}")
        if foreign := [name for name in found["files"] if not SAFE.fullmatch(name)]:
            raise Halted(f"{vault.folder}: the backup names {foreign[0]!r}, which no backup holds")
        files = {name: Written(**row) for name, row in found["files"].items()}
        return cls(datetime.fromisoformat(found["made_at"]), {alias: _database(row) for alias, row in found["databases"].items()}, files)


def _database(row: Mapping[str, Any]) -> Database:
    return Database(row["engine"], row["file"], row["migrations"], [Log(**log) for log in row["logs"]])
