"""A private PostgreSQL for the tests: two databases, two login roles, neither of which may open the other's database.

`python scripts/postgres.py COMMAND ...` runs a command with KLASH_DATABASE and KLASH_REVIEWING_DATABASE set, then stops and removes
the server; without a command it runs pytest. The tests import `cluster`.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "operate" / "postgresql.md"
DATABASES = {"KLASH_DATABASE": "klash", "KLASH_REVIEWING_DATABASE": "klash_reviewing"}
CURE = "PostgreSQL was not found. On Debian: apt install postgresql. On macOS: brew install postgresql."
# The server lives for one run: what a power cut would lose is not looked for here.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200", "autovacuum": "off"}


class NotFound(RuntimeError):
    """There is no PostgreSQL on this machine."""


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """Start a server; yield the variables that name its two databases. Raises NotFound."""
    programs, port = find_programs(), _free_port()
    home = Path(tempfile.mkdtemp(prefix="klash-postgres-"))
    owner = _owner()
    if owner:
        shutil.chown(home, owner)

    def run(*command: str) -> None:
        done = subprocess.run(command, cwd=home, user=owner, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")

    control = (str(programs / "pg_ctl"), "-D", str(home / "data"), "-w")
    try:
        # Only the owner's socket is trusted; over TCP every role needs its password, as in an installation.
        run(str(programs / "initdb"), "-D", str(home / "data"), "-U", "owner", "-E", "UTF8", "--locale=C", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256")
        _configure(home, port)
        run(*control, "-l", str(home / "log"), "start")
        try:
            yield _make_databases(home, port)
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def find_programs() -> Path:
    """Return the folder of initdb and pg_ctl: the machine's newest, else that of the package pgserver. Raises NotFound."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if config := shutil.which("pg_config"):
        found.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()))
    if program := shutil.which("initdb"):
        found.append(Path(program).resolve().parent)
    if (package := find_spec("pgserver")) and package.origin:
        found.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in found:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NotFound(CURE)


def _owner() -> str | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid():
        return None
    return next(name for name in ("postgres", "nobody") if name in {row.pw_name for row in pwd.getpwall()})


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _configure(home: Path, port: int) -> None:
    settings = {"listen_addresses": "'127.0.0.1'", "port": str(port), "unix_socket_directories": f"'{home}'", **QUICK}
    with (home / "data" / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())


def _make_databases(home: Path, port: int) -> dict[str, str]:
    """Run the statements that docs/operate/postgresql.md gives an operator; return the address of each database by its variable."""
    import psycopg  # a machine that runs no tests on PostgreSQL needs no driver

    once, in_each = re.findall(r"^```sql\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    with psycopg.connect(host=str(home), port=port, user="owner", dbname="postgres", autocommit=True) as connection:
        for statement in once.strip().rstrip(";").split(";\n"):
            connection.execute(statement)
        for name in DATABASES.values():
            connection.execute(f"ALTER ROLE {name} CREATEDB")  # pytest makes its test databases
    for name in DATABASES.values():
        with psycopg.connect(host=str(home), port=port, user="owner", dbname=name, autocommit=True) as connection:
            connection.execute(in_each)
    passwords = dict(re.findall(r"CREATE ROLE (\w+) LOGIN PASSWORD '(\S+)'", once))
    return {variable: f"postgres://{name}:{passwords[name]}@127.0.0.1:{port}/{name}" for variable, name in DATABASES.items()}


def main(command: Sequence[str]) -> int:
    """Run the command, pytest if there is none, on a private server; return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else a run that is stopped would leave its server behind
    with cluster() as addresses:
        return subprocess.run(list(command) or [sys.executable, "-m", "pytest"], cwd=ROOT, env={**os.environ, **addresses}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
