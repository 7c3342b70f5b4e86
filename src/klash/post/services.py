"""Queue and send mail."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from klash.core import clock
from klash.post.models import Message


def queue(*, to: str, language: str, template: str, context: Mapping[str, Any], event: str, using: str = "default") -> Message:
    """Write a mail into the outbox, in the caller's transaction. The same event to the same address is written once.

    template: name below `post/templates/email/`; its first line is the subject, the rest the text.
    """
    subject, body = write(language=language, template=template, context=context)
    message, _ = Message.objects.using(using).get_or_create(
        event=event, to=to, defaults={
            "language": language, "subject": subject, "body": body,
            "message_id": _message_id(event, to), "queued_at": clock.now(),
        },
    )
    return message


def write(*, language: str, template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return subject and text of a mail exactly as `queue` would write them into the outbox; nothing is queued."""
    with translation.override(language):
        text = render_to_string(f"email/{template}.txt", {**context, "base_url": settings.KLASH_URL})
    subject, _, body = text.strip().partition("\n")
    return subject.strip()[:200], body.strip() + "\n"


def send_waiting(*, limit: int = 100, using: str = "default") -> int:
    """Send waiting mails, oldest first; returns how many. A crash between sending and marking sends again with the same Message-ID."""
    sent = 0
    with get_connection() as connection:
        for pk in list(Message.objects.using(using).filter(sent_at=None).order_by("pk").values_list("pk", flat=True)[:limit]):
            with transaction.atomic(using=using):
                message = Message.objects.using(using).select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
                if message is None:
                    continue
                EmailMessage(
                    message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to],
                    headers={"Message-ID": message.message_id}, connection=connection,
                ).send()
                message.sent_at = clock.now()
                message.save(using=using, update_fields=["sent_at"])
                sent += 1
    return sent


def _message_id(event: str, to: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{event}\n{to}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"<{digest}@{settings.KLASH_MAIL_HOST}>"
