import pytest

from klash.competitions.models import Competition, StageKind
from klash.core import audit
from klash.problems.models import Problem
from klash.teams.models import Application
from tests.conftest import START, make_municipality
from tests.portal.conftest import keep_counts, make_problem, publish_award

pytestmark = pytest.mark.django_db(databases="__all__")


def page(client, url="/"):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_competition_the_page_teaches(client, db):
    assert "No competition has been published yet." in page(client, "/en/")
    assert "Kilpailua ei ole vielä julkaistu" in page(client)
    assert client.get("/go/problems/")["Location"] == "/"


def test_a_draft_is_seen_by_its_staff_only(client, world, cast):
    Competition.objects.update(state="draft", published_at=None)
    assert client.get("/c/klash-test/").status_code == 404
    assert "No competition has been published yet." in page(client, "/en/")
    client.force_login(cast["organiser"])
    assert client.get("/c/klash-test/").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
@pytest.mark.parametrize("kind", StageKind.values)
def test_the_page_shows_in_every_stage_and_language(client, made, at, kind, prefix):
    with at(kind):
        text = page(client, f"{prefix}/")
        assert text.count("<h1>") == 1 and 'aria-current="step"' in text
        client.force_login(made.teams[0].memberships.first().person)
        assert client.get(f"{prefix}/c/klash-test/").status_code == 200


def test_it_shows_before_and_after_all_stages(client, made, at, world):
    with at(world.stages["problem_call"].opens_at.replace(year=2025)):
        assert "Next: problem_call" in page(client, "/en/")
    with at(world.stages["award"].closes_at.replace(year=2030)):
        assert "The competition is over" in page(client, "/en/")


@pytest.mark.parametrize(("kind", "button"), [
    ("problem_call", "Report a problem"), ("problem_selection", "Read the problems"), ("challenge_shaping", "Read the problems"),
])
def test_the_main_action_follows_the_stage_before_challenges(client, world, at, kind, button):
    with at(kind):
        assert f'>{button}</a>' in page(client, "/en/")


@pytest.mark.parametrize("kind", ["team_call", "mentoring", "proposals", "judging"])
def test_the_main_action_leads_to_the_challenges_when_there_are_some(client, made, at, kind):
    with at(kind):
        assert '>See the challenges</a>' in page(client, "/en/")


def release(made, when):
    Application.objects.exclude(decided_at=None).update(released_at=when)
    for challenge in made.challenges:
        keep_counts(challenge)


def test_teams_are_counted_only_after_they_were_told(client, made, at):
    release(made, None)
    with at("team_selection"):
        text = page(client, "/en/")
    assert " team<" not in text and " teams<" not in text and "persons" not in text
    release(made, START)
    with at("mentoring"):
        text = page(client, "/en/")
    assert "2 teams<" in text and "1 team<" in text and "teams, 5 persons" in text
    assert "Notko" not in text


def test_winners_show_after_publication_only(client, made, at):
    with at("award"):
        assert "Kaarna" not in page(client, "/en/")
        publish_award(made)
        text = page(client, "/en/")
    assert "Kaarna" in text and "Luoto" not in text and "See the winners" in text


def test_figures_and_map_count_public_problems(client, made, at):
    with at("mentoring"):
        text = page(client, "/en/")
    assert "<b>3</b> problems" in text and "<b>3</b> municipalities" in text
    with at("mentoring"):
        assert "<b>1</b> mentori 1 alalta" in page(client, "/") and "<b>1</b> mentor från 1 område" in page(client, "/sv/")
    assert text.count('class="dot pilot"') == 2 and text.count('class="dot in"') == 1 and text.count('class="dot"') == 1


def test_an_unchanged_page_is_not_sent_again_to_an_anonymous_visitor(client, made, at):
    with at("mentoring"):
        client.get("/")
        first = client.get("/")
        assert first["Cache-Control"] == "private, no-cache"
        assert client.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        assert client.get("/sv/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
        # What nobody may know of moves nothing.
        audit.record("proposal.submitted", actor=audit.System(), competition="klash-test", thing="proposal/x")
        assert client.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        audit.record("stage.moved", actor=audit.System(), competition="klash-test", thing="stage/x")
        assert client.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    with at("proposals"):
        assert client.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_a_person_s_page_is_never_kept(client, made, at, cast):
    client.force_login(cast["officer"])
    with at("mentoring"):
        response = client.get("/")
    assert not response.has_header("ETag") and response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["nobody", "organiser"])
def test_the_number_of_queries_does_not_grow(client, made, world, cast, at, who, django_assert_num_queries, django_assert_max_num_queries):
    if who != "nobody":
        client.force_login(cast[who])
    with at("mentoring"), django_assert_max_num_queries(12) as first:
        page(client)
    for number in range(30):
        world.municipalities[f"K{number}"] = make_municipality(f"5{number:02}", f"Kunta {number}", f"Kommun {number}")
        make_problem(world, cast["officer"], f"Ongelma {number}", f"K{number}")
    with at("mentoring"), django_assert_num_queries(len(first)):
        page(client)
    assert Problem.objects.count() == 34


def test_no_argument_links_lead_to_the_current_competition(client, made):
    for name in ("problems", "challenges", "results", "calendar"):
        assert "klash-test" in client.get(f"/go/{name}/")["Location"]


def test_about_tells_of_accessibility_and_privacy(client, db):
    for prefix in ("", "/sv", "/en"):
        text = page(client, f"{prefix}/about/")
        assert 'id="accessibility"' in text and 'id="privacy"' in text
