"""What an officer sees of near problems while writing: public ones only, as they are now."""

import pytest
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.problems import bridge, services
from klash.problems.bridge import near as shelves
from tests.conftest import make_person
from tests.problems.conftest import make_draft, make_submitted

pytestmark = pytest.mark.django_db(databases="__all__")
BUS = {"title": "Viimeinen bussi lähtee ennen iltaa", "summary": "Vanhukset eivät pääse kylältä asioille, koska bussit eivät kulje iltaisin."}
BUS_SV = {"title": "Sista bussen går före kvällen", "summary": "Äldre kommer inte från byn till sina ärenden, eftersom bussarna inte kör på kvällen."}


ROOMS = {
    "title": "Tyhjät tilat", "summary": "Kunnan kiinteistöt seisovat tyhjinä keskustassa.", "situation": "Liiketiloja on vapaana.", "affected": "Yrittäjät.",
    "tried": "Ilmoitus verkossa.", "goal": "Tilat ovat käytössä.", "commitment": "Tilapäällikkö vastaa.",
}


@pytest.fixture(autouse=True)
def submitted(world, cast, at):
    """A problem of buses and one of empty rooms are public."""
    shelves._shelves.clear()
    with at(StageKind.PROBLEM_CALL):
        return [make_submitted(world, cast["officer"]), make_submitted(world, make_person("vantaalainen"), "Vantaa", **ROOMS)]


def titles(problem):
    return [row.problem.title for row in bridge.nearest(problem)]


def test_near_shows_public_problems_only_and_follows_each_change(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        mine = make_draft(world, make_person("kirjoittaja"), "Inkoo", **BUS)
        make_draft(world, make_person("toinen"), "Vantaa", **BUS)  # somebody else's draft
        assert titles(mine) == ["Kyyti puuttuu kylistä"]
        services.withdraw_problem(actor=cast["officer"], problem=submitted[0])
        assert titles(mine) == []
        services.submit_problem(actor=cast["officer"], problem=submitted[0])
        assert titles(mine) == ["Kyyti puuttuu kylistä"]


def test_finnish_and_swedish_meet(world, at):
    with at(StageKind.PROBLEM_CALL):
        problem = services.start_problem(actor=make_person("skribent"), competition=world.competition, municipality=world.municipalities["Inkoo"], language="sv")
        problem.title, problem.summary = BUS_SV["title"], BUS_SV["summary"]
        assert titles(problem)[:1] == ["Kyyti puuttuu kylistä"]


def test_nothing_changed_costs_one_look(world, at, django_assert_num_queries):
    with at(StageKind.PROBLEM_CALL):
        mine = make_draft(world, make_person("kirjoittaja"), "Inkoo", **BUS)
        bridge.nearest(mine)
        with django_assert_num_queries(3):  # the tallies, the rows, their groups
            bridge.nearest(mine)


def test_a_long_list_is_read_beside_the_request_and_the_writer_told(world, at, client, monkeypatch):
    started = []
    monkeypatch.setattr(shelves, "AT_ONCE", 0)
    monkeypatch.setattr(shelves.threading.Thread, "start", lambda thread: started.append(thread))
    with at(StageKind.PROBLEM_CALL):
        officer = make_person("kirjoittaja")
        mine = make_draft(world, officer, "Inkoo", **BUS)
        client.force_login(officer)
        page = client.get(reverse("problems:near", args=[world.competition.code, mine.code]))
        assert b"load delay:2s" in page.content and len(started) == 1
        assert bridge.nearest(mine) is None and len(started) == 1  # one at a time
        shelves._make(world.competition, shelves._stamp(world.competition))
        assert titles(mine) == ["Kyyti puuttuu kylistä"]
    shelves._working.clear()


def test_saving_a_new_title_tells_the_page_to_look_again(world, at, client):
    with at(StageKind.PROBLEM_CALL):
        officer = make_person("kirjoittaja")
        mine = make_draft(world, officer, "Inkoo", **BUS)
        client.force_login(officer)
        url, typed = reverse("problems:save", args=[world.competition.code, mine.code]), {"title": "Uusi otsikko", "summary": "Uusi.", "revision": mine.revision}
        assert client.post(url, typed).headers["HX-Trigger"] == "near"
        mine.refresh_from_db()
        assert "HX-Trigger" not in client.post(url, {**typed, "revision": mine.revision, "goal": "Muu."}).headers
        page = client.get(reverse("problems:write", args=[world.competition.code, mine.code])).content.decode()
        assert 'value="near"' in page and 'id="near"' in page
