"""Kills of a process that takes something in, on PostgreSQL; `tests/sealing/test_kills.py` has the seeded faults."""

import json
from datetime import timedelta

import pytest

from klash.core import clock
from tests.proposals.race import make_stage_for
from tests.sealing.test_kills import KILLS

pytestmark = pytest.mark.usefixtures("postgres")


def test_kills_lose_and_double_no_receipt(run, settings, tmp_path):
    settings.KLASH_HOME, settings.KLASH_KEYS = tmp_path, tmp_path / "keys"
    make_stage_for("kills", clock.now() + timedelta(days=1))
    done = run("-m", "tests.sealing.kills", "kills", str(KILLS))
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["faults"] == [] and told["steps"] > 30 and told["at_steps"] + told["at_random"] == KILLS
