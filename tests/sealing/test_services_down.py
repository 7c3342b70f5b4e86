"""When the mail server, the scanner, the keeper of the keys or the jury's database is down, what comes in time is taken; only opening waits."""

import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse

from klash.core import chance, clock
from klash.core.errors import Refused
from klash.core.texts import sentence
from klash.post import services as post
from klash.post.models import Message
from klash.proposals import services
from klash.proposals.models import Opening, Version
from klash.proposals.services.sealing import open_versions, rehearse_keys
from klash.rules.reasons import Reason
from tests.proposals.pdf import upload


@pytest.fixture
def nobody():
    """A port at which nothing listens."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@pytest.fixture
def hand_in(stage):
    """Attach a file and submit through the pages; return how the submission was answered."""
    client, own = Client(), {"competition": stage.code, "team": stage.team.code}
    client.force_login(stage.leader)

    def do():
        client.post(reverse("proposals:attach", kwargs=own), {"file": upload(), "once": chance.key()})
        answer = client.post(reverse("proposals:summary", kwargs=own), {"key": chance.key(), "confirmed": "on"})
        return answer.status_code, client.get(answer.url).status_code if answer.status_code == 302 else answer.content.decode()

    return do


def close(stage):
    with clock.at(stage.stage.closes_at + timedelta(hours=1)):
        opening = services.request_opening(actor=stage.organiser, challenge=stage.challenge)
        return services.confirm_opening(actor=stage.registrar, opening=opening)


def test_without_a_mail_server_a_receipt_is_given_and_mailed_later(hand_in, nobody):
    away = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": nobody}
    with override_settings(**away):
        assert hand_in() == (302, 200)
        with pytest.raises(OSError):
            post.send_waiting()
    letters = Message.objects.filter(event__startswith="proposal.received/")
    assert (Version.objects.count(), [row.sent_at for row in letters]) == (1, [None])
    mail.outbox.clear()
    with clock.at(clock.now() + timedelta(days=1)):
        post.send_waiting()
    assert [row.sent_at is None for row in letters.all()] == [False] and len([row for row in mail.outbox if row.to == [letters[0].to]]) >= 1


def test_without_a_scanner_a_proposal_is_taken(hand_in, settings, nobody):
    settings.KLASH_SCANNER = f"127.0.0.1:{nobody}"
    assert hand_in() == (302, 200) and Version.objects.get().parts.filter(part="file/1").count() == 2


def test_without_the_keeper_of_the_keys_proposals_are_taken_and_not_opened(hand_in, stage, settings, tmp_path):
    rehearse_keys(actor=stage.organiser, challenge=stage.challenge)
    settings.KLASH_KEY_HOLDER = f"unix:{tmp_path}/nobody"
    assert hand_in() == (302, 200)
    opening = close(stage)
    versions = list(Version.objects.all())
    with clock.at(stage.stage.closes_at + timedelta(hours=2)):
        with pytest.raises(Refused) as raised:
            open_versions(opening, versions)
        assert (raised.value.reason, Opening.objects.get().state) == (Reason.KEYS_NOT_READY, "fixed") and str(sentence(Reason.KEYS_NOT_READY))
        settings.KLASH_KEY_HOLDER = ""
        opened = open_versions(opening, versions)
    assert opened[versions[0].pk].content["title"] == "t" and list(opened[versions[0].pk].files) == ["file/1"]


def test_before_the_keys_were_rehearsed_nothing_is_taken_in(hand_in, settings, tmp_path):
    """The control: what is not rehearsed while there is time cannot be taken when the keeper is down."""
    settings.KLASH_KEY_HOLDER = f"unix:{tmp_path}/nobody"
    status, page = hand_in()
    assert (status, str(sentence(Reason.KEYS_NOT_READY)) in page, Version.objects.count()) == (422, True, 0)


def test_without_the_database_of_the_jury_a_proposal_is_taken(hand_in, stage, tmp_path):
    rehearse_keys(actor=stage.organiser, challenge=stage.challenge)
    connections["reviewing"].close()
    connections["reviewing"].settings_dict["NAME"] = tmp_path / "away" / "reviewing.sqlite3"
    assert hand_in() == (302, 200) and Version.objects.count() == 1
