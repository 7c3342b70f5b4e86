"""Several people write at once and no word is lost; what the application said is brought over and replaces nothing."""

import html
import re

import pytest

from klash.core import clock
from klash.core.errors import Refused
from klash.proposals import selectors, services
from klash.proposals.forms import seen_in
from klash.proposals.models import Proposal
from klash.rules.reasons import Reason
from klash.teams.models import Application
from tests.proposals.conftest import TEXTS
from tests.proposals.test_pages import page, text_of

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def pair(contest, cast, client, client_again):
    """Leader and member of one team, each with the page of the same draft open."""
    client.force_login(cast["leader"])
    client_again.force_login(cast["member"])
    with clock.at(contest.before):
        services.start_proposal(actor=cast["leader"], team=contest.teams["Kaarna"])
        services.save_proposal(actor=cast["leader"], proposal=Proposal.objects.get(), texts={"title": "Kyyti", **TEXTS}, revision=0)
        yield Writer(client, contest), Writer(client_again, contest)


@pytest.fixture
def client_again():
    from django.test import Client

    return Client()


class Writer:
    """Somebody in front of the page: what stands in the fields, as the last answer left it."""

    def __init__(self, client, contest):
        self.client, self.address, self.autosave = client, page("edit", contest), page("save", contest)
        self.open()

    def open(self):
        self._read(self.client.get(self.address))

    def _read(self, answer):
        found = text_of(answer)
        areas = re.findall(r'<textarea name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', found, re.DOTALL)
        title = re.search(r'name="title" value="([^"]*)"', found)
        self.fields = {"title": html.unescape(title[1]) if title else "", **{name: html.unescape(text) for name, text in areas}, **self._hidden(found)}
        return found

    @staticmethod
    def _hidden(found):
        return dict(re.findall(r'<input type="hidden" name="(seen_\w+|revision)" value="([^"]*)"', found))

    def type(self, **texts):
        """Write, and let the page save by itself."""
        self.fields |= texts
        answer = self.client.post(self.autosave, self.fields)
        if answer.status_code == 200:
            self.fields |= self._hidden(text_of(answer))
        return answer.status_code, html.unescape(text_of(answer))

    def press(self, name="save", value="1", **texts):
        answer = self.client.post(self.address, {**self.fields, **texts, name: value})
        if answer.status_code == 302:
            answer = self.client.get(answer.url)
        return answer.status_code, self._read(answer)


def stored():
    return Proposal.objects.get().texts


def test_two_write_in_different_sections_at_once(pair):
    one, other = pair
    for number in range(3):
        assert one.type(solution=f"Kyyti {number}.")[0] == 200
        status, told = other.type(impact=f"Vaikutus {number}.")
        assert status == 200 and "kirjoittanut näihin: Ratkaisu." in told
    assert stored() == {"title": "Kyyti", **TEXTS, "solution": "Kyyti 2.", "impact": "Vaikutus 2."}
    assert one.press()[0] == 200 and one.fields["impact"] == "Vaikutus 2."


def test_two_in_one_section_see_both_versions_and_nothing_is_replaced(pair):
    one, other = pair
    one.type(solution="Ensimmäinen.", novelty="Uutta.")
    status, told = other.type(solution="Toinen.", impact="Oma vaikutus.")
    assert status == 422 and "Näytä molemmat versiot" in told and stored()["solution"] == "Ensimmäinen."
    status, told = other.press()
    assert status == 409 and "Ensimmäinen." in told and stored()["impact"] == TEXTS["impact"]
    # What both changed stands in both versions; what only one of them changed is that one's already.
    assert (other.fields["solution"], other.fields["impact"], other.fields["novelty"]) == ("Toinen.", "Oma vaikutus.", "Uutta.")
    assert other.press(solution="Ensimmäinen. Toinen.")[0] == 200
    assert stored() == {"title": "Kyyti", **TEXTS, "solution": "Ensimmäinen. Toinen.", "impact": "Oma vaikutus.", "novelty": "Uutta."}


def test_one_who_emptied_what_another_wrote_on_is_asked(pair):
    one, other = pair
    one.type(solution=f"{TEXTS['solution']} Ja tekstiviestillä.")
    assert other.type(solution="")[0] == 422 and stored()["solution"].endswith("tekstiviestillä.")


def test_a_third_save_between_the_clash_and_its_answer_clashes_again(pair):
    one, other = pair
    one.type(solution="Ensimmäinen.")
    assert other.press(solution="Toinen.")[0] == 409
    one.type(solution="Ensimmäinen, parempi.")
    status, told = other.press(solution="Ensimmäinen. Toinen.")
    assert status == 409 and "Ensimmäinen, parempi." in told and stored()["solution"] == "Ensimmäinen, parempi."


def test_a_page_that_tells_nothing_of_what_it_saw_clashes(pair):
    one, other = pair
    one.type(solution="Ensimmäinen.")
    other.fields = {name: text for name, text in other.fields.items() if not name.startswith("seen_")} | {"revision": ""}
    assert other.type(solution="Toinen.")[0] == 422 and stored()["solution"] == "Ensimmäinen."


FAULTS = {
    "what was seen is not looked at": lambda patch: patch.setattr(services.writing, "fingerprint", lambda text: "same"),
    "the page is told of texts that it has not": lambda patch: patch.setattr(
        "klash.proposals.views.seen_in", lambda texts: seen_in({name: stored().get(name, text) for name, text in {**stored(), **texts}.items()})
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_seen(pair, monkeypatch, fault):
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        test_two_write_in_different_sections_at_once(pair)


# ------------------------------------------------------------------ what the application said

def test_it_is_put_in_an_empty_section_together_with_what_was_typed(contest, pair):
    Application.objects.filter(team=contest.teams["Kaarna"]).update(answers={"idea": "Aloitamme kyselyllä."})
    one, _ = pair
    one.type(solution="")
    status, told = one.press("carry", "solution", impact="Typed and not saved.")
    assert status == 200 and one.fields["solution"] == "Aloitamme kyselyllä." and stored()["impact"] == "Typed and not saved."
    assert told.count('name="carry"') == 1  # the other sections go on from nothing


def test_it_is_shown_beside_what_stands_and_replaces_nothing(contest, pair):
    Application.objects.filter(team=contest.teams["Kaarna"]).update(answers={"idea": "Aloitamme kyselyllä."})
    one, _ = pair
    status, told = one.press("carry", "solution", solution="Oma teksti.")
    assert status == 200 and stored()["solution"] == one.fields["solution"] == "Oma teksti."
    assert "Osiossa on jo tekstiä" in told and "Aloitamme kyselyllä." in told and "<details open>" in told


def test_it_clashes_with_what_another_wrote_meanwhile(contest, pair):
    Application.objects.filter(team=contest.teams["Kaarna"]).update(answers={"idea": "Aloitamme kyselyllä."})
    one, other = pair
    one.type(solution="")
    other.open()
    one.type(solution="Ehdin ensin.")
    status, told = other.press("carry", "solution")
    assert status == 409 and "Ehdin ensin." in told and stored()["solution"] == "Ehdin ensin."


def test_a_section_that_goes_on_from_nothing_brings_nothing(contest, pair):
    one, _ = pair
    one.type(impact="")
    assert one.press("carry", "impact")[0] == 200 and stored()["impact"] == ""
    Application.objects.filter(team=contest.teams["Kaarna"]).update(answers={"idea": "  "})
    assert selectors.carried(Proposal.objects.get()) == {} and 'name="carry"' not in one.press()[1]


def test_a_clash_names_its_reason(contest, cast, pair):
    proposal = Proposal.objects.get()
    with pytest.raises(Refused) as refusal:
        services.carry_over(actor=cast["leader"], proposal=proposal, code="solution", texts={**proposal.texts, "impact": "x"}, seen={})
    assert refusal.value.reason is Reason.TEXT_CHANGED
