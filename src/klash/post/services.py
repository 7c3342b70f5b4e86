"""Queue and send mail."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from klash.core import audit, clock
from klash.post.models import Message

REFUSALS = (SMTPRecipientsRefused, SMTPDataError)  # of one mail; the server goes on with the next
REFUSED_FOR = timedelta(hours=1)
_CALENDARS = re.compile(r"BEGIN:VCALENDAR\r\n.*?END:VCALENDAR\r\n", re.DOTALL)
_METHOD = re.compile(r"^METHOD:(\w+)\r$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """A mail as its receiver will read it. event and to make it unique. calendar: iCalendar objects for the receiver, one after another."""

    event: str
    to: str
    language: str
    subject: str
    body: str
    calendar: str = ""


def write_letter(*, to: str, language: str, template: str, context: Mapping[str, Any], event: str, calendar: str = "") -> Letter:
    """Write a mail in the receiver's language, without sending it.

    template: name below `post/templates/email/`; its first line is the subject, the rest the text. A name in the subject cannot end its line.
    calendar: what the receiver's calendar is told, as iCalendar objects with a METHOD each; "" for nothing.
    """
    with translation.override(language):
        text = render_to_string(f"email/{template}.txt", {**context, "base_url": settings.KLASH_URL})
    subject, _, body = text.strip().partition("\n")
    return Letter(event, to, language, " ".join(subject.split())[:200], body.strip() + "\n", calendar)


def queue_letter(letter: Letter, using: str = "default") -> Message:
    """Put a mail as it stands into the outbox, in the caller's transaction. The same event to the same address is written once."""
    return Message.objects.using(using).get_or_create(event=letter.event, to=letter.to, defaults=_columns(letter))[0]


def queue_letters(letters: Iterable[Letter], using: str = "default") -> None:
    """Put mails into the outbox as `queue_letter` does, many at once. One query."""
    rows = [Message(event=letter.event, to=letter.to, **_columns(letter)) for letter in letters]
    Message.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def _columns(letter: Letter) -> dict[str, Any]:
    return {
        "language": letter.language, "subject": letter.subject, "body": letter.body, "message_id": _message_id(letter.event, letter.to),
        "queued_at": clock.now(), "calendar": letter.calendar,
    }


def queue(
    *, to: str, language: str, template: str, context: Mapping[str, Any], event: str, calendar: str = "", using: str = "default"
) -> Message:
    """Write a mail into the outbox, in the caller's transaction; `write_letter` tells what the words mean."""
    return queue_letter(write_letter(to=to, language=language, template=template, context=context, event=event, calendar=calendar), using)


def digest_of(letters: Sequence[Letter]) -> str:
    """Return the hash of mails that a person has seen: whom they go to and every word."""
    return audit.sha256("klash/1/letters", audit.canonical([astuple(letter) for letter in letters]))


def send_waiting(*, limit: int = 100, using: str = "default") -> int:
    """Send waiting mails, oldest first; returns how many. A crash between sending and marking sends again with the same Message-ID.

    A mail that the server refuses keeps no other waiting; it is tried again after an hour. Raises what it meets where the server takes none.
    """
    waiting = Message.objects.using(using).filter(sent_at=None).exclude(refused_at__gt=clock.now() - REFUSED_FOR)
    with get_connection() as connection:
        return sum([_send(pk, connection, using) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:limit])])


def _send(pk: int, connection: Any, using: str) -> bool:
    """Send one mail, unless another worker has it in hand; returns whether it went out."""
    with transaction.atomic(using=using):
        message = Message.objects.using(using).select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
        if message is None:
            return False
        mail = EmailMultiAlternatives(
            message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to], headers={"Message-ID": message.message_id}, connection=connection,
        )
        _put_in(mail, message.calendar)
        try:
            mail.send()
            message.sent_at = clock.now()
        except REFUSALS:
            message.refused_at = clock.now()
        message.save(using=using, update_fields=["sent_at", "refused_at"])
        return message.sent_at is not None


def _put_in(mail: EmailMultiAlternatives, calendar: str) -> None:
    """Add what the receiver's calendar is told, each object as a part of its own (RFC 6047).

    A single one stands beside the text as another form of it, and once more as a file: some programs act upon the one, some upon the other.
    """
    found = [(text, _METHOD.findall(text)[0]) for text in _CALENDARS.findall(calendar)]
    for number, (text, method) in enumerate(found, 1):
        kind = f"text/calendar; method={method}"
        if len(found) == 1:
            mail.attach_alternative(text, kind)
            kind = "application/ics"
        mail.attach(f"klash-{number}.ics", text, kind)


def _message_id(event: str, to: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{event}\n{to}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"<{digest}@{settings.KLASH_MAIL_HOST}>"
