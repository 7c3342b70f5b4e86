import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.challenges import services, views
from klash.challenges.models import Challenge
from klash.core.models import AuditEvent
from klash.proposals.models import ChallengeKeys
from klash.rules.states import ChallengeState, CompetitionState
from tests.challenges.conftest import BRIEF, NOTICE, approve, make_problem, url, write

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


def fields(**changes):
    """What the form sends of the brief as it stands."""
    given = {f"{name}_{code}": text for name, texts in BRIEF.items() for code, text in texts.items()}
    return {**given, "seen": json.dumps(marks()), **changes}


def marks():
    standing = Challenge.objects.get().content()["texts"]
    return {f"{name}_{code}": services.mark_of(text.get(code, "")) for name, text in standing.items() for code in ("fi", "sv", "en")}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_public_pages_speak_each_language(published, client, language):
    expected = BRIEF["title"][language]
    assert expected in client.get(url("list", language=language)).content.decode()
    page = client.get(url("challenge", "kyyti", language=language)).content.decode()
    assert [text in page for text in (expected, BRIEF["rights"][language], NOTICE["reference"], "Janakkala", "Kyyti puuttuu kyliltä")] == [True] * 5


def test_the_page_tells_criteria_weights_bands_and_calendar(published, client):
    page = client.get(url("challenge", "kyyti")).content.decode()
    assert [text in page for text in ("innovativeness", ">40<", "kohtalainen", "4–6", "proposals", "team_call")] == [True] * 6
    assert "many_sided_know_how" not in page
    assert ">40<br><span class=\"tag invented\">" in page


def test_a_missing_translation_is_shown_in_its_own_language(draft, cast, client):
    write(cast["organiser"], draft, {name: {"fi": texts["fi"], "sv": texts["sv"]} for name, texts in BRIEF.items()})
    approve(draft, cast)
    services.publish_challenge(actor=cast["organiser"], challenge=draft)
    assert '<h1 lang="fi">title suomeksi</h1>' in client.get(url("challenge", "kyyti", language="en")).content.decode()


def test_an_invented_notice_says_so(draft, cast, client):
    write(cast["organiser"], draft, is_invented=True)
    approve(draft, cast)
    services.publish_challenge(actor=cast["organiser"], challenge=draft)
    assert 'class="tag invented"' in client.get(url("challenge", "kyyti")).content.decode()


@pytest.mark.parametrize(("who", "status"), [
    ("organiser", 200), ("registrar", 200), ("officer", 404), ("panellist", 404), ("mentor", 404), ("juror", 404), ("chair", 404), ("outsider", 404),
])
def test_a_draft_is_not_found_by_others(draft, cast, enter, who, status):
    client = enter(cast[who])
    assert client.get(url("challenge", "kyyti")).status_code == status
    assert ("Kyyti puuttuu" in client.get(url("list")).content.decode()) is (status == 200)


def test_a_draft_is_not_found_by_strangers(draft, client):
    assert [client.get(url("challenge", "kyyti")).status_code, client.get(url("challenge", "muu")).status_code] == [404, 404]
    assert client.get(url("edit", "kyyti"))["Location"].startswith("/accounts/sign-in/")


def test_a_challenge_of_an_unpublished_competition_is_not_found(published, world, client):
    world.competition.state = CompetitionState.DRAFT
    world.competition.save(update_fields=["state"])
    assert [client.get(url("challenge", "kyyti")).status_code, client.get(url("list")).status_code] == [404, 404]


def test_a_challenge_is_found_only_below_its_own_competition(published, client):
    assert client.get(reverse("challenges:challenge", args=["muu", "kyyti"])).status_code == 404


def test_an_empty_list_teaches(world, client):
    assert 'class="empty"' in client.get(url("list")).content.decode()


def test_the_organiser_shapes_both_approve_and_it_is_published(problem, cast, enter):
    client = enter(cast["organiser"])
    assert problem.title in client.get(url("shape")).content.decode()
    answer = client.post(url("shape"), {"problem": problem.code})
    assert (answer.status_code, answer["Location"]) == (302, url("edit", "klash-test-1"))
    assert client.post(url("edit", "klash-test-1"), fields(onward="1"))["Location"] == url("brief", "klash-test-1")
    said = {"reference": "HILMA 7", "on": "2.3.2026", "jury_binds": "yes", "follow_up": "no", "least": "3", "most": "5"}
    seen = services.mark_of_row(Challenge.objects.get().content()["notice"])
    assert client.post(url("notice", "klash-test-1"), {**said, "seen": seen})["Location"] == url("brief", "klash-test-1")
    services.name_pilot_officer(actor=cast["organiser"], challenge=Challenge.objects.get(), person=cast["outsider"])
    for who in ("organiser", "outsider"):
        page = enter(cast[who]).get(url("brief", "klash-test-1")).content.decode()
        assert client.post(url("brief", "klash-test-1"), {"seen": re.search(r'name="seen" value="(\w+)"', page)[1]}).status_code == 302
    client = enter(cast["organiser"])
    assert "HILMA 7" in client.get(url("publish", "klash-test-1")).content.decode()
    assert client.post(url("publish", "klash-test-1"))["Location"] == url("challenge", "klash-test-1")
    assert Challenge.objects.get().state == ChallengeState.PUBLISHED
    assert [client.get(url("edit", "klash-test-1")).status_code, client.get(url("publish", "klash-test-1")).status_code] == [302, 404]
    assert url("challenge", "klash-test-1") in client.get(url("shape")).content.decode()


def test_a_problem_that_was_not_chosen_is_not_shaped(world, cast, enter):
    problem = make_problem(world, cast["officer"], state="submitted")
    client = enter(cast["organiser"])
    assert 'class="empty"' in client.get(url("shape")).content.decode()
    assert (client.post(url("shape"), {"problem": problem.code}).status_code, Challenge.objects.count()) == (404, 0)


@pytest.mark.parametrize("who", ["officer", "panellist", "mentor", "juror", "outsider"])
def test_the_organisers_pages_are_not_found_by_others(written, cast, enter, who):
    client = enter(cast[who])
    assert [client.get(url(*page)).status_code for page in (("shape",), ("edit", "kyyti"), ("publish", "kyyti"))] == [404, 404, 404]
    assert (client.post(url("publish", "kyyti")).status_code, Challenge.objects.get().state) == (404, ChallengeState.DRAFT)


def test_the_pilot_officer_writes_but_does_not_publish(written, cast, enter):
    services.name_pilot_officer(actor=cast["organiser"], challenge=written, person=cast["outsider"])
    client = enter(cast["outsider"])
    page = client.get(url("edit", "kyyti")).content.decode()
    assert 'name="save"' in page
    assert client.post(url("edit", "kyyti"), fields(goal_fi="Uusi tavoite")).status_code == 302
    assert Challenge.objects.get().goal["fi"] == "Uusi tavoite"
    assert client.get(url("publish", "kyyti")).status_code == 404


def test_what_is_missing_is_marked(draft, cast, enter):
    client = enter(cast["organiser"])
    page = client.get(url("edit", "kyyti")).content.decode()
    assert page.count('class="tag clay"') == 18  # ten texts in two languages, less the title and the lead in Finnish
    assert "<form method=\"post\">" not in client.get(url("publish", "kyyti")).content.decode().split("</header>")[1]
    assert client.post(url("publish", "kyyti")).status_code == 409


def test_an_autosave_answers_with_the_time(draft, cast, enter):
    client = enter(cast["organiser"])
    answer = client.post(url("edit", "kyyti"), fields(), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert (answer.status_code, "<html" in page, Challenge.objects.get().title) == (200, False, BRIEF["title"])
    assert json.loads(html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])) == marks()


def test_a_form_that_fails_keeps_what_was_typed(draft, cast, enter):
    client = enter(cast["organiser"])
    page = client.post(url("edit", "kyyti"), fields(title_fi="x" * 121, goal_sv="Ett mål")).content.decode()
    assert ("x" * 121 in page, "Ett mål" in page, 'class="fault"' in page, Challenge.objects.get().goal) == (True, True, True, {})
    fragment = client.post(url("edit", "kyyti"), fields(title_fi="x" * 121), headers={"HX-Request": "true"}).content.decode()
    assert 'class="fault"' in fragment


def save_meanwhile(draft, cast):
    services.name_pilot_officer(actor=cast["organiser"], challenge=draft, person=cast["outsider"])
    services.save_brief(actor=cast["outsider"], challenge=Challenge.objects.get(), texts={"goal": {"fi": "Toisen tavoite"}})


def test_a_clash_shows_both_texts_and_the_next_save_stands(draft, cast, enter):
    sent = fields(goal_fi="Oma tavoite")
    save_meanwhile(draft, cast)
    client = enter(cast["organiser"])
    answer = client.post(url("edit", "kyyti"), sent)
    page = answer.content.decode()
    assert (answer.status_code, "Toisen tavoite" in page, "Oma tavoite" in page) == (409, True, True)
    assert (Challenge.objects.get().goal["fi"], Challenge.objects.get().lead) == ("Toisen tavoite", BRIEF["lead"])
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    assert client.post(url("edit", "kyyti"), {**sent, "goal_fi": "Yhteinen", "seen": seen}).status_code == 302
    assert Challenge.objects.get().goal["fi"] == "Yhteinen"


@pytest.mark.parametrize("said", [None, "", "[]", "{", '{"goal_fi": 3}'])
def test_a_form_that_does_not_say_what_was_read_is_a_clash(draft, cast, enter, said):
    save_meanwhile(draft, cast)
    sent = {name: text for name, text in {**fields(goal_fi="Oma tavoite"), "seen": said}.items() if text is not None}
    answer = enter(cast["organiser"]).post(url("edit", "kyyti"), sent)
    page = answer.content.decode()
    assert (answer.status_code, "Toisen tavoite" in page, "Oma tavoite" in page, Challenge.objects.get().goal["fi"]) == (409, True, True, "Toisen tavoite")


def test_without_the_marks_the_others_text_would_be_lost(draft, cast, enter, monkeypatch):
    """The seeded fault of the test above: a form that says nothing is compared with nothing."""
    monkeypatch.setattr(views.briefs, "_marks_seen", lambda request: marks())
    save_meanwhile(draft, cast)
    assert (enter(cast["organiser"]).post(url("edit", "kyyti"), fields(goal_fi="Oma tavoite", seen="")).status_code, Challenge.objects.get().goal["fi"]) == (302, "Oma tavoite")


def test_what_is_typed_while_it_is_published_stays_on_the_page(approved, cast, enter):
    sent = fields(goal_fi="Vielä yksi ajatus")
    services.publish_challenge(actor=cast["organiser"], challenge=approved)
    answer = enter(cast["organiser"]).post(url("edit", "kyyti"), sent)
    page = answer.content.decode()
    assert (answer.status_code, "Vielä yksi ajatus" in page, 'name="save"' in page, Challenge.objects.get().goal) == (409, True, False, BRIEF["goal"])


@pytest.mark.parametrize("who", [None, "organiser", "outsider"])
def test_lists_and_pages_cost_the_same_at_one_and_at_thirty(published, world, cast, client, who):
    if who:
        client.force_login(cast[who])

    def cost(address):
        with CaptureQueriesContext(connection, ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = [url("list"), url("challenge", "kyyti"), *([url("shape")] if who == "organiser" else [])]
    before = [cost(address) for address in addresses]
    for number in range(2, 31):
        problem = make_problem(world, cast["officer"], f"Ongelma {number}")
        made = services.create_challenge(actor=cast["organiser"], problem=problem, code=f"haaste-{number}", number=number)
        write(cast["organiser"], made)
        approve(made, cast)
        services.publish_challenge(actor=cast["organiser"], challenge=made)
    assert ([cost(address) for address in addresses], max(before) <= 12) == (before, True)


def test_publication_makes_the_keys_so_that_a_submission_changes_nothing_visible(approved, cast, enter):
    assert enter(cast["organiser"]).post(url("publish", "kyyti")).status_code == 302
    (keys,) = ChallengeKeys.objects.all()
    assert keys.challenge == approved and keys.rehearsed_at is not None
    assert [(event.what, event.actor) for event in AuditEvent.objects.filter(what__startswith="keys.").order_by("number")] == [
        ("keys.made", cast["organiser"].code), ("keys.rehearsed", cast["organiser"].code),
    ]


def test_while_the_holder_of_the_keys_is_down_publication_goes_through_with_a_warning(approved, cast, enter, settings, tmp_path, at):
    settings.KLASH_KEY_HOLDER = f"unix:{tmp_path}/nobody"
    client, opening = enter(cast["organiser"]), reverse("proposals:opening", args=["klash-test", "kyyti"])
    lacks = "Avaimia, joilla ehdotukset sinetöidään, ei ole vielä kokeiltu."
    with at("challenge_shaping"):
        page = client.post(url("publish", "kyyti"), follow=True).content.decode()
        assert "Ehdotusten sinetöintiavaimia ei voitu luoda" in page and Challenge.objects.get().state == ChallengeState.PUBLISHED
        settings.KLASH_KEY_HOLDER = ""
        assert lacks in client.get("/desk/klash-test/").content.decode() and lacks in client.get(opening).content.decode()
        assert client.post(f"{opening}keys/").status_code == 302
        assert lacks not in client.get("/desk/klash-test/").content.decode() and ChallengeKeys.objects.get().rehearsed_at is not None
