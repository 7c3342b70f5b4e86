"""What the mail server does with a mail is no other mail's matter."""

import io
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command

from klash.core import clock
from klash.post import services
from klash.post.models import Message
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
GONE, HERE = "gone@example.org", "here@example.org"


class Refusing(locmem.EmailBackend):
    """A server that knows every mailbox but one, and Django's own in all else."""

    def send_messages(self, messages):
        if [GONE] in [message.to for message in messages]:
            raise SMTPRecipientsRefused({GONE: (550, b"no such mailbox")})
        return super().send_messages(messages)


@pytest.fixture
def letters():
    for to in (GONE, HERE):
        services.queue(to=to, language="fi", template="accounts_unknown", context={}, event="x")


def test_a_refused_mail_keeps_no_other_waiting_and_is_tried_again_after_an_hour(letters, settings):
    own, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
    with clock.at(START):
        assert services.send_waiting() == 1
    assert list(Message.objects.order_by("pk").values_list("sent_at", "refused_at")) == [(None, START), (START, None)]
    settings.EMAIL_BACKEND = own
    with clock.at(START + timedelta(hours=1, milliseconds=-1)):
        assert services.send_waiting() == 0
    with clock.at(START + timedelta(hours=1)):
        assert services.send_waiting() == 1
    assert [message.to for message in mail.outbox] == [[HERE], [GONE]]


def test_a_mail_server_that_is_away_is_told_with_the_cure(letters, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    with pytest.raises(CommandError, match="default: the mail server does not take mails: .* Check KLASH_EMAIL"):
        call_command("send_mail", stdout=io.StringIO())
    assert Message.objects.filter(sent_at=None, refused_at=None).count() == 2


def test_seeded_fault_without_that_the_first_refusal_stops_the_outbox(letters, settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(services, "REFUSALS", ())
    with pytest.raises(SMTPRecipientsRefused):
        services.send_waiting()
    assert mail.outbox == []
