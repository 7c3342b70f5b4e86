"""A form that is sent twice does its work once, and the second reply is the first, byte for byte."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from klash.accounts.models import Invitation
from klash.competitions.models import StageKind
from klash.core import access, clock
from klash.core.models import Sent
from klash.core.once import _content, once
from klash.post.models import Message
from klash.problems.models import Problem
from klash.teams.models import Team
from tests.teams.conftest import call  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
ROOT = Path(__file__).resolve().parents[2]
KEY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def start(world, cast, client):
    """Send the form that starts a problem, as the officer, in the middle of the call."""
    client.force_login(cast["officer"])

    def send(key=KEY, place="165", as_=client, at=None, **more):
        fields = {"municipality": place, "language": "fi", "once": key, **more}
        with clock.at(at or world.middle_of(StageKind.PROBLEM_CALL)):
            return as_.post(reverse("problems:start", args=[world.competition.code]), fields)

    return send


def told(response):
    return response.status_code, response.headers.get("Location"), response.headers["Content-Type"], response.content


def test_double_submit(start):
    first, again = start(), start()
    assert (told(again), first.status_code, Problem.objects.count()) == (told(first), 302, 1)


def test_reply_lost(start, world):
    """The first reply never arrived; the second asking comes after the deadline, and gets it still."""
    first = start()
    again = start(at=world.stages[StageKind.PROBLEM_CALL].closes_at.replace(year=2027))
    assert told(again) == told(first)


def test_another_key_is_another_form(start):
    assert (start().status_code, start(OTHER).status_code, Problem.objects.count()) == (302, 302, 2)


def test_other_contents_under_the_same_key_are_409_and_nothing_is_stored(start):
    first, other = start(), start(place="167")
    assert (other.status_code, Problem.objects.count()) == (409, 1)
    assert "Tämä lomake on jo lähetetty" in other.content.decode()
    assert told(start()) == told(first)


def test_the_key_is_the_accounts_own(start, cast):
    other = Client()
    other.force_login(cast["pilot_officer"])
    assert told(start(as_=other)) != told(start())
    assert Problem.objects.count() == 2


def test_a_form_with_faults_may_be_corrected_under_its_key(start):
    assert (start(place="").status_code, Sent.objects.count()) == (200, 0)
    assert (start().status_code, Problem.objects.count()) == (302, 1)


def test_a_refusal_is_not_kept(start, world):
    late = start(at=world.stages[StageKind.PROBLEM_CALL].closes_at.replace(year=2027))
    assert (late.status_code, Sent.objects.count(), start().status_code) == (403, 0, 302)


@pytest.mark.parametrize("key", ["", "short", "A" * 32, "a" * 33])
def test_without_a_key_it_works_as_ever(start, key):
    assert (start(key).status_code, start(key).status_code, Problem.objects.count(), Sent.objects.count()) == (302, 302, 2, 0)


def test_what_is_drawn_anew_in_a_form_is_no_other_content(start):
    assert told(start(csrfmiddlewaretoken="x" * 64)) == told(start(csrfmiddlewaretoken="y" * 64))


def test_a_page_gives_the_form_a_key_of_its_own_each_time(world, cast, client, at):
    client.force_login(cast["officer"])
    with at(StageKind.PROBLEM_CALL):
        pages = [client.get(reverse("problems:start", args=[world.competition.code])).content.decode() for _ in range(2)]
    keys = [re.findall(r'name="once" value="([0-9a-f]{32})"', page) for page in pages]
    assert [len(found) for found in keys] == [1, 1] and keys[0] != keys[1]


def test_who_is_not_signed_in_is_known_by_the_browser(client):
    """The reply is a page here, with what differs between two drawings of it: it is stored, not drawn again."""
    def sign_up(browser, email="new@example.org"):
        browser.cookies["csrftoken"] = browser.cookies.get("csrftoken", None) and browser.cookies["csrftoken"].value or "c" * 32
        return browser.post(reverse("accounts:sign_up"), {"email": email, "once": KEY})

    other = Client()
    other.cookies["csrftoken"] = "d" * 32
    first, again = sign_up(client), sign_up(client)
    assert (first.status_code, told(again), Message.objects.count()) == (200, told(first), 1)
    assert sign_up(client, "else@example.org").status_code == 409
    assert (sign_up(other).status_code, Message.objects.count()) == (200, 2)


def test_a_reply_is_kept_for_seven_days(start, world):
    start()
    for days, left in ((7, 1), (8, 0)):
        with clock.at(world.middle_of(StageKind.PROBLEM_CALL) + timedelta(days=days, seconds=-1)):
            call_command("send_mail")
        assert Sent.objects.count() == left


@pytest.mark.parametrize(("status", "mark", "is_kept"), [(302, None, True), (200, None, False), (409, None, False), (200, True, True), (302, False, False)])
def test_the_reply_to_what_was_done_is_kept_and_no_other(rf, status, mark, is_kept):
    """A form that is kept for later leads elsewhere with nothing done (False): its key does its work when it is sent again."""
    response = HttpResponse(status=status)
    if mark is not None:
        response.is_answer = mark
    request = rf.post("/", {"once": KEY})
    request.user = AnonymousUser()
    assert once(access.public(lambda request: response))(request) is response
    assert Sent.objects.exists() is is_kept


def test_an_invitation_goes_out_once(call, client):  # noqa: F811
    team = call.found()
    client.force_login(call.leader(team))
    for _ in range(3):
        client.post(reverse("teams:invite", args=[team.code]), {"email": "friend@example.org", "once": KEY})
    assert (Invitation.objects.filter(team=team.code).count(), Team.objects.count(), len(mail.outbox)) == (1, 1, 0)


def test_files_count_by_what_they_hold(rf):
    def content(data, name="a.pdf"):
        request = rf.post("/x/?y=1", {"text": "t", "once": KEY, "file": SimpleUploadedFile(name, data)})
        parts = list(_content(request))
        assert request.FILES["file"].read() == data  # the view reads it after us
        return parts

    assert content(b"one") == content(b"one")
    assert content(b"one") != content(b"two")
    assert content(b"one") != content(b"one", "b.pdf")


def test_fifty_at_once_on_sqlite(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    environment = {**kept, "KLASH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}
    done = subprocess.run([sys.executable, "-m", "tests.core.once_race"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["with_constraint"] == {"replies": 1, "statuses": ["302"], "made": 1, "kept": 1}
    assert found["without"]["made"] == 50
