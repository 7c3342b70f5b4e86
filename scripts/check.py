"""Run every check: what reads the code side by side, then the suite on PostgreSQL, then all of it on SQLite, so that the closing lines are pytest's own.

Arguments go to pytest, which then runs once, on SQLite.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = [
    ("lint", ["ruff", "check", "src", "tests", "scripts"]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports"]),
    ("system checks", ["python", "-m", "klash", "check"]),
    ("migrations", ["python", "-m", "klash", "makemigrations", "--check", "--dry-run"]),
]
# Neither the law, the mathematics nor the tree know a database, nor does what hostile words do on a page and hostile files behind the walls; the
# rest here starts processes and servers of its own, on files of its own. `tests/postgres` is part of the second run: there the whole rehearsal,
# the races, the kills and the walls meet PostgreSQL in either case.
NOT_ON_POSTGRESQL = [
    "rules", "algo", "architecture", "hostile", "postgres", "browser", "blind", "access", "speed", "faults", "replay", "operating", "sealing",
    "files/test_hostile.py", "files/test_intake.py",
]
PYTEST = ["python", "-m", "pytest", "-n", "2", "--dist", "loadgroup"]


def main() -> int:
    """Run the checks and the tests; return 0 if all passed."""
    failed = []
    with tempfile.TemporaryDirectory() as home:
        environment = environment_of(Path(home))

        def run(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
            return subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, env=environment, text=True, check=False, **more)

        with ThreadPoolExecutor(2) as pool:
            found = pool.map(lambda row: run(*row[1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT), CHECKS)
            for (name, _), done in zip(CHECKS, found, strict=True):
                print(f"== {name}\n{done.stdout}", end="", flush=True)
                failed += [name] if done.returncode else []
        arguments = sys.argv[1:]
        if not arguments:
            print("== the suite on PostgreSQL", flush=True)
            if (command := on_postgresql()) and run(*command).returncode:
                failed.append("the suite on PostgreSQL")
        print("== the suite", flush=True)
        if failed:
            print(f"failed: {', '.join(failed)}", flush=True)
        tests = run(*PYTEST, *arguments).returncode
    return 1 if failed else tests


def environment_of(home: Path) -> dict[str, str]:
    """Return the variables of every check.

    The tests start some eighty processes, and most of what one costs is compiling what it imports: it is kept, beside the environment and
    not in the tree, even where the machine is told to keep nothing.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"KLASH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "klash.config.settings", "PYTHONPYCACHEPREFIX": str(BIN.parent / "bytecode")}
    return {**kept, **own}


def on_postgresql() -> list[str]:
    """Return the command; none, with a word, on a machine without PostgreSQL where KLASH_REQUIRE_POSTGRES does not ask for it."""
    try:
        postgres.find_programs()
    except postgres.NotFound as missing:
        if os.environ.get("KLASH_REQUIRE_POSTGRES"):
            raise
        print(f"left out: the suite on PostgreSQL. {missing}", flush=True)
        return []
    return ["python", "scripts/postgres.py", str(BIN / PYTEST[0]), *PYTEST[1:], "-k", "not on_sqlite", *[f"--ignore=tests/{path}" for path in NOT_ON_POSTGRESQL]]


if __name__ == "__main__":
    sys.exit(main())
