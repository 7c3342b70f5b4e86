"""How an organiser defines the sections of a proposal, and when they can no longer change."""

from datetime import timedelta

import pytest
from django.urls import reverse

from klash.competitions import selectors, services
from klash.competitions.models import Competition, Section, SectionSet, StageKind
from klash.competitions.usual_sections import USUAL
from klash.core import audit, clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.rules.reasons import Reason
from tests.competitions.conftest import add_stage
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
USUAL_CODES = [row["code"] for row in USUAL]
RISKS = {"heading": {"fi": "Riskit", "sv": "Risker", "en": "Risks"}, "help": {}, "soft_words": None, "hard_words": 200, "is_required": False, "carries": ""}
POSTED = {
    "heading_fi": "Riskit", "heading_sv": "Risker", "heading_en": "Risks", "help_fi": "Mikä voi epäonnistua?", "help_sv": "Vad kan misslyckas?", "help_en": "",
    "soft_words": "100", "hard_words": "200", "is_optional": "on", "carries": "motivation",
}


def path(name, *args):
    return reverse(f"competitions:{name}", args=["klash-uusi", *args])


def codes(competition):
    return [row.code for row in Competition.objects.get(pk=competition.pk).sections()]


@pytest.fixture
def organiser(client, draft, people):
    client.force_login(people["organiser"])
    return client


def test_a_competition_has_the_usual_sections_until_it_has_its_own(draft, people):
    assert codes(draft) == USUAL_CODES and not SectionSet.objects.exists()
    services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    assert codes(draft) == [*USUAL_CODES, "risks"] and Section.objects.count() == 5
    services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    services.save_section(actor=people["organiser"], competition=draft, **{**RISKS, "heading": {"fi": "Title", "sv": "Title"}})
    assert codes(draft)[-2:] == ["risks_2", "title_2"]  # never the name of another field
    assert AuditEvent.objects.filter(what="sections.set").count() == 3


def test_sections_move_and_go_but_one_stays(draft, people):
    act = {"actor": people["organiser"], "competition": draft}
    services.move_section(**act, code="spreading", to=2)
    assert codes(draft) == ["solution", "impact", "spreading", "novelty"]
    services.move_section(**act, code="solution", to=0)
    services.move_section(**act, code="novelty", to=9)
    services.move_section(**act, code="none", to=1)
    assert codes(draft) == ["solution", "impact", "spreading", "novelty"]
    for code in ("solution", "impact", "spreading"):
        services.remove_section(**act, code=code)
    with pytest.raises(Refused) as refusal:
        services.remove_section(**act, code="novelty")
    assert refusal.value.reason is Reason.INCOMPLETE and codes(draft) == ["novelty"]
    with pytest.raises(Refused) as refusal:
        services.save_section(**act, code="solution", **RISKS)
    assert refusal.value.reason is Reason.WRONG_STATE


def test_a_form_has_room_for_twelve_sections(draft, people):
    for _ in range(services.SECTIONS_MAX - 4):
        services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    with pytest.raises(Refused) as refusal:
        services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    assert refusal.value.reason is Reason.TOO_MANY_SECTIONS and len(codes(draft)) == services.SECTIONS_MAX


@pytest.mark.parametrize(("shift", "is_refused"), [(-1, False), (0, True), (1, True)])
def test_sections_can_change_until_the_stage_opens(draft, people, shift, is_refused):
    stage = add_stage(draft, people["organiser"], StageKind.PROPOSALS)
    Competition.objects.filter(pk=draft.pk).update(state="published")
    with clock.at(stage.opens_at + timedelta(milliseconds=shift)):
        if not is_refused:
            services.save_section(actor=people["organiser"], competition=draft, **RISKS)
            return
        with pytest.raises(Denied) as denial:
            services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    assert denial.value.reason is Reason.FROZEN and codes(draft) == USUAL_CODES


def test_freezing_writes_the_usual_ones_down_once_and_verify_sees_a_change(draft, people):
    services.freeze_sections(competition=draft)
    services.freeze_sections(competition=draft)
    group = SectionSet.objects.get()
    assert group.hash == selectors.hash_of_sections(draft.sections()) and [row.code for row in group.sections.all()] == USUAL_CODES
    assert AuditEvent.objects.get(what="sections.frozen").body == {"hash": group.hash}
    with pytest.raises(Denied), clock.at(START - timedelta(days=1)):
        services.remove_section(actor=people["organiser"], competition=draft, code="impact")
    told = "not those that were frozen"
    assert audit.recheck() == []
    Section.objects.filter(code="impact").update(hard_words=9999)
    assert told in str(audit.recheck())
    Section.objects.filter(code="impact").update(hard_words=800)
    SectionSet.objects.update(frozen_at=None, hash="")
    assert told in str(audit.recheck())
    SectionSet.objects.all().delete()
    assert "are gone" in str(audit.recheck())


def test_the_pages_add_change_move_and_remove(organiser, draft):
    assert "Ratkaisu" in organiser.get(path("sections")).content.decode()
    assert organiser.get(path("add_section")).status_code == 200
    assert organiser.post(path("add_section"), POSTED).url == path("sections")
    row = Section.objects.get(code="risks")
    assert (row.heading["sv"], row.help, row.soft_words, row.hard_words, row.is_required, row.carries) == (
        "Risker", {"fi": "Mikä voi epäonnistua?", "sv": "Vad kan misslyckas?"}, 100, 200, False, "motivation",
    )
    assert 'value="Risker"' in organiser.get(path("section", "risks")).content.decode()
    assert organiser.post(path("section", "risks"), {**POSTED, "hard_words": "300"}).status_code == 302
    assert organiser.post(path("move_section", "risks"), {"to": "3"}).url == f"{path('sections')}#risks"
    assert codes(draft) == ["solution", "impact", "novelty", "risks", "spreading"]
    assert organiser.post(path("move_section", "risks"), {"to": "4"}).status_code == 302
    assert organiser.post(path("move_section", "risks"), {"to": "first"}).status_code == 302 and codes(draft)[-1] == "risks"
    assert organiser.get(path("remove_section", "risks")).status_code == 200
    assert organiser.post(path("remove_section", "risks")).status_code == 302
    assert codes(draft) == USUAL_CODES and organiser.get(path("section", "risks")).status_code == 404


@pytest.mark.parametrize(("change", "field"), [
    ({"heading_sv": ""}, "heading_sv"), ({"hard_words": "0"}, "hard_words"), ({"hard_words": "5001"}, "hard_words"), ({"soft_words": "201"}, "soft_words"),
    ({"carries": "name"}, "carries"),
])
def test_a_section_that_cannot_be_answered_is_refused_at_its_field(organiser, change, field):
    page = organiser.post(path("add_section"), {**POSTED, **change})
    assert page.status_code == 422 and field in page.context["form"].errors and "Mikä voi epäonnistua?" in page.content.decode()
    assert not Section.objects.exists()


def test_one_section_too_many_is_said_on_the_page(organiser, draft, people):
    for _ in range(services.SECTIONS_MAX - 4):
        services.save_section(actor=people["organiser"], competition=draft, **RISKS)
    page = organiser.post(path("add_section"), POSTED)
    assert page.status_code == 422 and "enintään 12 osiota" in page.content.decode()


def test_frozen_sections_are_shown_and_refused_with_a_sentence(client, organiser, draft, people):
    services.freeze_sections(competition=draft)
    page = organiser.get(path("sections")).content.decode()
    assert "Osiot lukittiin" in page and path("add_section") not in page
    for answer in (organiser.post(path("section", "impact"), POSTED), organiser.post(path("remove_section", "impact")), organiser.get(path("add_section"))):
        assert answer.status_code == 403 and "eikä sitä voi enää muuttaa" in answer.content.decode()
    client.force_login(people["registrar"])
    assert client.get(path("sections")).status_code == 200 and client.get(path("add_section")).status_code == 404
    client.force_login(people["outsider"])
    assert client.get(path("sections")).status_code == 404
