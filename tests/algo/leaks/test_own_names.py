"""The team's own names are found in every form and disguise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.algo.leaks import Layer, OwnNames, inflection, replace, scan
from klash.algo.leaks.fold import fold_word
from tests.algo.leaks.forms import attached, own_of, paradigms

TEAM = OwnNames(
    people=("Matti Virtanen", "Liisa Mäki-Koski", "Åsa von Öhman"),
    organisations=("Kaikki Kyytiin Oy", "Hiljainen Laituri ry", "Itäisen Saaren Kyläväki ry"),
    domains=("kaikkikyytiin.fi",),
    brands=("KaikkiKyytiin",),
    products=("Reittari",),
)
# Planted form, and the neutral word in whose place it must be taken.
SELF = {
    "Matti Virtasen": "[jäsen 1]", "Virtasella": "[jäsen 1]", "virtaseltakin": "[jäsen 1]", "VIRTASET": "[jäsen 1]", "Matinkin": "[jäsen 1]",
    "Virtanen, Matti": "[jäsen 1]", "M. Virtasta": "[jäsen 1]", "Matti V.": "[jäsen 1]", "M. V.": "[jäsen 1]", "MV:n": "[jäsen 1]",
    "Mäen": "[jäsen 2]", "Koskelle": "[jäsen 2]", "Mäki-Koskeen": "[jäsen 2]", "Maeki-Koski": "[jäsen 2]", "Maki-Kosken": "[jäsen 2]",
    "Öhmanin": "[jäsen 3]", "Oehmans": "[jäsen 3]", "Öhman's": "[jäsen 3]", "Åsa von Öhmanille": "[jäsen 3]", "Asalla": "[jäsen 3]",
    "V i r t a n e n": "[jäsen 1]", "V.i.r.t.a.s.e.n": "[jäsen 1]", "Virta nen": "[jäsen 1]", "Virta-\nsella": "[jäsen 1]", "Vir\u00adta\u00adnen": "[jäsen 1]",
    "V\u200bi\u200br\u200bt\u200banen": "[jäsen 1]", "Vіrtаnеn": "[jäsen 1]", "Vιrταnεη": "[jäsen 1]", "V1rt4n3n": "[jäsen 1]",
    "ＶＩＲＴＡＮＥＮ": "[jäsen 1]", "𝓥𝓲𝓻𝓽𝓪𝓷𝓮𝓷": "[jäsen 1]", "V\u0301irtane\u0308n": "[jäsen 1]", "MattiVirtanen": "[jäsen 1]", "virtanen_matti": "[jäsen 1]",
    "Kaikki Kyytiin Oy:n": "[organisaatio 1]", "Hiljaisessa Laiturissa": "[organisaatio 2]", "ISK ry": "[organisaatio 3]",
    "KaikkiKyytiin:llä": "[brändi 1]", "KaikkiKyytiinpalvelun": "[brändi 1]", "KaikkiKyytiin": "[brändi 1]",
    "Reittarilla": "[tuote 1]", "kaikkikyytiin.fi": "[verkkosivusto 1]",
}  # fmt: skip


def own(text, team=TEAM, language="fi", allow=frozenset()):
    return [finding for finding in scan(text, language=language, own=team, allow=allow) if finding.layer == Layer.OWN]


def covers(text, findings, form):
    begin = text.index(form)
    letters = [place for place in range(begin, begin + len(form)) if text[place].isalnum()]
    return all(any(finding.start <= place < finding.end for finding in findings) for place in letters)


@pytest.mark.parametrize("form", SELF)
def test_self_identification(form):
    text = f"Tämän on tehnyt {form} itse."
    found = own(text)
    assert covers(text, found, form) and {finding.suggestion for finding in found} == {SELF[form]}


def test_self_identification_has_forty_forms():
    assert len(SELF) >= 40


def missed(forms):
    """Return the forms that are not found whole, of (name, forms) pairs. What follows a hyphen is no part of the name."""
    misses = []
    for name, of_name in forms:
        for form in of_name:
            wanted = form if "-" in name or name == "KaikkiKyytiin" else form.split("-")[0]
            text = f"Sitten {form} teki sen."
            if not covers(text, own(text, own_of(name)), wanted.removesuffix("-palvelu")):
                misses.append(form)
    return misses


def test_own_names_in_hand_typed_case_forms():
    names = paradigms()
    total = sum(len(forms) for _, forms in names)
    assert len(names) >= 60 and total >= 1400
    assert len(missed(names)) <= 0.01 * total


def test_own_names_with_something_attached():
    assert missed(attached()) == []


@pytest.mark.parametrize(("broken", "without"), [("_WEAKER", {}), ("_STRONGER", {}), ("ENDING", {kind: inflection.re.compile("") for kind in inflection.Stem})])
def test_forms_are_missed_where_inflection_is_broken(monkeypatch, broken, without):
    from klash.algo.leaks import scanning, trie  # the second holds a name of its own

    monkeypatch.setattr(inflection, broken, without)
    if broken == "ENDING":
        monkeypatch.setattr(trie, broken, without)
    scanning._own.cache_clear()
    names = paradigms()
    assert len(missed(names)) > 0.01 * sum(len(forms) for _, forms in names)
    scanning._own.cache_clear()


def test_neutral_words_are_the_same_throughout_and_in_the_texts_language():
    text = "Matti Virtanen och Virtanens vän; Kaikki Kyytiin Ab, kaikkikyytiin.fi."
    found = scan(text, language="sv", own=TEAM, allow=frozenset())
    assert replace(text, found) == "[medlem 1] och [medlem 1] vän; [organisation 1], [webbplats 1]."


def test_two_members_of_one_surname_are_told_apart_by_their_given_names():
    team = OwnNames(people=("Matti Virtanen", "Liisa Virtanen"))
    assert [finding.suggestion for finding in own("Liisa Virtasen ja Matti Virtasen; Virtanen", team)] == ["[jäsen 2]", "[jäsen 1]", "[jäsen 1]"]


@pytest.mark.parametrize(("text", "allow", "p"), [("Virta", (), 0.98), ("virta", (), 0.588), ("Virta", ("virta",), 0.49), ("V i r t a", (), 0.784)])
def test_ordinary_or_disguised_word_is_less_likely_than_the_name(text, allow, p):
    assert [finding.p for finding in own(f"Tämä {text} on", OwnNames(people=("Virta",)), allow=frozenset(allow))] == [p]


@pytest.mark.parametrize("text", ["tiimivirtanen", "Virtanen_tarjous.pdf", "#TeamVirtanen", "ekovirtanen2", "KyläVirtanen"])
def test_name_is_found_within_another_word(text):
    assert any("virtanen" in text[finding.start : finding.end].lower() for finding in own(text))


@pytest.mark.parametrize("text", ["EU:n", "Virvatuli", "Vir", "matto", "kaikki ovat kyytiin tulossa", "mv", "hiljainen kylä", "laiturissa"])
def test_what_is_no_form_of_a_name_is_left(text):
    assert own(text) == []


@pytest.mark.parametrize(("text", "surface"), [("Virtanen i Esbo", "Virtanen"), ("Matti Virtanen i Esbo", "Matti Virtanen"), ("Virtasen a ja b", "Virtasen")])
def test_small_word_after_a_name_is_no_part_of_it(text, surface):
    assert [text[finding.start : finding.end] for finding in own(text)] == [surface]


def test_name_behind_a_number_is_no_town():
    assert replace("80100 Virtanen", own("80100 Virtanen")) == "[jäsen 1]"


def test_team_without_names_has_none_found():
    assert own("Matti Virtanen", OwnNames(people=("", "...", "  "), organisations=("",))) == []


NAMES = st.sampled_from(["Virtanen", "Reittari", "Laine", "Grannhjälpen", "Kangas", "Öhman"])


@given(st.text(max_size=60), NAMES, st.text(max_size=60))
def test_own_name_is_found_in_any_text(before, name, after):
    text = f"{before} . {name} . {after}"
    begin = len(before) + 3
    found = scan(text, language="fi", own=OwnNames(people=(name,)), allow=frozenset())
    assert any(finding.start <= begin and begin + len(name) <= finding.end for finding in found)


@given(st.text(max_size=80), NAMES)
def test_a_finding_holds_the_name_folded(before, name):
    text = f"{before} {name}"
    found = scan(text, language="sv", own=OwnNames(brands=(name,)), allow=frozenset())
    assert fold_word(name) in fold_word(text[found[-1].start : found[-1].end])


@given(NAMES, st.data())
def test_spelled_apart_name_is_found_and_holds_the_name(name, data):
    apart = "".join(letter + data.draw(st.sampled_from(["", "\u200b", "\u00ad", "\u2060"])) for letter in name)
    text = f"Teki {apart} sen"
    (finding,) = own(text, OwnNames(people=(name,)))
    assert fold_word(text[finding.start : finding.end]) == fold_word(name)
