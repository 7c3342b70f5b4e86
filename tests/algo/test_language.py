from importlib import resources

import pytest
import yaml

from klash.algo.language import language_of_text

TEXTS = yaml.safe_load(resources.files("klash.replay").joinpath("texts/proposals.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_proposal_of_the_rehearsal_is_known(language):
    rows = [row["sections"] for pool in TEXTS.values() for row in pool]
    found = [language_of_text("\n".join(section[language] for section in sections.values())) for sections in rows]
    assert (set(found), len(found) > 10) == ({language}, True)


@pytest.mark.parametrize(("text", "language"), [
    ("The ride is booked by phone and it is at the door in an hour.", "en"), ("Kyyti tilataan.", "fi"), ("", "fi"),
    ("Den som ringer får en plats.", "sv"), ("Kauppa on auki, kun se on auki, och det är bra.", "fi"),
])
def test_short_and_mixed_texts(text, language):
    assert language_of_text(text) == language


@pytest.mark.parametrize(("text", "otherwise", "language"), [
    ("", "sv", "sv"), ("Erinomainen.", "en", "en"), ("och ja", "sv", "sv"), ("och ja", "en", "fi"), ("Det är bra.", "fi", "sv"),
])
def test_what_the_words_do_not_tell_is_told_by_who_asks(text, otherwise, language):
    assert language_of_text(text, otherwise) == language
