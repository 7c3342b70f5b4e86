"""When the sessions of a day begin as it goes, by hand."""

from datetime import UTC, datetime, timedelta

from klash.rules.lateness import Sitting, expected

TEN = datetime(2026, 5, 20, 7, tzinfo=UTC)
AT = {"10.00": TEN, "10.40": TEN + timedelta(minutes=40), "11.20": TEN + timedelta(minutes=80)}


def sitting(key, starts, *holds, late=0):
    return Sitting(key, AT[starts], AT[starts] + timedelta(minutes=30), frozenset(holds), timedelta(minutes=late))


def begins(*sittings):
    return {key: int((at - TEN).total_seconds() // 60) for key, at in expected(sittings).items()}


def test_a_late_session_holds_up_whoever_is_in_it_and_its_room_as_long_as_it_has_to():
    day = [
        sitting("first", "10.00", "mentor 1", "team A", "room 1", late=25),
        sitting("same mentor", "10.40", "mentor 1", "team B", "room 2"), sitting("same room", "10.40", "mentor 2", "team C", "room 1"),
        sitting("neither", "10.40", "mentor 3", "team D", "room 3"), sitting("same team", "11.20", "mentor 3", "team A", "room 2"),
    ]
    assert begins(*day) == {"first": 25, "same mentor": 55, "same room": 55, "neither": 40, "same team": 85}
    assert begins(*reversed(day)) == begins(*day)


def test_a_break_that_is_long_enough_takes_the_delay_up():
    assert begins(sitting("first", "10.00", "mentor", late=10), sitting("next", "10.40", "mentor")) == {"first": 10, "next": 40}


def test_a_session_that_is_told_late_itself_waits_for_the_later_of_the_two():
    first = sitting("first", "10.00", "mentor", late=30)
    assert begins(first, sitting("next", "10.40", "mentor", late=5))["next"] == 60
    assert begins(first, sitting("next", "10.40", "mentor", late=35))["next"] == 75


def test_what_was_planned_for_the_same_time_holds_up_nothing():
    assert begins(sitting("one", "10.00", "room", late=20), sitting("other", "10.00", "room"))["other"] == 0
