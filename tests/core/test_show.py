from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.translation import override

from klash.core import clock, show
from klash.rules.words import Limits

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


@pytest.mark.parametrize(("language", "expected"), [("fi", "28 päivää</b> jäljellä"), ("sv", "28 dagar</b> kvar"), ("en", "28 days</b> left")])
def test_a_deadline_says_the_time_left_as_the_desk_does(language, expected):
    with override(language), clock.at(AT - timedelta(days=28)):
        shown = plain(render_to_string("components/_deadline.html", {"at": AT, "now": AT - timedelta(days=28)}))
    assert expected in shown


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


def test_money_with_cents_is_exact():
    assert plain(show.money(123_456_789_012_345_67)) == "123 456 789 012 345,67 €"
    assert plain(show.money(5, language="sv")) == "0,05 €"


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("fi", "29.11.2019", "29.11.2019 klo 16.00"), ("sv", "29.11.2019", "29.11.2019 kl. 16.00"), ("en", "29 November 2019", "29 November 2019 at 16:00")],
)
def test_days_and_moments_in_three_languages(language, day, moment):
    assert plain(show.day(AT, language)) == day
    assert plain(show.moment(AT, language)) == moment


def test_an_instant_before_midnight_in_utc_is_the_next_day_in_helsinki():
    assert show.day(datetime(2020, 1, 22, 22, 30, tzinfo=UTC)) == "23.1.2020"


def test_english_uses_a_decimal_point_and_whole_places_none():
    assert show.fraction(Fraction(79, 10), "en") == "7.9"
    assert show.fraction(Fraction(5, 2), places=0) == "3"


class Example(forms.Form):
    text = forms.CharField(label="Text", help_text="Help", widget=forms.Textarea)
    text.words = Limits(300)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Alone"), ("b", "Together")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")


def test_a_field_tells_its_help_fault_and_counter():
    with override("en"):
        html = Example({"text": ""})["text"].as_field_group()
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'data-counter="id_text_count"' in html
    assert 'data-hard="300"' in html and "300 words left." in html


def test_choices_wear_their_dress_and_keep_their_labels():
    html = Example()["kind"].as_field_group()
    assert html.count('class="hds-radio-button__input"') == 2
    assert '<label class="hds-radio-button__label" for="id_kind_1">Together</label>' in html


def test_a_single_checkbox_has_its_label_once():
    assert Example()["agreed"].as_field_group().count("Agreed") == 1


def test_the_summary_of_faults_links_to_the_fields():
    html = render_to_string("forms/errors.html", {"form": Example({})})
    assert 'href="#id_text"' in html
    assert 'href="#id_kind_0"' in html


def test_the_spread_of_points_has_its_table_beside():
    rows = [{"label": "K7-MESI", "points": [Fraction(8), Fraction(15, 2)], "mean": Fraction(31, 4)}]
    with override("fi"):
        html = Template('{% dots rows 0 10 "Spread" %}').render(Context({"rows": rows}))
    assert html.count("<circle") == 2
    assert '<td class="n">7,75</td><td>7,5; 8,0</td>' in html


def test_an_interval_lies_on_its_scale_under_its_name():
    row = SimpleNamespace(name="K7-MESI", low=Fraction(5), value=Fraction(15, 2), high=Fraction(10))
    with override("fi"):
        html = Template('{% intervals rows 0 10 "Intervals" "Caption" %}').render(Context({"rows": [row]}))
    assert '<text class="name" x="0" y="16">K7-MESI</text><path class="span" d="M225.0 32H436.0"/><circle cx="330.5" cy="32" r="4.5"/>' in html


@pytest.mark.parametrize(("text", "expected"), [
    ("Ratkaisuehdotukset", "Ratkai-sueh-do-tukset"), ("Lösningsförslag", "Lösnings-förslag"), ("Tiimihaku", "Tiimihaku"),
    ("klo 16.00, 29.11.2019", "klo 16.00, 29.11.2019"),
])
def test_long_words_break_at_syllables(text, expected):
    assert show.breakable(text).replace("\u00ad", "-") == expected
