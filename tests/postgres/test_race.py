"""Closing and submitting cannot interleave; the control shows what happens without the lock."""

import pytest

from tests.proposals import race

pytestmark = pytest.mark.usefixtures("postgres")
ROUNDS = 5


def test_no_accepted_proposal_is_left_out_of_the_opened_set():
    assert [race.close_while_submitting(number) for number in range(ROUNDS)] == [False] * ROUNDS


def test_without_the_lock_accepted_proposals_are_left_out():
    with race.without_the_lock():
        assert [race.close_while_submitting(number) for number in range(100, 100 + ROUNDS)] == [True] * ROUNDS


def test_a_submission_that_waited_is_judged_by_the_time_after_the_wait():
    assert [race.submit_while_closing(number) for number in range(200, 220)] == [True] * 20


def test_with_the_clock_of_the_transaction_it_would_count_as_in_time():
    assert [race.submit_while_closing(number, reads_clock_first=True) for number in range(300, 305)] == [False] * 5
