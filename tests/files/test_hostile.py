"""Each hostile file ends as stored, refused by name or kept for a person, in time and under 1 GB, and never as an exception."""

import resource
import time

import pytest

from klash.files import intake, walls
from klash.files.intake import Outcome, examine
from klash.rules.reasons import Reason
from tests.files.hostile import HOSTILE

STORED = "stored"


@pytest.mark.parametrize("what", HOSTILE)
def test_bombs(what):
    make, name = HOSTILE[what]
    data = make()
    began = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    found = examine(data, name)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"FACT {what}: {found.state} {found.reason} {found.detail[:80]} wall {time.monotonic()-began[0]:.1f} cpu {after.ru_utime+after.ru_stime-began[1].ru_utime-began[1].ru_stime:.1f} rss {after.ru_maxrss//1000}")
