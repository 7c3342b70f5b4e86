"""What backup and restore ask of a database, for SQLite and for PostgreSQL. Nothing else here knows which of the two it is."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import quote, urlencode

from django.db import connections
from django.db.utils import load_backend

from klash.operating.errors import Halted

CHUNK_BYTES = 1 << 20
PROGRAMS_CURE = "On Debian: apt install postgresql-client. On macOS: brew install postgresql."


class Engine(Protocol):
    """name stands in the manifest; suffix is that of a backup's file."""

    name: str
    suffix: str

    def pause(self, using: str, tables: Iterable[str]) -> None:
        """Keep others from changing these tables until the connection closes. Raises OperationalError at once where one of them is writing."""

    def freeze(self, using: str) -> None:
        """Let the connection read this instant's rows from now on."""

    def dump(self, using: str, work: Path) -> Iterator[bytes]:
        """Yield the database as a frozen connection sees it; `work` has room for a copy."""

    def load(self, database: Mapping[str, Any], chunks: Iterable[bytes]) -> None:
        """Make an empty database what was dumped, whole or not at all."""

    def is_empty(self, database: Mapping[str, Any]) -> bool: ...

    def clear(self, database: Mapping[str, Any]) -> None:
        """Make empty what `load` filled."""


class Sqlite:
    name, suffix = "sqlite", "sqlite3"

    def pause(self, using: str, tables: Iterable[str]) -> None:
        _run(using, "PRAGMA busy_timeout = 300", "BEGIN IMMEDIATE")  # one writer a file, whatever the tables

    def freeze(self, using: str) -> None:
        # In WAL mode a reader keeps the state of its first read, and hinders no writer.
        _run(using, "BEGIN", "SELECT count(*) FROM sqlite_master")

    def dump(self, using: str, work: Path) -> Iterator[bytes]:
        copy = work / f"{using}.{self.suffix}"
        with closing(sqlite3.connect(copy)) as target:
            connections[using].connection.backup(target)
        with copy.open("rb") as file:
            yield from chunks_of(file)
        copy.unlink()

    def load(self, database: Mapping[str, Any], chunks: Iterable[bytes]) -> None:
        write_durably(Path(database["NAME"]), chunks)

    def is_empty(self, database: Mapping[str, Any]) -> bool:
        return not Path(database["NAME"]).exists()

    def clear(self, database: Mapping[str, Any]) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)


class Postgresql:
    name, suffix = "postgresql", "dump"

    def pause(self, using: str, tables: Iterable[str]) -> None:
        _run(using, "BEGIN", "SET LOCAL lock_timeout = '300ms'", f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")

    def freeze(self, using: str) -> None:
        _run(using, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT 1")

    def dump(self, using: str, work: Path) -> Iterator[bytes]:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        # Owners and rights are those of the database that it is restored into, as docs/operate/postgresql.md sets them.
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
        with _program("pg_dump", connections[using].settings_dict, options, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            yield from chunks_of(process.stdout)

    def load(self, database: Mapping[str, Any], chunks: Iterable[bytes]) -> None:
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--dbname"]
        with _program("pg_restore", database, options, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            try:
                process.stdin.writelines(chunks)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it ended early: its own words follow

    def is_empty(self, database: Mapping[str, Any]) -> bool:
        with opened(database, "operating.look") as using, connections[using].cursor() as cursor:
            return not connections[using].introspection.table_names(cursor)

    def clear(self, database: Mapping[str, Any]) -> None:
        # Called only for a database that was empty before: all that this role owns there was just restored.
        with opened(database, "operating.clear") as using:
            _run(using, "DROP OWNED BY CURRENT_USER CASCADE")


ENGINES: dict[str, Engine] = {engine.name: engine for engine in (Sqlite(), Postgresql())}


def engine_of(database: Mapping[str, Any]) -> Engine:
    """Return what knows this kind of database."""
    return ENGINES["sqlite" if database["ENGINE"].endswith("sqlite3") else "postgresql"]


def address_of(database: Mapping[str, Any]) -> str:
    """Return a PostgreSQL database's address, as KLASH_DATABASE takes it."""
    user, password, host = (quote(str(database[part]), safe="") for part in ("USER", "PASSWORD", "HOST"))
    options = f"?{urlencode(database['OPTIONS'])}" if database.get("OPTIONS") else ""
    return f"postgres://{user}:{password}@{host}:{database['PORT'] or 5432}/{quote(str(database['NAME']), safe='')}{options}"


@contextmanager
def opened(database: Mapping[str, Any], using: str) -> Iterator[str]:
    """Open a connection beside the process's own, under another alias; what it has not committed is undone at the end."""
    connections[using] = load_backend(database["ENGINE"]).DatabaseWrapper(dict(database), using)
    try:
        yield using
    finally:
        connections[using].close()
        del connections[using]


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes piece by piece."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def write_durably(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file, readable by its owner only, down to the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def find_program(name: str) -> str:
    """Return where one of PostgreSQL's programs lies: the machine's newest, else that of the package pgserver. Raises Halted."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if program := shutil.which(name):
        folders.append(Path(program).parent)
    if (package := find_spec("pgserver")) and package.origin:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    raise Halted(f"{name} was not found. {PROGRAMS_CURE}")


@contextmanager
def _program(
    name: str, database: Mapping[str, Any], options: list[str], *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's programs on a database; the block feeds it or reads it to its end. Raises Halted if it fails.

    The password goes by the environment: the command line is for every user of the machine to read.
    """
    backend = load_backend(database["ENGINE"])
    words, environment = backend.DatabaseWrapper.client_class.settings_to_cmd_args_env(database, options)
    with tempfile.TemporaryFile() as told:
        command, own = [find_program(name), *words[1:]], {**os.environ, **(environment or {})}
        process = subprocess.Popen(command, env=own, stdin=stdin, stdout=stdout, stderr=told)  # noqa: S603
        try:
            yield process
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        if code:
            told.seek(0)
            raise Halted(f"{name} failed: {told.read().decode(errors='replace').strip()}")


def _run(using: str, *statements: str) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
