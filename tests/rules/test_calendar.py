from datetime import UTC, datetime, timedelta

import pytest

from klash.rules.calendar import bands_fault, faults, reminder_due
from klash.rules.reasons import Reason

START = datetime(2026, 1, 1, tzinfo=UTC)


def span(first, last):
    return START + timedelta(days=first), START + timedelta(days=last)


@pytest.mark.parametrize(("spans", "found"), [
    ({"problem_call": span(0, 10), "problem_selection": span(10, 20)}, {}),
    ({"problem_call": span(0, 10), "problem_selection": span(9, 20)}, {"problem_selection": Reason.INPUT_STILL_OPEN}),
    ({"team_call": span(0, 10), "team_selection": span(9, 20)}, {"team_selection": Reason.INPUT_STILL_OPEN}),
    ({"proposals": span(0, 10), "judging": span(9, 20)}, {"judging": Reason.INPUT_STILL_OPEN}),
    ({"mentoring": span(0, 10), "proposals": span(5, 20)}, {}),
    ({"mentoring": span(5, 10), "proposals": span(4, 20)}, {"proposals": Reason.OUT_OF_ORDER}),
    ({"mentoring": span(5, 5)}, {"mentoring": Reason.CLOSES_TOO_EARLY}),
    ({"judging": span(0, 5)}, {}),
    ({}, {}),
])
def test_faults_of_a_calendar(spans, found):
    assert faults(spans) == found


@pytest.mark.parametrize(("bands", "fault"), [
    ([(0, 3), (4, 10)], None), ([(4, 10), (0, 3)], None), ([(0, 10)], None), ([], Reason.BANDS_UNEVEN), ([(0, 3), (5, 10)], Reason.BANDS_UNEVEN),
    ([(0, 4), (4, 10)], Reason.BANDS_UNEVEN), ([(0, 9)], Reason.BANDS_UNEVEN), ([(0, 11)], Reason.BANDS_UNEVEN), ([(1, 10)], Reason.BANDS_UNEVEN),
    ([(3, 0), (4, 10)], Reason.BANDS_UNEVEN),
])
def test_bands_cover_the_scale_once(bands, fault):
    assert bands_fault(bands, 0, 10) is fault


SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(("left", "hours"), [
    (24 * HOUR + SECOND, None), (24 * HOUR, 24), (24 * HOUR - SECOND, 24), (2 * HOUR + SECOND, 24), (2 * HOUR, 2), (SECOND, 2), (0 * HOUR, None), (-SECOND, None),
])
def test_the_reminder_that_is_due(left, hours):
    closes_at = datetime(2027, 3, 29, 13, 0, tzinfo=UTC)
    assert reminder_due(closes_at, closes_at - left) == hours
