"""How a promise stands: by its day, by its number, and by what a person said of it."""

from datetime import date, timedelta

import pytest

from klash.rules.promises import Done, Verdict, of_day, verdict

DUE, DAY = date(2026, 3, 1), timedelta(days=1)
V = Verdict


@pytest.mark.parametrize(("today", "done", "told"), [
    (DUE, Done(), V.OPEN), (DUE + DAY, Done(), V.OVERDUE), (DUE, Done(on=DUE), V.KEPT), (DUE + DAY, Done(on=DUE), V.KEPT),
    (DUE + 2 * DAY, Done(on=DUE + DAY), V.KEPT_LATE),
])
def test_what_is_to_be_done_by_a_day(today, done, told):
    assert verdict(due_on=DUE, today=today, done=done) == told


@pytest.mark.parametrize(("today", "done", "told"), [
    (DUE, Done(4, DUE), V.OPEN), (DUE + DAY, Done(4, DUE), V.KEPT), (DUE + DAY, Done(6, DUE), V.KEPT), (DUE + DAY, Done(3, DUE), V.OVERDUE),
    (DUE, Done(7, DUE), V.BROKEN), (DUE + DAY, Done(), V.OVERDUE), (DUE + 2 * DAY, Done(4, DUE + DAY), V.KEPT_LATE),
])
def test_a_number_is_judged_after_its_day_and_by_both_ends(today, done, told):
    assert verdict(due_on=DUE, today=today, done=done, low=4, high=6) == told


@pytest.mark.parametrize(("marked", "done", "told"), [
    (True, Done(on=DUE), V.KEPT), (True, Done(on=DUE + DAY), V.KEPT_LATE), (False, Done(on=DUE), V.BROKEN), (False, Done(5, DUE), V.BROKEN),
])
def test_what_a_person_said_goes_before_what_is_counted(marked, done, told):
    assert verdict(due_on=DUE, today=DUE + 9 * DAY, done=done, low=4 if done.number else None, high=6, marked=marked) == told


@pytest.mark.parametrize(("in_force", "today", "told"), [
    (DUE, DUE, V.OPEN), (DUE, DUE + DAY, V.KEPT), (DUE - DAY, DUE, V.KEPT), (DUE + DAY, DUE, V.OPEN), (DUE + DAY, DUE + DAY, V.BROKEN),
])
def test_the_day_of_a_stage(in_force, today, told):
    assert of_day(promised=DUE, in_force=in_force, today=today) == told
