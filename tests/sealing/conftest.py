"""An installation on disk in which this process works, in the middle of the proposals: what it commits stays in the test's own folder."""

import tempfile
from datetime import timedelta

import pytest

from klash.core import clock
from tests.migrated import copy
from tests.operating.conftest import working_in
from tests.proposals.race import make_stage_for


@pytest.fixture
def home(migrated, tmp_path, django_db_blocker, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    folder = copy(migrated, tmp_path / "home")
    with django_db_blocker.unblock(), working_in(folder):
        yield folder


@pytest.fixture
def stage(home):
    """One team with a complete draft; the deadline is in a day."""
    return make_stage_for("sealed", clock.now() + timedelta(days=1))
