"""Databases, gunicorn and what they cost: everything that a run starts and stops."""

import http.client
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from scripts.postgres import find_programs

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WORKERS, PATIENCE_S = 2, 60


def free_port() -> int:
    """Return a port that nobody listens at: a second run on the machine must not ask the servers of the first."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def postgresql(home: Path) -> Iterator[tuple[str, int]]:
    """Start a PostgreSQL as it comes, durable; yield the address without a database's name and the server's process. What lies there stays."""
    programs, port = find_programs(), free_port()
    owner = None if os.geteuid() else next(name for name in ("postgres", "nobody") if name in {row.pw_name for row in pwd.getpwall()})

    def run(*command: str) -> None:
        subprocess.run(command, cwd=home, user=owner, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)

    if not (home / "data").exists():
        home.mkdir(parents=True, exist_ok=True)
        if owner:
            shutil.chown(home, owner)
        run(str(programs / "initdb"), "-D", str(home / "data"), "-U", "bench", "-E", "UTF8", "--locale=C", "--auth=trust")
        with (home / "data" / "postgresql.auto.conf").open("a") as file:
            file.write("listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
    run(str(programs / "pg_ctl"), "-D", str(home / "data"), "-w", "-l", str(home / "log"), "-o", f"-p {port}", "start")
    try:
        yield f"postgres://bench@127.0.0.1:{port}", int((home / "data" / "postmaster.pid").read_text().split()[0])
    finally:
        run(str(programs / "pg_ctl"), "-D", str(home / "data"), "-w", "-m", "fast", "stop")


def make_databases(address: str, names: Sequence[str]) -> None:
    """Make the databases that are not there yet."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for name in set(names) - known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def settle(address: str, names: Sequence[str]) -> None:
    """Do at once what autovacuum would do within minutes of the filling."""
    for name in names:
        with psycopg.connect(f"{address}/{name}", autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def children(process: int) -> list[int]:
    """Return the processes that this one has started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _on_core_ns(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
    except FileNotFoundError:  # a worker of the database's own that has just ended
        return 0


@dataclass
class Server:
    """One gunicorn. costs: the processes whose time is the request's, its workers and the database's sessions."""

    port: int
    process: int
    database: int | None

    def on_core_ns(self) -> dict[int, int]:
        """Return what each of the processes has spent on a core."""
        return {process: _on_core_ns(process) for parent in (self.process, self.database) if parent for process in children(parent)}

    def cpu_ms(self, before: dict[int, int]) -> float:
        """Return the milliseconds on the cores since then."""
        return sum(max(spent - before.get(process, 0), 0) for process, spent in self.on_core_ns().items()) / 1e6


@contextmanager
def serve(application: str, environment: dict[str, str], database: int | None = None) -> Iterator[Server]:
    """Serve an application as the demo does, with two workers; stop it at the end."""
    port = free_port()
    command = [BIN / "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait(lambda: _answers(port))
        _wait(lambda: len(children(process.pid)) == WORKERS)
        yield Server(port, process.pid, database)
    finally:
        process.terminate()
        process.wait()


def _wait(is_ready: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_ready():
        if time.monotonic() > until:
            raise TimeoutError("the server did not start")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/no-such-page/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
