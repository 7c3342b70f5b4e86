"""How an operator founds a competition and an organiser fills it, by services and by pages."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, Organisation, User
from klash.competitions import selectors, services
from klash.competitions.models import Competition, Partner, Stage, StageKind, Theme
from klash.core import clock, show
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.competitions.conftest import CRITERIA, fill, spans
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
KIND = StageKind.PROBLEM_SELECTION
FOUNDED = {"name": "Klash 2027", "code": "klash-2027", "organisation": "Keksitty kunta", "kind": "public", "email": "Uusi@example.org", "language": "sv"}


def path(name, *args, competition="klash-uusi"):
    return reverse(f"competitions:{name}", args=[competition, *args] if name != "found" else [])


@pytest.fixture
def organiser(client, draft, people):
    client.force_login(people["organiser"])
    return client


def test_found_competition_invites_its_first_organiser_who_then_runs_it(people, client):
    client.force_login(people["operator"])
    page = client.post(path("found"), FOUNDED)
    assert page.status_code == 200 and "uusi@example.org" in page.content.decode()
    competition = Competition.objects.select_related("organiser").get(code="klash-2027")
    assert (competition.state, competition.organiser.name, competition.organiser.kind) == ("draft", {"fi": "Keksitty kunta"}, "public")
    letter = Message.objects.get(to="uusi@example.org")
    assert (letter.language, "Klash 2027" in letter.subject) == ("sv", True)
    person = accounts.join_by_invitation(invitation=Invitation.objects.get(), name="Uusi", password="x" * 12, language="sv")
    client.force_login(person)
    assert client.get(path("texts", competition="klash-2027")).status_code == 200


def test_found_competition_under_an_address_in_use_says_so_and_keeps_what_was_typed(people, client, draft):
    client.force_login(people["operator"])
    page = client.post(path("found"), {**FOUNDED, "code": "klash-uusi"})
    assert page.status_code == 422 and page.context["form"].errors.as_data().keys() == {"code"}
    assert page.context["form"].errors["code"] == ["Osoite on jo käytössä. Valitse toinen osoite."]
    assert 'value="Keksitty kunta"' in page.content.decode() and Competition.objects.count() == 1 and not Message.objects.exists()


@pytest.mark.parametrize(("language", "code", "sentence"), [
    ("fi", "klash 2027", "Osoitteessa voi olla vain kirjaimia a–z, numeroita, yhdysviivoja ja alaviivoja."),
    ("sv", "klash 2027", "Adressen får bara innehålla bokstäverna a–z, siffror, bindestreck och understreck."),
    ("fi", "", "Täytä tämä kohta."), ("sv", "", "Fyll i den här punkten."),
])
def test_a_fault_is_said_in_the_house_s_own_words(people, client, language, code, sentence):
    client.force_login(people["operator"])
    with translation.override(language):
        page = client.post(path("found"), {**FOUNDED, "code": code})
        assert page.context["form"].errors["code"] == [sentence]


def test_only_an_operator_founds_and_only_the_organiser_fills(people, client, draft):
    for name in ("organiser", "outsider"):
        client.force_login(people[name])
        assert client.get(path("found")).status_code == 404
    for name in ("registrar", "outsider", "operator"):
        client.force_login(people[name])
        for page in ("texts", "stages", "criteria", "themes", "partners"):
            assert client.get(path(page)).status_code == 404
    with pytest.raises(Denied):
        services.found_competition(actor=people["organiser"], name="Oma", code="oma", organisation="Oma", kind="other", email="a@example.org")


def test_operator_command_makes_an_operator_who_sets_a_password(db, capsys, client):
    call_command("operator", "Ylla@Example.org", name="Ylläpitäjä")
    person = User.objects.get(email="ylla@example.org")
    assert person.is_operator
    link = capsys.readouterr().out.rsplit(" ", 1)[1].strip()
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    call_command("operator", "ylla@example.org")
    assert list(AuditEvent.objects.values_list("what", flat=True)) == ["account.created", "account.operator_made"]


def test_texts_are_saved_and_a_fault_keeps_what_was_typed(organiser, draft):
    given = {
        "name": "Klash", "tagline_fi": "Lyhyesti.", "tagline_sv": "Kort.", "tagline_en": "", "summary_fi": "Pitkästi.", "summary_sv": "Långt.",
        "summary_en": "", "website": "", "team_size_min": 2, "team_size_max": 6, "challenges_promised": 2, "teams_per_challenge_max": 4, "reserve": 250_000,
    }
    bad = organiser.post(path("texts"), {**given, "team_size_min": 7, "tagline_sv": ""})
    assert bad.status_code == 422 and set(bad.context["form"].errors) == {"team_size_max", "tagline_sv"} and "Pitkästi." in bad.content.decode()
    half = organiser.post(path("texts"), {**given, "website": "klash", "name": "K" * 130})
    assert half.context["form"].errors == {
        "website": ["Kirjoita osoite kokonaan, esimerkiksi https://klash.fi."],
        "name": ["Tekstissä saa olla enintään 120 merkkiä, mutta siinä on 130. Lyhennä tekstiä."],
    }
    assert organiser.post(path("texts"), given).status_code == 302
    draft.refresh_from_db()
    assert (draft.tagline, draft.team_size_min, draft.reserve_cents) == ({"fi": "Lyhyesti.", "sv": "Kort."}, 2, 25_000_000)
    assert AuditEvent.objects.filter(what="competition.changed").count() == 1
    organiser.post(path("texts"), given)
    assert AuditEvent.objects.filter(what="competition.changed").count() == 1


def _calendar(stages):
    data = {}
    for kind, (_, opens, closes) in stages.items():
        data |= {f"{kind}_opens": f"{opens:%Y-%m-%dT%H:%M}", f"{kind}_closes": f"{closes:%Y-%m-%dT%H:%M}", f"{kind}_title_fi": kind, f"{kind}_title_sv": kind}
    return data


def test_calendar_page_sets_all_stages_and_names_faults_at_their_field(organiser, draft):
    assert organiser.post(path("stages"), _calendar(spans())).status_code == 302
    stage = Stage.objects.get(kind="judging")
    assert f"{show.deadline(stage.opens_at)} – {show.deadline(stage.closes_at)}" in organiser.get(path("stages")).content.decode()
    assert list(Stage.objects.values_list("kind", "position")) == [(kind, position) for position, kind in enumerate(StageKind.values)]
    stages = spans()
    title, opens, closes = stages["judging"]
    stages["judging"] = (title, opens - timedelta(days=5), closes)
    title, opens, closes = stages["award"]
    stages["award"] = (title, closes, opens)
    page = organiser.post(path("stages"), _calendar(stages))
    assert page.status_code == 422 and set(page.context["form"].errors) == {"judging_opens", "award_closes"}
    assert Stage.objects.get(kind="judging").opens_at > START


def test_the_summary_of_faults_names_the_part_that_a_field_belongs_to(organiser, draft):
    def links(page):
        return [" ".join(link.split()) for link in re.findall(r'<a href="#id_[^"]*">([^<]*)</a>', page.content.decode())]

    told = links(organiser.post(path("stages"), {}))
    assert told[0] == "Ongelmien ilmoittaminen – Alkaa: Täytä tämä kohta." and len(set(told)) == len(told) == 4 * len(StageKind.values)
    assert "Ongelmien ilmoittaminen – Vaiheen nimi – suomeksi: Täytä tämä kohta." in told
    told = links(organiser.post(path("add_criterion", KIND), {**CRITERION, "name_sv": "", "band0_text_sv": "", "band1_from": ""}))
    assert [fault.rsplit(":", 1)[0] for fault in told] == ["Nimi – ruotsiksi", "Taso 1 – Mitä pisteet tarkoittavat – suomeksi", "Taso 2 – Alkaen"]


def test_set_calendar_is_refused_with_the_rule(draft, people):
    stages = spans()
    title, opens, closes = stages["team_selection"]
    with pytest.raises(Refused) as refusal:
        services.set_calendar(actor=people["organiser"], competition=draft, stages={**stages, "team_selection": (title, opens - timedelta(days=1), closes)})
    assert refusal.value.reason is Reason.INPUT_STILL_OPEN and not Stage.objects.exists()


CRITERION = {
    "name_fi": "Vaikuttavuus", "name_sv": "Genomslag", "name_en": "Impact", "meaning_fi": "Kuinka moni hyötyy.", "meaning_sv": "Hur många har nytta.", "weight": 40,
    "scale_min": 0, "scale_max": 10, "band0_from": 0, "band0_to": 4, "band0_text_fi": "vähän", "band0_text_sv": "lite", "band1_from": 5, "band1_to": 10,
    "band1_text_fi": "paljon", "band1_text_sv": "mycket",
}


def test_criterion_is_added_changed_and_removed(organiser, draft):
    assert organiser.post(path("add_criterion", KIND), CRITERION).status_code == 302
    assert organiser.post(path("add_criterion", KIND), {**CRITERION, "weight": 60}).status_code == 302
    rows = selectors.criteria_by_stage(draft)[KIND]
    assert [(row["code"], row["weight"], row["share"]) for row in rows] == [("impact", 40, 40), ("impact_2", 60, 60)]
    assert rows[0]["bands"] == [{"from": 0, "to": 4, "text": {"fi": "vähän", "sv": "lite"}}, {"from": 5, "to": 10, "text": {"fi": "paljon", "sv": "mycket"}}]
    assert organiser.post(path("criterion", KIND, "impact"), {**CRITERION, "weight": 140}).status_code == 302
    for code in ("impact_2", "impact"):
        assert organiser.get(path("remove_criterion", KIND, code)).status_code == 200
        assert organiser.post(path("remove_criterion", KIND, code)).status_code == 302
    assert selectors.criteria_by_stage(draft) == {} and not draft.criteria_sets.exists()
    assert organiser.get(path("criterion", KIND, "impact")).status_code == 404 == organiser.get(path("add_criterion", "award")).status_code


@pytest.mark.parametrize(("change", "field"), [
    ({"band1_from": 6}, "band0_from"), ({"band1_to": 9}, "band0_from"), ({"band0_to": 5}, "band0_from"), ({"band1_to": ""}, "band1_from"),
    ({"band1_text_sv": ""}, "band1_text_fi"), ({"scale_max": 0}, "scale_max"), ({"weight": 0}, "weight"), ({"name_sv": ""}, "name_sv"),
])
def test_a_criterion_that_cannot_judge_is_refused_at_its_field(organiser, draft, change, field):
    page = organiser.post(path("add_criterion", KIND), {**CRITERION, **change})
    assert page.status_code == 422 and field in page.context["form"].errors and "Kuinka moni hyötyy." in page.content.decode()
    assert not draft.criteria_sets.exists()


def test_save_criterion_with_a_gap_is_refused_by_the_service(draft, people):
    bands = [{"from": 0, "to": 4, "text": {}}, {"from": 6, "to": 10, "text": {}}]
    row = {**CRITERIA[0], "bands": bands}
    row.pop("code")
    with pytest.raises(Refused) as refusal:
        services.save_criterion(actor=people["organiser"], competition=draft, stage_kind=KIND, **row)
    assert refusal.value.reason is Reason.BANDS_UNEVEN


def test_themes_and_partners_are_added_and_removed(organiser, draft):
    for _ in range(2):
        answer = organiser.post(path("themes"), {"theme-name_fi": "Joukkoliikenne", "theme-name_sv": "Kollektivtrafik", "theme-name_en": "Public transport"})
    assert answer.status_code == 422 and list(Theme.objects.values_list("code", flat=True)) == ["public_transport"]
    assert organiser.post(path("remove_theme", "public_transport")).status_code == 302 and not Theme.objects.exists()
    partner = {"organisation": "Keksitty säätiö", "kind": "foundation", "roles": ["funder", "partner"]}
    assert organiser.post(path("partners"), partner).status_code == 302
    assert Partner.objects.get().roles == ["funder", "partner"] and Organisation.objects.get(kind="foundation").name == {"fi": "Keksitty säätiö"}
    assert "Keksitty säätiö" in organiser.get(path("partners")).content.decode()
    assert organiser.post(path("remove_partner", "keksitty-saatio")).status_code == 302 and not Partner.objects.exists()


def test_publication_page_names_what_is_missing_and_publishes_when_all_is_there(organiser, draft, people):
    publish = reverse("desk:publish", args=["klash-uusi"])
    fill(draft, people["organiser"], but=["criteria"])
    page = organiser.post(publish)
    assert page.status_code == 200 and path("criteria") in page.content.decode() and path("themes") not in page.content.decode()
    fill(draft, people["organiser"])
    assert organiser.post(publish).status_code == 302
    assert Competition.objects.get(code="klash-uusi").state == "published"
    for name in ("texts", "stages", "criteria", "themes", "partners"):
        assert organiser.get(path(name)).status_code == 403


def test_a_calendar_whose_problem_call_has_ended_is_saved_with_a_warning_and_cannot_be_published(organiser, draft, people):
    publish = reverse("desk:publish", args=["klash-uusi"])
    warning, refusal = "Ongelmien ilmoittamisen aika on ohi", "Siirrä aikataulu tulevaisuuteen ja julkaise sitten."
    ready = f'href="{publish}"'
    fill(draft, people["organiser"])
    page = organiser.post(path("stages"), _calendar(spans()), follow=True).content.decode()
    assert (warning in page, ready in page) == (False, True)
    closes_at = Stage.objects.get(kind="problem_call").closes_at
    with clock.at(closes_at - timedelta(milliseconds=1)):
        assert refusal not in organiser.get(publish).content.decode()
    with clock.at(closes_at):
        page = organiser.post(path("stages"), _calendar(spans()), follow=True).content.decode()
        assert (warning in page, ready in page) == (True, False)
        page = organiser.post(publish).content.decode()
        assert refusal in page and path("stages") in page
        with pytest.raises(Denied) as denied:
            services.publish_competition(actor=people["organiser"], competition=Competition.objects.get(code="klash-uusi"))
    assert denied.value.reason is Reason.CALL_HAS_ENDED
    assert Competition.objects.get(code="klash-uusi").state == "draft"


def test_publishing_judges_the_calendar_as_it_is_saved_now(draft, people):
    """A colleague may have set it anew since the page was drawn."""
    fill(draft, people["organiser"])
    drawn = Competition.objects.get(pk=draft.pk)
    drawn.stages_by_kind()
    Stage.objects.filter(competition=draft, kind="problem_call").update(opens_at=clock.now() - timedelta(days=2), closes_at=clock.now())
    with pytest.raises(Denied) as denied:
        services.publish_competition(actor=people["organiser"], competition=drawn)
    assert denied.value.reason is Reason.CALL_HAS_ENDED


def test_setup_pages_ask_the_same_queries_with_many_rows(organiser, draft, people, django_assert_max_num_queries):
    for count in (1, 29):
        fill(draft, people["organiser"])
        for number in range(count):
            services.add_theme(actor=people["organiser"], competition=draft, code=f"t{count}-{number}", name={"fi": "teema"})
        asked = []
        for name in ("texts", "stages", "criteria", "themes", "partners"):
            with django_assert_max_num_queries(12) as queries:
                organiser.get(path(name))
            asked.append(len(queries.captured_queries))
        if count == 1:
            first = asked
    assert asked == first
