"""I1, I5, A11, A23: whenever a process dies while it takes something in, no receipt is lost or doubled and no version is without its parts.

KLASH_KILLS sets how many there are: few in a run of the suite, 200 when there is time for them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

ROOT, KILLS = Path(__file__).resolve().parents[2], int(os.environ.get("KLASH_KILLS", "16"))
FAULTS = {"parts_after_the_row": "has the parts []", "keys_that_are_not_unique": "sent again"}


def kill(home, kills, *faults):
    """Kill in a process that works in this home; return what it found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    env = {**kept, "KLASH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "klash.config.settings", "PYTHONPATH": str(ROOT)}
    connections.close_all()
    words = [sys.executable, "-m", "tests.sealing.kills", "sealed", str(kills), *faults]
    done = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100 + 10 * kills)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_kills_lose_and_double_no_receipt(stage, home):
    told = kill(home, KILLS)
    assert told["faults"] == []
    assert told["steps"] > 30 and told["at_steps"] + told["at_random"] == KILLS


@pytest.mark.parametrize("fault", FAULTS)
def test_seeded_faults_of_intake(stage, home, fault):
    told = kill(home, KILLS, fault)
    assert any(FAULTS[fault] in line for line in told["faults"]), told
