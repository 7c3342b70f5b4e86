"""A backup is of one moment, whatever others do meanwhile; the seeded faults show what would be lost otherwise."""

import pytest

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def meanwhile(home):
    from tests.operating import meanwhile  # its imports set Django up, which conftest has done by now

    return meanwhile


def test_every_row_finds_its_file(meanwhile, tmp_path):
    assert meanwhile.lost_files("moment-x01", tmp_path / "held") == 0


def test_files_copied_before_the_databases_would_miss_what_came_between(meanwhile, tmp_path):
    assert meanwhile.lost_files("moment-x02", tmp_path / "held", is_paused=False, files_first=True) == 3


def test_files_copied_after_the_databases_would_miss_what_was_discarded_between(meanwhile, tmp_path):
    assert meanwhile.lost_files("moment-x03", tmp_path / "held", is_paused=False) == 4


def test_both_databases_are_of_one_moment(meanwhile, tmp_path):
    assert meanwhile.widest_gap(tmp_path) <= 1


def test_one_after_the_other_they_would_be_of_two(meanwhile, tmp_path):
    assert meanwhile.widest_gap(tmp_path, is_paused=False) > 1
