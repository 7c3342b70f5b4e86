"""What a screening may end with."""

import pytest

from klash.rules.reasons import Reason
from klash.rules.screening import Outcome, why_not

QUESTIONS = ("a", "b")


@pytest.mark.parametrize(("outcome", "answers", "reason", "expected"), [
    (Outcome.PASSED, {"a": True, "b": True}, "", None),
    (Outcome.PASSED, {"a": True, "b": False}, "", Reason.SCREENING_NOT_YES),
    (Outcome.PASSED, {"a": True}, "", Reason.SCREENING_NOT_YES),
    (Outcome.NEEDS_MORE, {}, " ", Reason.NO_REASON_GIVEN),
    (Outcome.NEEDS_MORE, {}, "Puuttuu tieto.", None),
    (Outcome.NOT_ELIGIBLE, {"a": False}, "", Reason.NO_REASON_GIVEN),
    (Outcome.NOT_ELIGIBLE, {"a": True, "b": True}, "Ei kunnan.", None),
])
def test_a_screening_passes_with_yes_alone_and_refuses_with_a_reason(outcome, answers, reason, expected):
    assert why_not(outcome, QUESTIONS, answers, reason) == expected


def test_without_questions_everything_may_pass():
    assert why_not(Outcome.PASSED, (), {}, "") is None
