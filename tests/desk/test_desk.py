import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, RoleGrant
from klash.awards.models import Award
from klash.challenges.models import Challenge
from klash.core import audit
from klash.core.errors import Refused
from klash.core.models import AuditEvent
from klash.desk import selectors, services
from klash.desk.selectors import waiting
from klash.post.models import Message
from klash.post.services import queue
from klash.problems.models import Problem
from klash.proposals.models import Opening
from klash.reviewing import services as rounds
from klash.reviewing.models import Entry, Report, Review, Round, Seat
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.teams.models import Application
from tests.conftest import START, make_person
from tests.portal.conftest import make_challenge, make_problem, make_round, make_session, make_team, submit_all
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
PAGES = ("", "people/", "log/", "mail/", "rounds/", "publish/")
OUTSIDE = ("officer", "pilot_officer", "panellist", "mentor", "juror", "chair", "leader", "outsider")


MAY_MEET = "Raati voi pitää kokouksen tuloksesta. Asialista on valmiina."


def steps(world, at, kind, button=True):
    with at(kind):
        found = selectors.desk(type(world.competition).objects.get(), world.middle_of(kind))
    return [step.sentence for step in found.steps if bool(step.button) is button]


@pytest.mark.parametrize("path", PAGES)
def test_the_desk_is_for_staff_only(client, cast, path):
    url = f"/desk/klash-test/{path}"
    assert client.get(url)["Location"] == f"/accounts/sign-in/?next={url}"
    for name in OUTSIDE:
        client.force_login(cast[name])
        assert client.get(url).status_code == 404, name
    client.force_login(cast["organiser"])
    assert client.get(url).status_code == (403 if path == "publish/" else 200)  # what is published is frozen
    assert client.get(f"/desk/no-such/{path}").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_the_registrar_sees_the_desk_in_every_language(client, cast, made, at, prefix):
    client.force_login(cast["registrar"])
    for path in PAGES[:-1]:
        with at("mentoring"):
            text = client.get(f"{prefix}/desk/klash-test/{path}").content.decode()
        assert text.count("<h1>") == 1


def test_the_header_shows_the_desk_to_staff_only(client, cast):
    client.force_login(cast["registrar"])
    assert "/go/desk/" in client.get("/tasks/").content.decode()
    assert client.get("/go/desk/")["Location"] == "/desk/klash-test/"
    client.force_login(cast["officer"])
    assert "/go/desk/" not in client.get("/tasks/").content.decode()
    assert client.get("/go/desk/").status_code == 404


@pytest.mark.parametrize(("language", "sentence"), [
    ("fi", "Mentorointi on suunniteltu: 1 päivä ja 6 tapaamista."), ("sv", "Mentorskapet är planerat: 1 dag och 6 samtal."),
    ("en", "Mentoring is planned: 1 day and 6 sessions."),
])
def test_the_plan_of_the_mentoring_is_counted_in_whole_words(language, sentence):
    with translation.override(language):
        assert waiting._planned(days=1, sessions=6) == sentence


def test_problems_wait_for_the_panel_and_the_panel_for_reviews(world, cast, at):
    make_problem(world, cast["officer"], "Ongelma")
    make_problem(world, cast["officer"], "Luonnos", state="draft")
    assert steps(world, at, "problem_call", button=False) == ["Kunnat kirjoittavat: jätettyjä 1, luonnoksia 1."]
    assert steps(world, at, "problem_selection") == [
        "Seulonta: odottavia ongelmia 1, täydennettäviä 0.", "Haku on päättynyt. Raatia odottavia ongelmia on 1.",
    ]
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]])
    assert steps(world, at, "problem_selection", button=False) == ["Arvioita on jätetty 0/2."]
    submit_all(round_)
    assert steps(world, at, "problem_selection") == ["Kaikki arviot on jätetty. Päätä kierros."]
    Round.objects.using("reviewing").update(state="complete")
    assert steps(world, at, "problem_selection") == ["Raati on valmis. Päätä ongelmista ja kerro päätöksistä kaikille yhtä aikaa: 1 odottaa.", MAY_MEET]


def test_chosen_problems_need_challenges(world, cast, at):
    problem = make_problem(world, cast["officer"], "Ongelma", state="chosen")
    make_round(world, "problems/klash-test", [cast["panellist"]], state="complete")
    assert steps(world, at, "challenge_shaping") == ["Valittuja ongelmia, joista ei ole haastetta: 1."]
    make_challenge(world, problem, 1, "draft")
    assert steps(world, at, "challenge_shaping") == ["Haasteen kuvausta kirjoitetaan."]


def test_applications_wait_for_rounds_and_decisions(world, cast, at):
    challenge = make_challenge(world, make_problem(world, cast["officer"], "Ongelma", state="chosen"), 1)
    Problem.objects.update(feedback="f", feedback_released_at=START)
    make_round(world, "problems/klash-test", [cast["panellist"]], state="complete")
    make_team(challenge, "Kaarna", [cast["leader"]], "submitted")
    assert steps(world, at, "team_selection") == ["Hakemukset odottavat raatia."]
    round_ = make_round(world, "applications/haaste-1", [cast["panellist"]], kind="applications")
    assert steps(world, at, "team_selection", button=False) == ["Arvioita on jätetty 0/2."]
    Round.objects.using("reviewing").filter(pk=round_.pk).update(state="complete")
    assert steps(world, at, "team_selection") == ["Raati on valmis. Päätä hakemuksista ja kerro päätöksistä kaikille tiimeille yhtä aikaa: 1 odottaa.", MAY_MEET]
    Application.objects.update(state="admitted", reason="r", decided_at=START, released_at=START)
    assert steps(world, at, "team_selection") == ["Mentoroinnissa ei ole vielä tapaamisia."]


@pytest.fixture
def late(world, cast, made):
    """All is done up to the admissions."""
    Problem.objects.update(feedback="f", feedback_released_at=START)
    Problem.objects.filter(state="draft").delete()
    Challenge.objects.filter(number=2).update(state="published")
    make_round(world, "problems/klash-test", [cast["panellist"]], state="complete")
    for number in (1, 2):
        make_round(world, f"applications/haaste-{number}", [], state="complete", kind="applications")
    return made


def test_proposals_need_a_jury_and_two_persons(world, cast, at, late):
    make_session(world, late.teams[0], cast["mentor"])
    assert steps(world, at, "proposals") == ["Tuomaristolla ei ole vielä arviointikierrosta."] * 2
    for number in (1, 2):
        make_round(world, f"proposals/haaste-{number}", [], state="draft", kind="proposals")
    assert steps(world, at, "proposals") == []
    assert steps(world, at, "judging")[0] == "Ehdotukset ovat sinetöityinä. Ne avaa kaksi henkilöä."
    Opening.objects.create(challenge=late.challenges[0], requested_by=cast["organiser"], requested_at=START)
    assert steps(world, at, "judging")[0] == "Ehdotusten avaaminen odottaa toista henkilöä."
    Opening.objects.update(state="fixed")
    assert steps(world, at, "judging")[0] == "Ehdotukset voidaan avata tuomaristolle."


def test_the_result_needs_a_signed_report_and_the_award(world, cast, at, late):
    for number in (1, 2):
        make_round(world, f"proposals/haaste-{number}", [], state="complete", kind="proposals")
        Opening.objects.create(challenge=late.challenges[number - 1], requested_by=cast["organiser"], requested_at=START, state="opened")
    assert steps(world, at, "award", button=False) == ["Puheenjohtaja kirjoittaa lausuntoa."] * 2
    for row in Round.objects.using("reviewing").filter(kind="proposals"):
        Report.objects.using("reviewing").create(round=row, ranking=[], state="signed", signed_at=START)
    assert steps(world, at, "award") == ["Lausunto on allekirjoitettu. Tunnukset avaa kaksi henkilöä."] * 2
    Award.objects.create(challenge=late.challenges[0], state="identities_requested")
    Award.objects.create(challenge=late.challenges[1], state="published")
    assert steps(world, at, "award") == ["Tunnusten avaaminen odottaa toista henkilöä."]
    Award.objects.update(state="published")
    assert steps(world, at, "award") == []


def test_who_has_not_started_is_named_and_no_score_is_shown(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]])
    make_problem(world, cast["officer"], "Ongelma")
    client.force_login(cast["organiser"])
    with at("problem_selection"):
        text = client.get("/en/desk/klash-test/").content.decode()
        assert "Mentor, Panellist" in text and "0 of 4" in text
        submit_all(round_)
        text = client.get("/en/desk/klash-test/").content.decode()
    assert "4 of 4" in text and "Mentor, Panellist" not in text and "All reviews are in." in text


def test_an_entry_without_reviewer_is_told_before_a_close_that_would_be_refused(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]])
    make_problem(world, cast["officer"], "Ongelma")
    submit_all(round_)
    alone = round_.entries.using("reviewing").order_by("code")[0]
    Review.objects.using("reviewing").filter(entry=alone).update(place=None)
    client.force_login(cast["organiser"])
    with at("problem_selection"):
        desk, rounds_page = (client.get(f"/en/desk/klash-test/{page}").content.decode() for page in ("", "rounds/"))
        assert "1 entry has no reviewer any more." in desk and f"/en/desk/klash-test/rounds/{round_.code}/assign/" in desk and "All reviews are in." not in desk
        assert "1 entry has no reviewer." in rounds_page and 'value="close"' not in rounds_page
        Review.objects.using("reviewing").filter(entry=alone).update(place=1)
        assert 'value="close"' in client.get("/en/desk/klash-test/rounds/").content.decode()


def test_a_close_that_is_too_early_is_answered_on_the_page(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]], state="discussing", peer_view="discussion", scorings=2)
    submit_all(round_)
    client.force_login(cast["organiser"])
    with at("problem_selection"):
        page = client.post("/en/desk/klash-test/rounds/", {"action": "close", "round": round_.code}).content.decode()
    assert "Not all reviews have been submitted." in page and 'value="close"' not in page  # the second scoring is due
    assert Round.objects.using("reviewing").get().state == "discussing"


def test_an_invitation_to_a_role_is_mailed(client, cast, at):
    client.force_login(cast["organiser"])
    with at("mentoring"):
        response = client.post("/en/desk/klash-test/people/", {"email": "Uusi@example.org", "role": "panellist", "language": "sv"}, follow=True)
        assert "uusi@example.org" in response.content.decode()
    invitation, message = Invitation.objects.get(), Message.objects.get()
    assert (invitation.email, invitation.role, invitation.competition) == ("uusi@example.org", "panellist", "klash-test")
    assert message.language == "sv" and "/sv/accounts/invitations/" in message.body and "Organiser" in message.body


def test_another_side_is_refused_at_its_field(client, cast, at):
    client.force_login(cast["organiser"])
    response = client.post("/en/desk/klash-test/people/", {"email": "juror@example.org", "role": "panellist", "language": "fi"})
    assert response.status_code == 200 and "One person stands on one side only." in response.context["form"].errors["email"][0]
    assert not Invitation.objects.exists() and not Message.objects.exists()


def test_conflicts_of_a_panellist_are_seen_before_the_invitation(client, world, cast, at):
    make_problem(world, cast["officer"], "Kyyti puuttuu")
    client.force_login(cast["organiser"])
    known = accounts.create_account(email="naapuri@kunta.fi", name="Naapuri", is_invented=True)
    type(cast["officer"]).objects.filter(pk=cast["officer"].pk).update(email="virkailija@kunta.fi")
    data = {"email": known.email, "role": "panellist", "language": "fi"}
    with at("problem_call"):
        page = client.post("/en/desk/klash-test/people/", data).content.decode()
        assert ("Conflicts of interest are known" in page, "The same organisation: 1 entry" in page, Invitation.objects.exists()) == (True, True, False)
        assert client.post("/en/desk/klash-test/people/", {**data, "conflicts_seen": "1"}).status_code == 302
    assert Invitation.objects.get().email == known.email


def test_a_pilot_officer_needs_a_challenge(client, cast, made):
    client.force_login(cast["organiser"])
    data = {"email": "x@example.org", "role": "pilot_officer", "language": "fi"}
    assert client.post("/desk/klash-test/people/", data).context["form"].errors["challenge"]
    assert client.post("/desk/klash-test/people/", {**data, "challenge": "haaste-1"}).status_code == 302
    assert Invitation.objects.get().challenge == "haaste-1"


def test_the_registrar_sees_people_but_grants_nothing(client, cast):
    client.force_login(cast["registrar"])
    page = client.get("/desk/klash-test/people/").content.decode()
    assert "officer@example.org" in page and 'name="email"' not in page
    assert client.post("/desk/klash-test/people/", {"email": "x@example.org", "role": "panellist", "language": "fi"}).status_code == 404
    assert client.post("/desk/klash-test/people/end/", {"person": cast["mentor"].code, "role": "mentor"}).status_code == 404
    assert not Invitation.objects.exists()


def test_an_organiser_ends_a_role_but_not_the_own(client, cast):
    client.force_login(cast["organiser"])
    url = "/desk/klash-test/people/end/"
    assert client.post(url, {"person": cast["mentor"].code, "role": "mentor", "challenge": ""}).status_code == 302
    assert client.post(url, {"person": cast["organiser"].code, "role": "organiser"}).status_code == 404
    assert client.post(url, {"person": cast["juror"].code, "role": "nonsense"}).status_code == 404
    ended = RoleGrant.objects.exclude(ended_at=None).get()
    assert (ended.role, ended.standing.person) == ("mentor", cast["mentor"])


def test_the_log_shows_fifty_a_page_and_both_heads(client, cast):
    for number in range(60):
        audit.record(f"test.{number}", actor=cast["officer"], competition="klash-test", thing="x/y")
    audit.record("test.blind", actor=audit.System(), competition="klash-test", thing="entry/K7-MESI", using="reviewing")
    audit.record("test.elsewhere", actor=audit.System(), competition="other", thing="x/y")
    client.force_login(cast["registrar"])
    first = client.get("/en/desk/klash-test/log/")
    text = first.content.decode()
    assert len(first.context["events"]) == 50 and "test.59" in text and "Officer" in text
    assert "MESI" not in text and "elsewhere" not in text
    assert [chain[:2] for chain in first.context["log"].chains] == [("default", 69), ("reviewing", 1)]
    second = client.get(f"/en/desk/klash-test/log/?before={first.context['log'].older}")
    assert len(second.context["events"]) == 19 and second.context["log"].older is None
    assert client.get("/desk/klash-test/log/?before=nonsense").status_code == 200


def test_mail_shows_subjects_to_this_competition_s_people_only(client, cast):
    def send(to, event):
        queue(to=to, language="en", template="accounts_unknown", context={}, event=event)

    send("mentor@example.org", "session.planned/1")
    send("mentor@example.org", "account.reset_asked/1")
    send("stranger@example.org", "session.planned/1")
    client.force_login(cast["organiser"])
    response = client.get("/en/desk/klash-test/mail/")
    assert [(mail.to, mail.event) for mail in response.context["mails"]] == [("mentor@example.org", "session.planned/1")]
    assert "No Klash account with this address" in response.content.decode() and "/sign-up/" not in response.content.decode().split("<main")[1]


def test_a_draft_is_published_from_its_own_page(client, world, cast):
    type(world.competition).objects.update(state="draft")
    client.force_login(cast["organiser"])
    assert client.get("/desk/klash-test/publish/").status_code == 200
    client.force_login(cast["registrar"])
    assert client.get("/desk/klash-test/publish/").status_code == 404


def test_rounds_that_do_not_exist_cannot_be_started_or_closed(client, cast, made, at):
    client.force_login(cast["organiser"])
    with at("mentoring"):
        assert client.post("/desk/klash-test/rounds/", {"action": "start", "start": "panel-x"}).status_code == 404
        assert client.post("/desk/klash-test/rounds/", {"action": "close", "round": "nonsense"}).status_code == 404
        response = client.post("/desk/klash-test/rounds/", {"action": "start", "start": "panel-", "panel--closes_at": "never"})
    assert response.status_code == 200 and 'value="never"' in response.content.decode()


@pytest.mark.parametrize("path", PAGES[:-1])
def test_the_number_of_queries_does_not_grow(client, world, cast, made, at, path, django_assert_num_queries, django_assert_max_num_queries):
    make_round(world, "problems/klash-test", [cast["panellist"]])
    accounts.invite(actor=cast["organiser"], email="x@example.org", role=Role.MENTOR, competition="klash-test")
    queue(to="x@example.org", language="fi", template="accounts_unknown", context={}, event="a/1")
    client.force_login(cast["organiser"])
    url = f"/desk/klash-test/{path}"
    with at("mentoring"):
        client.get(url)
        with django_assert_max_num_queries(12) as first:
            client.get(url)
    for number in range(30):
        person = make_person(f"p{number}")
        accounts.grant_role(actor=cast["organiser"], person=person, role=Role.PANELLIST, competition="klash-test")
        make_team(make_challenge(world, make_problem(world, cast["officer"], f"O{number}"), 10 + number), f"T{number}", [person])
        make_round(world, f"r/{number}", [person])
        accounts.invite(actor=cast["organiser"], email=f"p{number}@example.org", role=Role.PANELLIST, competition="klash-test")
        queue(to="x@example.org", language="fi", template="accounts_unknown", context={}, event=f"b/{number}")
    with at("mentoring"), django_assert_num_queries(len(first)):
        client.get(url)


def test_the_desk_without_rounds_tells_when_the_first_one_comes(client, world, cast, at):
    client.force_login(cast["organiser"])
    for stage, words in (("problem_call", "opens after the call for problems"), ("problem_selection", "The first one can be prepared now.")):
        with at(stage):
            assert all(words in client.get(f"/en/desk/klash-test/{page}").content.decode() for page in ("", "rounds/"))


def test_the_panel_s_round_from_its_making_to_its_close(client, world, cast, at):
    for number in (1, 2):
        make_problem(world, cast["officer"], f"Ongelma {number}")
    client.force_login(cast["organiser"])
    url, closes = "/en/desk/klash-test/rounds/", world.stages["problem_selection"].closes_at
    with at("problem_selection"):
        data = {"action": "start", "start": "panel-", "panel--closes_at": closes.strftime("%Y-%m-%dT%H:%M")}
        assert client.post(url, data).status_code == 302
        round_ = Round.objects.using("reviewing").get()
        assert (round_.state, round_.entry_count, round_.key) == ("draft", 2, "problems/klash-test")
        refused = client.post(url, {"action": "open", "round": round_.code})
        assert refused.status_code == 200 and 'role="alert"' in refused.content.decode()
        assert 'name="chair"' in client.get(url).content.decode()
        seats = {"action": "fill", "round": round_.code, "person": [cast["panellist"].code, cast["juror"].code], "chair": cast["panellist"].code}
        assert client.post(url, seats).status_code == 302
        assert 'name="chair"' not in client.get(url).content.decode() and round_.seats.using("reviewing").get().is_chair  # a report can be written
        assert "1 seat and is not open yet" in client.get(url).content.decode()
        assert cast["panellist"].handles.count() == 1 and not cast["juror"].handles.exists()
        asked = Message.objects.get(event=f"round.task/{round_.code}")
        assert (asked.to, f"/review/{round_.code}/take/" in asked.body) == ("panellist@example.org", True)
        assert client.post(url, {"action": "open", "round": round_.code}).status_code == 302
        assert list(Message.objects.filter(event__startswith="round.opened/").values_list("to", flat=True)) == ["panellist@example.org"]
        assert "Not all reviews have been submitted." in client.post(url, {"action": "close", "round": round_.code}).content.decode()
    round_.refresh_from_db()
    assert round_.state == "open"


def test_entries_with_fewer_reviewers_than_announced_are_told(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]], entries=3, reviews_per_entry=2)
    url = f"/en/desk/klash-test/rounds/{round_.code}/assign/"
    client.force_login(cast["organiser"])
    sentence = "1 entry has fewer reviewers than announced."
    with at("problem_selection"):
        assert not any(sentence in client.get(page).content.decode() for page in (url, "/en/desk/klash-test/rounds/"))
        Review.objects.using("reviewing").filter(entry=round_.entries.using("reviewing").first()).order_by("pk").first().delete()
        assert all(sentence in client.get(page).content.decode() for page in (url, "/en/desk/klash-test/rounds/"))


def test_whoever_declined_is_not_told_that_the_round_opens(world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]], state="draft")
    gone = Seat.objects.using("reviewing").filter(round=round_).order_by("pk").first()
    with at("problem_selection"):
        rounds.decline_seat(actor=gone, reason="Aikani ei riitä.")
        services.open_panel(actor=cast["organiser"], competition=world.competition, round=round_)
    told = Message.objects.get(event__startswith="round.opened/")
    assert (told.to, "Arvioita voi antaa" in told.body) == (cast["mentor"].email, True)


def test_a_round_that_all_have_declined_does_not_open(world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]], state="draft")
    with at("problem_selection"):
        rounds.decline_seat(actor=Seat.objects.using("reviewing").get(round=round_), reason="Aikani ei riitä.")
        assert refusal(services.open_panel, actor=cast["organiser"], competition=world.competition, round=round_) == (Refused, Reason.NOT_COMPLETE)


def test_the_jury_s_round_is_prepared(client, world, cast, made, at):
    client.force_login(cast["registrar"])
    stage = world.stages["judging"]
    with at("proposals"):
        times = {"opens_at": stage.opens_at, "closes_at": stage.closes_at}
        data = {f"jury-haaste-1-{name}": when.strftime("%Y-%m-%dT%H:%M") for name, when in times.items()}
        turned = {"jury-haaste-1-opens_at": data["jury-haaste-1-closes_at"], "jury-haaste-1-closes_at": data["jury-haaste-1-opens_at"]}
        base = {"action": "start", "start": "jury-haaste-1"}
        assert client.post("/desk/klash-test/rounds/", {**base, **turned}).status_code == 200
        assert client.post("/desk/klash-test/rounds/", {**base, **data}).status_code == 302
    assert Round.objects.using("reviewing").get().key == "proposals/haaste-1"


def absence_form(client, url, who):
    page = client.get(url).content.decode()
    value = re.search(rf'value="([0-9a-f]{{20}})"[^>]*>\s*<label[^>]*>{who}<', page)
    assert value, f"{who} is not offered"
    return page, value[1]


@pytest.mark.parametrize(("prefix", "words"), [
    ("", "Mikään arvioijan antamista pisteistä ei vaikuta tulokseen"), ("/sv", "Inga av bedömarens poäng räknas"), ("/en", "None of the reviewer’s scores count"),
])
def test_an_absence_is_recorded_on_a_page_that_tells_what_follows(client, world, cast, at, prefix, words):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]])
    submit_all(round_)
    Entry.objects.using("reviewing").update(review_count=2)
    client.force_login(cast["registrar"])
    url = f"{prefix}/desk/klash-test/rounds/{round_.code}/absence/"
    with at("problem_selection"):
        assert url in client.get(f"{prefix}/desk/klash-test/rounds/").content.decode()
        page, who = absence_form(client, url, "Mentor")
        assert words in page and not any(seat.handle in page for seat in round_.seats.using("reviewing"))
        for incomplete in ({"who": who}, {"who": who, "reason": "  "}, {"who": "0" * 20, "reason": "Este."}, {}):
            assert client.post(url, incomplete).status_code == 200
        assert not round_.seats.using("reviewing").filter(is_absent=True).exists()
        assert client.post(url, {"who": who, "reason": "Este."})["Location"] == f"{prefix}/desk/klash-test/rounds/"
        after = client.get(url).content.decode()
    event = AuditEvent.objects.using("reviewing").get(what="seat.absent")
    gone = round_.seats.using("reviewing").get(is_absent=True)
    assert (event.thing, event.body, gone.handle) == (f"seat/{gone.handle}", {"reason": "Este."}, "problems-klash-test-Mentor")
    assert list(round_.entries.using("reviewing").values_list("review_count", flat=True)) == [1, 1]
    assert who not in after and "Mentor" in after, "the one who is absent is named and cannot be chosen again"


def test_an_absent_chair_must_be_replaced_and_an_open_invitation_can_lapse(client, world, cast, made, at):
    round_ = make_round(world, "proposals/haaste-1", [cast["juror"]], kind="proposals", state="draft")
    round_.seats.using("reviewing").update(is_chair=True)
    Seat.objects.using("reviewing").create(round=round_, handle="waiting", state="invited")
    accounts.invite(actor=cast["organiser"], email="late@example.org", role=Role.JUROR, competition="klash-test", challenge="haaste-1", handle="waiting")
    client.force_login(cast["organiser"])
    url = f"/en/desk/klash-test/rounds/{round_.code}/absence/"
    with at("proposals"):
        page, _ = absence_form(client, url, "late@example.org")
        assert "Juror, chair" in page and "invite another chair" in page


def test_an_absence_is_for_the_staff_and_for_rounds_without_a_result(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]])
    url = f"/desk/klash-test/rounds/{round_.code}/absence/"
    assert client.get(url)["Location"] == f"/accounts/sign-in/?next={url}"
    for name in OUTSIDE:
        client.force_login(cast[name])
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404), name
    client.force_login(cast["organiser"])
    assert client.get(url).status_code == 200
    assert client.get("/desk/klash-test/rounds/no-such/absence/").status_code == 404
    assert client.get(f"/desk/no-such/rounds/{round_.code}/absence/").status_code == 404
    Round.objects.using("reviewing").update(state="complete")
    assert client.get(url).status_code == 404
    assert "absence" not in client.get("/desk/klash-test/rounds/").content.decode()


def test_people_come_in_pages_of_50(client, world, cast):
    for number in range(60):
        person = accounts.create_account(email=f"member-{number}@example.org", name=f"Jäsen {number:02}", is_invented=True)
        accounts.grant_role(actor=audit.System(), person=person, role=Role.TEAM_MEMBER, competition="klash-test", challenge="haaste")
    first, after = selectors.holders(world.competition)
    second, end = selectors.holders(world.competition, after)
    assert (len(first), len(second), end) == (50, 19, None)
    assert len({(row.person.pk, row.role) for row in [*first, *second]}) == 69
    client.force_login(cast["organiser"])
    pages = [client.get("/en/desk/klash-test/people/", query).content.decode() for query in ({}, {"after": after}, {"after": "x"})]
    assert [(f'href="?after={after}"' in page, 'href="?"' in page) for page in pages] == [(True, False), (False, True), (True, True)]


def test_entries_are_dealt_out_on_a_page_that_carries_no_code(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]], entries=3, state="draft")
    reviews = Review.objects.using("reviewing")
    reviews.all().delete()
    client.force_login(cast["organiser"])
    url = f"/en/desk/klash-test/rounds/{round_.code}/assign/"

    def post(**words):
        assert client.post(url, words)["Location"] == url
        return client.get(url).content.decode()

    with at("problem_selection"):
        assert url in client.get("/en/desk/klash-test/rounds/").content.decode()
        assert "3 entries have no reviewer" in client.get(url).content.decode()
        wrong = client.post(url, {"action": "suggest", "reviews_per_entry": "1", "load_min": "3", "load_max": "2"})
        assert "The largest load must be at least the smallest." in wrong.content.decode()
        wrong = client.post(url, {"action": "suggest", "reviews_per_entry": "1", "weight_text": "0", "weight_topics": "0", "weight_preferences": "0"})
        assert "At least one of the three must weigh something." in wrong.content.decode()
        assert 'name="weight_text" value="40"' in client.get(url).content.decode()
        assert "No reviewer has told anything of their own words, topics or wishes" in post(action="suggest", reviews_per_entry="1")
        round_.seats.using("reviewing").update(expertise="t")
        page = post(action="suggest", reviews_per_entry="1", weight_text="1", weight_preferences="7")
        assert "Weights used: own words 1, topics 30, wishes 7." in page and 'name="weight_preferences" value="7"' in page
        assert ("The worst-off entry is “t”; its match is" in page, "Mentor" in page) == (True, True)
        pairs = re.findall(r'name="pair" value="([0-9a-f]{20}\|[0-9a-f]{20})" checked', page)
        assert (len(pairs), reviews.count()) == (3, 0)
        assert not any(word in page.replace(round_.code, "") for word in ("-e0", "-e1", "klash-test-Mentor"))
        page = post(action="apply", pair=pairs[:2])
        assert (reviews.count(), "1 entry has no reviewer" in page) == (2, True)
        page = post(action="remove", pair=pairs[:1])
        assert (reviews.count(), "2 entries have no reviewer" in page) == (1, True)
        entry, who = pairs[0].split("|")
        page = post(action="give", entry=entry, who=who)
        assert (reviews.count(), "1 review was assigned." in page) == (2, True)
        given = reviews.select_related("entry", "seat").latest("pk")
        post(action="remove", pair=pairs[0])
        rounds.record_conflicts(actor=cast["organiser"], round=round_, found=[(given.entry.code, given.seat.handle, "ownership")])
        refused = client.post(url, {"action": "give", "entry": entry, "who": who}).content.decode()
        assert "A conflict of interest bars the reviewer from the entry." in refused and reviews.count() == 1
        assert f'<option value="{entry}" selected>' in refused and f'<option value="{who}" selected>' in refused
        reviews.update(saved_at=START)
        refused = client.post(url, {"action": "remove", "pair": pairs[1]})
        assert "The reviewer has begun with this entry." in refused.content.decode()


# Who reviews what, from a file


def roster_page(client, round_, text="", action="check"):
    file = SimpleUploadedFile("jako.csv", text.encode() if isinstance(text, str) else text, "text/csv")
    data = {"action": action, **({"file": file} if action == "check" else {"text": text})}
    return client.post(f"/en/desk/klash-test/rounds/{round_.code}/assign/", data)


@pytest.fixture
def roster_round(client, world, cast):
    """Three entries, two reviewers, nothing assigned; the first title belongs to a problem with a public code."""
    round_ = make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]], entries=3, state="draft")
    Review.objects.using("reviewing").all().delete()
    for number, entry in enumerate(round_.entries.using("reviewing").order_by("code"), 1):
        entry.title = f"Ongelma {number}"
        entry.save(using="reviewing", update_fields=["title"])
    client.force_login(cast["organiser"])
    return round_


def titles_of(round_):
    return list(round_.entries.using("reviewing").order_by("title").values_list("title", flat=True))


def test_a_file_is_checked_shown_and_only_then_written(client, roster_round, at):
    first, second, third = titles_of(roster_round)
    text = f"reviewer;entry\nPanellist@Example.org;{first.upper()}\nmentor@example.org;  {second}\n\nmentor@example.org;{third}\n"
    reviews = Review.objects.using("reviewing")
    with at("problem_selection"):
        page = roster_page(client, roster_round, "\ufeff" + text).content.decode()
        assert "All rows are sound. 3 new reviews will be assigned." in page and reviews.count() == 0
        assert not any(word in page.replace(roster_round.code, "") for word in ("-e0", "-e1", "klash-test-Mentor"))
        kept = html.unescape(re.search(r'name="text" value="([^"]+)"', page).group(1))
        assert roster_page(client, roster_round, action="confirm", text=kept).status_code == 302
        assert reviews.count() == 3
        again = roster_page(client, roster_round, text).content.decode()
        assert "There is nothing to write." in again and 'value="confirm"' not in again and again.count("assigned already") == 4


@pytest.mark.parametrize("head", ["reviewer;entry", "Sähköpostiosoite;Kohde", "E-postadress;Bidrag", "E-mail address;Entry", "Osoite;Otsikko"])
def test_a_row_that_names_the_columns_is_no_reviewer(client, roster_round, at, head):
    with at("problem_selection"):
        page = roster_page(client, roster_round, f"{head}\nmentor@example.org;{titles_of(roster_round)[0]}\n").content.decode()
        assert "All rows are sound. 1 new review will be assigned." in page
        odd = roster_page(client, roster_round, f"email@example.org;{titles_of(roster_round)[0]}\n").content.decode()
        assert "Nobody with this address" in odd


def test_a_problem_is_named_by_its_public_code_and_doubled_titles_need_it(client, world, cast, roster_round, at):
    entries = list(roster_round.entries.using("reviewing").order_by("code"))
    roster_round.entries.using("reviewing").filter(pk__in=[entries[0].pk, entries[1].pk]).update(title="Sama otsikko")
    problem = Problem.objects.create(
        competition=world.competition, officer=cast["officer"], municipality=world.municipalities["Janakkala"], state="submitted", submitted_at=START,
        entry_code=entries[0].code,
    )
    with at("problem_selection"):
        page = roster_page(client, roster_round, "mentor@example.org,Sama otsikko\n").content.decode()
        assert "Several entries have this title." in page
        assert "1 new review will be assigned." in roster_page(client, roster_round, f"mentor@example.org,{problem.code}\n").content.decode()
        unknown = roster_page(client, roster_round, f"mentor@example.org,{entries[2].code}\n").content.decode()
        assert "No entry of this round has this title or code." in unknown  # the code of the entry itself opens nothing


def test_every_faulty_row_is_named_and_nothing_is_written(client, world, cast, roster_round, at):
    first, second, third = titles_of(roster_round)
    rounds.set_up_round(actor=cast["organiser"], round=roster_round, reviews_per_entry=1, load_max=1)
    handles = {person.handles.get().person.name: person.handles.get().handle for person in (cast["panellist"], cast["mentor"])}
    code = roster_round.entries.using("reviewing").get(title=second).code
    rounds.record_conflicts(actor=cast["organiser"], round=roster_round, found=[(code, handles["Mentor"], "ownership")])
    rows = ["nobody@example.org,x", f"mentor@example.org,{first}", f"mentor@example.org,{first}", f"mentor@example.org,{second}", f"mentor@example.org,{third}",
            "mentor@example.org,Ei ole", "mentor@example.org", '"unfinished']
    faults = ["Nobody with this address", "sound", "An earlier row says the same", "conflict of interest bars", "more entries than the largest load", "No entry of this round", "A row needs", "A row needs"]
    with at("problem_selection"):
        response = roster_page(client, roster_round, "\n".join(rows))
        found = response.context["lines"]
        assert [(row["line"].number, bool(row["fault"])) for row in found] == [(number, number != 2) for number in range(1, 9)]
        page = response.content.decode()
        assert all(fault in page for fault in faults) and "7 rows have a fault. Nothing was written." in page and 'value="confirm"' not in page
        assert "(ownership)" in page and "Cannot be given" in page
        forced = roster_page(client, roster_round, action="confirm", text="\n".join(rows))
        assert (forced.status_code, Review.objects.using("reviewing").count()) == (200, 0)


@pytest.mark.parametrize(("text", "told"), [("", "The submitted file is empty."), (b"\xe4\xff,x", "Nobody with this address"), (b"PK\x03\x04\0\0", "This is not a CSV file."), ("x" * 1_000_001, "The file is larger than 1 MB.")])
def test_a_file_that_is_none(client, roster_round, at, text, told):
    with at("problem_selection"):
        assert told in html.unescape(roster_page(client, roster_round, text).content.decode())
        assert "Choose a file first." in client.post(f"/en/desk/klash-test/rounds/{roster_round.code}/assign/", {"action": "check"}).content.decode()


def test_a_file_of_many_rows_costs_as_many_queries(client, roster_round, at):
    line = f"mentor@example.org,{titles_of(roster_round)[0]}\n"
    counted = []
    with at("problem_selection"):
        for times in (1, 300):
            with CaptureQueriesContext(connections["default"]) as here, CaptureQueriesContext(connections["reviewing"]) as there:
                roster_page(client, roster_round, line * times)
            counted.append(len(here) + len(there))
    assert counted[0] == counted[1]


def test_a_blind_round_has_no_such_page(client, world, cast, at):
    round_ = make_round(world, "proposals/klash-test", [cast["juror"]], entries=1, state="draft")
    Round.objects.using("reviewing").filter(pk=round_.pk).update(is_blind=True)
    client.force_login(cast["organiser"])
    with at("judging"):
        assert roster_page(client, round_, "a,b").status_code == 404
