"""Closing and submitting cannot interleave on SQLite. On PostgreSQL, where they could: tests/postgres/test_race.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5


def race(home, **variables):
    """Run the race in a process with databases of its own and return what it prints."""
    kept = {name: value for name, value in os.environ.items() if name not in ("KLASH_DATABASE", "KLASH_REVIEWING_DATABASE", "KLASH_DEMO")}
    env = {**kept, "DJANGO_SETTINGS_MODULE": "klash.config.settings", "KLASH_HOME": str(home), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", **variables}
    done = subprocess.run([sys.executable, "-m", "tests.proposals.race", str(ROUNDS)], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_closing_and_submitting_on_sqlite(tmp_path):
    """SQLite has one writer at a time, so the race is not there even without the row lock."""
    told = race(tmp_path)
    assert told == {
        "with_lock": 0, "without_lock": 0, "late_after_waiting": ROUNDS, "versions_of_one_key": [1] * ROUNDS,
        "vendor": "sqlite",
    }
