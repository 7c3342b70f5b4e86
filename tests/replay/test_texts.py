"""The invented texts, and what is drawn from them."""

import pytest

from klash.algo.language import language_of_text
from klash.problems.services import TEXTS
from klash.replay.material import texts

PROBLEMS = texts("problems")["problems"]


@pytest.mark.parametrize("row", PROBLEMS, ids=[row["id"] for row in PROBLEMS])
def test_every_invented_problem_has_every_section_in_both_languages(row):
    assert {name: set(row[name]) for name in TEXTS} == {name: {"fi", "sv"} for name in TEXTS}
    for language in ("fi", "sv"):
        assert language_of_text(" ".join(row[name][language] for name in TEXTS)) == language
