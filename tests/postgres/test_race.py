"""Closing and submitting cannot interleave; the control shows what happens without the lock."""

import pytest

from tests.proposals import race

pytestmark = pytest.mark.usefixtures("postgres")
ROUNDS = 5


@pytest.fixture
def home(settings, tmp_path):
    """What 64 teams submit lies in the test's own folder."""
    settings.KLASH_HOME, settings.KLASH_KEYS = tmp_path, tmp_path / "keys"


def test_no_accepted_proposal_is_left_out_of_the_opened_set():
    assert [race.close_while_submitting(number) for number in range(ROUNDS)] == [False] * ROUNDS


def test_without_the_lock_accepted_proposals_are_left_out():
    with race.without_the_lock():
        assert [race.close_while_submitting(number, patience=10) for number in range(100, 100 + ROUNDS)] == [True] * ROUNDS


def test_a_submission_that_waited_is_judged_by_the_time_after_the_wait():
    assert [race.submit_while_closing(number) for number in range(200, 220)] == [True] * 20


def test_with_the_clock_of_the_transaction_it_would_count_as_in_time():
    assert [race.submit_while_closing(number, reads_clock_first=True) for number in range(300, 305)] == [False] * 5


def test_what_64_teams_got_receipts_for_in_the_last_second_is_what_is_opened(home):
    for number, seconds in enumerate((1, 2, 4, 8), 400):  # on a busy machine nobody may get through in one
        accepted, receipts, fixed, (in_time, late) = race.last_second(number, seconds=seconds)
        assert accepted == receipts == fixed and in_time + late == 64
        if in_time:
            return
    raise AssertionError("nobody got through in time")


def test_without_the_lock_the_last_second_is_not_what_is_opened(home, monkeypatch):
    """Commits are slow, as on a busy disk: whoever read the clock in time is fixed only if the closing waits for it."""
    real = race.letters.send_receipt
    monkeypatch.setattr(race.letters, "send_receipt", lambda version: (real(version), race.threading.Event().wait(0.05)))
    with race.without_the_lock():
        accepted, receipts, fixed, _ = race.last_second(410, is_asked=True, seconds=2)
    assert accepted == receipts and set(fixed) < set(accepted)


def test_with_the_lock_slow_commits_change_nothing(home, monkeypatch):
    real = race.letters.send_receipt
    monkeypatch.setattr(race.letters, "send_receipt", lambda version: (real(version), race.threading.Event().wait(0.05)))
    accepted, receipts, fixed, _ = race.last_second(411, is_asked=True, seconds=2)
    assert accepted == receipts == fixed != []
