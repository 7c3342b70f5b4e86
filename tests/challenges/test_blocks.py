import pytest
from django.utils import translation

from klash.awards.models import Award, Placing
from klash.challenges import selectors
from klash.rules.states import AwardState
from klash.teams.models import Team
from tests.challenges.conftest import url
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_winner_stands_on_the_page_only_after_publication(published, client, language):
    team = Team.objects.create(challenge=published, name="Kaarna", founded_at=START)
    award = Award.objects.create(challenge=published, state=AwardState.DECIDED, report_hash="1" * 64, decision="Päätös.", decided_at=START)
    Placing.objects.create(award=award, team=team, entry_code="k7", place=1, points="9/1", is_winner=True)
    there = url("challenge", "kyyti", language=language)
    assert "Kaarna" not in client.get(there).content.decode()
    Award.objects.update(state=AwardState.PUBLISHED, published_at=START)
    page = client.get(there).content.decode()
    assert ("Kaarna" in page, "/results/kyyti/" in page) == (True, True)


def test_a_draft_shows_no_block_of_later_stages(draft, cast, enter):
    page = enter(cast["organiser"]).get(url("challenge", "kyyti")).content.decode()
    assert 'id="teams"' not in page


def test_a_maker_is_kept_once_and_blocks_stand_in_order(published, monkeypatch):
    monkeypatch.setattr(selectors.challenge, "_makers", [])
    for order in (2, 1):
        selectors.show_on_challenge(lambda challenge, person, order=order: {"order": order})
    selectors.show_on_challenge(nothing)
    selectors.show_on_challenge(nothing)
    assert (selectors.blocks_of(published, None), len(selectors.challenge._makers)) == ([{"order": 1}, {"order": 2}], 3)


def nothing(challenge, person):
    return None


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("sv", {"fi": "a", "sv": "b"}, ("b", "sv")), ("en", {"fi": "a", "sv": "b"}, ("a", "fi")), ("en", {"sv": "b"}, ("b", "sv")), ("fi", {}, ("", "fi")),
])
def test_a_text_tells_its_language(language, text, expected):
    with translation.override(language):
        found = selectors.shown(text)
    assert (found.text, found.language) == expected
