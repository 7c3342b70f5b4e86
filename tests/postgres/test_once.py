"""Fifty posts with one key make one thing and get one reply; without the constraint they make fifty."""

import pytest

from klash.core.models import Sent
from tests.core.once_race import MANY, outcome
from tests.postgres.test_at_once import without_constraints

pytestmark = pytest.mark.usefixtures("postgres")


def test_fifty_posts_with_one_key_make_one_thing_and_get_one_reply():
    assert outcome() == {"replies": 1, "statuses": ["302"], "made": 1, "kept": 1}


def test_without_the_constraint_each_makes_its_own():
    with without_constraints("default", one_reply_a_key="core_sent"):
        found = outcome()
        Sent.objects.all().delete()
    assert found["made"] == MANY
