from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from klash.core import show

AT = datetime(2019, 11, 29, 14, 0, tzinfo=UTC)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "pe 29.11.2019 klo 16.00"), ("sv", "fr 29.11.2019 kl. 16.00"), ("en", "Fri 29 November 2019 at 16:00")],
)
def test_a_deadline_has_weekday_and_helsinki_time(language, expected):
    assert plain(show.deadline(AT, language)) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=44), "44 päivää"),
        (timedelta(days=1, hours=1), "1 päivä 1 tunti"),
        (timedelta(hours=3, minutes=20), "3 tuntia 20 minuuttia"),
        (timedelta(seconds=59), "alle minuutti"),
        (timedelta(0), "alle minuutti"),
        (timedelta(milliseconds=-1), "määräaika on päättynyt"),
    ],
)
def test_time_left_is_said_in_words(before, expected):
    assert plain(show.left(AT - before, AT)) == expected


def test_ranges_use_an_en_dash():
    assert show.day_range(date(2019, 9, 24), date(2019, 10, 22)) == "24.9.–22.10.2019"
    assert show.day_range(date(2018, 12, 1), date(2019, 4, 11)) == "1.12.2018–11.4.2019"


def test_money_and_numbers():
    assert plain(show.money(100_000_000)) == "1 000 000 €"
    assert plain(show.money(100_000_000, language="en")) == "€1,000,000"
    assert plain(show.number(16500, "sv")) == "16 500"


@pytest.mark.parametrize(
    ("value", "expected"), [(Fraction(79, 10), "7,9"), (Fraction(1, 20), "0,1"), (Fraction(2, 3), "0,7"), (Fraction(7), "7,0")]
)
def test_fractions_round_half_up(value, expected):
    assert show.fraction(value) == expected


def test_texts_fall_back_to_finnish_first():
    assert show.pick({"fi": "kunta", "sv": "kommun"}, "sv") == "kommun"
    assert show.pick({"fi": "kunta"}, "en") == "kunta"
    assert show.pick({}, "en") == ""


def test_prose_keeps_no_markup_of_others():
    html = show.prose('<script>alert(1)</script> **tärkeä** [linkki](javascript:alert(1)) ![kuva](https://x.invalid/a.png)')
    assert "<script" not in html
    assert "javascript:" not in html.replace("[linkki](javascript:alert(1))", "")
    assert "<img" not in html
    assert "<strong>tärkeä</strong>" in html
