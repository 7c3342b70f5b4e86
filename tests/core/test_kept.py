"""Nothing swallows what somebody sent: it is kept, and the same person sends it again with the time of its first arrival."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from klash.core import arrival, clock, kept
from klash.core.models import AuditEvent, KeptForm
from klash.problems.models import Problem
from klash.rules.states import ProblemState
from klash.teams.models import Application
from tests.problems.conftest import draft  # noqa: F401
from tests.teams.conftest import call  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
KEPT = "/accounts/kept/"
PASSWORD = "kolme pitkää sanaa"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def browser():
    """A browser that checks the token against forgery, as the server does."""
    return Client(enforce_csrf_checks=True)


def hidden(page, name, at=0):
    return html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[at])


def fields_of(page, action=None):
    """Return the hidden fields of the last form of a page, or of the one with this action."""
    forms = re.findall(r"<form\b[^>]*>.*?</form>", page, re.DOTALL)
    form = next(form for form in reversed(forms) if action is None or f'action="{action}"' in form)
    return {name: html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}


@pytest.fixture
def page(world, draft, browser, cast, at):  # noqa: F811
    """The officer's page that submits the problem: address and the fields of its form."""
    browser.force_login(cast["officer"])
    url = reverse("problems:summary", args=[world.competition.code, draft.code])
    with at("problem_call"):
        return url, fields_of(browser.get(url).content.decode())


def end_session(browser):
    Session.objects.all().delete()


def send_kept(browser, url, when):
    """Press the button of the page that shows what is kept."""
    with clock.at(when):
        shown = browser.get(KEPT).content.decode()
        return browser.post(url, fields_of(shown, url))


@pytest.fixture
def deadline(world):
    return world.stages["problem_call"].closes_at


def test_session_expires_mid_form(browser, page, cast, draft, deadline):  # noqa: F811
    url, fields = page
    end_session(browser)
    with clock.at(deadline - SECOND):
        told = browser.post(url, fields)
    assert (told.status_code, Problem.objects.get(pk=draft.pk).state) == (403, ProblemState.DRAFT)
    assert "Kirjoittamasi on tallessa" in told.content.decode()
    browser.force_login(cast["officer"])
    answer = send_kept(browser, url, deadline + HOUR)
    problem, event = Problem.objects.get(pk=draft.pk), AuditEvent.objects.get(what="problem.submitted")
    assert (answer.status_code, problem.state, problem.submitted_at) == (302, ProblemState.SUBMITTED, deadline - SECOND)
    assert (event.at, event.body["received_at"]) == (deadline + HOUR, str(deadline - SECOND))
    assert (KeptForm.objects.count(), browser.cookies[settings.KEPT_COOKIE_NAME].value) == (0, "")


def test_what_first_arrived_after_the_deadline_stays_late(browser, page, cast, draft, deadline):  # noqa: F811
    url, fields = page
    end_session(browser)
    with clock.at(deadline + SECOND):
        browser.post(url, fields)
    browser.force_login(cast["officer"])
    assert send_kept(browser, url, deadline + HOUR).status_code == 403
    assert KeptForm.objects.count() == 1


def test_the_proxys_stamp_is_the_time_of_the_first_arrival(browser, page, deadline, settings):
    settings.KLASH_PROXY_STAMP = True
    url, fields = page
    end_session(browser)
    with clock.at(deadline + SECOND):
        browser.post(url, fields, headers={arrival.HEADER: f"{deadline.timestamp():.3f}"})
    assert KeptForm.objects.get().received_at == deadline


def test_a_client_cannot_say_when_it_arrived(browser, page, cast, draft, deadline):  # noqa: F811
    url, fields = page
    end_session(browser)
    with clock.at(deadline + SECOND):
        browser.post(url, {**fields, "received_at": str(deadline), "first_arrived_at": str(deadline)}, headers={arrival.HEADER: f"{deadline.timestamp():.3f}"})
    assert KeptForm.objects.get().received_at == deadline + SECOND


@pytest.mark.parametrize("change", ["cookie gone", "token changed"])
def test_csrf_change(browser, page, cast, draft, deadline, change):  # noqa: F811
    """Signed in all the time: the page that shows the form takes the place of a bare refusal."""
    url, fields = page
    if change == "cookie gone":
        del browser.cookies["csrftoken"]
    with clock.at(deadline):
        told = browser.post(url, {**fields, "csrfmiddlewaretoken": "x" * 64} if change == "token changed" else fields)
    assert (told.status_code, told["Location"], Problem.objects.get(pk=draft.pk).state) == (302, KEPT, ProblemState.DRAFT)
    assert send_kept(browser, url, deadline + SECOND).status_code == 302
    assert Problem.objects.get(pk=draft.pk).submitted_at == deadline


def test_password_change(browser, page, cast, draft, deadline):  # noqa: F811
    url, fields = page
    cast["officer"].set_password(PASSWORD)
    cast["officer"].save()
    with clock.at(deadline):
        assert browser.post(url, fields).status_code == 403
        shown = browser.get(f"/accounts/sign-in/?next={KEPT}").content.decode()
        signed = browser.post("/accounts/sign-in/", {**fields_of(shown), "email": cast["officer"].email, "password": PASSWORD})
    assert signed["Location"] == KEPT
    assert send_kept(browser, url, deadline + SECOND).status_code == 302


def test_who_signs_in_by_another_way_is_led_to_what_waits(browser, page, cast, deadline):
    url, fields = page
    cast["officer"].set_password(PASSWORD)
    cast["officer"].save()
    with clock.at(deadline):
        browser.post(url, fields)
        shown = browser.get("/accounts/sign-in/").content.decode()
        signed = browser.post("/accounts/sign-in/", {**fields_of(shown), "email": cast["officer"].email, "password": PASSWORD})
    assert signed["Location"] == KEPT


def test_everything_typed_comes_back_and_is_shown_before_it_is_sent(browser, world, cast, draft, at):  # noqa: F811
    url = reverse("problems:write", args=[world.competition.code, draft.code])
    with at("problem_call"):
        browser.force_login(cast["officer"])
        fields = fields_of(browser.get(url).content.decode(), None)
        typed = {"title": "Uusi otsikko", "summary": "Ääkköset & <b>merkit</b>", "situation": "1\r\n2", "affected": "", "tried": "x" * 3000, "goal": "g"}
        end_session(browser)
        browser.post(url, {**fields, **typed, "theme": str(draft.theme_id), "group": ["092", "149"], "seen_goal": "f" * 32, "save": "1"})
        browser.force_login(cast["officer"])
        form = kept.waiting(browser.get(KEPT).wsgi_request)[0]
        shown = browser.get(KEPT).content.decode()
        sent = browser.post(url, fields_of(shown, url))
    assert {name: list(values) for name, values in form.fields}["group"] == ["092", "149"]
    assert all(html.escape(value) in shown for value in ("Uusi otsikko", "Ääkköset & <b>merkit</b>", "x" * 3000))
    assert fields["csrfmiddlewaretoken"] not in shown and "f" * 32 not in form.values  # what the page filled in by itself
    problem = Problem.objects.get(pk=draft.pk)
    assert (sent.status_code, KeptForm.objects.count()) == (302, 0)
    assert (problem.title, problem.answer("situation"), problem.group.count()) == ("Uusi otsikko", "1\r\n2", 2)


def test_another_person_on_the_same_computer_neither_sees_nor_sends_it(browser, page, cast, draft, deadline):  # noqa: F811
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        browser.post(url, {**fields, "note": "salainen sana"})
        browser.force_login(cast["pilot_officer"])
        shown = browser.get(KEPT).content.decode()
        code = KeptForm.objects.get().code
        token = {"csrfmiddlewaretoken": hidden(shown, "csrfmiddlewaretoken")}
        sent, thrown = browser.post(url, {**token, "kept": code}), browser.post(KEPT, {**token, "forget": code})
    assert "salainen sana" not in shown and "toisella käyttäjätilillä" in shown
    assert (sent["Location"], thrown["Location"], KeptForm.objects.count()) == (KEPT, KEPT, 1)
    assert Problem.objects.get(pk=draft.pk).state == ProblemState.DRAFT


def test_another_browser_cannot_open_it(browser, page, cast, deadline):
    url, fields = page
    end_session(browser)
    other = Client()
    other.force_login(cast["officer"])
    with clock.at(deadline):
        browser.post(url, {**fields, "note": "salainen sana"})
        other.cookies[settings.KEPT_COOKIE_NAME] = "f" * 64
        shown = other.get(KEPT).content.decode()
    row = KeptForm.objects.get()
    assert row.code not in shown and "salainen sana" not in shown
    assert b"salainen" not in bytes(row.sealed) and cast["officer"].code not in f"{row.browser}{row.account}{row.sealed!r}"


def test_it_goes_only_to_the_page_it_was_for(browser, page, cast, deadline):
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        browser.post(url, fields)
        browser.force_login(cast["officer"])
        shown = browser.get(KEPT).content.decode()
        sent = browser.post(url.replace("summary", "withdraw"), fields_of(shown, url))
    assert (sent["Location"], KeptForm.objects.count()) == (KEPT, 1)


# ------------------------------------------------------------------ forged from elsewhere

@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize("mark", [None, "", "made up", "another's"])
def test_a_form_that_no_page_of_ours_drew_for_this_person_does_nothing(browser, page, cast, draft, deadline, is_signed_in, mark):  # noqa: F811
    url, _ = page
    if not is_signed_in:
        end_session(browser)
    given = {"another's": kept.mark_of(cast["outsider"]), "made up": f"{cast['officer'].code}:x"}.get(mark, mark)
    with clock.at(deadline):
        browser.post(url, {} if given is None else {"whose": given}, headers={"Origin": "http://elsewhere.example"})
        browser.force_login(cast["officer"])
        shown = browser.get(KEPT).content.decode()
    assert Problem.objects.get(pk=draft.pk).state == ProblemState.DRAFT
    assert f'action="{url}"' not in shown


def test_without_the_persons_own_press_nothing_is_sent(browser, page, cast, draft, deadline):  # noqa: F811
    """Even a form of the person's own page, posted from elsewhere, waits for the press; a press from elsewhere has no token."""
    url, fields = page
    with clock.at(deadline):
        browser.post(url, {"whose": fields["whose"]}, headers={"Origin": "http://elsewhere.example"})
        browser.get(KEPT)
        code = KeptForm.objects.get().code
        forced = browser.post(url, {"kept": code}, headers={"Origin": "http://elsewhere.example"})
    assert (forced.status_code, forced["Location"]) == (302, KEPT)
    assert (KeptForm.objects.count(), Problem.objects.get(pk=draft.pk).state) == (1, ProblemState.DRAFT)


def test_a_stale_token_on_a_page_for_everyone_is_refused_in_words(browser):
    told = browser.post("/accounts/sign-in/", {"email": "a@example.org", "password": "x"})
    assert (told.status_code, KeptForm.objects.count()) == (403, 0)
    assert "Lue sivu uudelleen" in told.content.decode()


# ------------------------------------------------------------------ limits

def test_files_are_named_so_that_they_can_be_attached_again(browser, page, deadline):
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        told = browser.post(url, {**fields, "text": "t", "file": SimpleUploadedFile("suunnitelma.pdf", b"%PDF")})
    assert "suunnitelma.pdf" in told.content.decode()


def test_what_is_too_large_or_too_much_or_saved_as_one_types_is_not_kept(browser, page, deadline, monkeypatch):
    url, fields = page
    end_session(browser)
    monkeypatch.setattr(kept, "FORMS_MAX", 2)
    with clock.at(deadline):
        answers = [browser.post(url, {**fields, "text": "x" * kept.BYTES_MAX}), browser.post(url, fields, headers={"HX-Request": "true"})]
        assert ([answer.status_code for answer in answers], KeptForm.objects.count()) == ([302, 302], 0)
        assert [browser.post(url, fields).status_code for _ in range(3)] == [403, 403, 302]


def test_it_is_kept_for_a_day(browser, page, cast, deadline):
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        browser.post(url, fields)
    browser.force_login(cast["officer"])
    with clock.at(deadline + 24 * HOUR - SECOND):
        call_command("send_mail")
        assert f'action="{url}"' in browser.get(KEPT).content.decode()
    with clock.at(deadline + 24 * HOUR):
        assert f'action="{url}"' not in browser.get(KEPT).content.decode()
        call_command("send_mail")
    assert KeptForm.objects.count() == 0


def test_it_can_be_thrown_away(browser, page, cast, deadline):
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        browser.post(url, fields)
        browser.force_login(cast["officer"])
        shown = browser.get(KEPT).content.decode()
        browser.post(KEPT, {"csrfmiddlewaretoken": hidden(shown, "csrfmiddlewaretoken"), "forget": KeptForm.objects.get().code})
    assert KeptForm.objects.count() == 0


def test_a_second_press_finds_nothing_more_to_send(browser, page, cast, deadline):
    url, fields = page
    end_session(browser)
    with clock.at(deadline):
        browser.post(url, fields)
        browser.force_login(cast["officer"])
        pressed = fields_of(browser.get(KEPT).content.decode(), url)
        assert [browser.post(url, pressed)["Location"] for _ in range(2)] == [url.replace("summary", "receipt"), KEPT]


def test_an_application_is_sent_again_with_its_first_time(browser, call):  # noqa: F811
    team = call.fill(call.found())
    call.write(team)
    url = reverse("teams:summary", args=[team.code])
    browser.force_login(call.leader(team))
    fields = fields_of(browser.get(url).content.decode())
    end_session(browser)
    with clock.at(call.deadline):
        assert browser.post(url, fields).status_code == 403
    browser.force_login(call.leader(team))
    assert send_kept(browser, url, call.deadline + HOUR).status_code == 302
    assert Application.objects.get(team=team).submitted_at == call.deadline
