from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.awards import services
from klash.awards.models import Award, Placing
from klash.competitions.models import Competition
from klash.core import clock
from klash.proposals.selectors import round_of
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry
from klash.teams.models import Team

pytestmark = pytest.mark.django_db(databases="__all__")
ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = ("Kaarna", "Luoto", "Myrsky")


def url(name, contest=None, language="fi"):
    with translation.override(language):
        return reverse(f"awards:{name}", args=["klash-test", contest.challenge.code] if contest else ["klash-test"])


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def judged(contest):
    contest.open()
    contest.judge()
    with clock.at(contest.after + timedelta(days=30)):
        yield contest


@pytest.fixture
def published(judged, cast):
    judged.report()
    award = services.take_report(actor=cast["organiser"], challenge=judged.challenge)
    services.request_identities(actor=cast["organiser"], award=award)
    services.open_identities(actor=cast["registrar"], award=award)
    services.decide_award(actor=cast["organiser"], award=award, decision="Kaarna voitti, koska.", winners=[judged.teams["Kaarna"]], is_invented=True)
    services.publish_winners(actor=cast["organiser"], award=award)
    return judged


def test_one_main_action_at_a_time_to_the_winner(client, judged, cast):
    client.force_login(cast["organiser"])
    codes = list(Entry.objects.using("reviewing").values_list("code", flat=True))

    def shown(*wanted):
        answer = text_of(client.get(url("award", judged)))
        content = answer.split('<main id="content"')[1].split("</main>")[0]
        assert content.count('class="btn"') <= 1, "one main action a page"
        assert all(words in answer for words in wanted), wanted
        return answer

    answer = shown("Päätä arviointi", "jätetty 6/6")
    assert not any(code in answer for code in codes)
    assert client.post(url("request_identities", judged)).status_code == 409
    judged.report(sign=1)
    answer = shown("allekirjoituksia 1/2", *codes)
    assert not any(name in answer.replace("Kyytipooli Kaarna", "").replace("Kyytipooli Luoto", "").replace("Kyytipooli Myrsky", "") for name in NAMES)
    assert client.post(url("request_identities", judged)).status_code == 409
    from klash.reviewing import services as reviewing

    seat = judged.seats()[1]
    reviewing.sign_report(actor=seat, report=seat.round.report, report_hash=seat.round.report.hash)
    shown("Pyydä tunnusten avaamista")
    client.post(url("request_identities", judged))
    shown("Toisen järjestäjän edustajan on avattava tunnukset.")
    assert client.post(url("open_identities", judged)).status_code == 403
    assert not Placing.objects.exists()
    client.force_login(cast["registrar"])
    shown("Avaa tunnukset")
    client.post(url("open_identities", judged))
    answer = shown("Seuraavaksi järjestäjä päättää", ">Kaarna</td>")
    assert "Kirjaa päätös" not in answer
    client.force_login(cast["organiser"])
    answer = shown("Kirjaa päätös")
    team = judged.teams["Kaarna"]
    empty = client.post(url("decide", judged), {"winners": [team.code], "decision": " "})
    assert empty.status_code == 422
    bad = client.post(url("decide", judged), {"winners": [judged.teams["Luoto"].code], "decision": "Säilyvä teksti"})
    assert bad.status_code == 422 and "Säilyvä teksti" in text_of(bad)
    client.post(url("decide", judged), {"winners": [team.code], "decision": "Kaarna voitti."})
    shown("Julkista voittaja")
    assert "Kaarna" not in text_of(client.get(url("results"))) and client.get(url("result", judged)).status_code == 404
    client.post(url("publish", judged))
    shown("Voittaja on julkistettu.")
    assert "Kaarna" in text_of(client.get(url("results")))


def test_judging_is_closed_from_the_page(client, contest, cast):
    contest.open()
    client.force_login(cast["registrar"])
    assert "jätetty 0/6" in text_of(client.get(url("award", contest)))
    assert client.post(url("close", contest)).status_code == 403
    contest.judge()
    assert client.post(url("close", contest)).status_code == 302
    assert "Sija" in text_of(client.get(url("award", contest)))


@pytest.mark.parametrize("name", ["leader", "member", "juror", "chair", "mentor", "panellist", "pilot_officer", "officer", "outsider"])
def test_identities_cannot_be_reached_before_the_signatures(client, judged, cast, name):
    judged.report(sign=1)
    client.force_login(cast[name])
    assert client.get(url("award", judged)).status_code == 404
    for action in ("close", "request_identities", "open_identities", "decide", "publish"):
        assert client.post(url(action, judged)).status_code == 404
    for page in (url("results"), url("feed")):
        answer = text_of(client.get(page))
        assert not any(code in answer for code in Entry.objects.using("reviewing").values_list("code", flat=True))
        assert not any(team in answer for team in NAMES)
    assert not Award.objects.exists() and not Placing.objects.exists()


@pytest.mark.parametrize("name", ["organiser", "organiser_2", "registrar"])
def test_the_staff_sees_code_names_only_before_the_signatures(client, judged, cast, name):
    judged.report(sign=1)
    client.force_login(cast[name])
    answer = text_of(client.get(url("award", judged)))
    table = answer.split("<tbody>")[1].split("</tbody>")[0]
    for team in NAMES:
        assert f"<td>{team}" not in table
    for action, status in [("request_identities", 409), ("open_identities", 404), ("decide", 404), ("publish", 404)]:
        assert client.post(url(action, judged), {"decision": "x"}).status_code == status
    assert not Placing.objects.exists()


def test_strangers_sign_in_first(client, contest):
    assert client.get(url("award", contest)).status_code == 302


@pytest.mark.parametrize(("language", "word"), [("fi", "Voittaja"), ("sv", "Vinnare"), ("en", "Winner")])
def test_the_result_is_public_in_three_languages(client, published, language, word, django_assert_max_num_queries):
    for page in (url("results", language=language), url("result", published, language)):
        with django_assert_max_num_queries(12):
            answer = client.get(page)
        assert answer.status_code == 200 and word in text_of(answer) and "Kaarna" in text_of(answer)
        assert "Luoto" not in text_of(answer) and "Myrsky" not in text_of(answer)
    assert "Kaarna voitti, koska." in text_of(client.get(url("result", published, language)))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_organisers_page_in_each_language_within_few_queries(client, published, cast, language):
    client.force_login(cast["organiser"])
    with CaptureQueriesContext(connections["default"]) as here, CaptureQueriesContext(connections["reviewing"]) as there:
        assert client.get(url("award", published, language)).status_code == 200
    assert len(here) + len(there) <= 12, "\n".join(row["sql"][:60] + " ... " + row["sql"][-110:] for row in [*here, *there])


def test_the_summary_of_a_real_winner_is_marked_in_an_invented_competition(client, published, world):
    Team.objects.update(summary="Kyyti kaikille.", is_invented=False)
    marked = []
    for is_invented in (True, False):
        Competition.objects.update(is_invented=is_invented)
        winner = text_of(client.get(url("result", published))).split("</h2>")[1].split("</section>")[0]
        marked.append(("Kyyti kaikille." in winner, "tag invented" in winner))
    assert marked == [(True, True), (True, False)]


def test_an_invented_team_is_marked_in_the_ranking(client, published, cast):
    Team.objects.filter(name="Luoto").update(is_invented=True)
    client.force_login(cast["organiser"])
    table = text_of(client.get(url("award", published))).split("<tbody>")[1].split("</tbody>")[0]
    assert ["tag invented" in table.split(f">{name}")[1].split("</td>")[0] for name in ("Luoto", "Kaarna")] == [True, False]


def test_the_feed_tells_the_winner(client, published):
    answer = client.get(url("feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    tree = ElementTree.fromstring(answer.content)
    (entry,) = tree.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Kyyti kylille: Kaarna"
    assert entry.findtext(f"{ATOM}summary") == "Keksitty: Kaarna voitti, koska."
    assert entry.find(f"{ATOM}link").get("href").endswith(url("result", published))


def test_before_publication_the_pages_are_empty_and_say_when(client, contest):
    answer = text_of(client.get(url("results")))
    assert "Voittajia ei ole vielä julkistettu." in answer and "Kyyti kylille" in answer
    assert ElementTree.fromstring(client.get(url("feed")).content).findall(f"{ATOM}entry") == []
    assert client.get(reverse("awards:results", args=["tuntematon"])).status_code == 404


def at_desk(name, contest, *args):
    return reverse(f"desk:{name}", args=["klash-test", round_of(contest.challenge).code, *args])


def test_the_organiser_reads_the_result_how_firm_it_is_and_what_other_weights_would_do(client, judged, cast):
    judged.report()
    client.force_login(cast["organiser"])
    page, part = client.get(at_desk("firmness", judged)), client.get(at_desk("firmness", judged), headers={"HX-Request": "true"})
    assert "Kuinka varma tulos on" in text_of(page) and text_of(page).count("<h1") == 1 and "<h1" not in text_of(part)
    award = text_of(client.get(url("award", judged)))
    assert at_desk("firmness", judged) in award and at_desk("result", judged) in award
    page = text_of(client.get(at_desk("result", judged)))
    assert all(row.entry_code in page for row in reading.ranking(round_of(judged.challenge)))
    part = text_of(client.get(at_desk("weights", judged), headers={"HX-Request": "true"}))
    assert "Näillä painoarvoilla" in part and "<h1" not in part
    assert client.post(at_desk("firmness", judged)).status_code == 302
    for name in ("result", "firmness", "weights"):
        client.force_login(cast["officer"])
        assert client.get(at_desk(name, judged)).status_code == 404


def test_the_organiser_takes_the_result_as_files_and_the_report_once_it_is_signed(client, judged, cast):
    client.force_login(cast["organiser"])
    report = judged.report(sign=1)
    files = {form: client.get(at_desk("export", judged, form)) for form in ("csv", "xlsx", "json")}
    assert {form: answer.status_code for form, answer in files.items()} == {"csv": 200, "xlsx": 200, "json": 200}
    assert [row["place"] for row in files["json"].json()["ranking"]] == [1, 2, 3]
    assert client.get(at_desk("export", judged, "odt")).status_code == 404
    assert client.get(at_desk("report_pdf", judged, "fi")).status_code == 404
    with clock.at(judged.world.middle_of("judging")):
        reviewing.sign_report(actor=judged.seats()[1], report=report, report_hash=report.hash)
    assert client.get(at_desk("report_pdf", judged, "fi")).content[:5] == b"%PDF-"
    assert at_desk("report_pdf", judged, "sv") in text_of(client.get(at_desk("result", judged)))
    assert client.get(at_desk("report_pdf", judged, "de")).status_code == 404


def test_nobody_reads_anything_of_a_result_before_there_is_one(client, contest, cast):
    client.force_login(cast["organiser"])
    names = [("result",), ("firmness",), ("weights",), ("export", "csv"), ("report_pdf", "fi")]
    contest.open()
    assert {client.get(at_desk(name, contest, *args)).status_code for name, *args in names} == {404}
