"""Run every check in turn: the suite on PostgreSQL, then all of it on SQLite, so that the closing lines are pytest's own.

Arguments go to pytest, which then runs once, on SQLite.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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
# Neither the law, the mathematics nor the tree know a database; the rest here starts processes and servers of its own. `tests/postgres` is
# part of the second run: there the whole rehearsal, the races and the walls meet PostgreSQL in either case.
NOT_ON_POSTGRESQL = ["rules", "algo", "architecture", "postgres", "browser", "blind", "access", "speed", "faults", "replay"]
PYTEST = ["python", "-m", "pytest", "-n", "2", "--dist", "loadgroup"]


def main() -> int:
    """Run the checks and the tests; return 0 if all passed."""
    failed = []
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "KLASH_HOME": home, "DJANGO_SETTINGS_MODULE": "klash.config.settings"}

        def run(program: str, *rest: str) -> int:
            return subprocess.run([BIN / program, *rest], cwd=ROOT, env=environment).returncode

        arguments = sys.argv[1:]
        for name, command in CHECKS + ([] if arguments else [("the suite on PostgreSQL", on_postgresql())]):
            print(f"== {name}", flush=True)
            if command and run(*command):
                failed.append(name)
        print("== the suite", flush=True)
        if failed:
            print(f"failed: {', '.join(failed)}", flush=True)
        tests = run(*PYTEST, *arguments)
    return 1 if failed else tests


def on_postgresql() -> list[str]:
    """Return the command; none, with a word, on a machine without PostgreSQL where KLASH_REQUIRE_POSTGRES does not ask for it."""
    try:
        postgres.find_programs()
    except postgres.NotFound as missing:
        if os.environ.get("KLASH_REQUIRE_POSTGRES"):
            raise
        print(f"left out: the suite on PostgreSQL. {missing}", flush=True)
        return []
    return ["python", "scripts/postgres.py", str(BIN / PYTEST[0]), *PYTEST[1:], *[f"--ignore=tests/{folder}" for folder in NOT_ON_POSTGRESQL]]


if __name__ == "__main__":
    sys.exit(main())
