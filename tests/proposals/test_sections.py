"""The competition's form decides which sections a proposal has, everywhere that it is written, checked, sealed and read."""

import html
from datetime import timedelta

import pytest

from klash.competitions import services as competitions
from klash.competitions.models import StageForm
from klash.core import audit, chance, clock
from klash.core.errors import Denied
from klash.proposals import selectors, services
from klash.proposals.models import Proposal, Version
from klash.reviewing.models import Entry
from klash.rules.reasons import Reason
from tests.proposals.conftest import TEXTS
from tests.proposals.test_pages import form, page, text_of

pytestmark = pytest.mark.django_db(databases="__all__")
RISKS = {"heading": {"fi": "Riskit", "sv": "Risker", "en": "Risks"}, "help": {"fi": "Mikä voi epäonnistua?"}, "hard_words": 5, "is_required": False}


@pytest.fixture
def own_form(contest, cast):
    """The form of a proposal: risks first and optional, then the solution; nothing else."""
    act = {"actor": cast["organiser"], "competition": contest.world.competition, "stage": "proposals"}
    with clock.at(contest.world.stages["proposals"].opens_at - timedelta(days=1)):
        competitions.save_question(**act, **RISKS, soft_words=3)
        competitions.move_question(**act, code="risks", to=0)
        for code in ("impact", "novelty", "spreading"):
            competitions.remove_question(**act, code=code)
    contest.challenge.refresh_from_db()
    return contest


@pytest.fixture
def leader(client, contest):
    client.force_login(contest.people["Kaarna"])
    return client


def faults():
    """Return what `verify` finds fault with in receipts, openings and forms; the rest of the contest is not walked here by services."""
    return [fault for fault in audit.recheck() if fault.startswith(("receipt", "opening", "blind copy", "form", "commitment"))]


def write(contest, **texts):
    proposal = services.start_proposal(actor=contest.people["Kaarna"], team=contest.teams["Kaarna"])
    wanted = {"title": "Kyytipooli", "solution": "Kyyti tilataan.", **texts}
    return services.save_proposal(actor=contest.people["Kaarna"], proposal=proposal, texts=wanted, revision=proposal.revision)


def test_the_first_that_begins_freezes_the_form(contest):
    assert not StageForm.objects.exists()
    with clock.at(contest.before):
        contest.write("Kaarna")
        contest.write("Luoto")
    assert StageForm.objects.get().frozen_at == contest.before
    assert len([event for event, _ in audit.told("form.frozen")]) == 1


def test_what_the_form_asks_is_written_sealed_and_read_in_its_order(own_form, leader, cast):
    contest = own_form
    with clock.at(contest.before):
        write(contest, risks="Sää voi yllättää.")
        for name in ("edit", "summary", "blind", "identity"):
            told = html.unescape(text_of(leader.get(page(name, contest)))).partition("<main")[2]
            assert "Vaikuttavuus" not in told and (name == "identity" or told.index("Riskit") < told.index("Ratkaisu</")), name
        version = contest.submit()
        assert [row["part"] for row in version.manifest["parts"]] == ["title", "risks", "solution"]
        receipt = text_of(leader.get(page("receipt", contest, version.receipt)))
        assert receipt.index("Riskit") < receipt.index("Ratkaisu</")
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    entry = Entry.objects.using("reviewing").get()
    assert [(row["heading"]["sv"], row["text"]) for row in entry.sections] == [("Risker", "Sää voi yllättää."), ("Lösning", "Kyyti tilataan.")]
    assert faults() == []


def test_an_optional_section_may_stay_empty_and_the_jury_is_told_so(own_form, leader, cast, client):
    contest = own_form
    with clock.at(contest.before):
        write(contest)
        assert "Jätetty tyhjäksi" in text_of(leader.get(page("summary", contest)))
        contest.submit()
        assert "Tähän ei ole kirjoitettu mitään." in text_of(leader.get(page("blind", contest)))
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    assert [row["text"] for row in Entry.objects.using("reviewing").get().sections] == ["", "Kyyti tilataan."]
    assert faults() == []


@pytest.mark.parametrize(("words", "is_told", "is_taken"), [(3, False, True), (4, True, True), (5, True, True), (6, False, False)])
def test_the_limits_of_a_section_to_the_word(own_form, leader, words, is_told, is_taken):
    contest = own_form
    with clock.at(contest.before):
        proposal = write(contest, risks="sana " * words)
        assert proposal.text("risks") == "sana " * words  # a draft is always saved
        summary = text_of(leader.get(page("summary", contest)))
        assert ("enemmän kuin suositus" in summary) is is_told and ("Ehdotusta ei voi vielä jättää" in summary) is not is_taken
        if is_taken:
            assert contest.submit().number == 1
            return
        with pytest.raises(Denied) as denial:
            contest.submit()
        assert denial.value.reason is Reason.TOO_MANY_WORDS and denial.value.detail == "risks has 6 words of 5"
        answer = leader.post(page("summary", contest), {"key": chance.key(), "confirmed": "on"})
        told = text_of(answer)
        assert answer.status_code == 422 and "6 sanaa, enintään 5: poistakaa 1 sana." in told and "enemmän sanoja kuin lomake sallii" in told
        assert "1 sana liikaa" in text_of(leader.get(page("edit", contest)))
    with clock.at(contest.after), pytest.raises(Denied) as denial:
        contest.submit()  # late does not help
    assert denial.value.reason is Reason.TOO_MANY_WORDS and not Version.objects.exists()


def test_a_draft_that_is_far_too_long_loses_nothing(contest, leader):
    with clock.at(contest.before):
        leader.post(page("start", contest))
        long = "sana " * 4000
        assert leader.post(page("save", contest), form(contest, 0, impact=long)).status_code == 200
        assert Proposal.objects.get().text("impact") == long
        shown = text_of(leader.get(page("edit", contest)))
        assert "maxlength" not in shown.split('name="impact"')[1].split(">")[0] and "3\u00a0200 sanaa liikaa" in html.unescape(shown)


def test_a_section_that_the_form_does_not_have_is_not_kept(own_form, leader):
    with clock.at(own_form.before):
        leader.post(page("start", own_form))
        leader.post(page("edit", own_form), {**form(own_form, 0), "risks": "Sää."})
    assert Proposal.objects.get().texts == {"title": "Kyytipooli", "risks": "Sää.", "solution": TEXTS["solution"]}


def test_parts_are_called_as_the_form_calls_them(own_form):
    with clock.at(own_form.before):
        proposal = write(own_form)
    assert selectors.names_of_parts(proposal) == {"title": "Otsikko", "risks": "Riskit", "solution": "Ratkaisu"}


def test_answers_of_other_kinds_are_sealed_in_words_and_what_identifies_goes_apart(contest, leader, cast):
    act = {"actor": cast["organiser"], "competition": contest.world.competition, "stage": "proposals"}
    yes = {"heading": {"fi": "Kokeiltu?", "en": "Tried"}, "kind": "yes_no"}
    price = {"heading": {"fi": "Hinta", "en": "Price"}, "kind": "money", "depends_on": "tried", "values": ["yes"]}
    why = {"heading": {"fi": "Miksi ei?", "en": "Why"}, "hard_words": 50, "depends_on": "tried", "values": ["no"]}
    people = {"heading": {"fi": "Tekijät", "en": "People"}, "kind": "people"}
    with clock.at(contest.world.stages["proposals"].opens_at - timedelta(days=1)):
        for columns in (yes, price, why, people):
            competitions.save_question(**act, **columns)
    contest.challenge.refresh_from_db()
    with clock.at(contest.before):
        contest.write("Kaarna", tried=True, price=123_450, why="", people=[{"name": "Aino Aalto", "role": "johtaja"}])
        told = text_of(leader.get(page("summary", contest)))
        assert "1\xa0234,50" in html.unescape(told) and "Miksi ei?" not in told and "Aino Aalto" in told
        assert "Aino Aalto" not in text_of(leader.get(page("blind", contest)))
        version = contest.submit()
        contest.prepare()
    parts = [row["part"] for row in version.manifest["parts"]]
    assert parts == ["title", *TEXTS, "tried", "price", "answer/1"]
    assert [(row.envelope, row.part) for row in version.parts.all()] == [("blind", "text"), ("original", "answer/1")]
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    entry = Entry.objects.using("reviewing").get()
    assert [row["text"].replace("\xa0", " ") for row in entry.sections[-2:]] == ["Kyllä", "1 234,50 €"] and "Aino" not in str(entry.sections)
    assert faults() == []


def test_an_answer_that_is_not_there_keeps_a_proposal_from_being_submitted(contest, cast):
    act = {"actor": cast["organiser"], "competition": contest.world.competition, "stage": "proposals"}
    with clock.at(contest.world.stages["proposals"].opens_at - timedelta(days=1)):
        competitions.save_question(**act, heading={"fi": "Kunta", "en": "Place"}, kind="municipality")
    contest.challenge.refresh_from_db()
    with clock.at(contest.before):
        contest.write("Kaarna")
        with pytest.raises(Denied) as denial:
            contest.submit()
        assert denial.value.reason is Reason.INCOMPLETE
        contest.write("Kaarna", place="165")
        assert contest.submit().number == 1
