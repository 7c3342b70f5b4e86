import re
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, User
from klash.competitions.models import RulingLine, StageKind
from klash.core import clock
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, ChallengeState
from klash.teams import selectors, services, views
from klash.teams.models import Application, Membership, Team
from tests.challenges.conftest import url as challenge_url
from tests.conftest import make_person
from tests.teams.conftest import TEXTS, columns, make_challenge, url
from tests.teams.test_admission import after, decide_all, judged  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
MS = timedelta(milliseconds=1)


def found_url(code="kyyti", language="fi"):
    return url("found", "klash-test", code, language=language)


def accepting_url(token):
    with translation.override("fi"):
        return reverse("accounts:invitation", args=[token])


def desk_url(name, *args, language="fi"):
    return url(name, "klash-test", "kyyti", *args, language=language)


@pytest.fixture
def team(call, cast):
    """Kaarna with leader, member and member_2, everything written."""
    made = call.fill(call.found(), cast["member"], cast["member_2"])
    call.write(made)
    return Team.objects.get(pk=made.pk)


# Founding


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_anyone_signed_in_founds_a_team(call, cast, enter, language):
    client = enter(cast["outsider"])
    page = client.get(found_url(language=language)).content.decode()
    assert ("Haaste 1", "Utmaning 1", "Challenge 1")[("fi", "sv", "en").index(language)] in page
    answer = client.post(found_url(language=language), {"name": "  Kaarna   ja  kumppanit ", "language": language})
    made = Team.objects.get()
    assert (answer.status_code, answer["Location"], made.name, made.language) == (302, url("who", made.code, language=language), "Kaarna ja kumppanit", language)


def test_founding_asks_to_sign_in_and_is_refused_outside_the_call(call, cast, client):
    assert client.get(found_url())["Location"] == f"/accounts/sign-in/?next={found_url()}"
    client.force_login(cast["outsider"])
    with clock.at(call.deadline + MS):
        assert (client.get(found_url()).status_code, client.post(found_url(), {"name": "a", "language": "fi"}).status_code) == (403, 403)


def test_no_team_is_founded_in_an_unknown_or_unpublished_challenge(call, world, cast, enter):
    make_challenge(world, cast["officer"], "luonnos", 2, ChallengeState.DRAFT)
    client = enter(cast["outsider"])
    assert [client.get(found_url(code)).status_code for code in ("luonnos", "muu")] == [404, 404]
    organiser = enter(cast["organiser"])
    assert organiser.get(found_url("luonnos")).status_code == 404


def test_a_taken_name_and_a_missing_name_stand_at_the_field(call, cast, enter):
    call.found()
    client = enter(cast["outsider"])
    page = client.post(found_url(), {"name": "kaarna", "language": "sv"}).content.decode()
    assert ('class="fault"' in page, 'value="kaarna"' in page, '<option value="sv" selected>' in page) == (True, True, True)
    assert 'class="fault"' in client.post(found_url(), {"name": " ", "language": "sv"}).content.decode()


def test_a_name_that_looks_like_anothers_is_taken_at_the_second_asking(call, cast, enter):
    call.found()
    client, name = enter(cast["outsider"]), "Кaarna"  # its first letter is Cyrillic
    page = client.post(found_url(), {"name": name, "language": "fi"}).content.decode()
    assert ('class="fault"' in page, f'name="looked_at" value="{name}"' in page, Team.objects.count()) == (True, True, 1)
    assert client.post(found_url(), {"name": "Kaama", "language": "fi", "looked_at": name}).status_code == 200  # another name, which looks like it, too
    assert client.post(found_url(), {"name": name, "language": "fi", "looked_at": name}).status_code == 302
    assert sorted(Team.objects.values_list("name", flat=True)) == ["Kaarna", name]


def test_a_team_cannot_be_called_by_an_address(call, cast, enter):
    page = enter(cast["outsider"]).post(found_url(), {"name": "voitto.example.com", "language": "fi"}).content.decode()
    assert ('class="fault"' in page, Team.objects.count()) == (True, 0)


def test_a_person_of_another_side_or_team_reads_why(call, cast, enter):
    call.found()
    page = enter(cast["juror"]).post(found_url(), {"name": "Luoto", "language": "fi"}).content.decode()
    assert ('role="alert"' in page, Team.objects.count()) == (True, 1)
    page = enter(cast["leader"]).get(found_url()).content.decode()
    assert (url("show", Team.objects.get().code) in page, 'name="name"' in page) == (True, False)


# The team's page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_team_sees_its_page(team, cast, enter, language):
    for who in ("leader", "member"):
        page = enter(cast[who]).get(url("show", team.code, language=language)).content.decode()
        assert ("Kaarna" in page, cast["member"].name in page, 'name="email"' in page) == (True, True, who == "leader")


def test_invented_members_are_marked(team, cast, enter):
    User.objects.filter(pk=cast["member"].pk).update(is_invented=False)
    page = enter(cast["leader"]).get(url("show", team.code)).content.decode()
    assert ['tag invented' in page.split(f'<th scope="row">{cast[who].name}')[1].split("</th>")[0] for who in ("leader", "member")] == [True, False]


@pytest.mark.parametrize("who", ["outsider", "officer", "panellist", "mentor", "juror", "pilot_officer"])
def test_a_team_is_not_found_by_others(team, cast, enter, who):
    client = enter(cast[who])
    pages = ["show", "application", "summary", "receipt", "withdraw"]
    assert {page: client.get(url(page, team.code)).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert [client.post(url("invite", team.code)).status_code, client.get(url("remove", team.code, cast["member"].code)).status_code] == [404, 404]


def test_staff_reads_the_team_but_not_its_application(team, cast, enter):
    client = enter(cast["registrar"])
    page = client.get(url("show", team.code)).content.decode()
    assert (TEXTS["idea"] in page, 'name="email"' in page, client.get(url("application", team.code)).status_code) == (False, False, 404)


def test_the_leader_invites_and_sees_who_has_not_joined(call, cast, enter):
    team = call.found()
    client = enter(cast["leader"])
    assert client.post(url("invite", team.code), {"email": cast["member"].email})["Location"] == url("show", team.code)
    assert cast["member"].email in client.get(url("show", team.code)).content.decode()
    page = client.post(url("invite", team.code), {"email": cast["juror"].email})
    assert (page.status_code, 'class="fault"' in page.content.decode()) == (409, True)
    page = client.post(url("invite", team.code), {"email": "ei osoite"})
    assert (page.status_code, "ei osoite" in page.content.decode()) == (409, True)


def test_who_is_in_the_team_already_is_not_invited_again(team, cast, enter):
    page = enter(cast["leader"]).post(url("invite", team.code), {"email": cast["member"].email.upper()})
    assert (page.status_code, "Henkilö on jo tiimissä. Kutsua ei lähetetty." in page.content.decode()) == (409, True)
    assert not Invitation.objects.filter(team=team.code, accepted_at=None).exists()


def test_the_leader_removes_a_member_after_reading_what_happens(team, cast, enter):
    client = enter(cast["leader"])
    address = url("remove", team.code, cast["member"].code)
    assert (client.get(address).status_code, Membership.objects.count()) == (200, 3)
    assert (client.post(address)["Location"], Membership.objects.count()) == (url("show", team.code), 2)
    assert client.get(url("remove", team.code, cast["leader"].code)).status_code == 404
    assert enter(cast["member"]).get(url("show", team.code)).status_code == 404


def test_a_member_neither_invites_nor_removes(team, cast, enter):
    client = enter(cast["member"])
    assert client.post(url("invite", team.code), {"email": "a@example.org"}).status_code == 404
    assert client.post(url("remove", team.code, cast["member_2"].code)).status_code == 404


def test_removing_from_a_submitted_team_tells_why_not(team, cast, enter):
    services.submit_application(actor=cast["leader"], application=Application.objects.get())
    answer = enter(cast["leader"]).post(url("remove", team.code, cast["member"].code))
    assert (answer.status_code, Membership.objects.count()) == (409, 3)


# Joining


def invited(call, team, person):
    return services.invite_member(actor=call.leader(team), team=Team.objects.get(pk=team.pk), email=person.email)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_link_joins_only_by_its_button(call, cast, enter, language):
    team = call.found()
    _, token = invited(call, team, cast["outsider"])
    client = enter(cast["outsider"])
    address = url("join", token, language=language)
    page = client.get(address).content.decode()
    assert ("Kaarna" in page, cast["leader"].name in page, team.memberships.count()) == (True, True, 1)
    assert (client.post(address)["Location"], team.memberships.count()) == (url("show", team.code, language=language), 2)
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_a_stranger_is_led_to_sign_in_or_to_make_an_account(call, cast, client):
    team = call.found()
    _, token = invited(call, team, cast["outsider"])
    there = accepting_url(token)
    assert client.get(url("join", token))["Location"] == f"{there}?next={url('show', team.code)}"
    assert (client.post(url("join", token)).status_code, team.memberships.count()) == (302, 1)


def test_the_invitation_page_of_accounts_joins_the_team_too(call, cast, enter):
    team = call.found()
    _, token = invited(call, team, cast["outsider"])
    answer = enter(cast["outsider"]).post(f"{accepting_url(token)}?next={url('show', team.code)}")
    assert (answer["Location"], team.memberships.count()) == (url("show", team.code), 2)


def test_another_person_learns_nothing_from_a_link(call, cast, enter):
    team = call.found()
    _, token = invited(call, team, cast["member"])
    client = enter(cast["outsider"])
    answer, posted = client.get(url("join", token)), client.post(url("join", token))
    page = answer.content.decode()
    assert ("Kaarna" in page, cast["leader"].name in page, posted.status_code, team.memberships.count()) == (False, False, 409, 1)


def test_a_link_that_is_too_old_or_unknown_is_not_found(call, cast, enter):
    invitation, token = invited(call, call.found(), cast["outsider"])
    client = enter(cast["outsider"])
    with clock.at(invitation.expires_at + MS):
        assert [client.get(url("join", token)).status_code, client.post(url("join", token)).status_code] == [404, 404]
    assert client.get(url("join", "0" * 32)).status_code == 404
    _, other = accounts.invite(actor=cast["organiser"], email=cast["outsider"].email, role=Role.PANELLIST, competition="klash-test")
    assert client.get(url("join", other)).status_code == 404


def test_a_link_to_a_full_team_or_after_the_deadline_tells_why_not(call, cast, enter):
    team = call.found()
    _, token = invited(call, team, cast["outsider"])
    client = enter(cast["outsider"])
    with clock.at(call.deadline + MS):
        assert client.post(url("join", token)).status_code == 409
    call.fill(team, *[make_person(f"jäsen-{number}") for number in range(4)])
    assert (client.post(url("join", token)).status_code, team.memberships.count()) == (409, 5)


# Writing and submitting


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_leader_writes_checks_submits_and_has_a_receipt(call, cast, enter, language):
    team = call.fill(call.found(), cast["member"], cast["member_2"])
    client = enter(cast["leader"])

    def there(name):
        return url(name, team.code, language=language)

    assert "data-counter" in client.get(there("application")).content.decode()
    assert client.post(there("application"), {**TEXTS, "seen": ""})["Location"] == there("application")
    assert client.post(there("application"), {**TEXTS, "seen": "", "summary_page": "1"})["Location"] == there("summary")
    assert TEXTS["idea"] in client.get(there("summary")).content.decode()
    assert client.post(there("summary"))["Location"] == there("receipt")
    page = client.get(there("receipt")).content.decode()
    assert [text in page for text in (selectors.receipt_of(Application.objects.get()), cast["member"].name, "data-print")] == [True] * 3
    assert [client.get(there(name))["Location"] for name in ("application", "summary")] == [there("show"), there("receipt")]
    assert client.get(there("withdraw")).status_code == 200
    assert (client.post(there("withdraw"))["Location"], Application.objects.get().state) == (there("show"), ApplicationState.WITHDRAWN)
    assert client.get(there("withdraw"))["Location"] == there("show")
    assert client.post(there("summary"))["Location"] == there("receipt")


def test_an_autosave_answers_with_the_time_and_a_new_mark(team, cast, enter):
    seen = Application.objects.get().saved_at.isoformat()
    with clock.at(clock.now() + timedelta(minutes=5)):
        answer = enter(cast["leader"]).post(url("application", team.code), {**TEXTS, "idea": "Uusi", "seen": seen}, headers={"HX-Request": "true"})
        page, saved = answer.content.decode(), Application.objects.get()
    assert (answer.status_code, "<html" in page, saved.answer("idea"), saved.saved_at.isoformat() in page) == (200, False, "Uusi", True)


def test_a_clash_shows_both_texts_and_loses_neither(team, cast, enter):
    seen = Application.objects.get().saved_at.isoformat()
    with clock.at(clock.now() + timedelta(minutes=5)):
        services.save_application(actor=cast["member"], application=Application.objects.get(), **columns(**{**TEXTS, "idea": "Jäsenen ajatus"}))
        client = enter(cast["leader"])
        typed = {**TEXTS, "idea": "Johtajan ajatus", "seen": seen}
        fragment = client.post(url("application", team.code), typed, headers={"HX-Request": "true"}).content.decode()
        assert ('class="fault"' in fragment, f'value="{seen}"' in fragment) == (True, True)
        answer = client.post(url("application", team.code), typed)
        page, saved = answer.content.decode(), Application.objects.get()
        assert (answer.status_code, "Jäsenen ajatus" in page, "Johtajan ajatus" in page, saved.answer("idea")) == (409, True, True, "Jäsenen ajatus")
        assert f'value="{saved.saved_at.isoformat()}"' in page
        assert client.post(url("application", team.code), {**typed, "seen": saved.saved_at.isoformat()}).status_code == 302
    assert Application.objects.get().answer("idea") == "Johtajan ajatus"


def post_over_anothers(team, cast, enter, **mark):
    """Send a form with this mark after another member saved; return the answer."""
    services.save_application(actor=cast["member"], application=Application.objects.get(team=team), **columns(**{**TEXTS, "idea": "Jäsenen ajatus"}))
    return enter(cast["leader"]).post(url("application", team.code), {**TEXTS, "idea": "Johtajan ajatus", **mark})


# nothing; what a page had that was opened before anything was saved; no moment at all
MARKS = {"none": {}, "empty": {"seen": ""}, "broken": {"seen": "eilen"}}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_a_form_that_has_not_seen_what_another_saved_is_a_clash(team, cast, enter, mark):
    answer = post_over_anothers(team, cast, enter, **mark)
    page, saved = answer.content.decode(), Application.objects.get()
    assert (answer.status_code, "Jäsenen ajatus" in page, "Johtajan ajatus" in page, saved.answer("idea")) == (409, True, True, "Jäsenen ajatus")
    assert f'value="{saved.saved_at.isoformat()}"' in page


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_without_the_mark_the_others_text_would_be_lost(team, cast, enter, mark, monkeypatch):
    """The seeded fault of the test above: a form that says nothing is compared with nothing."""
    monkeypatch.setattr(views.applying, "moment_seen", lambda posted: None)
    post_over_anothers(team, cast, enter, **mark)
    assert Application.objects.get().answer("idea") == "Johtajan ajatus"


def test_what_comes_too_late_is_refused_with_the_text_still_there(team, cast, enter):
    client = enter(cast["leader"])
    with clock.at(call_deadline(team) + MS):
        answer = client.post(url("application", team.code), {**TEXTS, "idea": "Myöhästynyt ajatus", "seen": ""})
        page = answer.content.decode()
        assert (answer.status_code, "Myöhästynyt ajatus" in page, Application.objects.get().answer("idea")) == (409, True, TEXTS["idea"])
        assert (client.post(url("summary", team.code)).status_code, Application.objects.get().state) == (409, ApplicationState.DRAFT)
        assert client.get(url("application", team.code))["Location"] == url("show", team.code)
        assert client.get(url("show", team.code)).status_code == 200


def call_deadline(team):
    return team.challenge.competition.stage(StageKind.TEAM_CALL).closes_at


def test_a_text_that_is_too_long_stands_with_its_fault(team, cast, enter):
    answer = enter(cast["leader"]).post(url("application", team.code), {**TEXTS, "summary": "x" * 601})
    page = answer.content.decode()
    assert ("x" * 601 in page, 'class="fault"' in page, Team.objects.get().summary) == (True, True, TEXTS["summary"])


def test_the_summary_tells_what_hinders(call, cast, enter):
    team = call.found()
    client = enter(cast["leader"])
    page = client.get(url("summary", team.code)).content.decode()
    assert ('class="notice warning"' in page, client.post(url("summary", team.code)).status_code) == (True, 409)
    assert client.get(url("receipt", team.code)).status_code == 404
    call.fill(team, cast["member"], cast["member_2"])
    call.write(team)
    member = enter(cast["member"])
    assert (member.get(url("summary", team.code)).status_code, member.post(url("summary", team.code)).status_code) == (200, 409)
    assert member.get(url("withdraw", team.code)).status_code == 404


# Admission


def typed(**decisions):
    """What the form sends: team name -> (taken, reason)."""
    rows = [(Team.objects.get(name=name).code, taken, reason) for name, (taken, reason) in decisions.items()]
    return {f"{field}-{code}": value for code, taken, reason in rows for field, value in (("taken", taken), ("reason", reason), ("revision", revision_of(code)))}


def revision_of(code):
    line = RulingLine.objects.filter(entry_code=Application.objects.get(team__code=code).entry_code).first()
    return line.revision if line else 0


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_organiser_ranks_decides_looks_at_the_mails_and_releases(judged, cast, enter, language):  # noqa: F811
    client, there = enter(cast["organiser"]), desk_url("admissions", language=language)
    page = client.get(there).content.decode()
    assert [page.index(f">{name}<") for name in ("Kaarna", "Luoto", "Myrsky")] == sorted(page.index(f">{name}<") for name in ("Kaarna", "Luoto", "Myrsky"))
    assert (TEXTS["know_how"] in page, "Huomio: Kaarna." in page) == (True, True)
    decisions = typed(Kaarna=("yes", "Syy: Kaarna"), Luoto=("yes", "Syy: Luoto"), Myrsky=("no", "Syy: Myrsky"))
    assert client.post(there, {**decisions, "preview": "1"})["Location"] == desk_url("release", language=language)
    page = client.get(desk_url("release", language=language)).content.decode()
    assert ('class="notice warning"' in page, 'name="seen"' in page) == (True, False)  # two of three need a reason of their own
    client.post(there, {"fewer_reason": "Kaksi riittää."})
    page = client.get(desk_url("release", language=language)).content.decode()
    assert [f"Syy: {name}" in page and f"Huomio: {name}." in page for name in ("Kaarna", "Luoto", "Myrsky")] == [True] * 3
    assert (page.count('<pre class="letter"'), "Kaksi riittää." in page) == (9, True)
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert client.post(desk_url("release", language=language), {"seen": seen})["Location"] == there
    page = client.get(there).content.decode()
    assert ('class="notice success"' in page, "<textarea" in page) == (True, False)


def test_a_change_after_the_preview_shows_the_mails_again(judged, cast, enter):  # noqa: F811
    decide_all(judged)
    client = enter(cast["organiser"])
    seen = re.search(r'name="seen" value="(\w+)"', client.get(desk_url("release")).content.decode())[1]
    judged.decide("Kaarna", reason="Muu syy.")
    answer = client.post(desk_url("release"), {"seen": seen})
    page = answer.content.decode()
    assert (answer.status_code, "Muu syy." in page, seen in page, 'role="alert"' in page) == (409, True, False, True)
    assert Application.objects.exclude(state__in=["submitted", "draft"]).count() == 0


def test_one_too_many_is_told_and_its_reason_is_kept(after, cast, enter):  # noqa: F811
    competition = after.challenge.competition
    competition.teams_per_challenge_max = 1
    competition.save(update_fields=["teams_per_challenge_max"])
    after.judge({"Kaarna": 9, "Luoto": 7, "Myrsky": 3})
    client = enter(cast["organiser"])
    answer = client.post(desk_url("admissions"), typed(Kaarna=("yes", "Eka syy"), Luoto=("yes", "Toinen syy")))
    page = answer.content.decode()
    assert (answer.status_code, "Toinen syy" in page, "Kiintiö on täynnä" in page) == (409, True, True)
    lines = {line.reason: line.is_taken for line in RulingLine.objects.all()}
    assert lines == {"Eka syy": True, "Toinen syy": None}
    assert "Jatkoon: 1/1." in page


def test_a_decision_is_saved_as_one_types(judged, cast, enter):  # noqa: F811
    client, team = enter(cast["organiser"]), Team.objects.get(name="Kaarna")
    data = {**typed(Kaarna=("yes", "Syy")), f"revision-{team.code}": "0", "one": team.code}
    answer = client.post(desk_url("admissions"), data, headers={"HX-Request": "true"}).content.decode()
    assert (f'id="revision-{team.code}" value="1"' in answer, "Jatkoon: 1/5." in answer, "<h1" in answer) == (True, True, False)
    stale = client.post(desk_url("admissions"), {**data, f"reason-{team.code}": "Muu"}, headers={"HX-Request": "true"}).content.decode()
    assert ('class="fault"' in stale, RulingLine.objects.get().reason) == (True, "Syy")
    del data[f"revision-{team.code}"]  # it does not say what was read
    answer = client.post(desk_url("admissions"), {**data, f"reason-{team.code}": "Muu"})
    assert (answer.status_code, ">Muu<" in answer.content.decode().replace("\n", ""), RulingLine.objects.get().reason) == (409, True, "Syy")


def test_nothing_of_the_ranking_shows_before_the_round_is_complete(after, cast, enter):  # noqa: F811
    client = enter(cast["organiser"])
    pages = [client.get(desk_url("admissions")).content.decode()]
    services.open_team_round(actor=cast["organiser"], challenge=after.challenge, closes_at=after.world.stages["team_selection"].closes_at)
    pages.append(client.get(desk_url("admissions")).content.decode())
    # Before the round there is the list of what was handed in, by name; from then on nothing until the ranking stands.
    assert ["Kaarna" in page for page in pages] == [True, False] and "points" not in pages[0]
    assert [client.get(desk_url("release")).status_code, client.post(desk_url("release")).status_code] == [302, 302]


@pytest.mark.parametrize("who", ["leader", "member", "panellist", "mentor", "juror", "chair", "officer", "pilot_officer", "outsider"])
def test_admissions_are_not_found_by_others(judged, cast, enter, who):  # noqa: F811
    client = enter(cast[who])
    pages = [desk_url("admissions"), desk_url("release")]
    assert [client.get(page).status_code for page in pages] + [client.post(page).status_code for page in pages] == [404] * 4


def test_the_registrar_looks_and_gives_feedback_but_does_not_decide(judged, cast, enter):  # noqa: F811
    client, code = enter(cast["registrar"]), Team.objects.get(name="Kaarna").code
    page = client.get(desk_url("admissions")).content.decode()
    assert ('name="preview"' in page, 'name="fewer_reason"' in page) == (False, False)
    assert client.post(desk_url("admissions"), typed(Kaarna=("yes", "syy"))).status_code == 404
    assert client.post(desk_url("admissions"), {f"feedback-{code}": "Palaute.", f"revision-{code}": "0"}).status_code == 302
    assert [(line.is_taken, line.feedback) for line in RulingLine.objects.all()] == [(None, "Palaute.")]


def test_a_team_learns_the_decision_only_from_the_release(judged, cast, enter):  # noqa: F811
    decide_all(judged)
    code = Team.objects.get(name="Kaarna").code
    before = enter(cast["leader"]).get(url("show", code)).content.decode()
    public = enter(cast["outsider"]).get(challenge_url("challenge", "kyyti")).content.decode()
    assert ("Vahvin." in before, "Kaarna" in public) == (False, False)
    judged.release()
    told = enter(cast["leader"]).get(url("show", code)).content.decode()
    public = enter(cast["outsider"]).get(challenge_url("challenge", "kyyti")).content.decode()
    assert ("Vahvin." in told, "Kaarna" in public, TEXTS["summary"] in public, "Luoto" in public) == (True, True, True, True)
    hidden = ("Myrsky", "Notko", TEXTS["idea"], cast["leader"].name, "Vahvin.")
    assert [text in public for text in hidden] == [False] * 5
    declined = enter(judged.people["Myrsky"]).get(url("show", Team.objects.get(name="Myrsky").code)).content.decode()
    assert "Osaaminen on kapea." in declined


@pytest.mark.parametrize("is_invented", [True, False])
def test_the_public_summary_of_a_real_team_is_marked_in_an_invented_competition(judged, client, is_invented):  # noqa: F811
    decide_all(judged)
    judged.release()
    judged.world.competition.is_invented = is_invented
    judged.world.competition.save()
    card = client.get(challenge_url("challenge", "kyyti")).content.decode().split("<h3>Kaarna</h3>")[1].split("</li>")[0]
    assert (TEXTS["summary"] in card, "tag invented" in card) == (True, is_invented)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_challenge_page_leads_to_the_call(call, cast, client, language):
    there = challenge_url("challenge", "kyyti", language=language)
    assert found_url(language=language) in client.get(there).content.decode()
    team = call.found()
    client.force_login(cast["leader"])
    page = client.get(there).content.decode()
    assert (found_url(language=language) in page, url("show", team.code, language=language) in page) == (False, True)
    with clock.at(call.after):
        client.logout()
        assert found_url(language=language) not in client.get(there).content.decode()


def cost(client, address):
    with CaptureQueriesContext(connection) as one, CaptureQueriesContext(connections["reviewing"]) as other:
        assert client.get(address).status_code == 200
    return len(one) + len(other)


def test_pages_cost_the_same_at_three_and_at_thirty_teams(call, cast, enter):
    for name in ("Kaarna", "Luoto", "Myrsky"):
        call.submit(name)
    few = _costs_after_admission(call, cast, enter, ["Kaarna", "Luoto", "Myrsky"])
    assert max(few) <= 12
    for number in range(30):
        team = Team.objects.create(challenge=call.challenge, name=f"Lisä {number}", summary="s", founded_at=clock.now())
        Application.objects.create(
            team=team, answers={"know_how": "k", "idea": "i", "motivation": "m"}, state="admitted", reason="r", decided_at=clock.now(), released_at=clock.now(),
            submitted_at=clock.now(), entry_code=f"lisä{number}",
        )
        Membership.objects.create(team=team, person=make_person(f"lisä-{number}"), is_leader=True, joined_at=clock.now())
    with clock.at(call.after):
        assert [cost(enter(cast["organiser"]), desk_url("admissions")), cost(enter(cast["outsider"]), challenge_url("challenge", "kyyti"))] == few


def _costs_after_admission(call, cast, enter, names):
    with clock.at(call.after):
        call.judge(dict.fromkeys(names, 5))
        for name in names:
            call.decide(name)
        call.release()
        return [cost(enter(cast["organiser"]), desk_url("admissions")), cost(enter(cast["outsider"]), challenge_url("challenge", "kyyti"))]


def test_a_teams_page_costs_the_same_with_one_member_and_with_five(call, cast, enter):
    team = call.found()
    client = enter(cast["leader"])
    pages = [url("show", team.code), url("application", team.code), url("summary", team.code)]
    before = [cost(client, page) for page in pages]
    call.fill(team, *[make_person(f"jäsen-{number}") for number in range(4)])
    assert ([cost(client, page) for page in pages], max(before) <= 12) == (before, True)
