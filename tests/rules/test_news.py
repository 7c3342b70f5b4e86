"""When followers' mails go out: seven in the morning in Helsinki, the days on which the clocks change included."""

from datetime import UTC, datetime, timedelta

import pytest

from klash.rules.news import digest_before

MS = timedelta(milliseconds=1)


@pytest.mark.parametrize("seven", [
    datetime(2019, 10, 26, 4, tzinfo=UTC), datetime(2019, 10, 27, 5, tzinfo=UTC), datetime(2020, 3, 28, 5, tzinfo=UTC), datetime(2020, 3, 29, 4, tzinfo=UTC),
])
def test_the_round_is_the_one_before(seven):
    assert digest_before(seven) == seven
    assert digest_before(seven + timedelta(hours=22)) == seven
    assert digest_before(seven - MS) < seven
    assert timedelta(hours=22) < seven - digest_before(seven - MS) < timedelta(hours=26)
