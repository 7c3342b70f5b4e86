"""A16, I30: an hour that comes twice or never is refused, and a deadline that is shown and typed again is the same instant."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils import timezone, translation

from klash.core import show
from klash.core.forms import moment_field
from klash.desk.forms import _moment as moment_of_a_round

TWICE, NEVER = "2026-10-25T03:{:02}", "2027-03-28T03:{:02}"
FIELDS = {"a deadline": moment_field, "a round": moment_of_a_round}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("hour", [TWICE, NEVER])
def test_dst_edges(field, hour):
    clean = FIELDS[field]("Until").clean
    for minute in range(60):
        with pytest.raises(forms.ValidationError):
            clean(hour.format(minute))
    day = datetime.fromisoformat(hour.format(0))
    # One minute before and the first one after are instants like any other.
    assert clean((day - timedelta(minutes=1)).isoformat()).astimezone(UTC) < clean((day + timedelta(hours=1)).isoformat()).astimezone(UTC)


def test_seeded_fault_what_the_language_takes_silently():
    """Python itself makes an instant of both: the first of two, and one that no clock in Finland ever shows."""
    twice, never = (datetime.fromisoformat(hour.format(30)).replace(tzinfo=show.ZONE) for hour in (TWICE, NEVER))
    assert twice.astimezone(UTC) != twice.replace(fold=1).astimezone(UTC)
    assert never.astimezone(UTC).astimezone(show.ZONE).hour == 4


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_a_form_shows_and_gets_back_is_the_same_instant_in_each_hour_of_24_months(language):
    begin, wrong = datetime(2026, 1, 1, tzinfo=UTC), []
    with translation.override(language):
        field = moment_field("Until")
        for hour in range(24 * 730):
            instant = begin + timedelta(hours=hour, minutes=hour % 60)
            shown = field.widget.format_value(field.prepare_value(instant))
            try:
                if field.clean(shown) != instant:
                    wrong.append(instant)
            except forms.ValidationError:
                if not timezone._datetime_ambiguous_or_imaginary(timezone.make_naive(instant, show.ZONE), show.ZONE):
                    wrong.append(instant)
    assert wrong == []
