import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.algo.themes import Index, affinity, blend, clusters, duplicates, grams, shared, similar
from klash.replay.material import texts


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


PARTS = ("title", "summary", "situation", "affected", "tried", "goal", "commitment")


def problems(language, parts=PARTS):
    return [" ".join(row[part][language] for part in parts) for row in texts("problems")["problems"]]


def reciprocal_rank(kept, queries):
    """Return the mean of 1 / rank at which each query finds its own among the texts."""
    index = Index(kept)
    return np.mean([1 / np.sum(near >= near[own]) for own, near in enumerate(index.nearness(query) for query in queries)])


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_text_finds_its_other_half(language):
    assert reciprocal_rank(problems(language, PARTS[3:]), problems(language, PARTS[:3])) >= 0.81


def test_a_matter_is_found_in_the_other_language():
    assert reciprocal_rank(problems("fi"), problems("sv")) >= 0.95


def test_the_nearest_come_first_and_what_shares_nothing_is_left_out():
    kept = ["Bussi ei kulje kylille.", "Kirjaston aukiolo", "Bussin reitti kylälle", "zzz"]
    found = similar(kept, "bussi kylälle", top=3)
    assert {text for text, _ in found} == {0, 2} and found == sorted(found, key=lambda row: -row[1])
    assert similar([], "bussi", top=1) == [] and similar(kept, "", top=3) == []
    with pytest.raises(ValueError):
        similar(kept, "bussi", top=0)


def test_what_says_the_same_is_paired_and_other_matters_are_not():
    kept = problems("fi")
    again = kept[7].replace("kunta", "kaupunki") + " Lisäys loppuun."
    assert [pair[:2] for pair in duplicates([*kept, again])] == [(7, len(kept))]
    assert duplicates([]) == duplicates(["yksi"]) == duplicates(["", ""]) == duplicates(["aivan eri", "toinen asia"]) == []
    many = [f"aihe {number} {word}" for number, word in enumerate(["koulu", "bussi", "kirjasto", "metsä"] * 200)]
    whole = Index([*many, "sama teksti kahdesti", "sama teksti kahdesti"])
    assert (800, 801) in [pair[:2] for pair in whole.pairs(0.8)] and [pair[:2] for pair in whole.pairs(0.8, last=2)] == [(800, 801)]  # over two blocks
    assert duplicates(["koulun bussi", "koulun bussi"]) == [(0, 1, pytest.approx(1))]


def test_groups_hold_every_text_once_with_words_of_their_own_matter():
    school = ["Koulun oppilaat odottavat koulukyytiä.", "Koulu on täynnä oppilaita.", "Oppilas ja koulun piha"]
    water = ["Vesilaitoksen putket vuotavat.", "Jäteveden putki ja vesi", "Vesijohto ja putket, vesi"]
    found = clusters([*school, *water], seed=3, count=2)
    assert sorted(sorted(group.texts) for group in found) == [[0, 1, 2], [3, 4, 5]]
    words = {min(group.texts): " ".join(group.words) for group in found}
    assert "koulu" in words[0] and "ves" in words[3]
    assert clusters([*school, *water], seed=3) == clusters([*school, *water], seed=3)
    assert clusters([], seed=0) == [] and [group.texts for group in clusters(["", "a"], seed=0, count=5)]
    with pytest.raises(ValueError):
        clusters(school, seed=0, count=0)
