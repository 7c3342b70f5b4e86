"""Questions that a file answers: attached on a page of their own, made anew for all but those who write, gone when another takes their place."""

import pytest
from django.urls import reverse

from klash.competitions import services
from klash.competitions.models import AnswerFile, FormKind, Question, StageKind
from klash.core.errors import Denied, Refused
from klash.files.models import StoredFile
from klash.problems import services as problems
from klash.rules.questions import Kind, fits
from klash.rules.reasons import Reason
from klash.teams import services as teams
from klash.teams.models import Application
from tests.conftest import make_person
from tests.problems.conftest import draft, refreshed  # noqa: F401
from tests.proposals.pdf import pdf_bytes, upload
from tests.teams.conftest import call  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.KLASH_HOME, settings.KLASH_KEYS = tmp_path, tmp_path / "keys"


def ask_for_file(actor, competition, kind):
    heading = {"fi": "Kartta", "sv": "Karta", "en": "Map"}
    return services.save_question(actor=actor, competition=competition, stage=kind, kind=Kind.FILE, heading=heading, is_required=False)


def refused(do, *args, **kwargs):
    with pytest.raises((Refused, Denied)) as error:
        do(*args, **kwargs)
    return error.value.reason


def attach(actor, problem, content=None, name="Kartta.pdf", code="map"):
    return problems.attach_to_problem(actor=actor, problem=problem, code=code, uploaded=upload(name, pdf_bytes(pages=1) if content is None else content))


@pytest.fixture
def asked(world, cast, at, draft):  # noqa: F811
    with at(StageKind.PROBLEM_CALL):
        assert ask_for_file(cast["organiser"], world.competition, FormKind.PROBLEM).code == "map"
        with pytest.raises(Refused):  # a proposal has its files beside the form
            ask_for_file(cast["organiser"], world.competition, FormKind.PROPOSAL)
    return refreshed([draft])[0]


def test_what_is_attached_answers_and_another_takes_its_place(cast, at, asked):
    with at(StageKind.PROBLEM_CALL):
        attach(cast["officer"], asked)
        first = refreshed([asked])[0]
        (row,) = asked.form.asked[-1:]
        assert fits(row.asked, first.answers["map"]) and first.answers["map"]["name"] == "Kartta.pdf"
        attach(cast["officer"], first, pdf_bytes(pages=2), "Toinen.pdf")
        second = refreshed([asked])[0]
        assert (second.answers["map"]["name"], StoredFile.objects.count(), AnswerFile.objects.count()) == ("Toinen.pdf", 1, 1)
        # What the form saves by itself leaves the file alone.
        problems.save_problem(actor=cast["officer"], problem=second, title="Uusi", summary="Uusi.", theme=second.theme, group=[], answers={"goal": "Uusi"})
        assert refreshed([asked])[0].answers["map"]["name"] == "Toinen.pdf"
        problems.detach_from_problem(actor=cast["officer"], problem=second, code="map")
        assert "map" not in refreshed([asked])[0].answers and StoredFile.objects.count() == 0


def test_who_may_attach_what_and_when(cast, at, asked):
    with at(StageKind.PROBLEM_CALL):
        assert refused(attach, make_person("x"), asked) == Reason.NOT_YOURS
        assert refused(attach, cast["officer"], asked, code="goal") == Reason.ANSWER_DOES_NOT_FIT
        assert refused(attach, cast["officer"], asked, b"MZ\x90\x00" * 50, "ohjelma.exe") == Reason.FILE_KIND
        assert StoredFile.objects.count() == 0
    with at(StageKind.PROBLEM_SELECTION):
        assert refused(attach, cast["officer"], asked) == Reason.DEADLINE_PASSED


def test_others_get_what_was_made_anew_and_only_where_the_question_is_public(world, cast, at, asked, client):
    content = pdf_bytes(pages=1)
    with at(StageKind.PROBLEM_CALL):
        problem = attach(cast["officer"], asked, content)
        problems.submit_problem(actor=cast["officer"], problem=refreshed([problem])[0])
        page = reverse("problems:file_answer", args=[world.competition.code, problem.code, "map"])
        assert page in client.get(reverse("problems:problem", args=[world.competition.code, problem.code])).content.decode()
        public = client.get(page)
        assert public.status_code == 200 and public.content != content and public.content.startswith(b"%PDF")
        client.force_login(cast["officer"])
        assert client.get(page).content == content
        Question.objects.filter(code="map").update(is_identifying=True)
        client.logout()
        assert client.get(page).status_code == 404
        client.force_login(cast["organiser"])
        assert client.get(page).content == content
        client.force_login(cast["panellist"])
        assert client.get(page).content == public.content
        Question.objects.filter(code="map").update(is_for_reviewers=False)
        assert client.get(page).status_code == 404


def test_the_page_attaches_refuses_and_removes(world, cast, at, asked, client):
    page = reverse("problems:attach", args=[world.competition.code, asked.code, "map"])
    client.force_login(cast["officer"])
    with at(StageKind.PROBLEM_CALL):
        write = reverse("problems:write", args=[world.competition.code, asked.code])
        assert page in client.get(write).content.decode()
        assert client.post(page, {}).status_code == 422
        assert client.post(page, {"file": upload("a.exe", b"MZ\x90\x00" * 50)}).status_code == 422
        assert client.post(page, {"file": upload("Kartta.pdf", pdf_bytes(pages=1))}).status_code == 302
        assert "Kartta.pdf" in client.get(page).content.decode() and "Kartta.pdf" in client.get(write).content.decode()
        assert client.post(page, {"remove": "1"}).status_code == 302 and not AnswerFile.objects.exists()
        client.force_login(make_person("x"))
        assert client.get(page).status_code == 404


def test_a_team_answers_with_a_file_that_its_panel_reads(call, cast, client):  # noqa: F811
    ask_for_file(cast["organiser"], call.challenge.competition, FormKind.APPLICATION)
    team = call.fill(call.found())
    application = Application.objects.get(team=team)
    content = pdf_bytes(pages=1)
    teams.attach_to_application(actor=cast["leader"], application=application, code="map", uploaded=upload("Kaavio.pdf", content))
    page = reverse("teams:attach", args=[team.code, "map"])
    client.force_login(cast["leader"])
    assert "Kaavio.pdf" in client.get(page).content.decode()
    assert client.post(page, {"file": upload("Toinen.pdf", pdf_bytes(pages=2))}).status_code == 302
    answer = reverse("teams:file_answer", args=[team.code, "map"])
    assert client.get(answer).status_code == 200
    for who in ("panellist", "outsider"):
        client.force_login(cast.get(who) or make_person(who))
        assert client.get(answer).status_code == 404  # before the panel's round
    teams.detach_from_application(actor=cast["leader"], application=Application.objects.get(team=team), code="map")
    assert not AnswerFile.objects.exists()
