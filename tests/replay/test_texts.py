"""The invented texts, and what is drawn from them and when."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from klash.accounts.models import Municipality
from klash.algo.language import language_of_text
from klash.competitions.usual_forms import CODES
from klash.core.show import ZONE
from klash.replay.calendar import MORNING, NIGHT, spread
from klash.replay.invent import invent
from klash.replay.material import Material, level_of, texts

PROBLEMS = texts("problems")["problems"]
EVENING = datetime(2018, 8, 16, 20, 0, tzinfo=ZONE)

TEXTS = ("title", "summary", *CODES["problem_call"])


@pytest.mark.parametrize("row", PROBLEMS, ids=[row["id"] for row in PROBLEMS])
def test_every_invented_problem_has_every_section_in_both_languages(row):
    assert {name: set(row[name]) for name in TEXTS} == {name: {"fi", "sv"} for name in TEXTS}
    for language in ("fi", "sv"):
        assert language_of_text(" ".join(row[name][language] for name in TEXTS)) == language


def drawn(code, population):
    place, used = Municipality(code=code, population=population), set()
    return {Material(f"{seed}").problem(place, used)["id"] for seed in range(200)}


def test_only_a_municipality_of_the_archipelago_reports_of_its_ships():
    assert "island-connections" not in drawn("082", 9_600)  # Hattula
    assert "island-connections" in drawn("445", 14_900)  # Parainen
    assert "island-connections" not in drawn("638", 50_200)  # too large for the text
    assert all("yhteysalus" not in str(row) for row in PROBLEMS if "only_in" not in row)


def test_an_invented_competition_is_about_problems_that_may_be_anywhere():
    bound = {row["title"]["fi"] for row in PROBLEMS if "only_in" in row}
    assert not bound & {row.official_title["fi"] for seed in range(40) for row in invent(f"challenges=16,problems=16,seed={seed}")[0].challenges}


def test_deal_gives_every_row_once_before_any_comes_again():
    rows = ["a", "b", "c", "d"]
    given = [Material("equal").deal(rows, turn) for turn in range(8)]
    assert sorted(given[:4]) == rows and given[4:] == given[:4]


@pytest.mark.parametrize(("points", "level"), [(0, "low"), (3.9, "low"), (4, "middle"), (6.9, "middle"), (7, "high"), (10, "high")])
def test_words_suit_the_points(points, level):
    assert level_of(points) == level
    assert {"low", "middle", "high"} < set(texts("feedback")["report_reasons"]) and len(texts("feedback")["remarks"][level]) >= 6


@pytest.mark.parametrize("count", [1, 7, 500])
@pytest.mark.parametrize("days", [1, 3, 80, 300])
def test_spread_keeps_to_working_hours_in_helsinki_through_the_change_of_the_clock(days, count):
    last = EVENING + timedelta(days=days, hours=-4)
    moments = list(spread(EVENING, last, count))
    assert len(moments) == count and all(one < other for one, other in pairwise([EVENING, *moments, last]))
    assert all(MORNING <= moment.astimezone(ZONE).time() <= NIGHT for moment in moments)


def test_spread_is_even_and_leaves_the_night_out():
    hours = [(moment - EVENING) / timedelta(hours=1) for moment in spread(EVENING, EVENING + timedelta(hours=15.5), 5)]
    assert hours == [1, 2, 12.5, 13.5, 14.5]  # 21.00, 22.00, 8.30, 9.30, 10.30


def test_spread_over_a_night_alone_takes_the_night():
    night = datetime(2018, 8, 16, 23, 0, tzinfo=ZONE)
    assert list(spread(night, night + timedelta(hours=3), 2)) == [night + timedelta(hours=1), night + timedelta(hours=2)]
