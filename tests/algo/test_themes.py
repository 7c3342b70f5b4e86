import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.algo.themes import affinity, blend, grams, shared


def test_grams_stay_within_words():
    assert grams("Tie, jää!") == {" ti": 1, "tie": 1, "ie ": 1, " tie": 1, "tie ": 1, " tie ": 1, " jä": 1, "jää": 1, "ää ": 1, " jää": 1, "jää ": 1, " jää ": 1}


def test_affinity_of_texts_counted_by_hand():
    # "aa" has the grams " aa", "aa ", " aa " alone, "bb" likewise; both texts of the entry share them with one expert each.
    idf_both, idf_one = math.log(4 / 3) + 1, math.log(4 / 2) + 1
    found = affinity(["aa bb"], ["aa", "bb"])
    assert found == pytest.approx(np.full((1, 2), 3 * idf_both**2 / (math.sqrt(6) * math.sqrt(3) * idf_both**2)))
    assert idf_one > idf_both


def test_inflected_words_are_near_and_other_matters_are_not():
    entry = "Joukkoliikenne ei ulotu haja-asutusalueille, ja kyydit puuttuvat."
    experts = ["Asun tiheässä kaupungissa ja tutkin joukkoliikennettä ja kyytejä.", "Kirjastojen tapahtumat ja vapaaehtoistyö.", ""]
    found = affinity([entry], experts)[0]
    assert found[0] > 3 * found[1] > 0 and found[2] == 0


@given(st.lists(st.text(max_size=40), max_size=4), st.lists(st.text(max_size=40), max_size=4))
def test_affinity_is_a_share_and_whole_for_the_same_text(entries, experts):
    found = affinity(entries, experts)
    assert found.shape == (len(entries), len(experts)) and np.all((found >= 0) & (found <= 1))
    for i, j in np.ndindex(found.shape):
        if entries[i] == experts[j] and grams(entries[i]):
            assert found[i, j] == pytest.approx(1)


def test_shared_topics_by_hand():
    found = shared([{"a", "b"}, {"c"}, set()], [{"a"}, {"a", "b", "c"}, set()])
    np.testing.assert_array_equal(found, [[0.5, 1, np.nan], [0, 1, np.nan], [np.nan] * 3])
    assert shared([], [{"a"}]).shape == (0, 1)


def test_views_are_blended_by_weight_and_silence_is_the_mean():
    one, other, silent = np.array([[1.0, 0.0], [0.5, np.nan]]), np.array([[0.0, 1.0], [1.0, 0.0]]), np.full((2, 2), np.nan)
    np.testing.assert_allclose(blend([(one, 3), (other, 1), (silent, 9)]), [[0.75, 0.25], [0.625, 0.375]])
    np.testing.assert_allclose(blend([(one, 0), (other, 2)]), other)
    np.testing.assert_array_equal(blend([(silent, 1), (other, 0)]), np.zeros((2, 2)))


@pytest.mark.parametrize("parts", [[], [(np.zeros((1, 2)), 1), (np.zeros((2, 1)), 1)], [(np.zeros((1, 1)), -1)], [(np.full((1, 1), 1.5), 1)], [(np.zeros((1, 1)), np.nan)]])
def test_bad_views_raise(parts):
    with pytest.raises(ValueError):
        blend(parts)
