"""The municipality register and the map that ship with the product."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "src" / "klash" / "accounts" / "data"
TODAY = "2026-06-01"
ALAND = "21"


@pytest.fixture(scope="module")
def register():
    with (DATA / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def finland():
    return json.loads((DATA / "finland.json").read_text(encoding="utf-8"))


def valid(register, day):
    return [row for row in register if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2019-06-01", 311),
        ("2019-12-31", 311),
        ("2020-01-01", 310),
        ("2021-01-01", 309),
        ("2024-12-31", 309),
        (TODAY, 308),
    ],
)
def test_as_many_municipalities_as_there_were(register, day, count):
    assert len(valid(register, day)) == count


def test_a_code_names_one_municipality_at_a_time(register):
    for day in ("2018-01-01", "2019-06-01", "2020-06-01", "2021-06-01", TODAY):
        assert max(Counter(row["code"] for row in valid(register, day)).values()) == 1


def test_codes_have_three_digits(register):
    assert all(len(row["code"]) == 3 and row["code"].isdigit() for row in register)


def test_who_ended_has_a_successor_that_is_still_there(register):
    today = {row["code"] for row in valid(register, TODAY)}
    ended = {row["code"]: row["successor_code"] for row in register if row["valid_to"]}
    assert ended == {"911": "541", "099": "214", "588": "507"}
    assert set(ended.values()) <= today
    assert not any(row["successor_code"] for row in register if not row["valid_to"])


@pytest.mark.parametrize(
    ("code", "name_fi", "name_sv"),
    [
        ("092", "Vantaa", "Vanda"),
        ("165", "Janakkala", "Janakkala"),
        ("167", "Joensuu", "Joensuu"),
        ("478", "Maarianhamina", "Mariehamn"),
    ],
)
def test_known_municipalities(register, code, name_fi, name_sv):
    assert [(row["name_fi"], row["name_sv"]) for row in register if row["code"] == code] == [(name_fi, name_sv)]


def test_nineteen_regions_each_under_one_name(register):
    assert len({(row["region_code"], row["region_fi"], row["region_sv"]) for row in register}) == 19
    assert len({row["region_code"] for row in register}) == 19


def test_languages_as_the_decree_counts_them(register):
    assert Counter(row["languages"] for row in valid(register, TODAY)) == {
        "fi": 259,
        "fi+sv": 18,
        "sv+fi": 15,
        "sv": 16,
    }


def test_aland_is_swedish(register):
    assert [row["languages"] for row in register if row["region_code"] == ALAND] == ["sv"] * 16


def test_size_classes_follow_the_population(register):
    limits = {"under_5000": 0, "5000_19999": 5000, "20000_49999": 20000, "50000_99999": 50000, "100000_or_more": 100000}
    for row in register:
        population = int(row["population"])
        assert population > 0, row["name_fi"]
        assert row["grouping"] == max((limit, name) for name, limit in limits.items() if limit <= population)[1]


def test_points_lie_on_the_drawing(register, finland):
    left, top, width, height = map(float, finland["viewbox"].split())
    assert (left, top, height) == (0, 0, 604)
    for row in register:
        assert 0 < float(row["x"]) < width and 0 < float(row["y"]) < height, row["name_fi"]
    assert len({(row["x"], row["y"]) for row in register}) == len(register)


def test_the_outline_is_small_and_closed(finland):
    assert (DATA / "finland.json").stat().st_size <= 9000
    assert finland["path"].startswith("M") and finland["path"].endswith("Z")
    assert finland["path"].count("M") == finland["path"].count("Z")
