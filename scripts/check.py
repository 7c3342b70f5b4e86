"""Run every check in turn; the suite comes last, so that its closing lines are pytest's own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = [
    ("lint", ["ruff", "check", "src", "tests", "scripts"]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports"]),
    ("system checks", ["python", "-m", "klash", "check"]),
    ("migrations", ["python", "-m", "klash", "makemigrations", "--check", "--dry-run"]),
]


def main() -> int:
    """Run the checks and the tests; return 0 if all passed."""
    failed = []
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "KLASH_HOME": home, "DJANGO_SETTINGS_MODULE": "klash.config.settings"}
        for name, (program, *rest) in CHECKS:
            print(f"== {name}", flush=True)
            if subprocess.run([BIN / program, *rest], cwd=ROOT, env=environment).returncode:
                failed.append(name)
        if failed:
            print(f"failed: {', '.join(failed)}", flush=True)
        tests = subprocess.run([BIN / "python", "-m", "pytest", "-n", "2", *sys.argv[1:]], cwd=ROOT, env=environment)
    return 1 if failed else tests.returncode


if __name__ == "__main__":
    sys.exit(main())
