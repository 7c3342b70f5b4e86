"""What counts as an answer, which questions are shown, required and frozen, and what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from klash.rules.questions import Asked, Kind, excess, fits, hangs_wrongly, is_answer, missing, shown, too_long, with_answers
from klash.rules.words import Limits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


def codes(rows):
    return [row.code for row in rows]


@pytest.mark.parametrize(("kind", "good", "bad"), [
    (Kind.LINE, ["x", "x" * 200], ["x" * 201, 1, None]),
    (Kind.TEXT, ["x", "x" * 5000, "a\nb"], ["x" * 5001, ["x"], True]),
    (Kind.NUMBER, [0, -3, 2.5, 10**12], [True, "3", float("nan"), float("inf"), 10**12 + 1]),
    (Kind.MONEY, [0, 123_456], [-1, 1.5, "100", True]),
    (Kind.DATE, ["2020-02-29"], ["2021-02-29", "29.2.2020", "20200229", 20200229, None]),
    (Kind.ONE, ["a", "b"], ["c", "", ["a"], None]),
    (Kind.MANY, [[], ["a"], ["a", "b"]], [["b", "a"], ["a", "a"], ["c"], "a"]),
    (Kind.YES_NO, [True, False], ["yes", 1, None]),
    (Kind.MUNICIPALITY, ["165"], ["", "x" * 11, 165]),
    (Kind.ORGANISATION, [{"name": "Oy"}, {"name": "Oy", "business_id": "1234567-1"}], [{}, {"name": ""}, {"name": "Oy", "x": "y"}, "Oy"]),
    (Kind.PEOPLE, [[{"name": "A", "role": ""}]], [[], [{"name": ""}], [{"name": "", "role": "x"}], [{"name": "A", "role": "b"}] * 21, "A"]),
    (Kind.FILE, [{"name": "a.pdf", "key": "k", "sha256": "0"}], [{}, {"name": "a.pdf", "key": "k"}, {"name": "", "key": "k", "sha256": "0"}, "a.pdf"]),
])
def test_what_fits_a_question_of_each_kind(kind, good, bad):
    asked = Asked("q", kind, options=("a", "b"))
    assert ([value for value in good if not fits(asked, value)], [value for value in bad if fits(asked, value)]) == ([], [])


def test_every_kind_is_tried():
    assert {mark.args[1][number][0] for mark in test_what_fits_a_question_of_each_kind.pytestmark for number in range(len(mark.args[1]))} == set(Kind)


@pytest.mark.parametrize(("value", "is_one"), [
    ("", False), (" \n", False), (None, False), ([], False), ("x", True), (False, True), (0, True), (["a"], True),
])
def test_what_counts_as_answered(value, is_one):
    assert is_answer(value) is is_one


FORM = (
    Asked("has_pilot", Kind.YES_NO), Asked("where", Kind.MANY, options=("town", "village"), depends_on="has_pilot", values=("yes",)),
    Asked("village_name", Kind.LINE, depends_on="where", values=("village",)), Asked("why_not", depends_on="has_pilot", values=("no",)),
)


@pytest.mark.parametrize(("answers", "wanted"), [
    ({}, ["has_pilot"]),
    ({"has_pilot": True}, ["has_pilot", "where"]),
    ({"has_pilot": False}, ["has_pilot", "why_not"]),
    ({"has_pilot": True, "where": ["town"]}, ["has_pilot", "where"]),
    ({"has_pilot": True, "where": ["town", "village"]}, ["has_pilot", "where", "village_name"]),
    ({"has_pilot": False, "where": ["village"]}, ["has_pilot", "why_not"]),  # what hangs on a hidden one is hidden with it
    ({"has_pilot": "yes"}, ["has_pilot", "where"]),
])
def test_which_questions_are_shown(answers, wanted):
    assert codes(shown(FORM, answers)) == wanted


def test_a_question_may_hang_on_one_that_stands_below():
    assert codes(shown((FORM[1], FORM[0]), {"has_pilot": True})) == ["where", "has_pilot"]


@pytest.mark.parametrize(("form", "wrong"), [
    (FORM, []),
    ((Asked("a", depends_on="none", values=("yes",)),), ["a"]),
    ((Asked("a", Kind.YES_NO, depends_on="a", values=("yes",)),), ["a"]),
    ((Asked("a", Kind.YES_NO, depends_on="b", values=("yes",)), Asked("b", Kind.YES_NO, depends_on="a", values=("no",))), ["a", "b"]),
    ((Asked("a"), Asked("b", depends_on="a", values=("yes",))), ["b"]),
    ((Asked("a", Kind.YES_NO), Asked("b", depends_on="a")), ["b"]),
    ((Asked("a", Kind.ONE, options=("x",)), Asked("b", depends_on="a", values=("y",))), ["b"]),
])
def test_what_could_never_be_shown_is_found(form, wrong):
    assert hangs_wrongly(form) == wrong


def test_questions_that_hang_on_each_other_are_not_shown():
    form = (Asked("a", Kind.YES_NO, depends_on="b", values=("yes",)), Asked("b", Kind.YES_NO, depends_on="a", values=("yes",)))
    assert shown(form, {"a": True, "b": True}) == []


@pytest.mark.parametrize(("columns", "at", "is_missing"), [
    ({}, NOW, True), ({"is_required": False}, NOW, False),
    ({"is_required": False, "required_from": NOW}, NOW - MOMENT, False),
    ({"is_required": False, "required_from": NOW}, NOW, True),
    ({"is_required": False, "required_from": NOW}, NOW + MOMENT, True),
])
def test_what_is_missing_depends_on_the_instant(columns, at, is_missing):
    assert missing((Asked("a", **columns),), {}, at) == ["a"] * is_missing


@pytest.mark.parametrize(("at", "is_frozen"), [(NOW - MOMENT, False), (NOW, True), (NOW + MOMENT, True)])
def test_a_question_is_frozen_from_its_instant_on(at, is_frozen):
    assert (Asked("a", frozen_from=NOW).is_frozen_at(at), Asked("a").is_frozen_at(at)) == (is_frozen, False)


def test_what_is_hidden_is_neither_missing_nor_too_long():
    form = (FORM[0], Asked("where", limits=Limits(1), depends_on="has_pilot", values=("yes",)))
    assert (missing(form, {"has_pilot": False}, NOW), too_long(form, {"has_pilot": False, "where": "a b"})) == ([], [])
    assert (missing(form, {"has_pilot": True}, NOW), too_long(form, {"has_pilot": True, "where": "a b"})) == (["where"], ["where"])


@pytest.mark.parametrize(("limits", "value", "words"), [(Limits(2), "a b", 0), (Limits(2), "a b c", 1), (None, "a b c", 0), (Limits(2), None, 0)])
def test_how_many_words_are_too_many(limits, value, words):
    assert excess(Asked("a", limits=limits), value) == words


def test_saving_takes_what_is_given_and_loses_nothing_else():
    stored = {"gone": "kept", "a": "old", "b": "old", "c": "frozen"}
    given = {"a": " new ", "b": " ", "c": "changed", "d": False, "e": None, "f": []}
    assert with_answers(stored, given, frozen=frozenset({"c"})) == {"gone": "kept", "a": "new", "c": "frozen", "d": False}
