"""The scan as a whole: places, order, others' names, ordinary texts, hostile ones."""

import csv
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import klash.accounts
from klash.algo.leaks import Finding, Kind, Layer, OwnNames, around, replace, scan
from klash.algo.leaks.findings import resolve
from klash.algo.leaks.fold import fold
from tests.algo.leaks.forms import running

TEAM = OwnNames(people=("Matti Virtanen", "Pekka Niemi", "Aaaaaaaa Aaaab"), organisations=("KaikkiKyytiin Oy",), domains=("kaikkikyytiin.fi",))
REGISTER = Path(klash.accounts.__file__).parent / "data" / "municipalities.csv"
WORD = st.sampled_from(["Matti", "Virtasen", "@", "a", "kaikkikyytiin", ".fi", " ", "\n", "(at)", "040 1234567", "Oy", "M.", "ä", "I", "1", "-", "\u0301"])


def municipalities():
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return frozenset(row[name] for row in csv.DictReader(file) for name in ("name_fi", "name_sv", "region_fi", "region_sv"))


def found(text, language="fi", own=TEAM, allow=frozenset()):
    return scan(text, language=language, own=own, allow=allow)


def well_placed(text, findings):
    inside = all(0 <= one.start < one.end <= len(text) and 0 < one.p <= 1 and one.suggestion for one in findings)
    return inside and all(one.end <= following.start for one, following in pairwise(findings))


@given(st.text(max_size=200) | st.lists(WORD, max_size=40).map("".join), st.sampled_from(["fi", "sv", "en"]))
def test_scan_of_any_text_is_well_placed_and_can_be_replaced(text, language):
    findings = found(text, language)
    assert well_placed(text, findings)
    cleaned = replace(text, findings)
    assert all(text[: findings[0].start] == cleaned[: findings[0].start] for _ in findings[:1])


@given(st.text(max_size=100))
def test_every_letter_of_a_folded_text_has_its_place(text):
    folded = fold(text)
    assert len(folded.letters) == len(folded.at) == len(folded.before) - 1
    assert folded.at == sorted(folded.at) and all(0 <= place < len(text) for place in folded.at)


def test_places_are_code_points():
    text = "😀😀 \U0001d4e5irtanen é Virtanen"
    assert [text[one.start : one.end] for one in found(text)] == ["\U0001d4e5irtanen", "Virtanen"]


def test_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fi, sv, en"):
        found("", "de")


def test_overlapping_findings_become_one_called_after_the_strongest():
    guess = Finding(0, 20, Kind.PERSON, Layer.GUESS, 0.9, "[henkilö]")
    own = Finding(6, 14, Kind.PERSON, Layer.OWN, 0.6, "[jäsen 1]")
    address = Finding(18, 40, Kind.EMAIL, Layer.PATTERN, 0.5, "[sähköpostiosoite]")
    apart = Finding(40, 41, Kind.URL, Layer.PATTERN, 0.5, "[verkko-osoite]")
    assert resolve([apart, own, guess]) == [Finding(0, 20, Kind.PERSON, Layer.OWN, 0.9, "[jäsen 1]"), apart]
    assert resolve([own, guess, address, apart]) == [Finding(0, 40, Kind.EMAIL, Layer.PATTERN, 0.9, "[sähköpostiosoite]"), apart]


def test_findings_are_replaced_by_neutral_words():
    text = "Matti Virtasen (matti@kaikkikyytiin.fi) KaikkiKyytiin Oy"
    assert replace(text, found(text)) == "[jäsen 1] ([sähköpostiosoite]) [organisaatio 1]"


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fi", "Työtä johti Liisa Korhonen itse.", "Liisa Korhonen"), ("fi", "Idean antoi Korhonen itse.", "Korhonen"), ("fi", "Kysyimme Liisalta neuvoa.", "Liisalta"),
        ("fi", "Liisa Korhosen idea.", "Liisa Korhosen"), ("fi", "Apuna oli toimitusjohtaja Zyx kesällä.", "Zyx"), ("fi", "Teki A. Korhonen.", "A. Korhonen"),
        ("fi", "Mukana on Lähitieto Oy ja muita.", "Lähitieto Oy"), ("sv", "Det gjorde Gunilla af Björk själv.", "Gunilla af Björk"),
        ("sv", "Tack till Lindström för hjälpen.", "Lindström"), ("sv", "Vi och Byhjälpen Ab gör det.", "Byhjälpen Ab"), ("en", "We asked Dr Xyzzy about it.", "Xyzzy"),
        ("en", "It was made by James Whitfield alone.", "James Whitfield"), ("en", "Our partner Rideshare Ltd drives.", "Rideshare Ltd"),
        ("fi", "Palvelu on nimeltään RideNow tänään.", "RideNow"),
    ],
)  # fmt: skip
def test_others_names_are_guessed(language, text, name):
    findings = found(text, language)
    assert [text[one.start : one.end] for one in findings] == [name] and findings[0].layer == Layer.GUESS


@pytest.mark.parametrize(
    "text", ["Anna sitten.", "Lisäksi Joensuussa ja Pohjois-Karjalassa EU:n", "1. Ensimmäinen", "– Toinen", "”Kolmas”", "Toivo ei kuole.", "Suomessa"]
)
def test_ordinary_capitals_are_left(text):
    assert found(text, own=OwnNames(), allow=municipalities()) == []


def test_allowed_words_are_allowed_in_every_form():
    text = "Se on Joensuussa, Joensuun ja Joensuuhun."
    assert len(found(text)) == 3 and found(text, allow=frozenset({"Joensuu"})) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_false_alarms_in_ordinary_text(language):
    text = running(language)
    alarms = found(text, language, OwnNames(people=("Matti Virta", "Liisa Mäkelä"), brands=("KaikkiKyytiin",)), municipalities())
    assert 1000 * len(alarms) <= 40 * len(text.split())


def test_ten_thousand_words_a_second():
    text = running("fi") * 30
    found("", allow=municipalities())
    begun = time.process_time()
    found(text, allow=municipalities())
    assert time.process_time() - begun < len(text.split()) / 10_000


@pytest.mark.parametrize(
    "unit", ["a", "A", " ", "a ", "a.", "a@", "a(dot)", "(at)", "1", "0 ", "1-", "-", "a\u0301", "www.", "Aa ", "v i r t a n e n ", "Katu", "I1l!", "M.", "a:n"]
)
def test_time_is_linear_in_hostile_text(unit):
    long = unit * (30_000 // len(unit))
    found("")
    begun = time.process_time()
    assert well_placed(long, found(long))
    assert time.process_time() - begun < 20  # a quadratic search takes minutes


def test_a_million_of_one_letter():
    assert found("b" * 1_000_000) == []


def test_what_stands_around_a_finding_tells_where_it_was_cut():
    text = f"{'a ' * 40}kysy: matti@example.org."
    (found,) = scan(text, language="fi", own=OwnNames(), allow=frozenset())
    before, after = around(text, found)
    assert (len(before), before[0], before[-6:], after) == (61, "…", "kysy: ", ".")
