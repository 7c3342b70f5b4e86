"""Whether a problem may go before the panel: eligibility questions and what they lead to. Points are no part of it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from klash.rules.reasons import Reason


class Outcome(StrEnum):
    PASSED = "passed"
    NEEDS_MORE = "needs_more"
    NOT_ELIGIBLE = "not_eligible"


def why_not(outcome: str, questions: Iterable[str], answers: Mapping[str, bool], reason: str) -> Reason | None:
    """Return why a screening cannot end so, or None.

    questions: their codes. answers: code -> whether it holds; what is not answered has no key. What passes has every answer yes; whoever must
    add something, or is left out, is told why.
    """
    if outcome != Outcome.PASSED:
        return None if reason.strip() else Reason.NO_REASON_GIVEN
    return None if all(answers.get(code) for code in questions) else Reason.SCREENING_NOT_YES
