"""What counts as a word, and what limits say of a count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.rules.words import BLANKS, Limits, count_words
from tests.rules.words import CORPUS


@pytest.mark.parametrize("text", CORPUS, ids=ascii)
def test_words_of(text):
    assert count_words(text) == CORPUS[text]


@given(st.text(), st.text())
def test_a_blank_between_two_texts_neither_makes_nor_eats_a_word(one, other):
    assert count_words(f"{one} {other}") == count_words(one) + count_words(other)
    assert count_words(one.replace("\n", "\r\n")) == count_words(one)


def test_the_page_has_the_same_rule_word_for_word():
    from django.contrib.staticfiles import finders

    with open(finders.find("js/klash.js"), encoding="utf-8") as script:
        assert f"const blanks = /{BLANKS}/;" in script.read()


def test_limits_tell_what_is_too_much_and_what_is_more_than_recommended():
    limits = Limits(hard=10, soft=5)
    assert [(limits.excess(words), limits.is_long(words)) for words in (0, 5, 6, 10, 11)] == [(0, False), (0, False), (0, True), (0, True), (1, True)]
    assert not Limits(hard=10).is_long(11)
